import CloudCatalog
import CloudEmulator
import Values

/// What can go wrong with a call, by what the catalog says of its action; and what cannot, with the reason.
package struct BlowChoice: Sendable {
  package private(set) var kinds: [Blow.Kind] = []
  package private(set) var left: [Omission] = []

  /// A kind of failure that is not tried on an action.
  package struct Omission: Sendable, Hashable {
    package let action: ActionID
    package let kind: String
    package let reason: String
  }

  package init(for call: CloudCall, isUndo: Bool) {
    guard let facts = Catalog.action(call.action), let meaning = Catalog.meaning(call.action) else { return }
    kinds = [.fault(.throttled), .fault(.lostBefore), .fault(.serverError)]
    let takesAway = meaning.effect == .delete || meaning.effect == .detach
    for (kind, code) in BlowChoice.refusals(facts) {
      if kind == .gone, isUndo || takesAway || meaning.effect == .read {
        omit(call, "refused=\(code)", "the cloud would be lying: what is asked for is there")
      } else if kind == .dependency, meaning.effect == .read {
        omit(call, "refused=\(code)", "nothing depends on a read")
      } else {
        kinds.append(.fault(.refused(code: code)))
      }
    }
    guard meaning.effect != .read else { return }
    kinds.append(.fault(.lostAfter))
    if meaning.wait == nil {
      omit(call, "async-failure", "its work ends with its answer")
    } else {
      kinds += [.fault(.asyncFailure), .fault(.stuck)]
    }
    if meaning.partialFailure != nil { kinds.append(.fault(.partial(1))) }
    if !SoldOut.faults(call.arguments, facts).isEmpty { kinds.append(.soldOut) }
  }

  private mutating func omit(_ call: CloudCall, _ kind: String, _ reason: String) {
    left.append(Omission(action: call.action, kind: kind, reason: reason))
  }

  /// One documented code of each class, the action's own before those that every action may answer. What is throttled
  /// or fails inside the cloud has kinds of its own; the clock is the client's.
  private static func refusals(_ facts: ActionFacts) -> [(ErrorKind, String)] {
    var codes: [(ErrorKind, String)] = []
    for code in facts.errors + ["AuthFailure.UnauthorizedOperation"] {
      let kind = ErrorKind(code: code)
      switch kind {
      case .throttled, .server, .clock: continue
      case .busy, .dependency, .stock, .gone, .caller:
        if !codes.contains(where: { $0.0 == kind }) { codes.append((kind, code)) }
      }
    }
    return codes
  }
}
