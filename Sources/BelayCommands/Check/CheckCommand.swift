import ArgumentParser
import Diagnostics
import RunbookChecker
import RunbookEvaluator
import Values

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check runbooks without calling anything; reports every problem at once.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The runbooks.")
  var files: [String]
  @Option(help: "text, or json: one object with every problem.")
  var format = Format.text

  func run() throws {
    let context = CommandContext.current
    var results: [CheckResult] = []
    for path in files {
      results.append(RunbookCheck.check(try Files.source(path), functions: StandardLibrary.signatures))
    }
    switch format {
    case .json: context.output.write(JSON.prettyPrint(Problems.value(results)) + "\n")
    case .text:
      for result in results { writeText(result, context) }
    }
    if results.contains(where: { $0.runbook == nil }) { throw CommandFailure(.wrong) }
  }

  private func writeText(_ result: CheckResult, _ context: CommandContext) {
    Problems.write(result.diagnostics, result.sources, to: context)
    guard let runbook = result.runbook else { return }
    let calls = runbook.effects.isEmpty ? "nothing" : runbook.effects.map(\.description).joined(separator: ", ")
    context.output.write("\(runbook.name) \(runbook.version) is sound. It may call \(calls).\n")
  }
}

/// Problems of runbooks, for people and for machines.
enum Problems {
  static func write(_ diagnostics: [Diagnostic], _ sources: SourceMap, to context: CommandContext) {
    guard !diagnostics.isEmpty else { return }
    context.error.write(DiagnosticRenderer(sources: sources, colour: context.errorStyle.colour).render(diagnostics))
    let errors = diagnostics.count { $0.severity == .error }
    guard errors > 0 else { return }
    context.error.write("\(errors) \(errors == 1 ? "error" : "errors")\n")
  }

  /// `belay.check/1`; described in docs/operations.md.
  static func value(_ results: [CheckResult]) -> Value {
    [
      "format": "belay.check/1",
      "problems": .list(
        results.flatMap { result in result.diagnostics.inReadingOrder().map { value($0, result.sources) } }),
      "runbooks": .list(
        results.compactMap(\.runbook).map { runbook in
          [
            "name": .text(runbook.name), "version": .text(runbook.version),
            "calls": .list(runbook.effects.map { .text($0.description) }),
          ]
        }),
    ]
  }

  private static func value(_ diagnostic: Diagnostic, _ sources: SourceMap) -> Value {
    var record: Record = [
      "severity": .text(diagnostic.severity.rawValue), "code": .text(diagnostic.code.rawValue),
      "message": .text(diagnostic.message), "place": place(diagnostic.span, sources),
    ]
    record["hint"] = diagnostic.hint.map(Value.text) ?? .null
    record["notes"] = .list(
      diagnostic.notes.map { note in
        ["message": .text(note.message), "place": note.span.map { place($0, sources) } ?? .null]
      })
    return .record(record)
  }

  /// Lines and columns from 1; the end is the place after the last character.
  private static func place(_ span: Span, _ sources: SourceMap) -> Value {
    let file = sources[span.source]
    let (start, end) = (file.position(at: Int(span.lower)), file.position(at: Int(span.upper)))
    return [
      "path": .text(file.path), "line": .int(start.line), "column": .int(start.column), "end_line": .int(end.line),
      "end_column": .int(end.column),
    ]
  }
}
