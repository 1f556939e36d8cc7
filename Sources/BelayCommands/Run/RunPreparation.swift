import Diagnostics
import RunEngine
import RunbookChecker
import RunbookEvaluator
import Values

/// A runbook with its inputs, ready to be run.
struct RunPreparation: Sendable {
  let source: SourceFile
  let runbook: CheckedRunbook
  let program: RunbookProgram
  let inputs: Record
  /// The texts of the files that the runbook uses, by path.
  let files: Record

  /// Text and inputs, checked; every problem is told before anything else happens.
  init(
    _ source: SourceFile, read: ReadFile = Files.used, _ given: () throws(CommandFailure) -> Record
  ) throws(CommandFailure) {
    let context = CommandContext.current
    let checked = RunbookCheck.check(source, functions: StandardLibrary.signatures, read: read)
    Problems.write(checked.diagnostics.filter { $0.severity == .error }, checked.sources, to: context)
    guard let runbook = checked.runbook else { throw CommandFailure(.wrong) }
    guard !runbook.isLibrary else {
      throw CommandFailure(
        .wrong,
        "'\(source.path)' is a library: it has recipes and no steps; run a runbook that uses it")
    }
    let prepared = RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: try given())
    guard let program = prepared.program else {
      Problems.write(prepared.problems, checked.sources, to: context)
      throw CommandFailure(.wrong)
    }
    self.source = source
    self.runbook = runbook
    self.program = program
    inputs = prepared.inputs
    files = Record(checked.sources.files.dropFirst().map { ($0.path, .text($0.text(0..<$0.bytes.count))) })
  }

  /// The services that it calls.
  var services: Set<String> { Set(runbook.effects.map(\.service)) }

  /// The first record of a run in this cloud.
  func created(in cloud: String, by requester: String = "") -> JournalRecord {
    .created(
      runbook: runbook.name, version: runbook.version, path: source.path,
      source: source.text(0..<source.bytes.count), inputs: inputs, cloud: cloud, by: requester, files: files)
  }
}
