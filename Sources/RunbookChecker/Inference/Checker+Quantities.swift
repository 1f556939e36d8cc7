import Diagnostics
import RunbookSyntax
import Values

/// Numbers with a unit.
extension Checker {
  /// The type of the result where one operand has a unit; nil when the operator does not take such operands.
  static func measureArithmetic(_ operation: BinaryOperator, _ a: ValueType, _ b: ValueType) -> ValueType? {
    if a == b {
      switch operation {
      case .add, .subtract, .remainder: return a
      case .divide: return a.isMoney ? .float : .int
      case .multiply, .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: return nil
      }
    }
    switch (operation, a, b) {
    case (.multiply, _, .int), (.divide, _, .int): return a
    case (.multiply, _, .float) where a.isMoney, (.divide, _, .float) where a.isMoney: return a
    case (.multiply, .int, _): return b
    case (.multiply, .float, _) where b.isMoney: return b
    case (.divide, .quantity(.size), .duration): return .quantity(.bandwidth)
    case (.divide, .quantity(.size), .quantity(.bandwidth)), (.divide, .int, .quantity(.rate)): return .duration
    case (.divide, .int, .duration): return .quantity(.rate)
    case (.multiply, .quantity(.bandwidth), .duration), (.multiply, .duration, .quantity(.bandwidth)):
      return .quantity(.size)
    case (.multiply, .quantity(.rate), .duration), (.multiply, .duration, .quantity(.rate)): return .int
    default: return nil
    }
  }

  /// What helps where these two stand side by side; nil when none has a unit.
  static func unitHint(_ a: ValueType, _ b: ValueType) -> String? {
    switch (a, b) {
    case (.quantity(let first), .quantity(let second)) where first.isMoney && second.isMoney && first != second:
      "change one into the other by a rate of your own: '… / \(second.one) * 7.1\(first.rawValue)'"
    case (.quantity(let first), .quantity(let second)) where first == second: nil
    case (.quantity(let kind), .int), (.int, .quantity(let kind)), (.quantity(let kind), .float),
      (.float, .quantity(let kind)):
      "give the number its unit, such as \(kind.example), or take the unit away: '… / \(kind.one)'"
    case (.quantity(let kind), .text), (.text, .quantity(let kind)):
      "\(kind.example) is a value and stands without quotes; in a text write \"${…}\""
    case (.duration, .int), (.int, .duration), (.duration, .float), (.float, .duration):
      "give the number its unit, such as 30s, or take the unit away: '… / 1s'"
    case (.quantity(let kind), _), (_, .quantity(let kind)):
      "divided by a unit a \(kind.rawValue) is a number: '… / \(kind.one)'"
    default: nil
    }
  }
}

extension Quantity.Kind {
  /// For messages: what a value is divided by to become a number.
  var one: String {
    switch self {
    case .size: "1GiB"
    case .bandwidth: "1Mbps"
    case .rate: "1/s"
    case .yuan, .dollar: "1\(rawValue)"
    }
  }
}

extension ValueType {
  var isQuantity: Bool { if case .quantity = plain { true } else { false } }

  fileprivate var isMoney: Bool { if case .quantity(let kind) = self { kind.isMoney } else { false } }
}

extension Diagnostic {
  static func mixedUnits(_ span: Span, _ operation: BinaryOperator, _ a: ValueType, _ b: ValueType) -> Diagnostic {
    let cause =
      switch operation {
      case .equal, .notEqual: "\(a.described) never equals \(b.described)"
      case .less, .lessOrEqual, .greater, .greaterOrEqual:
        "'\(operation.rawValue)' compares two values of one unit, not \(a.described) and \(b.described)"
      case .or, .and, .isIn, .add, .subtract, .multiply, .divide, .remainder:
        "'\(operation.rawValue)' does not take \(a.described) and \(b.described)"
      }
    return Diagnostic(.mixedUnits, span, cause, hint: Checker.unitHint(a, b))
  }
}
