import CloudCatalog
import Diagnostics
import RunbookSyntax

/// What is found out about the rounds of a loop that run one after the other.
struct Rounds {
  /// What was visited later belongs to a round.
  let since: Int
  var hasWait = false
  var hasChange = false
  /// Whether a round touches what another may touch, or takes something out of service.
  var isShared = false

  /// Whether they would be done sooner side by side, and nothing else would be different.
  var gainFromCompany: Bool { hasWait && hasChange && !isShared }

  init(since: Int) { self.since = since }
}

extension Flow {
  mutating func noteShared() {
    for place in rounds.indices { rounds[place].isShared = true }
  }

  mutating func noteWait() {
    for place in rounds.indices { rounds[place].hasWait = true }
  }

  /// Rounds that make things of their own do not mind each other; a change of what was there before may be meant to go
  /// on piece by piece.
  mutating func noteChange(_ meaning: ActionMeaning, _ named: [(resource: Known, isChanged: Bool)]) {
    for place in rounds.indices {
      rounds[place].hasChange = true
      let since = rounds[place].since
      let areOwn = named.allSatisfy { !$0.isChanged || isOwn($0.resource, since: since) }
      if !areOwn || meaning.effect != .create && meaning.effect != .attach { rounds[place].isShared = true }
    }
  }

  private func isOwn(_ resource: Known, since visit: Int) -> Bool {
    var rest = resource
    while true {
      switch known[rest] {
      case .element(_, let own), .answer(_, let own): return own > visit
      case .member(let base, _), .item(let base, _), .some(let base), .each(let base, _): rest = base
      case .opaque, .parameter, .constant, .list, .joined, .rounds, .record, .either: return false
      }
    }
  }
}

extension Diagnostic {
  static func couldBeParallel(_ loop: Span) -> Diagnostic {
    let start = Int(loop.lower)
    return Diagnostic(
      .couldBeParallel, Span(loop.source, start, start + 4),
      "each round waits for what only it has made: side by side the rounds take as long as one",
      hint: "'parallel each …', or 'parallel 4 each …' for four at a time",
      fixes: [Fix("write 'parallel each'", Span(loop.source, start, start), "parallel ")])
  }
}
