import CloudCatalog
import Values

/// The actions that a run needs to be allowed: what its steps call, and what the engine may have to call for them, to
/// undo them, to wait for them and to find them again when an answer is lost.
package struct Permissions: Sendable {
  /// Sorted by name.
  package let actions: [ActionID]

  init(of steps: some Sequence<ActionID>) {
    var needed: Set<ActionID> = []
    var known: Set<ActionID> = []
    var last: ActionID?
    // Steps that follow each other mostly do the same.
    for action in steps where action != last {
      last = action
      if known.insert(action).inserted { Permissions.add(action, to: &needed, withUndo: true) }
    }
    actions = needed.sorted { $0.description < $1.description }
  }

  private static func add(_ action: ActionID, to needed: inout Set<ActionID>, withUndo: Bool) {
    needed.insert(action)
    guard let meaning = Catalog.meaning(action) else { return }
    if case .poll(let poll) = meaning.completion { add(poll, to: &needed) }
    if case .probe(let probe) = meaning.lost {
      needed.insert(probe.read.action)
      if let before = probe.newSince?.before { needed.insert(before.action) }
    }
    guard withUndo, case .inverse(let inverse) = meaning.undo else { return }
    for read in [inverse.beforeImage, inverse.lookup].compactMap({ $0 }) { needed.insert(read.action) }
    for undo in inverse.calls { add(undo.call.action, to: &needed, withUndo: false) }
  }

  private static func add(_ poll: Poll, to needed: inout Set<ActionID>) {
    needed.insert(poll.action)
    for other in poll.fallback + poll.crowd { add(other, to: &needed) }
  }

  /// A policy document of Cloud Access Management.
  package var policy: Value {
    let names = actions.map { Value.text("\($0.service):\($0.name)") }
    return [
      "version": "2.0", "statement": [["effect": "allow", "action": .list(names), "resource": ["*"]]],
    ]
  }
}
