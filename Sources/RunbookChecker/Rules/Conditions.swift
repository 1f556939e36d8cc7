import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// Warns where a choice is none.
  mutating func checkChoice(_ condition: Expression) {
    guard let value = truth(of: condition) else { return }
    report(.constantCondition(condition.span, value))
  }

  /// Nil when it is not known before the run.
  private func truth(of condition: Expression) -> Bool? {
    switch condition.kind {
    case .not(let operand): return truth(of: operand).map { !$0 }
    case .binary(.and, let left, let right):
      let both = [truth(of: left), truth(of: right)]
      return both.contains(false) ? false : both == [true, true] ? true : nil
    case .binary(.or, let left, let right):
      let both = [truth(of: left), truth(of: right)]
      return both.contains(true) ? true : both == [false, false] ? false : nil
    case .binary(let operation, let left, let right): return truth(of: operation, constant(left), constant(right))
    default:
      guard case .bool(let value)? = constant(condition) else { return nil }
      return value
    }
  }

  private func truth(of operation: BinaryOperator, _ left: Value?, _ right: Value?) -> Bool? {
    guard let left, let right else { return nil }
    switch (operation, left, right) {
    case (.equal, _, _) where left.kindName == right.kindName: return left == right
    case (.notEqual, _, _) where left.kindName == right.kindName: return left != right
    case (.less, .int(let a), .int(let b)): return a < b
    case (.lessOrEqual, .int(let a), .int(let b)): return a <= b
    case (.greater, .int(let a), .int(let b)): return a > b
    case (.greaterOrEqual, .int(let a), .int(let b)): return a >= b
    default: return nil
    }
  }
}

extension Diagnostic {
  fileprivate static func constantCondition(_ span: Span, _ value: Bool) -> Diagnostic {
    Diagnostic(
      .unreachable, span,
      value ? "this is always true: the other way is never taken" : "this is always false: this way is never taken",
      hint: "leave the condition out, or make an input of it")
  }
}
