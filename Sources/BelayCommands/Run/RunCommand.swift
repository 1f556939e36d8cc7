import ArgumentParser
import Diagnostics
import EmulatorServer
import RunDriver
import RunEngine
import RunJournal
import RunbookChecker
import Values

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a runbook; when something fails, everything it did is undone.",
    discussion: """
      With no account configured, the run uses the emulator that is built in, and says so in its first line. \
      Ctrl-C cancels the run: what it did is undone, newest first.
      """)

  @Argument(help: "The runbook.")
  var file: String
  @OptionGroup var inputs: InputOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var driving: DrivingOptions
  @OptionGroup var state: StateOption
  @Option(
    help: ArgumentHelp(
      "Run only if it would still do what this plan file says; see `belay plan --out`.", valueName: "file"))
  var plan: String?
  @Option(help: "text: a live tree; json: the report as one object at the end; ndjson: the journal as it is written.")
  var format = RunView.Format.text

  func run() async throws {
    let (id, view, status) = try await drive()
    do {
      try view.finish(status)
    } catch {
      guard await driving.wantsRollback(view.report) else { throw error }
      try await rollBack(id)
    }
  }

  private func drive() async throws -> (RunID, RunView, RunStatus) {
    let source = try Files.source(file)
    let prepared = try RunPreparation(source) { () throws(CommandFailure) in try inputs.read() }
    if let plan { try await PlanFile(reading: plan).confirm(prepared, target, plan) }
    let state = try state.open()
    let target = try await RunTarget.choose(target, state)
    defer { target.abandon() }
    let journal = try state.openJournal()
    let id = RunID.fresh(at: WallClock.now())
    let view = RunView(id: id, format: format, context: .current, hook: driving.hook(id))
    view.announce(target.introduction)
    let requester = LocalAccount.name()
    let created = prepared.created(in: target.name, by: requester)
    try await journal.begin(id, prepared.runbook)
    let hold = try await RunHold.take(id, state, journal)
    let status = try await target.drive(journal, view, driving, requester: requester) { driver throws(JournalProblem) in
      try await driver.run(id, created: created, program: prepared.program, under: hold.lease)
    }
    await target.stop()
    withExtendedLifetime(hold) {}
    return (id, view, status)
  }

  /// What `belay rollback` does, for a run that holds.
  private func rollBack(_ id: RunID) async throws {
    var command = try RollbackCommand.parse([id.text])
    command.takeUp.inputs = inputs
    command.takeUp.target = target
    command.takeUp.state = state
    command.takeUp.format = format
    try await command.run()
  }
}

extension SQLiteJournalStore {
  fileprivate func begin(_ id: RunID, _ runbook: CheckedRunbook) async throws(CommandFailure) {
    let now = WallClock.now()
    do {
      try await create(
        RunSummary(
          id: id, runbook: "\(runbook.name) \(runbook.version)", createdAt: now, updatedAt: now,
          status: RunStatus.running.rawValue))
    } catch {
      throw CommandFailure(.unreachable, "\(error.message); nothing has been changed in the cloud")
    }
  }
}

extension RunID {
  private static let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")

  /// `r-` and the second, then six letters that are hard to confuse.
  static func fresh(at now: Instant) -> RunID {
    let stamp = now.plainText.filter(\.isNumber)
    let tail = String((0..<6).compactMap { _ in letters.randomElement() })
    return RunID("r-\(stamp.prefix(8))-\(stamp.suffix(6))-\(tail)")
  }
}
