import ArgumentParser
import RunEngine
import Values

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Show where a run's time went, or a step's, and from what the step's arguments came.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @Argument(help: "A step's address, as `belay show` has it.")
  var step: String?
  @OptionGroup var state: StateOption
  @Option(help: "text, or json: one object.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let journal = try state.open().openJournal()
    let id = try await RunHistory.identify(run, journal)
    let stored: [StoredRecord]
    do {
      stored = try await journal.records(of: id)
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
    let records = try stored.map { try RunHistory.record($0, id) }
    let report = RunReport(records)
    let why = RunWhy(records, times: times(stored))
    let chosen = try step.map { name throws(CommandFailure) in try span(name, why, id) }
    switch format {
    case .json: context.output.write(JSON.prettyPrint(value(why, chosen, report, id)) + "\n")
    case .text: context.output.write(chosen.map { text($0, why, report) } ?? text(why))
    }
  }

  private func span(_ name: String, _ why: RunWhy, _ id: RunID) throws(CommandFailure) -> RunWhy.Span {
    guard let span = why.span(of: StepAddress(name)) else {
      throw CommandFailure(.wrong, "the run \(id) has no step '\(name)'; `belay show \(id)` lists its steps")
    }
    return span
  }

  private func times(_ stored: [StoredRecord]) -> [Int: CallTimes] {
    stored.reduce(into: [:]) { times, record in
      times[record.sequence] = record.fields.flatMap { CallTimes($0) }
    }
  }

  // MARK: Text

  private func text(_ why: RunWhy) -> String {
    var totals = TextTable([.init("CAUSE"), .init("TIME", .right), .init("SHARE", .right)])
    for (cause, time) in why.chain.totals {
      let share =
        why.time > .zero ? Int((time.milliseconds * 100 + why.time.milliseconds / 2) / why.time.milliseconds) : 0
      totals.add([cause.rawValue, time.watchText, "\(share) %"])
    }
    return "The run took \(why.time.watchText).\n\n" + lines(totals) + "\nThe chain of steps that took it:\n\n"
      + steps(why.chain)
  }

  private func steps(_ chain: RunWhy.Chain) -> String {
    var table = TextTable([
      .init("STEP", isFlexible: true), .init("ACTION"), .init("TIME", .right), .init("WHERE", isFlexible: true),
    ])
    for span in chain.spans { table.add([span.address.text, action(span), span.time.watchText, shares(span)]) }
    return lines(table)
  }

  private func text(_ span: RunWhy.Span, _ why: RunWhy, _ report: RunReport) -> String {
    var text = "\(span.address) took \(span.time.watchText), \(began(span, report)).\n"
    let parts = shares(span)
    if !parts.isEmpty { text += "  \(parts)\n" }
    if let failure = report.failure, failure.step == span.address { text += "  \(failure.message)\n" }
    for undo in why.undos(of: span.address) {
      text += "Undoing it took \(undo.time.watchText), \(began(undo, report)).\n"
      let parts = shares(undo)
      if !parts.isEmpty { text += "  \(parts)\n" }
    }
    let chain = why.chain(before: span)
    if !chain.spans.isEmpty {
      let causes = chain.totals.filter { $0.time >= .milliseconds(50) }
        .map { "\($0.cause.rawValue) \($0.time.watchText)" }.joined(separator: ", ")
      let sum = causes.isEmpty ? "" : " (\(causes))"
      text += "\nWhat it depended on before it began\(sum):\n\n" + steps(chain)
    }
    let arguments = provenance(span, report)
    guard !arguments.isEmpty else { return text }
    var table = TextTable([
      .init("ARGUMENT"), .init("VALUE", isFlexible: true), .init("WRITTEN AS", isFlexible: true),
      .init("FROM", isFlexible: true),
    ])
    for argument in arguments {
      table.add([
        argument.name, argument.value.map(\.wording) ?? "", argument.expression,
        argument.sources.map(\.text).joined(separator: ", "),
      ])
    }
    return text + "\n" + lines(table)
  }

  private func began(_ span: RunWhy.Span, _ report: RunReport) -> String {
    let start = report.createdAt.map { span.from - $0 } ?? .zero
    return "from \(start.watchText) after the run's start" + (span.after.map { ", when \($0) had ended" } ?? "")
  }

  private func lines(_ table: TextTable) -> String {
    table.lines(CommandContext.current.outputStyle).map { $0.trimmingTrailingBlanks + "\n" }.joined()
  }

  private func action(_ span: RunWhy.Span) -> String {
    switch span.kind {
    case .wait, .approval: span.kind.rawValue
    case .change, .read: span.action?.name ?? ""
    case .undo: "undo: \(span.action?.name ?? "")"
    }
  }

  private func shares(_ span: RunWhy.Span) -> String {
    let parts = span.shares.map { share in
      let key = share.cause == .lock ? span.key.map { " on \($0)" } : nil
      return "\(share.cause.rawValue)\(key ?? "") \(share.time.watchText)"
    }
    return parts.joined(separator: ", ")
  }

  private func provenance(_ span: RunWhy.Span, _ report: RunReport) -> [ArgumentSource] {
    switch span.kind {
    case .change, .read: span.number.map { ArgumentSource.all(of: report.steps[$0], in: report) } ?? []
    case .wait, .approval, .undo: []
    }
  }

  // MARK: JSON

  private func value(_ why: RunWhy, _ chosen: RunWhy.Span?, _ report: RunReport, _ id: RunID) -> Value {
    let start = report.createdAt ?? Instant(milliseconds: 0)
    let steps: [Value]
    if let chosen {
      var step = record(chosen, start)
      step["arguments"] = .list(provenance(chosen, report).map(value))
      steps = [.record(step)] + why.undos(of: chosen.address).map { .record(record($0, start)) }
    } else {
      steps = why.spans.map { .record(record($0, start)) }
    }
    let chain = chosen.map(why.chain(before:)) ?? why.chain
    let path: [Value] = chain.spans.map { .text($0.address.text) }
    let whole: Record = [
      "format": "belay.why/1", "run": .text(id.text), "time_ms": .int(Int(why.time.milliseconds)),
      "totals": value(chain.totals), "path": .list(path), "steps": .list(steps),
    ]
    return .record(whole)
  }

  private func record(_ span: RunWhy.Span, _ start: Instant) -> Record {
    var record: Record = ["step": .text(span.address.text), "kind": .text(span.kind.rawValue)]
    record["action"] = span.action.map { .text($0.description) } ?? .null
    record["from_ms"] = .int(Int((span.from - start).milliseconds))
    record["to_ms"] = .int(Int((span.to - start).milliseconds))
    record["after"] = span.after.map { .text($0.text) } ?? .null
    record["shares"] = value(span.shares)
    record["lock"] = span.key.map(Value.text) ?? .null
    return record
  }

  private func value(_ argument: ArgumentSource) -> Value {
    let sources: [Value] = argument.sources.map { .text($0.text) }
    let record: Record = [
      "name": .text(argument.name), "expression": .text(argument.expression), "value": argument.value ?? .null,
      "sources": .list(sources),
    ]
    return .record(record)
  }

  private func value(_ shares: RunWhy.Shares) -> Value {
    .record(Record(shares.map { ($0.cause.rawValue, .int(Int($0.time.milliseconds))) }))
  }
}

extension String {
  fileprivate var trimmingTrailingBlanks: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
