import ArgumentParser
import EmulatorServer
import RunEngine
import RunJournal
import Values

struct CancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Stop a run and undo what it did since its last commit.",
    discussion: """
      Whoever drives the run is asked to, through the journal, and undoes it; that works from any machine that has the \
      journal. A run that nobody drives is undone here.
      """)

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @Option(help: "Why, for the journal.")
  var reason = ""
  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws {
    let state = try takeUp.state.open()
    let journal = try state.openJournal()
    let id = try await RunHistory.identify(run, journal)
    if try await ask(id, journal) { return }
    try await takeUp.carryOut(id.text) { report, id in
      try TakingUp.check(report, id, .cancel(reason: reason))
      return .cancel(reason: reason)
    }
  }

  /// Whether the run's driver has taken the request; false when nobody drives the run, or no longer.
  private func ask(_ id: RunID, _ journal: SQLiteJournalStore) async throws -> Bool {
    do {
      guard let lease = try await journal.lease(of: id), lease.expiresAt > WallClock.now() else { return false }
      guard RunHold.mayBeAlive(lease, try takeUp.state.open()) else { return false }
      let payload = RunVerb.cancel(reason: reason).payload(by: CommandContext.current.user)
      try await journal.post(JSON.print(.record(payload)), to: id, at: WallClock.now())
      while let current = try await journal.lease(of: id), current.fence == lease.fence,
        current.expiresAt > WallClock.now()
      {
        let status = try await journal.summary(of: id)?.status
        if try await journal.requests(of: id).isEmpty || status == RunStatus.undoing.rawValue {
          CommandContext.current.output.write(
            "\(lease.owner) has stopped the run \(id) and undoes what it did. See it with `belay show \(id)`.\n")
          return true
        }
        try? await Task.sleep(for: .milliseconds(100))
      }
      return try await hasEnded(id, journal)
    } catch let problem as JournalProblem {
      throw CommandFailure(.unreachable, problem.message)
    }
  }

  private func hasEnded(_ id: RunID, _ journal: SQLiteJournalStore) async throws -> Bool {
    guard let status = try await journal.summary(of: id).flatMap({ RunStatus(rawValue: $0.status) }), status.isEnd
    else { return false }
    CommandContext.current.output.write("The run \(id) has ended: \(status.rawValue).\n")
    return true
  }
}
