import Diagnostics
import EmulatorServer
import RunDriver
import RunEngine
import Synchronization
import Values

/// How a run shows while it goes on and at its end: progress on the error output, results on the output.
final class RunView: Sendable {
  enum Format: String, CaseIterable, Sendable { case text, json, ndjson }

  private struct State {
    var progress: RunProgress
    var lines: RunLines
  }
  private let id: RunID
  private let format: Format
  private let context: CommandContext
  private let painter: LivePainter?
  private let state: Mutex<State>
  private let hook: NotifyHook?

  /// `records` are what a run that is taken up has in its journal.
  init(
    id: RunID, format: Format, context: CommandContext, records: [(Instant, JournalRecord)] = [],
    hook: NotifyHook? = nil
  ) {
    self.hook = hook
    self.id = id
    self.format = format
    self.context = context
    var state = State(
      progress: RunProgress(id: id, records: records), lines: RunLines(id: id, style: context.errorStyle))
    for (at, record) in records { _ = state.lines.take(record, at: at) }
    self.state = Mutex(state)
    if format == .text, context.errorStyle.isInteractive, let writer = context.error as? FileDescriptorWriter {
      painter = LivePainter(id: id, style: context.errorStyle, writer: writer, now: SteadyClock.now)
      painter?.observe(records)
      painter?.start()
    } else {
      painter = nil
    }
  }

  func announce(_ introduction: String) { context.error.write(introduction + "\n") }

  /// Asks somebody something meanwhile: nothing is painted over it.
  func interrupted<Answer: Sendable>(_ ask: @Sendable () async -> Answer) async -> Answer {
    painter?.pause()
    defer { painter?.resume() }
    return await ask()
  }

  var report: RunReport { state.withLock { $0.progress.report } }

  func observe(_ observation: RunObservation) {
    painter?.observe(observation)
    if case .record(_, .notified(let notification)) = observation { hook?.tell(notification) }
    state.withLock { state in
      state.progress.apply(observation)
      switch format {
      case .text:
        guard painter == nil else { return }
        context.error.write(state.lines.take(observation).map { $0 + "\n" }.joined())
      case .json: return
      case .ndjson:
        guard case .record(let stored, let record) = observation else { return }
        context.output.write(RunHistory.line(id, stored, record))
      }
    }
  }

  /// Says how it ended; throws the exit status unless all went well.
  func finish(_ status: RunStatus) throws {
    painter?.finish()
    hook?.finish()
    let progress = state.withLock { $0.progress }
    switch format {
    case .text: context.output.write("\n" + RunSummaryText(progress, style: context.outputStyle).text)
    case .json: context.output.write(JSON.prettyPrint(progress.report.value(id: id)) + "\n")
    case .ndjson: break
    }
    guard let exit = exitStatus(status, progress.report) else { return }
    throw CommandFailure(exit)
  }

  /// A cloud that could not be reached before anything was done is not a failed run.
  private func exitStatus(_ status: RunStatus, _ report: RunReport) -> ExitStatus? {
    switch status {
    case .succeeded: return nil
    case .waiting: return .waitingForApproval
    case .rolledBack:
      let isUntouched = report.undoOrder.isEmpty && report.failure?.kind == .unreachable
      return isUntouched ? .unreachable : .rolledBack
    case .needsAttention, .running, .undoing: return .needsAttention
    }
  }

  /// The journal cannot be written: nothing more may be sent. Says what is already there.
  func fail(_ problem: JournalProblem) -> CommandFailure {
    painter?.finish()
    if problem.kind == .lost {
      return CommandFailure(.unreachable, "\(problem.message). See it with `belay show \(id)`")
    }
    let made = state.withLock { $0.progress.report.steps.filter { $0.kind == .change } }
    guard !made.isEmpty else {
      return CommandFailure(.unreachable, "\(problem.message); nothing has been changed in the cloud")
    }
    let names = made.map(\.address.text).joined(separator: ", ")
    return CommandFailure(
      .needsAttention,
      "\(problem.message); the run \(id) stopped where it was. When the journal can be written again, go on with "
        + "`belay resume \(id)` or undo with `belay rollback \(id)`. What it has made is left in the cloud: \(names)")
  }
}

/// A run that is over, as text.
enum RunText {
  static func whole(_ id: RunID, _ records: [(Instant, JournalRecord)], _ style: TerminalStyle) -> String {
    let progress = RunProgress(id: id, records: records)
    let now = records.last?.0 ?? WallClock.now()
    let tree = RunTree(progress, now: now, style: style).whole().map { $0 + "\n" }.joined()
    return tree + "\n" + RunSummaryText(progress, style: style, namesNextCommand: false).text
  }
}
