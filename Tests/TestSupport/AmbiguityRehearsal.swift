import CloudCatalog
import CloudEmulator
import Diagnostics
import RunEngine

/// Runs of one of ``AmbiguousCreates`` in which answers are lost, before or after they took effect, and what came of
/// them. Each round has a seed of its own.
package struct AmbiguityRehearsal {
  private let runbook: AmbiguousCreates
  private let succeeding: Rehearsal
  private let failing: Rehearsal
  /// What an undisturbed run leaves.
  private let calm: [String]

  /// How many answers of each create were lost.
  package private(set) var lost: [ActionID: Int] = [:]
  package private(set) var rounds = 0
  package private(set) var duplicates = 0
  package private(set) var leaks = 0
  /// How many runs stopped and asked, by the action at which they did.
  private var asked: [String: Int] = [:]
  /// What is wrong, with the seed that shows it.
  package private(set) var problems: [String] = []

  package init(_ runbook: AmbiguousCreates) throws {
    self.runbook = runbook
    succeeding = try Rehearsal(SourceFile(path: "all.belay", text: runbook.text), inputs: [:])
    failing = try Rehearsal(SourceFile(path: "all.belay", text: runbook.text + "fail \"no\"\n"), inputs: [:])
    let outcome = try succeeding.run()
    calm = outcome.after.map(\.kind).sorted()
    if outcome.status != .succeeded { problems.append("undisturbed: \(outcome.report.failure?.message ?? "")") }
  }

  package var askedCount: Int { asked.values.reduce(0, +) }
  package var count: Int { lost.values.reduce(0, +) }

  /// A call may be lost before its effect or after it, and in the end both. Those that may have to be sent again
  /// although they took effect, because of a token or because another took what they made, are lost less often: after
  /// so many losses they would be given up. Every fourth run fails at its end.
  package mutating func round(seed: Int) throws {
    let faults = runbook.creates.flatMap { action in
      let isOften = AmbiguousCreates.isFoundByItself(action)
      return [
        Fault.onCall(.action(action), .chance(isOften ? 0.25 : 0.2), .lostBefore),
        .onCall(.action(action), .chance(isOften ? 0.75 : 0.2), .lostAfter),
      ]
    }
    let rehearsal = seed.isMultiple(of: 4) ? failing : succeeding
    // Its work ends soon: what is looked at here is not how it is awaited.
    let configuration = Configuration(seed: UInt64(seed), speed: 50, startedAt: Rehearsal.start)
    let outcome = try rehearsal.run(in: EmulatedCloud(configuration: configuration), faults: faults)
    rounds += 1
    for call in outcome.cloud.calls where ["lost-before-effect", "lost-after-effect"].contains(call.outcome) {
      if runbook.creates.contains(call.action) { lost[call.action, default: 0] += 1 }
    }
    judge(outcome, "\(runbook.name), seed \(seed)")
  }

  private mutating func judge(_ outcome: Rehearsal.Outcome, _ round: String) {
    let found = outcome.after.map(\.kind)
    switch outcome.status {
    case .succeeded:
      let (more, less) = (AmbiguityRehearsal.surplus(found, over: calm), AmbiguityRehearsal.surplus(calm, over: found))
      duplicates += more.count
      leaks += less.count
      if !more.isEmpty || !less.isEmpty { problems.append("\(round): made \(more) too many, \(less) too few") }
    case .rolledBack:
      leaks += max(0, outcome.after.count - outcome.before.count)
      if outcome.after != outcome.before { problems.append("\(round): the undo left something, or took too much") }
    case .needsAttention:
      asked[outcome.report.failure?.action?.description ?? "the way back", default: 0] += 1
      let more = AmbiguityRehearsal.surplus(found, over: calm)
      duplicates += more.count
      if !more.isEmpty { problems.append("\(round): made \(more) too many, and asks") }
      if outcome.left.isEmpty { problems.append("\(round): asks without saying what is left") }
    case .running, .undoing, .waiting: problems.append("\(round): \(outcome.status)")
    }
  }

  /// The kinds of which there are more, as often as there are more.
  private static func surplus(_ kinds: [String], over others: [String]) -> [String] {
    var counts = Dictionary(others.map { ($0, 1) }, uniquingKeysWith: +)
    return kinds.filter { kind in
      counts[kind, default: 0] -= 1
      return counts[kind, default: 0] < 0
    }
  }

  /// One line.
  package var summary: String {
    let counts = lost.sorted { $0.key.description < $1.key.description }.map { "\($0.value) \($0.key)" }
    let asks = asked.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key)" }
    return "\(duplicates) duplicates, \(leaks) leaks in \(count) ambiguous outcomes: "
      + "\(counts.joined(separator: ", ")); "
      + "\(askedCount) of \(rounds) runs stopped and asked" + (asks.isEmpty ? "" : ": " + asks.joined(separator: ", "))
  }
}
