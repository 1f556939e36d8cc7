import ArgumentParser

/// The command line as a library: arguments in, texts and an exit status out.
package enum BelayCLI {
  package static let version = "0.1.0"

  /// Runs a command that never waits, on the thread at hand; nil when the command is not of that kind. To make ready
  /// for waiting, threads above all, would be most of the time that a check takes.
  package static func runAtOnce(_ arguments: [String], in context: CommandContext) -> Int32? {
    if arguments.count == 2, arguments[0] == "check", !arguments[1].hasPrefix("-") {
      // The plainest check, which editors make at every key: to read the options of all commands takes longer.
      return status(in: context) { try RunbookReview(files: [arguments[1]]).run(in: context) }
    }
    guard let word = arguments.first, isImmediate(word) else { return nil }
    return CommandContext.$current.withValue(context) {
      status(in: context) {
        var command = try BelayCommand.parseAsRoot(arguments)
        try command.run()
      }
    }
  }

  private static func isImmediate(_ word: String) -> Bool {
    switch word {
    case "--version", "--help", "-h", "help": true
    default:
      BelayCommand.configuration.subcommands.contains { type in
        type.configuration.commandName == word && type.configuration.subcommands.isEmpty
          && !(type is any AsyncParsableCommand.Type)
      }
    }
  }

  private static func status(in context: CommandContext, _ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return ExitStatus.done.rawValue
    } catch {
      return report(error, in: context)
    }
  }

  /// `arguments` are without the program's name.
  package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
    if let status = runAtOnce(arguments, in: context) { return status }
    return await CommandContext.$current.withValue(context) {
      do {
        var command = try BelayCommand.parseAsRoot(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
        return ExitStatus.done.rawValue
      } catch {
        return report(error, in: context)
      }
    }
  }

  /// Help and version go to the output; everything that is wrong with the arguments goes to the error output.
  private static func report(_ error: any Error, in context: CommandContext) -> Int32 {
    if let failure = error as? CommandFailure {
      if let message = failure.message { context.error.write("belay: \(message)\n") }
      return failure.status.rawValue
    }
    let text = BelayCommand.fullMessage(for: error)
    guard BelayCommand.exitCode(for: error).isSuccess else {
      context.error.write(text.hasSuffix("\n") ? text : text + "\n")
      return ExitStatus.wrong.rawValue
    }
    context.output.write(text.hasSuffix("\n") ? text : text + "\n")
    return ExitStatus.done.rawValue
  }
}

struct BelayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "belay",
    abstract: "Runbooks for Tencent Cloud ECM and CVM that undo themselves.",
    discussion: """
      Exit status: 0 done, 1 failed and rolled back clean, 2 the runbook or the arguments are wrong, \
      3 something is left that needs attention, 4 the cloud or the store cannot be reached, \
      5 the run waits for an approval.
      """,
    version: BelayCLI.version,
    subcommands: [
      RunCommand.self, PlanCommand.self, GraphCommand.self, SnapshotCommand.self, ResumeCommand.self,
      CancelCommand.self,
      RollbackCommand.self, RetryCommand.self, SkipCommand.self, AcceptCommand.self, ApproveCommand.self,
      CheckCommand.self, ExplainCommand.self, FormatCommand.self,
      RunsCommand.self, ShowCommand.self, EmulatorCommand.self, JournalCommand.self, ActionsCommand.self,
      ActionCommand.self, CallCommand.self, WhyCommand.self, DrillCommand.self, TestCommand.self,
    ])
}
