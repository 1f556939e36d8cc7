import CloudCatalog
import Values

/// What calls take of a day's units, and what is kept for their undo.
extension RunMachine {
  func claim(of activity: Activity) -> BudgetClaim? {
    guard activity.call.meaning.budget != nil else { return nil }
    let undone: StepAddress? =
      switch activity.owner {
      case .ask(_, let fiber, _): undoneStep(by: fiber)
      case .undo(let strand): undoCursors[strand]?.step
      }
    return BudgetClaim(
      activity.call.call, activity.call.meaning, holder: activity.call.mark.text,
      reserve: undone.map { mark(of: $0, undo: true).text })
  }

  func keptClaims(
    of call: CloudCall, _ meaning: ActionMeaning, _ owner: Owner, at address: StepAddress
  ) -> [BudgetClaim] {
    guard case .ask(_, let fiber, let terms) = owner, fibers[fiber]?.strand != nil else { return [] }
    return keptClaims(for: CallAsk(address: address, call: call, terms: terms), meaning)
  }

  /// One unit at least for each call that a step's undo is known to make.
  func keptClaims(for ask: CallAsk, _ meaning: ActionMeaning) -> [BudgetClaim] {
    switch (ask.terms.undo, meaning.undo) {
    case (.block(let block), _): claims(of: program.undoActions(block), for: ask)
    case (.catalog, .inverse(let inverse)): claims(of: inverse.calls.lazy.map(\.call.action), for: ask)
    case (.catalog, _), (.none, _): []
    }
  }

  private func claims(of actions: some Sequence<ActionID>, for ask: CallAsk) -> [BudgetClaim] {
    var claims: [BudgetClaim] = []
    for action in actions {
      guard let budget = Catalog.meaning(action)?.budget, budget.period == .day, budget.onlyWith == nil,
        let documented = budget.documented
      else { continue }
      let before = claims.firstIndex { $0.budget == budget.name }
      let units = 1 + (before.map { claims.remove(at: $0).units } ?? 0)
      claims.append(
        BudgetClaim(
          budget, documented, region: ask.call.limitRegion, units: units, holder: mark(of: ask.address, undo: true).text
        ))
    }
    return claims
  }

  /// The step that an author's `undo { … }` undoes in which a fiber is.
  private func undoneStep(by fiber: FiberID) -> StepAddress? {
    var next = fibers[fiber]?.block
    while let id = next, let block = blocks[id] {
      if case .undo = block.kind {
        return undoCursors.values.first { cursor in
          if case .block(let child) = cursor.stage { child == block.fiber } else { false }
        }?.step
      }
      next = block.parent
    }
    return nil
  }

  /// Nothing before this is undone any more.
  mutating func forgo() {
    let claims = kept.sorted { $0.key.text < $1.key.text }.flatMap(\.value)
    kept = [:]
    if !claims.isEmpty { intents.append(.request(.forgo(claims))) }
  }
}
