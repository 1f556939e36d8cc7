import Values

/// How much of a resource one call makes or takes away, by its arguments.
extension ActionMeaning {
  /// Whether it makes the resource it is about.
  package var makes: Bool { effect == .create || effect == .purchase }

  /// How many resources a call makes.
  package func made(by arguments: Record) -> Int {
    guard case .probe(let probe) = lost else { return 1 }
    return probe.count.value(in: arguments)
  }

  /// How many resources a call takes away: as many as the ids it names.
  package func taken(by arguments: Record) -> Int {
    max(1, arguments.compactMap { $0.value.asList?.count }.max() ?? 1)
  }
}

extension Probe.Count {
  package func value(in arguments: Record) -> Int {
    let root = Value.record(arguments)
    switch self {
    case .one: return 1
    case .number(let path): return path.value(in: root)?.asInt ?? 1
    case .sum(let path): return (path.value(in: root)?.asList ?? []).reduce(0) { $0 + ($1.asInt ?? 0) }
    case .elements(let path): return max(1, path.value(in: root)?.asList?.count ?? 1)
    }
  }
}
