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
    let diagnostics = (graph.diagnostics + checker.diagnostics).inReadingOrder()
    let runbook = diagnostics.hasErrors ? nil : checker.checkedRunbook()
    return CheckResult(runbook: runbook, diagnostics: diagnostics, sources: graph.sources)
  }
}
