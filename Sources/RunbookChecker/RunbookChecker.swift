import Diagnostics
import RunbookSyntax
import Values

/// Text → tree → checked runbook: names, types, effects, undo coverage. Total: every text has a result, every problem
/// is reported in one pass, and what follows from a problem already reported is not.
package enum RunbookCheck {
  /// `read` gives the files that the file uses, and those that they use.
  package static func check(
    _ file: SourceFile, functions: [FunctionSignature],
    read: ReadFile = { _ throws(UnreadableFile) in throw UnreadableFile("cannot be read here") }
  ) -> CheckResult {
    let graph = FileGraph(file, read)
    var checker = Checker(graph, functions: functions)
    checker.checkFiles()
    var found = graph.diagnostics + checker.diagnostics + Flow.problems(of: checker)
    if found.hasErrors { found.removeAll { lateAdvice.contains($0.code) } }
    // The part that cannot be read may be the one that uses the name.
    if found.contains(where: \.code.isOfText) { found.removeAll { $0.code == .unusedName } }
    let diagnostics = found.inReadingOrder()
    let runbook = diagnostics.hasErrors ? nil : checker.checkedRunbook()
    return CheckResult(runbook: runbook, diagnostics: diagnostics, sources: graph.sources)
  }

  /// What is said only of a text that means what it says.
  private static let lateAdvice: Set<DiagnosticCode> = [
    .unawaited, .needlessWait, .unreachable, .couldBeParallel, .couldRunTogether,
  ]
}
