import Diagnostics
import RunbookSyntax
import Values

/// What the grammar has and the runs do not yet.
extension Checker {
  mutating func reportUnsupportedDeclarations() {
    for test in tree.tests { report(.notSupported(test.name.span, "'test'")) }
  }

  /// The problems inside are reported all the same.
  mutating func checkUnsupported(_ effect: Effectful) -> ValueType {
    switch effect {
    case .attempt(let attempt):
      report(.notSupported(attempt.span.start, "'attempt'"))
      checkUnsupported(attempt.body)
      if let rescue = attempt.rescue {
        scope.enter()
        if let name = rescue.name {
          declare(Binding(name: name, type: .unknown, origin: .value, mayBeUnused: true))
        }
        checkUnsupported(rescue.body)
        leaveScope()
      }
      if let always = attempt.always { checkUnsupported(always) }
    case .timeout(let timeout):
      report(.notSupported(timeout.span.start, "'timeout'"))
      checkPositiveDuration(timeout.limit, "the time of 'timeout'")
      checkUnsupported(timeout.body)
    case .approve(let approve):
      report(.notSupported(approve.span.start, "'approve'"))
      checkMessage(approve.message, "what is to be approved")
      if let within = approve.within { checkPositiveDuration(within, "the time for an approval") }
      checkUnsupported(approve.body)
    case .pure, .call, .wait, .loop: break
    }
    return .unknown
  }

  private mutating func checkUnsupported(_ block: Block) {
    let outer = place
    place.isTopLevel = false
    scope.enter()
    for statement in block.statements { checkStatement(statement) }
    leaveScope()
    place = outer
  }

  mutating func inferUnsupported(_ expression: Expression, _ what: String) -> ValueType {
    report(.notSupported(expression.span, what))
    return .unknown
  }
}

extension Span {
  /// The first byte of it.
  fileprivate var start: Span { Span(source, Int(lower), min(Int(lower) + 1, Int(upper))) }
}

extension Diagnostic {
  static func notSupported(_ span: Span, _ what: String) -> Diagnostic {
    Diagnostic(.notSupported, span, "\(what) is not supported yet")
  }
}
