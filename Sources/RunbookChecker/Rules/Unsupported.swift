import Diagnostics
import RunbookSyntax
import Values

/// What the grammar has and the runs do not yet.
extension Checker {
  mutating func inferUnsupported(_ expression: Expression, _ what: String) -> ValueType {
    report(.notSupported(expression.span, what))
    return .unknown
  }
}

extension Diagnostic {
  static func notSupported(_ span: Span, _ what: String) -> Diagnostic {
    Diagnostic(.notSupported, span, "\(what) is not supported yet")
  }
}
