import CloudCatalog

/// What can be said of an action whether its meaning is written or not.
struct ActionNature {
  let facts: ActionFacts
  let meaning: ActionMeaning?

  init(_ facts: ActionFacts) {
    self.facts = facts
    meaning = Catalog.meaning(facts.id)
  }

  /// For an action without a meaning its name tells.
  var isRead: Bool {
    if let meaning { return meaning.effect == .read }
    return ["Describe", "Inquiry", "Inquire"].contains { facts.id.name.hasPrefix($0) }
  }

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
  var usesMark: Bool {
    read.arguments.contains { $0.value.usesMark } || match.contains { $0.equals.usesMark }
  }
}

extension Template {
  fileprivate var usesMark: Bool {
    switch self {
    case .mark: true
    case .constant, .argument, .result, .requestID, .before, .found, .ids: false
    case .list(let elements): elements.contains(where: \.usesMark)
    case .record(let members): members.contains { $0.1.usesMark }
    case .subtracting(let all, let gone, _): all.usesMark || gone.usesMark
    case .rows(let rows, _, let values), .selecting(_, let rows, _, let values): rows.usesMark || values.usesMark
    }
  }
}
