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
      activity.call.call, activity.call.meaning, holder: activity.call.mark,
      reserve: undone.map { mark(of: $0, undo: true) })
  }

  func keptClaims(of activity: Activity) -> [BudgetClaim] {
    guard case .ask(_, let fiber, let terms) = activity.owner, fibers[fiber]?.strand != nil else { return [] }
    return keptClaims(
      for: CallAsk(address: activity.address, call: activity.call.call, terms: terms), activity.call.meaning)
  }

  /// One unit at least for each call that a step's undo is known to make.
  func keptClaims(for ask: CallAsk, _ meaning: ActionMeaning) -> [BudgetClaim] {
    let actions: [ActionID]
    switch (ask.terms.undo, meaning.undo) {
    case (.block(let block), _): actions = program.undoActions(block)
    case (.catalog, .inverse(let inverse)): actions = inverse.calls.map(\.call.action)
    case (.catalog, _), (.none, _): return []
    }
    var claims: [BudgetClaim] = []
    for action in actions {
      guard let budget = Catalog.meaning(action)?.budget, budget.period == .day, budget.onlyWith == nil,
        let documented = budget.documented
      else { continue }
      let before = claims.firstIndex { $0.budget == budget.name }
      let units = 1 + (before.map { claims.remove(at: $0).units } ?? 0)
      claims.append(
        BudgetClaim(
          budget, documented, region: ask.call.limitRegion, units: units, holder: mark(of: ask.address, undo: true)))
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
