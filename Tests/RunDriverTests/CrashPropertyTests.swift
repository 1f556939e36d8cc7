import CloudCatalog
import RunDriver
import RunEngine
import Testing
import Values

/// Random programs with attempts, whose process ends at any record and begins again: nothing twice, nothing left.
@Suite struct CrashPropertyTests {
  private struct Draw {
    let lines: [Line]
    let cancelAt: Instant?
    var cloud = ToyCloud()
    var random: SplitMix

    init(seed: Int) {
      var script = RandomScript(seed: seed)
      lines = script.program()
      cloud.faults = script.faults()
      random = script.random
      cancelAt = random.below(4) == 0 ? Scripts.start + .milliseconds(Int64(random.below(6000))) : nil
      cloud.random = random
    }

    /// One life of the process.
    mutating func live(
      _ journal: [(Instant, JournalRecord)], at start: Instant, crash: SimulatedDriver.Crash?
    ) -> SimulatedDriver.Outcome? {
      SimulatedDriver().run(
        RunID("run"), journal: journal, program: ScriptedProgram(lines), cloud: &cloud, startingAt: start,
        cancelAt: cancelAt, crash: crash)
    }
  }

  /// Lives until the run has ended, with up to three crashes on the way.
  private static func play(_ seed: Int, crashAt first: Int, afterSending: Bool) -> (SimulatedDriver.Outcome?, ToyCloud)
  {
    var draw = Draw(seed: seed)
    var journal: [(Instant, JournalRecord)] = [(Scripts.start, Scripts.created)]
    var now = Scripts.start
    for life in 0..<4 {
      let count = life == 0 ? first : journal.count + 1 + draw.random.below(8)
      let crash = life < 3 ? SimulatedDriver.Crash(recordCount: count, afterSending: afterSending) : nil
      guard let outcome = draw.live(journal, at: now, crash: crash) else { return (nil, draw.cloud) }
      if outcome.status.isEnd, case .finished? = outcome.records.last?.1 { return (outcome, draw.cloud) }
      journal = outcome.records
      now = outcome.endedAt + .seconds(30)
    }
    return (nil, draw.cloud)
  }

  @Test(arguments: [false, true]) func everyRunEndsAndLeavesNothing(afterSending: Bool) {
    var ends: [RunStatus: Int] = [:]
    for seed in 0..<14 {
      var whole = Draw(seed: seed)
      let count = whole.live([(Scripts.start, Scripts.created)], at: Scripts.start, crash: nil)?.records.count ?? 0
      for crash in stride(from: 1 + seed % 11, to: count, by: 11) {
        let (outcome, cloud) = Self.play(seed, crashAt: crash, afterSending: afterSending)
        guard let outcome else {
          Issue.record("seed \(seed), crash at \(crash), afterSending \(afterSending): the run never ends")
          continue
        }
        ends[outcome.status, default: 0] += 1
        check(outcome, cloud, "seed \(seed), crash at \(crash), afterSending \(afterSending)")
      }
    }
    #expect(ends[.succeeded, default: 0] > 4 && ends[.rolledBack, default: 0] > 4, "\(ends)")
    #expect(ends[.needsAttention, default: 0] < 30, "\(ends)")
  }

  private func check(_ outcome: SimulatedDriver.Outcome, _ cloud: ToyCloud, _ why: Comment) {
    let report = RunReport(outcome.records)
    switch outcome.status {
    case .rolledBack: #expect(cloud.living == [] && cloud.defaults == [:], why)
    case .succeeded:
      let made = report.steps.filter { $0.kind == .change && $0.state == .done }.map { PropertyTests.size(of: $0) }
      #expect(cloud.rows.count == made.reduce(0, +), why)
    case .needsAttention: #expect(!report.remaining.isEmpty || !report.failedAlways.isEmpty, why)
    case .running, .undoing, .waiting: Issue.record(why)
    }
    var intents: Set<StepAddress> = []
    for case .intent(let step, _, _, _, _, _, _) in outcome.records.map(\.1) {
      #expect(intents.insert(step).inserted || report.step(step)?.state != .done, why)
    }
  }
}
