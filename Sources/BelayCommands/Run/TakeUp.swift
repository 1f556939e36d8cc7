import ArgumentParser
import Diagnostics
import EmulatorServer
import RunDriver
import RunEngine
import RunJournal
import RunbookChecker
import Values

/// How a run that is in the journal is taken up again.
struct TakeUpOptions: ParsableArguments {
  @OptionGroup var inputs: InputOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var driving: DrivingOptions
  @OptionGroup var state: StateOption
  @Option(help: "text: a live tree; json: the report as one object at the end; ndjson: the journal as it is written.")
  var format = RunView.Format.text

  /// Takes a run, asks `choose` what is wanted of it, writes that down with who asked, and drives the run to its end.
  func carryOut(_ run: String, _ choose: (RunReport, RunID) throws -> RunVerb) async throws {
    let state = try state.open()
    let journal = try state.openJournal()
    let id = try await RunHistory.identify(run, journal)
    let hold = try await RunHold.take(id, state, journal)
    do {
      try await carryOut(id, hold, state, journal, choose)
    } catch {
      try? await journal.release(hold.lease)
      throw error
    }
    withExtendedLifetime(hold) {}
  }

  func carryOut(
    _ id: RunID, _ hold: RunHold, _ state: StateDirectory, _ journal: SQLiteJournalStore,
    _ choose: (RunReport, RunID) throws -> RunVerb
  ) async throws {
    var records = try await RunHistory.read(id, journal)
    if records.isEmpty { throw try await neverBegan(id, hold, journal) }
    let report = RunReport(records)
    let verb = try choose(report, id)
    let read: ReadFile = { path throws(UnreadableFile) in
      guard let text = report.source(at: path) else { throw UnreadableFile("is not in the journal of the run") }
      return SourceFile(path: path, text: text)
    }
    let source = SourceFile(path: report.path, text: report.source)
    let prepared = try RunPreparation(source, read: read) { () throws(CommandFailure) in
      try recorded(report.inputs).merging(inputs.read())
    }
    let target = try await RunTarget.choose(target, state, recorded: report.cloud)
    defer { target.abandon() }
    let asked = try await ask(verb, id, hold, records, journal)
    let view = RunView(id: id, format: format, context: .current, records: records, hook: driving.hook(id))
    view.announce(target.introduction)
    view.observe(.record(asked.0, asked.1))
    records.append((asked.0.at, asked.1))
    let past = RunPast(records)
    let status = try await target.drive(journal, view, driving, requester: report.requester) {
      driver throws(JournalProblem) in
      try await driver.resume(id, past: past, program: prepared.program, under: hold.lease)
    }
    await target.stop()
    try view.finish(status)
  }

  /// The process ended between the making of the run and its first record.
  private func neverBegan(
    _ id: RunID, _ hold: RunHold, _ journal: SQLiteJournalStore
  ) async throws -> CommandFailure {
    try? await journal.append([], to: id, status: RunStatus.rolledBack.rawValue, under: hold.lease)
    return CommandFailure(
      .rolledBack,
      "the run \(id) ended before its first record was written: nothing was called. Start it again with `belay run`")
  }

  private func ask(
    _ verb: RunVerb, _ id: RunID, _ hold: RunHold, _ records: [(Instant, JournalRecord)], _ journal: SQLiteJournalStore
  ) async throws(CommandFailure) -> (StoredRecord, JournalRecord) {
    let record = JournalRecord.asked(verb, by: CommandContext.current.user)
    let stored = record.stored(sequence: records.count, at: WallClock.now())
    let status = RunReport(records + [(stored.at, record)]).status
    do {
      try await journal.append([stored], to: id, status: status.rawValue, under: hold.lease)
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
    return (stored, record)
  }

  /// Secrets are in the journal by name only.
  private func recorded(_ inputs: Record) -> Record {
    Record(inputs.filter { $0.value.asRecord?["$secret"] == nil }.map { ($0.key, $0.value) })
  }
}

/// Which runs may be taken up, and why not.
enum TakingUp {
  static func check(_ report: RunReport, _ id: RunID, _ verb: RunVerb) throws(CommandFailure) {
    switch (report.status, verb) {
    case (.running, _), (.waiting, _), (.undoing, _), (.needsAttention, _), (.succeeded, .rollback): return
    case (.succeeded, _):
      throw CommandFailure(
        .wrong,
        "the run \(id) has succeeded; there is nothing to \(verb.purpose). `belay rollback \(id)` undoes what it did "
          + "since its last commit")
    case (.rolledBack, _):
      throw CommandFailure(.wrong, "the run \(id) has been rolled back; everything is undone already")
    }
  }
}

extension RunVerb {
  fileprivate var purpose: String {
    switch self {
    case .resume: "go on with"
    case .cancel: "cancel"
    case .rollback: "undo"
    case .retry: "do again"
    case .skip: "leave out"
    case .accept: "take over"
    }
  }
}
