import ArgumentParser
import RunEngine

struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run whose process ended, from its journal: nothing is done twice.",
    discussion: """
      The run goes on with the runbook text and inputs it was started with. Secret inputs are not in the journal: \
      give them again. A run that had failed goes on undoing.
      """)

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String?
  @Flag(help: "Every run that has not ended and that nobody drives, oldest first.")
  var all = false
  @OptionGroup var takeUp: TakeUpOptions

  func validate() throws {
    if all == (run != nil) { throw ValidationError("give the run, or --all for every one that has not ended") }
  }

  func run() async throws {
    guard all else { return try await resume(run ?? "") }
    let journal = try takeUp.state.open().openJournal()
    let runs: [RunSummary]
    do {
      runs = try await journal.runs()
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
    let open = runs.reversed().filter { RunStatus(rawValue: $0.status).map { !$0.isEnd } ?? false }
    var worst: ExitStatus?
    for summary in open {
      do {
        try await resume(summary.id.text)
      } catch let failure as CommandFailure {
        if let message = failure.message { CommandContext.current.error.write("belay: \(message)\n") }
        worst = [worst, failure.status].compactMap { $0 }.max { $0.rawValue < $1.rawValue }
      }
    }
    if open.isEmpty { CommandContext.current.output.write("Every run has ended; there is nothing to resume.\n") }
    if let worst { throw CommandFailure(worst) }
  }

  private func resume(_ run: String) async throws {
    try await takeUp.carryOut(run) { report, id in
      try TakingUp.check(report, id, .resume)
      return .resume
    }
  }
}

struct RollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Undo what a run did since its last commit, newest first.",
    discussion: "For a run whose process ended, one that needs attention, or one that succeeded without a commit.")

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws {
    try await takeUp.carryOut(run) { report, id in
      try TakingUp.check(report, id, .rollback)
      return .rollback
    }
  }
}
