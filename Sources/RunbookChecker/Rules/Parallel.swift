import Diagnostics
import RunbookSyntax

extension Checker {
  /// The statements run side by side, so none sees what another binds; what follows the block sees it all.
  mutating func checkParallel(_ block: Block) {
    guard enterLevel(block.span) else { return }
    defer { depth -= 1 }
    let outer = (place: place, hasFallible: hasFallible)
    place.isTopLevel = false
    hasFallible = false
    var bindings: [Binding] = []
    for statement in block.statements {
      let before = (hasFallible: hasFallible, pending: pendingIrreversible)
      scope.enter()
      checkStatements([statement])
      bindings += scope.leave()
      if before.pending == nil, before.hasFallible, let step = pendingIrreversible {
        report(.fallibleBeside(step))
      }
    }
    place = outer.place
    hasFallible = hasFallible || outer.hasFallible
    for binding in bindings { declare(binding) }
  }
}

extension Diagnostic {
  fileprivate static func fallibleBeside(_ step: IrreversibleStep) -> Diagnostic {
    Diagnostic(
      .fallibleAfterIrreversible, step.span,
      "what runs beside '\(step.action)' may fail after it, and it cannot be undone: the run could not be rolled back",
      hint: "put it behind the 'parallel' block")
  }
}
