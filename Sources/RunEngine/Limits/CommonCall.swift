import CloudCatalog
import Values

/// Calls of one kind that leave as one. Each part keeps its own intent, outcome and undo; only the way to the cloud is
/// common.
struct CommonCall: Sendable {
  struct Part: Sendable {
    let holder: LockTable.Holder
    let request: LockRequest
    let outgoing: OutgoingCall
  }
  /// Whose part has not come yet, or has not been answered.
  var expected: Set<LockTable.Holder>
  var parts: [Part] = []

  init(_ holders: [LockTable.Holder]) { expected = Set(holders) }

  var isComplete: Bool { !parts.isEmpty && parts.count == expected.count }

  /// One call with the elements of all, each once.
  var call: CloudCall {
    guard let first = parts.first, let kind = first.request.kind, parts.count > 1 else {
      return parts.first?.outgoing.call ?? CloudCall("", [:])
    }
    var elements: [Value] = []
    var known: Set<Value> = []
    for part in parts {
      for element in part.outgoing.call.arguments[kind.merge]?.asList ?? [] where known.insert(element).inserted {
        elements.append(element)
      }
    }
    var arguments = first.outgoing.call.arguments
    arguments[kind.merge] = .list(elements)
    return CloudCall(first.outgoing.call.action, region: first.outgoing.call.region, arguments)
  }

  /// The most urgent part sets the pace.
  var urgency: Dispatcher.Urgency {
    let all = parts.map(\.outgoing.urgency)
    return all.dropFirst().reduce(all.first ?? .init(isUndo: false)) { $1.isBefore($0) ? $1 : $0 }
  }

  /// Whether a refusal of the common call says nothing of its single parts.
  func isInconclusive(_ reply: Reply) -> Bool {
    guard parts.count > 1, case .outcome(.refused(let error)) = reply else { return false }
    switch error.kind {
    case .caller, .stock, .gone, .dependency: return true
    case .throttled, .server, .busy, .clock: return false
    }
  }

  /// What the common answer says of one part: of what failed, only its own.
  static func share(of reply: Reply, for part: Part) -> Reply {
    guard case .outcome(.done(var result, let requestID)) = reply,
      let meaning = Catalog.meaning(part.outgoing.call.action), let failures = meaning.partialFailure,
      let merge = meaning.merge, let path = merge.failedBy
    else { return reply }
    let elements = part.outgoing.call.arguments[merge.list]?.asList ?? []
    let own = Set(elements.compactMap { path.value(in: $0) })
    let root = failures.replacing(in: .record(result)) { found in
      .list((found.asList ?? []).filter { own.contains($0) })
    }
    result = root.asRecord ?? result
    return .outcome(.done(result, requestID: requestID))
  }
}
