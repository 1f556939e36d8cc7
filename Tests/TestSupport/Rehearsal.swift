import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import RunPlanner
import RunbookChecker
import RunbookEvaluator
import Values

/// A runbook made ready and run in the simulated world, as tests want it.
package struct Rehearsal: Sendable {
  package struct Problem: Error, CustomStringConvertible {
    package let description: String
  }
  package struct Outcome: Sendable {
    package let report: RunReport
    package let records: [JournalRecord]
    package let status: RunStatus
    package let before: [InventoryLine]
    package let after: [InventoryLine]
    package let elapsed: Duration
    package let cloud: EmulatedCloud

    /// What is left, for messages.
    package var left: [String] { report.remaining.map { "\($0.address) \($0.state.rawValue): \($0.note)" } }
    package var changes: [RunReport.Step] { report.steps.filter { $0.kind == .change } }
  }

  package static let start = Instant(milliseconds: 1_790_000_000_000)
  package static let account = "simulated"

  private let program: RunbookProgram
  private let created: JournalRecord
  package let runbook: CheckedRunbook

  package init(_ file: SourceFile, libraries: [String: String] = [:], inputs: Record) throws {
    let checked = RunbookCheck.check(file, functions: StandardLibrary.signatures) { path throws(UnreadableFile) in
      guard let text = libraries[path] else { throw UnreadableFile("is not there") }
      return SourceFile(path: path, text: text)
    }
    guard let runbook = checked.runbook else {
      throw Problem(description: DiagnosticRenderer(sources: checked.sources).render(checked.diagnostics))
    }
    let code = RunbookCompiler.compile(runbook)
    let prepared = RunbookProgram.prepare(runbook, code: code, inputs: inputs)
    guard let program = prepared.program else {
      throw Problem(description: DiagnosticRenderer(sources: checked.sources).render(prepared.problems))
    }
    self.program = program
    self.runbook = runbook
    created = .created(
      runbook: runbook.name, version: runbook.version, path: file.path, source: file.text(0..<file.bytes.count),
      inputs: prepared.inputs, cloud: "simulated", by: "rehearsal")
  }

  /// The same, as the planner has it.
  package var trial: Trial { Trial(program, created: created, account: Rehearsal.account) }

  package static func freshCloud(seed: UInt64 = 1, speed: Double = 1) -> EmulatedCloud {
    EmulatedCloud(configuration: Configuration(seed: seed, speed: speed, startedAt: start))
  }

  /// Runs until the process ends at a record, then takes the run up again half a minute later.
  package func runThroughCrash(
    _ crash: SimulatedDriver.Crash, in cloud: EmulatedCloud = Rehearsal.freshCloud(), faults: [Fault] = [],
    startingAt start: Instant = Rehearsal.start
  ) throws -> Outcome {
    var cloud = cloud
    for fault in faults { cloud.inject(fault) }
    let before = cloud.inventory(account: Rehearsal.account)
    var world = SimulatedWorld(cloud: cloud, account: Rehearsal.account)
    let id = RunID("r-test")
    let first = SimulatedDriver().run(
      id, created: created, program: program, cloud: &world, startingAt: start, crash: crash)
    guard let first else { throw Problem(description: "the run can never end") }
    guard !first.hasEnded else { return outcome(first, world, before, start) }
    let second = SimulatedDriver().run(
      id, journal: first.records, program: program, cloud: &world, startingAt: first.endedAt + .seconds(30))
    guard let second else { throw Problem(description: "the resumed run can never end, or differs from its journal") }
    return outcome(second, world, before, start)
  }

  /// The end of the process after so many more records, and how long it takes until the run is taken up.
  package struct Interruption: Sendable {
    let afterRecords: Int
    let isAfterSending: Bool
    let pause: Duration
    /// By how much the machine's clock is set forward meanwhile, or back.
    let clockStep: Duration
    package init(afterRecords: Int, isAfterSending: Bool, pause: Duration, clockStep: Duration = .zero) {
      self.afterRecords = afterRecords
      self.isAfterSending = isAfterSending
      self.pause = pause
      self.clockStep = clockStep
    }
  }

  /// The cloud as a machine sees it whose clock is ahead of the cloud's.
  private struct SteppedWorld: SimulatedCloud {
    var world: SimulatedWorld
    var ahead = Duration.zero

    mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration) {
      world.send(call, at: now - ahead)
    }
  }

  /// Runs to the end through any number of interruptions; those that would come after the end do not.
  package func run(
    interruptedBy interruptions: [Interruption], faults: [Fault] = [], cancelAfter: Duration? = nil
  ) throws -> Outcome {
    var cloud = Rehearsal.freshCloud()
    for fault in faults { cloud.inject(fault) }
    let before = cloud.inventory(account: Rehearsal.account)
    var stepped = SteppedWorld(world: SimulatedWorld(cloud: cloud, account: Rehearsal.account))
    var journal: [(Instant, JournalRecord)] = [(Rehearsal.start, created)]
    var now = Rehearsal.start
    for interruption in interruptions.map(Optional.some) + [nil] {
      let crash = interruption.map {
        SimulatedDriver.Crash(recordCount: journal.count + $0.afterRecords, afterSending: $0.isAfterSending)
      }
      let cancelAt = cancelAfter.map { Rehearsal.start + stepped.ahead + $0 }
      let part = SimulatedDriver().run(
        RunID("r-test"), journal: journal, program: program, cloud: &stepped, startingAt: now,
        cancelAt: cancelAt.flatMap { $0 >= now ? $0 : nil }, crash: crash)
      guard let part else { throw Problem(description: "the run can never end, or differs from its journal") }
      if part.hasEnded { return outcome(part, stepped.world, before, Rehearsal.start, ahead: stepped.ahead) }
      journal = part.records
      guard let interruption else { continue }
      stepped.ahead += interruption.clockStep
      now = part.endedAt + interruption.pause + interruption.clockStep
    }
    throw Problem(description: "the run did not end")
  }

  /// Runs to the end; nil status of the driver (a run that can never end) is a problem.
  package func run(
    in cloud: EmulatedCloud = Rehearsal.freshCloud(), faults: [Fault] = [], cancelAfter: Duration? = nil,
    startingAt start: Instant = Rehearsal.start
  ) throws -> Outcome {
    var cloud = cloud
    for fault in faults { cloud.inject(fault) }
    let before = cloud.inventory(account: Rehearsal.account)
    var world = SimulatedWorld(cloud: cloud, account: Rehearsal.account)
    let outcome = SimulatedDriver().run(
      RunID("r-test"), created: created, program: program, cloud: &world, startingAt: start,
      cancelAt: cancelAfter.map { start + $0 })
    guard let outcome else { throw Problem(description: "the run can never end") }
    return self.outcome(outcome, world, before, start)
  }

  /// The journal of an undisturbed run.
  package func journal() throws -> [(Instant, JournalRecord)] {
    var world = SimulatedWorldFixture.fresh()
    let outcome = SimulatedDriver().run(
      RunID("r-test"), created: created, program: program, cloud: &world, startingAt: Rehearsal.start)
    guard let outcome else { throw Problem(description: "the run can never end") }
    return outcome.records
  }

  /// The journal of a run that has only been made.
  package var beginning: [(Instant, JournalRecord)] { [(Rehearsal.start, created)] }

  /// Takes a run up from its journal, a second after its last record.
  package func goOn(
    from journal: [(Instant, JournalRecord)], in world: inout SimulatedWorld, crash: SimulatedDriver.Crash? = nil,
    driver: SimulatedDriver = SimulatedDriver()
  ) throws -> SimulatedDriver.Outcome {
    let outcome = driver.run(
      RunID("r-test"), journal: journal, program: program, cloud: &world,
      startingAt: (journal.last?.0 ?? Rehearsal.start) + .seconds(1), crash: crash)
    guard let outcome else { throw Problem(description: "the run can never end, or differs from its journal") }
    return outcome
  }

  /// Nil when the journal does not fit the runbook.
  package func resume(_ journal: [(Instant, JournalRecord)], in world: inout SimulatedWorld) -> RunStatus? {
    SimulatedDriver().run(
      RunID("r-test"), journal: journal, program: program, cloud: &world, startingAt: Rehearsal.start)?.status
  }

  private func outcome(
    _ outcome: SimulatedDriver.Outcome, _ world: SimulatedWorld, _ before: [InventoryLine], _ start: Instant,
    ahead: Duration = .zero
  ) -> Outcome {
    var world = world
    world.cloud.advance(to: outcome.endedAt - ahead + .minutes(10))
    return Outcome(
      report: RunReport(outcome.records), records: outcome.records.map(\.1), status: outcome.status, before: before,
      after: world.cloud.inventory(account: Rehearsal.account), elapsed: outcome.endedAt - ahead - start,
      cloud: world.cloud)
  }
}

package enum SimulatedWorldFixture {
  package static func fresh() -> SimulatedWorld {
    SimulatedWorld(cloud: Rehearsal.freshCloud(), account: Rehearsal.account)
  }
}

extension SimulatedDriver.Outcome {
  /// Whether the journal says so; a crash may have come before that was written.
  fileprivate var hasEnded: Bool { if case .finished? = records.last?.1 { true } else { false } }
}
