import RunbookSyntax
import Values

/// Numbers with a unit, durations among them. All is computed in whole numbers of 128 bits and rounded once.
extension Operators {
  /// Nil when the operator does not take such operands.
  static func measure(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws(ProgramProblem) -> Value? {
    guard let a = Measure(left), let b = Measure(right), a.unit != nil || b.unit != nil else { return nil }
    let (unit, result): (Measure.Unit?, Int128)
    switch (symbol, a.unit, b.unit) {
    case (.add, let u?, let v) where u == v: (unit, result) = (u, a.amount + b.amount)
    case (.subtract, let u?, let v) where u == v: (unit, result) = (u, a.amount - b.amount)
    case (.remainder, let u?, let v) where u == v: (unit, result) = (u, a.amount % (try b.divisor()))
    case (.divide, .quantity(let kind)?, let v) where v == .quantity(kind) && kind.isMoney:
      return .float(Double(a.amount) / Double(try b.divisor()))
    case (.divide, let u?, let v) where u == v: (unit, result) = (nil, a.amount / (try b.divisor()))
    case (.multiply, let u?, nil): (unit, result) = (u, a.amount * b.amount)
    case (.multiply, nil, let u?): (unit, result) = (u, a.amount * b.amount)
    case (.divide, let u?, nil): (unit, result) = (u, a.amount / (try b.divisor()))
    // Bytes in bits; durations in milliseconds.
    case (.divide, .size, .duration): (unit, result) = (.bandwidth, a.amount * 8000 / (try b.divisor()))
    case (.divide, .size, .bandwidth): (unit, result) = (.duration, try b.times(in: a.amount * 8000))
    case (.multiply, .bandwidth, .duration), (.multiply, .duration, .bandwidth):
      (unit, result) = (.size, a.amount * b.amount / 8000)
    // Rates by the hour.
    case (.divide, nil, .rate): (unit, result) = (.duration, try b.times(in: a.amount * Measure.hour))
    case (.divide, nil, .duration): (unit, result) = (.rate, a.amount * Measure.hour / (try b.divisor()))
    case (.multiply, .rate, .duration), (.multiply, .duration, .rate):
      (unit, result) = (nil, a.amount * b.amount / Measure.hour)
    default: return nil
    }
    guard let value = Measure.value(result, unit) else {
      throw ProgramProblem("\(left.display) \(symbol.rawValue) \(right.display) is too large")
    }
    return value
  }

  /// Money by a number with a fraction, to the nearest ten-thousandth; nil for everything else.
  static func share(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws(ProgramProblem) -> Value? {
    let (money, factor): (Quantity, Double)
    switch (symbol, left, right) {
    case (.multiply, .quantity(let quantity), .float(let number)): (money, factor) = (quantity, number)
    case (.multiply, .float(let number), .quantity(let quantity)): (money, factor) = (quantity, number)
    case (.divide, .quantity(let quantity), .float(let number)):
      guard number != 0 else { throw ProgramProblem("division by zero") }
      (money, factor) = (quantity, 1 / number)
    default: return nil
    }
    guard money.kind.isMoney else { return nil }
    guard let amount = Int(exactly: (Double(money.amount) * factor).rounded()), amount != .min else {
      throw ProgramProblem("\(left.display) \(symbol.rawValue) \(right.display) is too large")
    }
    return .quantity(Quantity(money.kind, amount))
  }
}

/// An operand: a whole number, perhaps with a unit.
private struct Measure {
  enum Unit: Equatable {
    case quantity(Quantity.Kind)
    /// In milliseconds.
    case duration

    static let size = Unit.quantity(.size)
    static let bandwidth = Unit.quantity(.bandwidth)
    static let rate = Unit.quantity(.rate)
  }

  let amount: Int128
  let unit: Unit?

  /// In milliseconds.
  static let hour: Int128 = 3_600_000

  init?(_ value: Value) {
    switch value {
    case .int(let number): (amount, unit) = (Int128(number), nil)
    case .duration(let duration): (amount, unit) = (Int128(duration.milliseconds), .duration)
    case .quantity(let quantity): (amount, unit) = (Int128(quantity.amount), .quantity(quantity.kind))
    case .null, .bool, .float, .text, .cidr, .list, .record, .secret: return nil
    }
  }

  func divisor() throws(ProgramProblem) -> Int128 {
    guard amount != 0 else { throw ProgramProblem("division by zero") }
    return amount
  }

  /// How long something takes that goes on at this speed, rounded up.
  func times(in total: Int128) throws(ProgramProblem) -> Int128 {
    let (times, rest) = total.quotientAndRemainder(dividingBy: try divisor())
    return rest == 0 || (rest < 0) != (amount < 0) ? times : times + 1
  }

  static func value(_ amount: Int128, _ unit: Unit?) -> Value? {
    guard amount.magnitude <= Int.max else { return nil }
    let number = Int(amount)
    return switch unit {
    case nil: .int(number)
    case .quantity(let kind): .quantity(Quantity(kind, number))
    case .duration: number.magnitude < 1 << 50 ? .duration(.milliseconds(number)) : nil
    }
  }
}
