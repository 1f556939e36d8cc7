import ArgumentParser
import Diagnostics
import RunDriver
import RunEngine
import RunJournal
import Values

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run whose process ended, from its journal: nothing is done twice.",
    discussion: """
      The run goes on with the runbook text and inputs it was started with. Secret inputs are not in the journal: \
      give them again. A run that had failed goes on undoing.
      """)

  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws { try await takeUp.carryOut(rollback: nil) }
}

struct RollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Undo what a run did since its last commit, newest first.",
    discussion: "For a run whose process ended, one that needs attention, or one that succeeded without a commit.")

  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws { try await takeUp.carryOut(rollback: "rolled back on request") }
}

/// Taking up a run that is in the journal.
struct TakeUpOptions: ParsableArguments {
  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @OptionGroup var inputs: InputOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var state: StateOption
  @Option(help: "text: a live tree; json: the report as one object at the end; ndjson: the journal as it is written.")
  var format = RunView.Format.text

  func carryOut(rollback: String?) async throws {
    let state = try state.open()
    let journal = try state.openJournal()
    let id = try await RunHistory.identify(run, journal)
    let hold = try await RunHold.take(id, state, journal)
    let records = try await RunHistory.read(id, journal)
    let report = RunReport(records)
    try refuseIfEnded(report, id, isRollback: rollback != nil)
    let prepared = try RunPreparation(SourceFile(path: report.path, text: report.source)) { () throws(CommandFailure) in
      try recorded(report.inputs).merging(inputs.read())
    }
    let target = try await RunTarget.choose(target, state, recorded: report.cloud)
    defer { target.abandon() }
    let view = RunView(id: id, format: format, context: .current, records: records)
    view.announce(target.introduction)
    var past = RunPast(records)
    past.rollback = rollback.map { RunFailure(.cancelled, $0) }
    let taken = past
    let status = try await target.drive(journal, view) { driver throws(JournalProblem) in
      try await driver.resume(id, past: taken, program: prepared.program, under: hold.lease)
    }
    await target.stop()
    withExtendedLifetime(hold) {}
    try view.finish(status)
  }

  /// Secrets are in the journal by name only.
  private func recorded(_ inputs: Record) -> Record {
    Record(inputs.filter { $0.value.asRecord?["$secret"] == nil }.map { ($0.key, $0.value) })
  }

  private func refuseIfEnded(_ report: RunReport, _ id: RunID, isRollback: Bool) throws(CommandFailure) {
    switch report.status {
    case .running, .undoing, .needsAttention: return
    case .succeeded where isRollback: return
    case .succeeded: throw CommandFailure(.wrong, "the run \(id) has succeeded; there is nothing to go on with")
    case .rolledBack: throw CommandFailure(.wrong, "the run \(id) has been rolled back; everything is undone already")
    }
  }
}
