import CloudCatalog
import Values

/// What can be said of an action whether its meaning is written or not.
struct ActionNature {
  let facts: ActionFacts
  let meaning: ActionMeaning?
  /// What a read is good for; nil for an action that changes something.
  let read: ReadMeaning?

  init(_ facts: ActionFacts) {
    self.facts = facts
    meaning = Catalog.meaning(facts.id)
    read = Catalog.readMeaning(facts.id)
  }

  /// For an action without a meaning its name tells.
  var isRead: Bool {
    if let meaning { return meaning.effect == .read }
    return ["Describe", "Inquiry", "Inquire"].contains { facts.id.name.hasPrefix($0) }
  }

  /// What it makes, changes or lists.
  var resource: String? { meaning?.resource ?? read?.resource }

  var doubt: String? { meaning?.doubt ?? read?.doubt }

  /// What makes sending the call once more harmless, or tells whether it has to be: one of a few words, part of
  /// `belay.actions/1`.
  var idempotency: String? {
    guard let meaning else { return nil }
    if isRead { return "read" }
    if meaning.clientToken != nil { return "client token" }
    switch meaning.lost {
    case .resend: return "safe to resend"
    case .probe(let probe): return probe.usesMark ? "tag" : "natural key"
    case .ask: return "none"
    }
  }

  var inverse: Inverse? {
    if case .inverse(let inverse)? = meaning?.undo { inverse } else { nil }
  }

  /// Why there is no inverse; nil where there is one.
  var undoReason: String? {
    switch meaning?.undo {
    case nil: "what it changes is not classified yet"
    case .inverse?: nil
    case .nothing(let reason)?, .impossible(let reason)?: reason
    }
  }
}

extension Probe {
  /// Whether it looks for the mark that the step left, rather than for what the author named.
  var usesMark: Bool { form.holds(["from": "mark"]) }
}

extension Value {
  fileprivate func holds(_ wanted: Value) -> Bool {
    switch self {
    case wanted: true
    case .list(let elements): elements.contains { $0.holds(wanted) }
    case .record(let record): record.contains { $0.value.holds(wanted) }
    case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .secret: false
    }
  }
}
