import ArgumentParser
import EmulatorServer
import RunEngine
import RunJournal
import Values

struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Give or deny an approval that a run waits for.",
    discussion: """
      Who approves is what the machine's account says; --as names somebody that this account speaks for, and both \
      are written down. A role is checked against the file of roles (~/.config/belay/roles, or $BELAY_ROLES) where \
      there is one; else it is what --role claims.
      """)

  @Argument(help: "The run, as `belay runs` lists it, or `last`.")
  var run: String
  @Argument(help: "The approval's step, when the run waits for more than one.")
  var step: String?
  @Option(name: .customLong("as"), help: "Whose decision it is, when not this account's own.")
  var name: String?
  @Option(help: "The role in which it is given.")
  var role: String?
  @Flag(help: "Deny it: the run fails there.")
  var deny = false
  @Option(help: "Why, for the journal.")
  var comment = ""
  @Flag(help: "Go on with the run, as `belay resume` does.")
  var resume = false
  @OptionGroup var takeUp: TakeUpOptions

  func run() async throws {
    let id = try await decide()
    guard resume else {
      return CommandContext.current.output.write("go on with it: belay resume \(id)\n")
    }
    try await takeUp.carryOut(id.text) { report, id in
      try TakingUp.check(report, id, .resume)
      return .resume
    }
  }

  private func decide() async throws -> RunID {
    let state = try takeUp.state.open()
    let journal = try state.openJournal()
    let id = try await RunHistory.identify(run, journal)
    let hold = try await RunHold.take(id, state, journal)
    do {
      try await decide(id, hold, journal)
      try await journal.release(hold.lease)
    } catch {
      try? await journal.release(hold.lease)
      throw error
    }
    withExtendedLifetime(hold) {}
    return id
  }

  private func decide(_ id: RunID, _ hold: RunHold, _ journal: SQLiteJournalStore) async throws {
    let records = try await RunHistory.read(id, journal)
    let report = RunReport(records)
    let approval = try chosen(report, id)
    let now = WallClock.now()
    if let deadline = approval.deadline, now >= deadline {
      throw CommandFailure(
        .wrong, "the approval expired at \(deadline.plainText) UTC; `belay resume \(id)` goes on with that")
    }
    let approver = try Approver(name: name, role: role)
    if let refusal = approver.refusal(approval.ask, requester: report.requester) {
      throw CommandFailure(.wrong, refusal)
    }
    let decision = approver.decision(deny ? .denied : .given, approval.ask, comment: comment)
    let record = JournalRecord.approvalDecided(approval.ask.address, decision)
    do throws(JournalProblem) {
      try await journal.append(
        [record.stored(sequence: records.count, at: now)], to: id, status: RunStatus.running.rawValue,
        under: hold.lease)
    } catch {
      throw CommandFailure(.unreachable, error.message)
    }
    let verb = deny ? "denied" : "approved"
    CommandContext.current.output.write("\(verb) by \(decision.by): \(approval.ask.text)\n")
  }

  private func chosen(_ report: RunReport, _ id: RunID) throws(CommandFailure) -> RunReport.Approval {
    let pending = report.status.isEnd ? [] : report.pendingApprovals
    guard !pending.isEmpty else { throw CommandFailure(.wrong, "the run \(id) waits for no approval") }
    let names = pending.map(\.ask.address.text).joined(separator: ", ")
    guard let step else {
      guard pending.count == 1 else {
        throw CommandFailure(.wrong, "the run \(id) waits for several approvals; name one of them: \(names)")
      }
      return pending[0]
    }
    guard let found = pending.first(where: { $0.ask.address.text == step }) else {
      throw CommandFailure(.wrong, "the run \(id) does not wait for the approval '\(step)', but for: \(names)")
    }
    return found
  }
}
