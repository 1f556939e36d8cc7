import ArgumentParser
import CloudEmulator
import Diagnostics
import Foundation
import RunDriver
import RunEngine
import RunJournal
import RunbookChecker
import RunbookEvaluator
import EmulatorServer
import Values

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a runbook; when something fails, everything it did is undone.",
    discussion: """
      With no account configured, the run uses the emulator that is built in, and says so in its first line. \
      Ctrl-C cancels the run: what it did is undone, newest first.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson }

  @Argument(help: "The runbook.")
  var file: String
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "NAME=VALUE; VALUE may be @FILE or @env:VARIABLE, as a secret should be. May be given more than once.",
      valueName: "name=value"))
  var pairs: [String] = []
  @Option(
    name: .customLong("inputs"), help: ArgumentHelp("A .json or .yaml file of inputs.", valueName: "file"))
  var inputFiles: [String] = []
  @OptionGroup var account: AccountOptions
  @OptionGroup var state: StateOption
  @Flag(help: "Use the embedded emulator even when an account is configured.")
  var emulated = false
  @OptionGroup(title: "Embedded emulator") var emulator: EmulatorWorldOptions
  @Option(help: "text: a live tree; json: the report as one object at the end; ndjson: the journal as it is written.")
  var format = Format.text

  func run() async throws {
    let context = CommandContext.current
    let source = try Files.source(file)
    let prepared = try prepare(source, context)
    let state = try state.open()
    let target = try await RunTarget.choose(self, state)
    defer { target.abandon() }
    let journal = try state.openJournal()
    let id = RunID.fresh(at: WallClock.now())
    let view = RunView(id: id, format: format, context: context)
    view.announce(target.introduction)
    let status = try await carryOut(id, prepared, source, target, journal, view)
    await target.stop()
    try view.finish(status)
  }

  private struct Prepared {
    let runbook: CheckedRunbook
    let program: RunbookProgram
    let inputs: Record
  }

  /// Text and inputs, checked; every problem is told before anything else happens.
  private func prepare(_ source: SourceFile, _ context: CommandContext) throws -> Prepared {
    let checked = RunbookCheck.check(source, functions: StandardLibrary.signatures)
    Problems.write(checked.diagnostics.filter { $0.severity == .error }, checked.sources, to: context)
    guard let runbook = checked.runbook else { throw CommandFailure(.wrong) }
    let given = try InputArguments.read(pairs, files: inputFiles, context.environment)
    let code = RunbookCompiler.compile(runbook)
    let prepared = RunbookProgram.prepare(runbook, code: code, inputs: given)
    guard let program = prepared.program else {
      Problems.write(prepared.problems, checked.sources, to: context)
      throw CommandFailure(.wrong)
    }
    return Prepared(runbook: runbook, program: program, inputs: prepared.inputs)
  }

  private func carryOut(
    _ id: RunID, _ prepared: Prepared, _ source: SourceFile, _ target: RunTarget, _ journal: SQLiteJournalStore,
    _ view: RunView
  ) async throws -> RunStatus {
    let runbook = prepared.runbook
    let now = WallClock.now()
    let created = JournalRecord.created(
      runbook: runbook.name, version: runbook.version, path: source.path, source: source.text(0..<source.bytes.count),
      inputs: prepared.inputs, cloud: target.name)
    let driver = LiveDriver(world: target.world, store: journal) { view.observe($0) }
    let signals = CommandContext.current.handlesSignals ? CancelSignals { driver.cancel($0) } : nil
    defer { signals?.stop() }
    do {
      try await journal.create(
        RunSummary(
          id: id, runbook: "\(runbook.name) \(runbook.version)", createdAt: now, updatedAt: now,
          status: RunStatus.running.rawValue))
      return try await driver.run(id, created: created, program: prepared.program)
    } catch {
      throw view.fail(error)
    }
  }
}

extension RunID {
  private static let letters = Array("23456789abcdefghjkmnpqrstuvwxyz")

  /// `r-` and the second, then six letters that are hard to confuse.
  static func fresh(at now: Instant) -> RunID {
    let stamp = now.plainText.filter(\.isNumber)
    let tail = String((0..<6).compactMap { _ in letters.randomElement() })
    return RunID("r-\(stamp.prefix(8))-\(stamp.suffix(6))-\(tail)")
  }
}
