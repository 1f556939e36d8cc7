import CloudCatalog
import RunDriver
import RunEngine
import Testing
import Values

/// Random programs against a random cloud: whatever happens, what holds of every run holds.
@Suite struct PropertyTests {
  static let seeds = 0..<250

  private static func play(_ seed: Int) -> Played {
    var script = RandomScript(seed: seed)
    let lines = script.program()
    let faults = script.faults()
    var random = script.random
    let cancel = random.below(4) == 0 ? Duration.milliseconds(random.below(6000)) : nil
    return Played(lines, faults: faults, cancelAfter: cancel, random: random)
  }

  @Test func whatHoldsOfEveryRun() {
    var ends: [RunStatus: Int] = [:]
    for seed in Self.seeds {
      let run = Self.play(seed)
      guard let status = run.status else {
        Issue.record("seed \(seed): the run never ends")
        continue
      }
      ends[status, default: 0] += 1
      checkInventory(run, status, seed)
      checkJournal(run, seed)
      checkLimits(run.cloud, seed)
    }
    // The draw covers all ends, and asking stays the exception.
    #expect(ends[.succeeded, default: 0] > 30 && ends[.rolledBack, default: 0] > 60, "\(ends)")
    #expect(ends[.needsAttention, default: 0] < 20, "\(ends)")
  }

  @Test func sameSeedSameJournal() {
    for seed in Self.seeds where seed % 10 == 0 {
      let first = Self.play(seed)
      let second = Self.play(seed)
      #expect(first.outcome?.records.map(\.0) == second.outcome?.records.map(\.0), "seed \(seed)")
      #expect(Self.text(first) == Self.text(second), "seed \(seed)")
    }
  }

  private static func text(_ run: Played) -> [String] { run.records.map { JSON.print(.record($0.payload)) } }

  private func checkInventory(_ run: Played, _ status: RunStatus, _ seed: Int) {
    switch status {
    case .rolledBack:
      #expect(run.cloud.living == [] && run.cloud.defaults == [:], "seed \(seed)")
    case .succeeded:
      let made = run.report.steps.filter { $0.kind == .change && $0.state == .done }.map { Self.size(of: $0) }
      #expect(run.cloud.rows.count == made.reduce(0, +), "seed \(seed)")
    case .needsAttention:
      #expect(!run.report.remaining.isEmpty || !run.report.failedAlways.isEmpty, "seed \(seed)")
    case .running, .undoing, .waiting: Issue.record("seed \(seed): \(status)")
    }
    // A step's mark stands in the arguments that its intent recorded.
    for (mark, born) in run.cloud.bornByMark {
      let step = run.report.steps.first { JSON.print(.record($0.arguments)).contains("\"\(mark)\"") }
      #expect(born <= (step.map { Self.size(of: $0) } ?? 0), "seed \(seed): \(mark) was made \(born) times")
    }
  }

  static func size(of step: RunReport.Step) -> Int {
    let counts = ValuePath("ZoneInstanceCountISPSet[].InstanceCount").value(in: .record(step.arguments))?.asList
    return counts?.first?.asInt ?? step.arguments["AddressCount"]?.asInt ?? 1
  }

  /// Every change has its intent first and one outcome; nothing follows the end; undone in the order of the tape.
  private func checkJournal(_ run: Played, _ seed: Int) {
    var intents: Set<StepAddress> = []
    var open: Set<StepAddress> = []
    for record in run.records {
      switch record {
      case .intent(let step, _, _, _, _, _, _):
        #expect(intents.insert(step).inserted, "seed \(seed): \(step) twice")
        open.insert(step)
      case .done(let step, _, _, _, _), .unknown(let step, _), .notSent(let step):
        #expect(open.remove(step) != nil, "seed \(seed): \(step) ended without an intent")
      // A call whose before-image cannot be read is refused before it leaves.
      case .refused(let step, _, _): open.remove(step)
      default: continue
      }
    }
    #expect(open.isEmpty, "seed \(seed): \(open)")
    if case .finished? = run.records.last { return }
    Issue.record("seed \(seed): no end in the journal")
  }

  private func checkLimits(_ cloud: ToyCloud, _ seed: Int) {
    for (bucket, times) in cloud.arrivals {
      let sorted = times.sorted()
      for index in sorted.indices.dropFirst(20) {
        #expect(sorted[index] - sorted[index - 20] >= .seconds(1), "seed \(seed): \(bucket)")
      }
    }
  }
}
