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
  /// Runs that stopped and asked.
  package private(set) var asked = 0
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

  package var count: Int { lost.values.reduce(0, +) }

  /// Every other create loses its answers before its effect, the others after; every fourth run fails at its end.
  package mutating func round(seed: Int) throws {
    let faults = runbook.creates.enumerated().map { index, action in
      Fault.onCall(.action(action), .chance(0.35), (index + seed).isMultiple(of: 2) ? .lostAfter : .lostBefore)
    }
    let rehearsal = (seed / 2).isMultiple(of: 4) ? failing : succeeding
    let outcome = try rehearsal.run(in: Rehearsal.freshCloud(seed: UInt64(seed)), faults: faults)
    rounds += 1
    for call in outcome.cloud.calls where ["lost-before-effect", "lost-after-effect"].contains(call.outcome) {
      if runbook.creates.contains(call.action) { lost[call.action, default: 0] += 1 }
    }
    judge(outcome, "\(runbook.name), seed \(seed)")
  }

  private mutating func judge(_ outcome: Rehearsal.Outcome, _ round: String) {
    switch outcome.status {
    case .succeeded:
      let found = outcome.after.map(\.kind).sorted()
      duplicates += max(0, found.count - calm.count)
      leaks += max(0, calm.count - found.count)
      if found != calm { problems.append("\(round): made \(found.count) things instead of \(calm.count)") }
    case .rolledBack:
      leaks += max(0, outcome.after.count - outcome.before.count)
      if outcome.after != outcome.before { problems.append("\(round): the undo left something, or took too much") }
    case .needsAttention:
      asked += 1
      if outcome.left.isEmpty { problems.append("\(round): asks without saying what is left") }
    case .running, .undoing, .waiting: problems.append("\(round): \(outcome.status)")
    }
  }

  /// One line.
  package var summary: String {
    let counts = lost.sorted { $0.key.description < $1.key.description }.map { "\($0.value) \($0.key)" }
    return "\(duplicates) duplicates, \(leaks) leaks in \(count) ambiguous outcomes: "
      + "\(counts.joined(separator: ", ")); \(asked) of \(rounds) runs stopped and asked"
  }
}
