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
    let lines = try records.map { RunHistory.fields(id, $0, try RunHistory.record($0, id).1) }
    switch format {
    case .ndjson:
      for line in lines { context.output.write(JSON.print(.record(line)) + "\n") }
    case .json:
      let value: Value = [
        "format": "belay.journal/1", "run": .text(id.text),
        "records": .list(lines.map(Value.record)),
        "problem": problem.map { .text($0.message) } ?? .null,
      ]
      context.output.write(JSON.prettyPrint(value) + "\n")
    case .text: context.output.write(table(lines))
    }
    if let problem { throw CommandFailure(.unreachable, problem.message) }
  }

  private func table(_ records: [Record]) -> String {
    var table = TextTable([
      .init("#", .right), .init("AT"), .init("KIND"), .init("STEP", isFlexible: true), .init("WHAT", isFlexible: true),
    ])
    for record in records {
      let step = record["step"]?.asText ?? record["wait"]?.asText ?? ""
      table.add([
        record["sequence"]?.display ?? "", record["at"]?.asText ?? "", record["kind"]?.asText ?? "", step, what(record),
      ])
    }
    return table.lines(CommandContext.current.outputStyle).map { $0 + "\n" }.joined()
  }

  private static let elsewhere: Set = ["format", "run", "sequence", "at", "kind", "step", "wait", "source", "place"]

  /// What other columns or commands do not show.
  private func what(_ record: Record) -> String {
    let shown = record.filter { !JournalCommand.elsewhere.contains($0.key) && !$0.value.isNull && $0.value != .empty }
    var text = shown.map { "\($0.key): \($0.value.wording)" }.joined(separator: "  ")
    if case .record(let place)? = record["place"], let line = place["line"]?.asInt {
      text += "\(text.isEmpty ? "" : "  ")line \(line)"
    }
    return text
  }
}
