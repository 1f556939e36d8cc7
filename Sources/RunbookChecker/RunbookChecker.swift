import Diagnostics
import RunbookSyntax
import Values

/// Text → tree → checked runbook: names, types, effects, undo coverage. Total: every text has a result, every problem
/// is reported in one pass, and what follows from a problem already reported is not.
package enum RunbookCheck {
  package static func check(_ file: SourceFile, functions: [FunctionSignature]) -> CheckResult {
    var sources = SourceMap()
    let id = sources.add(file)
    let parsed = RunbookParser.parse(file, id: id)
    var checker = Checker(parsed.tree, functions: functions)
    checker.checkRunbook()
    let diagnostics = (parsed.diagnostics + checker.diagnostics).inReadingOrder()
    let runbook = diagnostics.hasErrors ? nil : checker.checkedRunbook(sources)
    return CheckResult(runbook: runbook, diagnostics: diagnostics, sources: sources)
  }
}
