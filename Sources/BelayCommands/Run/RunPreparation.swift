import Diagnostics
import RunEngine
import RunbookChecker
import RunbookEvaluator
import Values

/// A runbook with its inputs, ready to be run.
struct RunPreparation: Sendable {
  let runbook: CheckedRunbook
  let program: RunbookProgram
  let inputs: Record

  /// Text and inputs, checked; every problem is told before anything else happens.
  init(_ source: SourceFile, _ given: () throws(CommandFailure) -> Record) throws(CommandFailure) {
    let context = CommandContext.current
    let checked = RunbookCheck.check(source, functions: StandardLibrary.signatures)
    Problems.write(checked.diagnostics.filter { $0.severity == .error }, checked.sources, to: context)
    guard let runbook = checked.runbook else { throw CommandFailure(.wrong) }
    let prepared = RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: try given())
    guard let program = prepared.program else {
      Problems.write(prepared.problems, checked.sources, to: context)
      throw CommandFailure(.wrong)
    }
    self.runbook = runbook
    self.program = program
    inputs = prepared.inputs
  }
}
