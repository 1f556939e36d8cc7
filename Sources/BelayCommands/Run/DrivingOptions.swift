import ArgumentParser
import RunDriver
import RunEngine
import Values

/// What a run does when it fails, and how it speaks to people.
struct DrivingOptions: ParsableArguments {
  enum OnFailure: String, ExpressibleByArgument, CaseIterable { case rollback, hold, ask }

  @Option(
    name: .customLong("on-failure"),
    help: "rollback: undo everything; hold: stop with everything in place; ask: hold, and ask at the terminal.")
  var onFailure = OnFailure.rollback
  @Option(
    name: .customLong("notify-command"),
    help: ArgumentHelp(
      "A shell command for each 'notify': its text on the input, BELAY_CHANNEL and BELAY_RUN in the environment "
        + "(default: $BELAY_NOTIFY_COMMAND).", valueName: "command"))
  var notifyCommand: String?

  var policy: FailurePolicy { onFailure == .rollback ? .rollback : .hold }

  /// Nil when nobody is to be told.
  func hook(_ run: RunID) -> NotifyHook? {
    let context = CommandContext.current
    let command = notifyCommand ?? context.environment["BELAY_NOTIFY_COMMAND"] ?? ""
    guard !command.isEmpty else { return nil }
    return NotifyHook(command, run: run) { context.error.write("belay: \($0)\n") }
  }

  /// Whether a run that holds is to be rolled back after all, as the person at the terminal says.
  func wantsRollback(_ report: RunReport) async -> Bool {
    guard onFailure == .ask, report.isHeld, let terminal = CommandContext.current.terminal else { return false }
    let answer = await terminal.ask("Undo everything now? yes, or no to leave it in place: ")
    return ["y", "yes"].contains(answer?.lowercased() ?? "")
  }
}
