import Diagnostics
import RunbookChecker
import Values

/// Problems of runbooks, for people and for machines.
enum Problems {
  static func write(_ diagnostics: [Diagnostic], _ sources: SourceMap, to context: CommandContext) {
    guard !diagnostics.isEmpty else { return }
    let style = context.errorStyle
    let renderer = DiagnosticRenderer(sources: sources, colour: style.colour, width: style.width)
    context.error.write(renderer.render(diagnostics))
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    let counts = [counted(errors, "error"), counted(warnings, "warning")].compactMap { $0 }
    if errors > 0 { context.error.write(counts.joined(separator: ", ") + "\n") }
    // Advice waits until there is no error.
    let fixable = diagnostics.count { !$0.fixes.isEmpty && (errors == 0 || $0.severity == .error) }
    guard fixable > 0 else { return }
    let these =
      diagnostics.count == 1
      ? "it" : fixable == diagnostics.count ? "them" : "\(fixable) of these \(diagnostics.count)"
    context.error.write("'belay check --fix' mends \(these)\n")
  }

  private static func counted(_ count: Int, _ what: String) -> String? {
    count == 0 ? nil : "\(count) \(what)\(count == 1 ? "" : "s")"
  }

  /// `belay.check/1`; described in docs/operations.md.
  static func value(_ results: [CheckResult], fixed: [FixedText.Step]?) -> Value {
    var record: Record = [
      "format": "belay.check/1",
      "problems": .list(
        results.flatMap { result in result.diagnostics.inReadingOrder().map { value($0, result.sources) } }),
      "runbooks": .list(
        results.compactMap(\.runbook).map { runbook in
          [
            "name": .text(runbook.name), "version": .text(runbook.version),
            "calls": .list(runbook.effects.map { .text($0.description) }),
            "recipes": .list(runbook.recipes.map { recipe($0, runbook.sources) }),
          ]
        }),
    ]
    if let fixed {
      record["fixed"] = .list(
        fixed.map { ["at": .text($0.place), "code": .text($0.code.rawValue), "sentence": .text($0.sentence)] })
    }
    return .record(record)
  }

  private static func recipe(_ recipe: CheckedRoutine, _ sources: SourceMap) -> Value {
    [
      "name": .text(recipe.name), "signature": .text(recipe.spelling),
      "calls": .list(recipe.effects.map { .text($0.description) }), "place": place(recipe.routine.name.span, sources),
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
    record["fixes"] = .list(
      diagnostic.fixes.map { fix in
        ["sentence": .text(fix.sentence), "edits": .list(fix.edits.map { value($0, sources) })]
      })
    return .record(record)
  }

  /// Bytes count from 0; they say the same as the place, for machines.
  private static func value(_ edit: Fix.Edit, _ sources: SourceMap) -> Value {
    [
      "place": place(edit.span, sources), "first_byte": .int(Int(edit.span.lower)),
      "end_byte": .int(Int(edit.span.upper)), "replacement": .text(edit.replacement),
    ]
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
