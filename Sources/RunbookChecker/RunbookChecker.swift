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
    let diagnostics = limited(found.inReadingOrder())
    let runbook = diagnostics.hasErrors ? nil : checker.checkedRunbook()
    return CheckResult(runbook: runbook, diagnostics: diagnostics, sources: graph.sources)
  }

  /// Of one text. Nobody reads more, and to write them out would be nearly all of the work.
  package static let maximumProblemCount = 1000

  /// Where some are left out, errors come before warnings, so that a text with an error is never taken for sound.
  private static func limited(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    guard diagnostics.count > maximumProblemCount else { return diagnostics }
    let errors = diagnostics.filter { $0.severity == .error }
    return Array((errors.isEmpty ? diagnostics : errors).prefix(maximumProblemCount))
  }

  /// What is said only of a text that means what it says.
  private static let lateAdvice: Set<DiagnosticCode> = [
    .unawaited, .needlessWait, .unreachable, .couldBeParallel, .couldRunTogether,
  ]
}
