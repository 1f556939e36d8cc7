import CloudCatalog
import Diagnostics
import RunbookSyntax

/// What is found out about the rounds of a loop that run one after the other, or about a statement.
struct Rounds {
  /// What was visited later belongs to a round.
  let since: Int
  /// Whether it is about one statement. Its loops go over what was there before; a round has its element to itself.
  let isStatement: Bool
  var hasWait = false
  var hasChange = false
  /// Whether a round touches what another may touch, or takes something out of service.
  var isShared = false
  /// Whether somebody outside sees when it comes, or what stands behind it may rely on what it has waited for.
  var isOrdered = false

  /// Whether they would be done sooner side by side, and nothing else would be different.
  var gainFromCompany: Bool { hasWait && hasChange && !isShared }

  /// The same of a statement beside those next to it.
  var gainFromNeighbours: Bool { gainFromCompany && !isOrdered }

  init(since: Int, isStatement: Bool = false) { (self.since, self.isStatement) = (since, isStatement) }
}

extension Flow {
  mutating func noteShared() {
    for place in rounds.indices { rounds[place].isShared = true }
  }

  mutating func noteOrdered() {
    for place in rounds.indices { rounds[place].isOrdered = true }
  }

  /// The work that is waited for was begun at that visit.
  mutating func noteWait(for visit: Int) {
    for place in rounds.indices where visit <= rounds[place].since { rounds[place].isOrdered = true }
  }

  mutating func noteWait() {
    for place in rounds.indices { rounds[place].hasWait = true }
  }

  /// Rounds that make things of their own do not mind each other; a change of what was there before may be meant to go
  /// on piece by piece.
  mutating func noteChange(_ meaning: ActionMeaning, _ named: [(resource: Known, isChanged: Bool)]) {
    for place in rounds.indices {
      rounds[place].hasChange = true
      let areOwn = named.allSatisfy { !$0.isChanged || isOwn($0.resource, of: rounds[place]) }
      if !areOwn || meaning.effect != .create && meaning.effect != .attach { rounds[place].isShared = true }
    }
  }

  private func isOwn(_ resource: Known, of stretch: Rounds) -> Bool {
    var rest = resource
    while true {
      switch known[rest] {
      case .element(_, let own) where !stretch.isStatement: return own > stretch.since
      case .answer(_, let own): return own > stretch.since
      case .element(let base, _), .member(let base, _), .item(let base, _), .some(let base), .each(let base, _):
        rest = base
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
