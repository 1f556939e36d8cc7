import Diagnostics

/// Sizes, bandwidths, rates and money.
extension Lexer {
  /// Of a unit that a whole number stands before: what it measures, and how much of the smallest such unit it is.
  private static func whole(_ unit: some StringProtocol) -> (what: String, factor: Int)? {
    switch unit {
    case "B": ("size", 1)
    case "KiB": ("size", 1 << 10)
    case "MiB": ("size", 1 << 20)
    case "GiB": ("size", 1 << 30)
    case "TiB": ("size", 1 << 40)
    case "bps": ("bandwidth", 1)
    case "kbps": ("bandwidth", 1000)
    case "Mbps": ("bandwidth", 1_000_000)
    case "Gbps": ("bandwidth", 1_000_000_000)
    default: nil
    }
  }

  private static func isCurrency(_ unit: String) -> Bool { unit == "CNY" || unit == "USD" }

  static func isQuantity(_ unit: String) -> Bool { whole(unit) != nil || isCurrency(unit) }

  /// Right behind a number: `/s`, `/min` or `/h`.
  var isAtRate: Bool {
    guard byte(at: at) == UInt8(ascii: "/") else { return false }
    var end = at + 1
    while isWordByte(byte(at: end)) { end += 1 }
    return Lexer.anHour(text(at + 1, end)) != nil
  }

  /// How often a period is in an hour, by which rates are counted.
  private static func anHour(_ period: String) -> Int? {
    switch period {
    case "s": 3600
    case "min": 60
    case "h": 1
    default: nil
    }
  }

  mutating func lexRate(_ start: Int) {
    let slash = at
    var problem = numberProblem(start, slash)
    at += 1
    while isWordByte(byte(at: at)) { at += 1 }
    if problem == nil, Lexer.isTooLarge(bytes[start..<slash], by: Lexer.anHour(text(slash + 1, at)) ?? 1) {
      problem = ("this rate is too large", nil)
    }
    append(.quantity, start, at, problem)
  }

  /// The unit has been passed.
  mutating func lexQuantity(_ start: Int, _ end: Int, _ unit: String, isWhole: Bool) {
    var problem = numberProblem(start, end)
    let digits = bytes[start..<end]
    if problem == nil, let (what, factor) = Lexer.whole(unit) {
      if !isWhole {
        let example = what == "size" ? "1536MiB instead of 1.5GiB" : "1500Mbps instead of 1.5Gbps"
        problem = ("a \(what) is a whole number of its unit", "take a smaller unit: \(example)")
      } else if Lexer.isTooLarge(digits, by: factor) {
        problem = ("this \(what) is too large", nil)
      }
    } else if problem == nil, !Lexer.isMoney(digits) {
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

  private static func isTooLarge(_ digits: some Sequence<UInt8>, by factor: Int) -> Bool {
    (integer(digits) ?? 0).multipliedReportingOverflow(by: factor).overflow
  }

  private static func isMoney(_ digits: some Sequence<UInt8>) -> Bool {
    let parts = digits.filter { $0 != UInt8(ascii: "_") }.split(separator: UInt8(ascii: "."))
    return parts[0].count <= 14 && (parts.count < 2 || parts[1].count <= 4)
  }
}
