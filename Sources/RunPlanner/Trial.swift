import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// A runbook made ready, to be run in any number of worlds without anything happening. The rehearsals all stand on it:
/// the same program, machine, limits and waits as live, against the emulator's core, in virtual time.
package struct Trial: Sendable {
  /// The instant at which a run in a new world begins: always the same, so that equal questions get equal answers.
  package static let epoch = Instant(milliseconds: 1_790_000_000_000)

  package let id: RunID
  package let program: any RunProgram
  /// The run's first record.
  package let created: JournalRecord
  /// Whose world it is.
  package var account: String
  /// What the account may do a second, where that differs from the books.
  package var limits = AccountLimits()
  /// How long an answer takes to arrive.
  package var latency = Duration.milliseconds(40)
  /// What the engine knows of the actions.
  package var meanings: Meanings = Catalog.meaning
  /// What a store gives back of a journal that was written to it: all of it, unless the store has a fault.
  package var recall: @Sendable ([(Instant, JournalRecord)]) -> [(Instant, JournalRecord)] = { $0 }

  package init(
    _ program: any RunProgram, created: JournalRecord, account: String = "simulated", id: RunID = RunID("r-plan")
  ) {
    self.id = id
    self.program = program
    self.created = created
    self.account = account
  }

  /// The run at its beginning. It goes on by ``SimulatedRun/step()``; its copies are forks, and so is the world of
  /// each. `faults` are armed from the beginning on.
  package func begin(in cloud: EmulatedCloud, faults: [Fault] = []) -> SimulatedRun<SimulatedWorld> {
    resume([(start(in: cloud), created)], in: cloud, faults: faults)
  }

  /// The run taken up from its journal, at the time of its last record or `pause` later: what a process ends with is
  /// the records of a ``SimulatedRun`` and the cloud of its world.
  package func resume(
    _ journal: [(Instant, JournalRecord)], in cloud: EmulatedCloud, faults: [Fault] = [], after pause: Duration = .zero
  ) -> SimulatedRun<SimulatedWorld> {
    let now = max(cloud.instant, (journal.last?.0 ?? start(in: cloud)) + pause)
    var cloud = cloud
    cloud.advance(to: now)
    for fault in faults { cloud.inject(fault) }
    return SimulatedRun(
      id, journal: journal, program: program,
      cloud: SimulatedWorld(cloud: cloud, account: account, latency: latency), limits: limits, meanings: meanings,
      startingAt: now)
  }

  /// A run from its beginning to its end. `cancelAfter`: somebody asks it to stop then.
  package func run(in cloud: EmulatedCloud, faults: [Fault] = [], cancelAfter: Duration? = nil) -> TrialOutcome {
    var run = begin(in: cloud, faults: faults)
    run.cancelAt = cancelAfter.map { run.now + $0 }
    return TrialOutcome(run, from: cloud, account: account)
  }

  /// The same, pausing before each commit and before its end; see ``SimulatedRun/takePauses()``.
  var pausing: Trial {
    var trial = Trial(PausingProgram(program), created: created, account: account, id: id)
    (trial.limits, trial.latency, trial.meanings, trial.recall) = (limits, latency, meanings, recall)
    return trial
  }

  private func start(in cloud: EmulatedCloud) -> Instant { max(Trial.epoch, cloud.instant) }
}

/// What came of a trial.
package struct TrialOutcome: Sendable {
  package typealias Run = SimulatedRun<SimulatedWorld>

  package let status: RunStatus
  /// Why the run can never end; nil when it ended.
  package let stall: String?
  package let records: [(Instant, JournalRecord)]
  /// How long the calls of an outcome waited and took, by the record's sequence.
  package let times: [Int: CallTimes]
  /// What the steps asked for, with parameters, in the order of asking: their own calls, what has to be read for them,
  /// and what undid them.
  package internal(set) var asked: [AskedCall]
  /// What left for the cloud, looks at work under way among it.
  package let calls: [SimulatedCall]
  package let account: String
  /// The world before the run, and at its end.
  package let before: EmulatedCloud
  package let after: EmulatedCloud
  package let startedAt: Instant
  package let endedAt: Instant

  /// Goes on with a run to its end.
  package init(_ going: Run, from before: EmulatedCloud, account: String) {
    var run = going
    let startedAt = run.records.first?.0 ?? run.now
    var turns = 0
    while run.state == .going, turns < SimulatedDriver.maximumTurns {
      run.step()
      turns += 1
    }
    self.init(run, startedAt: startedAt, from: before, account: account, turns: turns)
  }

  /// The same of a run that somebody else has gone on with so many turns.
  init(_ run: Run, startedAt: Instant, from before: EmulatedCloud, account: String, turns: Int) {
    self.startedAt = startedAt
    switch run.state {
    case .ended(let end): (status, stall) = (end, nil)
    case .stalled(let reason): (status, stall) = (run.status, reason)
    case .going: (status, stall) = (run.status, "it has not ended after \(turns) turns")
    }
    (records, times, asked, calls) = (run.records, run.times, run.asked, run.cloud.calls)
    (self.before, after) = (before, run.cloud.cloud)
    self.account = account
    endedAt = run.now
  }

  package var elapsed: Duration { endedAt - startedAt }
  package var report: RunReport { RunReport(records) }
}
