import ArgumentParser
import RunEngine
import RunJournal
import Values

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what a run did, step by step, and what became of it.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson }

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @OptionGroup var state: StateOption
  @Option(help: "text; json: the report as one object; ndjson: the journal, a record a line.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let journal = try state.open().openJournal()
    let id = try await RunHistory.identify(run, journal)
    let stored = try await RunHistory.stored(id, journal)
    let records = try stored.map { try RunHistory.record($0, id) }
    switch format {
    case .json: context.output.write(JSON.prettyPrint(RunReport(records).value(id: id)) + "\n")
    case .ndjson:
      for (stored, entry) in zip(stored, records) { context.output.write(RunHistory.line(id, stored, entry.1)) }
    case .text: context.output.write(RunText.whole(id, records, context.outputStyle))
    }
  }
}

/// A run's records, read back.
enum RunHistory {
  /// The run of a name, or the newest for `last`.
  static func identify(_ run: String, _ journal: SQLiteJournalStore) async throws -> RunID {
    do {
      if run == "last" {
        guard let newest = try await journal.runs().first else {
          throw CommandFailure(.wrong, "there are no runs yet")
        }
        return newest.id
      }
      guard try await journal.summary(of: RunID(run)) != nil else {
        throw CommandFailure(.wrong, "there is no run '\(run)'; `belay runs` lists them")
      }
      return RunID(run)
    } catch let problem as JournalProblem {
      throw CommandFailure(.unreachable, problem.message)
    }
  }

  static func read(_ id: RunID, _ journal: SQLiteJournalStore) async throws -> [(Instant, JournalRecord)] {
    do { return try await journal.history(of: id) } catch {
      throw CommandFailure(.unreachable, error.message)
    }
  }

  static func stored(_ id: RunID, _ journal: SQLiteJournalStore) async throws -> [StoredRecord] {
    do {
      return try await journal.records(of: id)
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
  }

  static func record(_ stored: StoredRecord, _ id: RunID) throws -> (Instant, JournalRecord) {
    do { return (stored.at, try JournalRecord(stored, of: id)) } catch {
      throw CommandFailure(.unreachable, error.message)
    }
  }

  /// One line of `--format ndjson`, with its end: `belay.record/1`.
  static func line(_ id: RunID, _ stored: StoredRecord, _ record: JournalRecord) -> String {
    JSON.print(.record(fields(id, stored, record))) + "\n"
  }

  /// As it was written, with what is no part of the record's meaning. A failure has a kind of its own, which goes by
  /// `cause` here.
  static func fields(_ id: RunID, _ stored: StoredRecord, _ record: JournalRecord) -> Record {
    let head: Record = [
      "format": "belay.record/1", "run": .text(id.text), "sequence": .int(stored.sequence),
      "at": .text(stored.at.iso8601), "kind": .text(record.kind),
    ]
    let payload = stored.fields ?? record.payload
    return head.merging(Record(payload.map { ($0.key == "kind" ? "cause" : $0.key, $0.value) }))
  }
}
