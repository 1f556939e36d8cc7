import Diagnostics

/// Sizes, rates and money.
extension Lexer {
  /// How many bytes a unit of size is.
  static func bytes(in unit: some StringProtocol) -> Int? {
    switch unit {
    case "KiB": 1 << 10
    case "MiB": 1 << 20
    case "GiB": 1 << 30
    case "TiB": 1 << 40
    default: nil
    }
  }

  static func currency(_ unit: some StringProtocol) -> Money.Currency? { Money.Currency(rawValue: String(unit)) }

  static func isQuantity(_ unit: String) -> Bool { bytes(in: unit) != nil || currency(unit) != nil }

  /// Right behind a number: `/s`, `/min` or `/h`.
  var isAtRate: Bool {
    guard byte(at: at) == UInt8(ascii: "/") else { return false }
    var end = at + 1
    while isWordByte(byte(at: end)) { end += 1 }
    return Rate.Period(rawValue: text(at + 1, end)) != nil
  }

  mutating func lexRate(_ start: Int) {
    let problem = numberProblem(start, at)
    at += 1
    while isWordByte(byte(at: at)) { at += 1 }
    append(.quantity, start, at, problem)
  }

  /// The unit has been passed.
  mutating func lexQuantity(_ start: Int, _ end: Int, _ unit: String, isWhole: Bool) {
    var problem = numberProblem(start, end)
    let digits = bytes[start..<end].filter { $0 != UInt8(ascii: "_") }
    if problem == nil, let factor = Lexer.bytes(in: unit) {
      if !isWhole {
        problem = ("a size is a whole number of its unit", "take a smaller unit: 1536MiB instead of 1.5GiB")
      } else if (Lexer.integer(digits) ?? 0).multipliedReportingOverflow(by: factor).overflow {
        problem = ("this size is too large", nil)
      }
    } else if problem == nil, let currency = Lexer.currency(unit), Money(digits, currency) == nil {
      problem = ("money has at most four digits behind the point, and fourteen before it", nil)
    }
    append(.quantity, start, at, problem)
  }

  private mutating func append(
    _ kind: TokenKind, _ start: Int, _ end: Int, _ problem: (message: String, hint: String?)?
  ) {
    if let problem { report(.badNumber, start, end, problem.message, hint: problem.hint) }
    append(kind, start, end, flags: problem == nil ? [] : .isBroken)
  }

  /// What a quantity's text stands for; it has been found well formed.
  static func quantity(_ text: String) -> Expression.Kind? {
    if let slash = text.firstIndex(of: "/") {
      guard let count = Lexer.integer(text[..<slash].utf8),
        let period = Rate.Period(rawValue: String(text[text.index(after: slash)...]))
      else { return nil }
      return .rate(Rate(count: count, per: period))
    }
    let number = text.prefix { $0.isNumber || $0 == "." || $0 == "_" }
    let unit = text.dropFirst(number.count)
    let digits = number.utf8.filter { $0 != UInt8(ascii: "_") }
    if let factor = Lexer.bytes(in: unit) { return Lexer.integer(digits).map { .size($0 * factor) } }
    return Lexer.currency(unit).flatMap { Money(digits, $0) }.map(Expression.Kind.money)
  }
}

extension Money {
  /// Digits, and at most four more behind a point; nil when it is not that, or too much.
  init?(_ digits: [UInt8], _ currency: Currency) {
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : []
    guard let whole = parts.first.flatMap({ Lexer.integer($0) }), fraction.count <= 4, whole < 100_000_000_000_000,
      let rest = Lexer.integer(fraction + Array(repeating: UInt8(ascii: "0"), count: 4 - fraction.count))
    else { return nil }
    self.init(tenThousandths: whole * 10_000 + rest, currency)
  }
}
