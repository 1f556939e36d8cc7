import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import TestSupport
import Testing
import Values

/// Drawn runbooks, faults, cancels, ends of the process, and pauses in which the clock is set before the run is taken
/// up: what holds of every run holds of these. A seed that fails is repeated by `BELAY_SEEDS=SEED:1`.
@Suite struct GeneratedRunTests {
  private struct Play {
    let runbook: GeneratedRunbook
    let faults: [Fault]
    let cancelAfter: Duration?
    let crashes: [Rehearsal.Interruption]

    init(seed: UInt64) {
      runbook = GeneratedRunbook(seed: seed)
      var chance = runbook.chance
      let creates = runbook.creates
      faults = (0..<chance.below(6)).map { _ in
        let kinds: [Fault.Kind] = [
          .throttled, .lostBefore, .lostAfter, .lostAfter, .serverError, .refused(code: "FailedOperation.X"),
        ]
        return Fault(action: chance.pick(creates), nth: 1 + chance.below(3), kind: chance.pick(kinds))
      }
      cancelAfter = chance.below(4) == 0 ? .milliseconds(chance.below(60_000)) : nil
      crashes = (0..<chance.below(4)).map { _ in
        Rehearsal.Interruption(
          afterRecords: 1 + chance.below(25), isAfterSending: chance.below(2) == 0,
          pause: .milliseconds([1500, 30_000, 3_600_000][chance.below(3)]),
          clockStep: .milliseconds([0, 0, 7_200_000, -7_200_000][chance.below(4)]))
      }
    }

    func run() throws -> Rehearsal.Outcome {
      let rehearsal = try Rehearsal(SourceFile(path: "generated.belay", text: runbook.text), inputs: [:])
      return try rehearsal.run(interruptedBy: crashes, faults: faults, cancelAfter: cancelAfter)
    }
  }

  @Test func whatHoldsOfEveryRun() throws {
    var ends: [RunStatus: Int] = [:]
    let seeds = SeededGenerator.seeds(25)
    for seed in seeds {
      let play = Play(seed: seed)
      let outcome = try play.run()
      ends[outcome.status, default: 0] += 1
      let why: Comment = "BELAY_SEEDS=\(seed):1 repeats it: \(outcome.status) \(outcome.left) \(play.faults)"
      try check(outcome, play, why)
    }
    #expect(ends[.needsAttention, default: 0] * 20 <= seeds.count, "\(ends)")
  }

  private func check(_ outcome: Rehearsal.Outcome, _ play: Play, _ why: Comment) throws {
    switch outcome.status {
    case .rolledBack: #expect(outcome.after == outcome.before, why)
    case .succeeded:
      let calm = try Rehearsal(SourceFile(path: "generated.belay", text: play.runbook.text), inputs: [:]).run()
      #expect(outcome.after.map(\.kind).sorted() == calm.after.map(\.kind).sorted(), why)
    // An 'always' that is refused on the way back cannot be done again.
    case .needsAttention: #expect(!outcome.left.isEmpty || !outcome.report.failedAlways.isEmpty, why)
    case .running, .undoing, .waiting: Issue.record(why)
    }
    checkIntents(outcome, why)
    checkLimits(outcome, play, why)
  }

  /// Nothing that changes the cloud leaves without an intent in the journal.
  private func checkIntents(_ outcome: Rehearsal.Outcome, _ why: Comment) {
    var announced: Set<ActionID> = []
    for record in outcome.records {
      switch record {
      case .intent(_, let action, _, _, _, _, _), .undoIntent(_, let action, _, _): announced.insert(action)
      default: continue
      }
    }
    for call in outcome.cloud.calls where Catalog.meaning(call.action)?.effect != .read {
      #expect(announced.contains(call.action), why)
    }
  }

  private func checkLimits(_ outcome: Rehearsal.Outcome, _ play: Play, _ why: Comment) {
    for (_, calls) in Dictionary(grouping: outcome.cloud.calls, by: { "\($0.action) \($0.region)" }) {
      let limit = calls.first.flatMap { Catalog.action($0.action)?.rate } ?? 1
      let times = calls.map(\.instant)
      for index in times.indices.dropFirst(limit) { #expect(times[index] - times[index - limit] >= .seconds(1), why) }
    }
  }

  @Test func sameSeedSameJournal() throws {
    for seed in SeededGenerator.seeds(25) where seed % 8 == 0 {
      let first = try Play(seed: seed).run()
      let second = try Play(seed: seed).run()
      #expect(first.records == second.records, "BELAY_SEEDS=\(seed):1 repeats it")
    }
  }
}
