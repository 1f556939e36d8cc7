import ArgumentParser
import RunEngine
import Values

struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Show every record of a run's journal, as it was written.",
    discussion: """
      Secrets are in no journal; they stand there by name. Of a damaged journal the records before the damage are \
      shown, then what is wrong.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson }

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @OptionGroup var state: StateOption
  @Option(help: "text; json: one object; ndjson: a record a line.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let journal = try state.open().openJournal()
    let id = try await RunHistory.identify(run, journal)
    let records: [StoredRecord]
    let problem: JournalProblem?
    do throws(JournalProblem) {
      (records, problem) = try await journal.intactRecords(of: id)
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
    let known = try records.map { try RunHistory.record($0, id) }
    switch format {
    case .ndjson:
      for (sequence, entry) in known.enumerated() {
        context.output.write(RunHistory.line(id, sequence, entry.0, entry.1) + "\n")
      }
    case .json:
      let value: Value = [
        "format": "belay.journal/1", "run": .text(id.text),
        "records": .list(known.enumerated().map { .record(RunHistory.fields(id, $0, $1.0, $1.1)) }),
        "problem": problem.map { .text($0.message) } ?? .null,
      ]
      context.output.write(JSON.prettyPrint(value) + "\n")
    case .text: context.output.write(table(known))
    }
    if let problem { throw CommandFailure(.unreachable, problem.message) }
  }

  private func table(_ records: [(Instant, JournalRecord)]) -> String {
    var table = TextTable([
      .init("#", .right), .init("AT"), .init("KIND"), .init("STEP", isFlexible: true),
      .init("WHAT", isFlexible: true),
    ])
    for (sequence, entry) in records.enumerated() {
      table.add([
        "\(sequence)", entry.0.iso8601, entry.1.kind, entry.1.step?.text ?? "", what(entry.1),
      ])
    }
    return table.lines(CommandContext.current.outputStyle).map { $0 + "\n" }.joined()
  }

  /// The payload without what other columns or commands show: the step, and the runbook's whole text.
  private func what(_ record: JournalRecord) -> String {
    let hidden: Set = ["step", "wait", "source", "place"]
    let shown = record.payload.filter { !hidden.contains($0.key) && !$0.value.isNull && $0.value != .empty }
    var text = shown.map { "\($0.key): \($0.value.wording)" }.joined(separator: "  ")
    if case .record(let place)? = record.payload["place"], let line = place["line"]?.asInt {
      text += "\(text.isEmpty ? "" : "  ")line \(line)"
    }
    return text
  }
}
