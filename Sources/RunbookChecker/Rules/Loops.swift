import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// Returns the list of what the rounds give.
  @discardableResult
  mutating func checkLoop(_ loop: Loop) -> ValueType {
    if let width = loop.width { checkPositiveCount(width, "the number of rounds at once") }
    let sequence = infer(loop.sequence)
    let element = iterated(sequence, loop.sequence)
    checkKeysDiffer(loop)
    guard enterLevel(loop.span) else { return .unknown }
    defer { depth -= 1 }
    let outer = place
    place.isTopLevel = false
    scope.enter()
    declarePattern(loop.pattern, of: element, owner: owner(of: loop.sequence))
    if let key = loop.key {
      checkKey(key)
    } else if sequence.holdsSecret {
      report(.secretShown(loop.sequence.span, "the key of a round"))
    }
    let before = pendingIrreversible
    let given = checkLoopBody(loop.body)
    leaveScope()
    checkRounds(loop, since: before)
    place = outer
    return .list(given)
  }

  /// Returns what a round gives; null when it gives nothing.
  private mutating func checkLoopBody(_ body: Block) -> ValueType {
    guard case .give(let value)? = body.statements.last?.kind else {
      checkStatements(body.statements)
      return .null
    }
    checkStatements(body.statements.dropLast())
    return infer(value)
  }

  /// The round after an irreversible call may fail as well as what stands behind the loop.
  private mutating func checkRounds(_ loop: Loop, since before: IrreversibleStep?) {
    guard before == nil, let step = pendingIrreversible, !place.isInUndo else { return }
    if case .list(let elements) = loop.sequence.kind, elements.count < 2 { return }
    report(.irreversibleRounds(step))
    pendingIrreversible = nil
  }

  /// The key is part of the step's address: short, plain and for all to see.
  private mutating func checkKey(_ key: Expression) {
    let type = infer(key)
    if type.holdsSecret { return report(.secretShown(key.span, "the key of a round")) }
    switch type.plain {
    case .bool, .int, .text, .id, .enumeration, .cidr, .unknown: break
    case .null, .float, .duration, .quantity, .list, .record, .map, .structure, .result, .optional, .secret:
      report(.badKey(key.span, type))
    }
  }
}

extension Diagnostic {
  fileprivate static func irreversibleRounds(_ step: IrreversibleStep) -> Diagnostic {
    Diagnostic(
      .fallibleAfterIrreversible, step.span,
      "the next round may fail after '\(step.action)', which cannot be undone: the run could not be rolled back",
      hint: "name all of them in one call, or say 'keep \"why\"': then a rollback leaves alone what is gone")
  }

  fileprivate static func badKey(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.typeMismatch, span, "the key of a round is a Text, an id or an Int, but this is \(type.described)")
  }
}
