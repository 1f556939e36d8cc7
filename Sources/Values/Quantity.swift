/// A number with its unit, exact. One kind is never taken for another.
package struct Quantity: Hashable, Sendable {
  /// Named as a runbook names the type.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case size = "Size"
    case bandwidth = "Bandwidth"
    /// So many in a time.
    case rate = "Rate"
    case yuan = "CNY"
    case dollar = "USD"

    /// From the largest to that of which the others are multiples; money is written in one unit, of which
    /// ``Quantity/amount`` counts the ten-thousandths, since prices of the cloud have up to four digits behind the
    /// point.
    var units: [(name: String, amount: Int)] {
      switch self {
      case .size: [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)]
      case .bandwidth: [("Gbps", 1_000_000_000), ("Mbps", 1_000_000), ("kbps", 1000), ("bps", 1)]
      case .rate: [("/s", 3600), ("/min", 60), ("/h", 1)]
      case .yuan, .dollar: [(rawValue, 10_000)]
      }
    }

    package var isMoney: Bool { self == .yuan || self == .dollar }

    /// For messages: a literal of the kind.
    package var example: String {
      switch self {
      case .size: "50GiB"
      case .bandwidth: "100Mbps"
      case .rate: "20/s"
      case .yuan: "1.5CNY"
      case .dollar: "1.5USD"
      }
    }
  }

  package let kind: Kind
  /// Bytes, bits a second, so many an hour, or ten-thousandths of the currency.
  package let amount: Int

  package init(_ kind: Kind, _ amount: Int) {
    self.kind = kind
    self.amount = amount
  }

  /// As a runbook writes it, a `-` in front allowed: `50GiB`, `100Mbps`, `20/s`, `1.5CNY`. Nil for anything else, and
  /// for what does not fit.
  package init?(_ text: String) {
    let isNegative = text.hasPrefix("-")
    let digits = text.dropFirst(isNegative ? 1 : 0).prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text[digits.endIndex...]
    for kind in Kind.allCases {
      guard let found = kind.units.first(where: { $0.name == unit }) else { continue }
      guard let amount = kind.isMoney ? Quantity.decimal(digits) : Quantity.product(digits, found.amount) else {
        return nil
      }
      self.init(kind, isNegative ? -amount : amount)
      return
    }
    return nil
  }

  private static func product(_ digits: Substring, _ unit: Int) -> Int? {
    guard let count = Int(digits) else { return nil }
    let (product, isTooLarge) = count.multipliedReportingOverflow(by: unit)
    return isTooLarge ? nil : product
  }

  /// In ten-thousandths.
  private static func decimal(_ digits: Substring) -> Int? {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first.flatMap({ Int($0) }), whole < maximumMoney else { return nil }
    guard parts.count == 2 else { return whole * 10_000 }
    guard (1...4).contains(parts[1].utf8.count),
      let rest = Int(parts[1] + String(repeating: "0", count: 4 - parts[1].utf8.count))
    else { return nil }
    return whole * 10_000 + rest
  }

  /// What money stays below, in whole units.
  private static let maximumMoney = 100_000_000_000_000
}

extension Quantity: CustomStringConvertible {
  /// As a runbook writes it, in the largest unit that is whole.
  package var description: String {
    if kind.isMoney {
      let (whole, rest) = amount.magnitude.quotientAndRemainder(dividingBy: 10_000)
      var digits = String(10_000 + rest).dropFirst()
      while digits.last == "0" { digits.removeLast() }
      return "\(amount < 0 ? "-" : "")\(whole)\(digits.isEmpty ? "" : ".\(digits)")\(kind.rawValue)"
    }
    let units = kind.units
    let unit = amount == 0 && kind != .rate ? units.last : units.first { amount % $0.amount == 0 }
    return unit.map { "\(amount / $0.amount)\($0.name)" } ?? ""
  }
}
