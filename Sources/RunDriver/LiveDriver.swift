import CloudCatalog
import RunEngine
import Values

/// Carries out one run against the wall clock: every record is durable before the call that follows it leaves.
package final class LiveDriver: Sendable {
  private enum Message: Sendable {
    case event(MachineEvent)
    case alarm
    /// Now and then, so that the lease is renewed and requests are read although nothing happens.
    case beat
    /// With nil when nobody here may decide.
    case decided(StepAddress, ApprovalDecision?)

    var isAlarm: Bool { if case .alarm = self { true } else { false } }
    var isBeat: Bool { if case .beat = self { true } else { false } }
  }
  private let world: any World
  private let traffic: LiveTraffic
  private let store: any JournalStore
  private let observer: @Sendable (RunObservation) -> Void
  private let approver: (@Sendable (ApprovalAsk) async -> ApprovalDecision?)?
  private let onFailure: FailurePolicy
  private let mailbox = Mailbox<Message>()

  /// `traffic` is shared with the other runs of the process in the same account. `approver` is asked for each
  /// approval; with nil, or when it answers nil, nobody here decides, and the run stops as ``RunStatus/waiting`` when
  /// nothing else goes on.
  package init(
    world: any World, traffic: LiveTraffic? = nil, store: any JournalStore, onFailure: FailurePolicy = .rollback,
    approver: (@Sendable (ApprovalAsk) async -> ApprovalDecision?)? = nil,
    observer: @escaping @Sendable (RunObservation) -> Void
  ) {
    self.onFailure = onFailure
    self.approver = approver
    self.world = world
    self.traffic = traffic ?? LiveTraffic(world: world)
    self.store = store
    self.observer = observer
  }

  /// Asks the run to stop and undo; may be called from anywhere, more than once.
  package func cancel(_ reason: String) { mailbox.post(.event(.cancel(reason))) }

  /// Returns when the run has ended. A problem of the store ends it at once: without a journal nothing may be sent.
  /// The lease is renewed all the while and given back at the end; when it is lost, nothing more is sent.
  package func run(
    _ id: RunID, created: JournalRecord, program: any RunProgram, under lease: Lease
  ) async throws(JournalProblem) -> RunStatus {
    let start = world.now()
    let first = created.stored(sequence: 0, at: start)
    try await store.append([first], to: id, status: nil, under: lease)
    observer(.record(first, created))
    let machine = RunMachine(program: program, mark: id.text, onFailure: onFailure)
    return try await drive(machine, nextSequence: 1, lease)
  }

  /// Takes up a run from its journal: what is in `past` is not done again. `program` is the one it was started with.
  package func resume(
    _ id: RunID, past: RunPast, program: any RunProgram, under lease: Lease
  ) async throws(JournalProblem) -> RunStatus {
    let machine = RunMachine(program: program, mark: id.text, past: past, onFailure: onFailure)
    return try await drive(machine, nextSequence: past.count, lease)
  }

  private func drive(
    _ machine: RunMachine, nextSequence: Int, _ lease: Lease
  ) async throws(JournalProblem) -> RunStatus {
    let beats = Task { [world, mailbox] in
      while !Task.isCancelled {
        await world.sleep(until: world.now() + LiveDriver.beat)
        mailbox.post(.beat)
      }
    }
    defer { beats.cancel() }
    do throws(JournalProblem) {
      let end = try await turns(RunLoop(machine: machine, nextSequence: nextSequence), lease)
      try? await store.release(lease)
      return end
    } catch {
      try? await store.release(lease)
      throw error
    }
  }

  private func turns(_ loop: RunLoop, _ lease: Lease) async throws(JournalProblem) -> RunStatus {
    let slot = traffic.join(until: LiveDriver.margin(of: lease)) { [mailbox] in
      mailbox.post($0.map { .event($0) })
    }
    defer { traffic.leave(slot) }
    var (loop, lease) = (loop, lease)
    var alarm: (at: Instant, task: Task<Void, Never>)?
    defer { alarm?.task.cancel() }
    var undecided: Set<StepAddress> = []
    var messages = [Message.event(.start)]
    while true {
      // The one that rang is spent, even if it rang a little early.
      if messages.contains(where: \.isAlarm) { alarm = nil }
      let requests = messages.contains(where: \.isBeat) ? try await store.requests(of: lease.run) : []
      for case .decided(let address, _) in messages { undecided.remove(address) }
      messages += requests.compactMap(LiveDriver.asked)
      // Both are gone before the wait: those of a wide run are large.
      let turn = take(messages, slot, &loop)
      messages = []
      if let reason = turn.mismatch { throw JournalProblem(.conflict, reason) }
      try await keep(turn, lease, status: loop.status)
      if let end = turn.end { return end }
      if let number = requests.last?.number { try await store.settle(lease, through: number) }
      for ask in turn.approvals { decide(ask, &undecided) }
      if loop.isWaitingForApproval, undecided.isEmpty { return .waiting }
      try await assure(&lease, slot)
      traffic.send((consume turn).calls, of: slot)
      setAlarm(&alarm, loop.nextAlarm)
      if loop.hasMore {
        messages = mailbox.takeWaiting(atMost: LiveDriver.turnCount)
        if messages.isEmpty { messages = [.event(.goOn)] }
      } else {
        messages = await mailbox.take(atMost: LiveDriver.turnCount)
      }
    }
  }

  /// `undecided` are the approvals that the approver has not answered yet.
  private func decide(_ ask: ApprovalAsk, _ undecided: inout Set<StepAddress>) {
    guard let approver else { return }
    undecided.insert(ask.address)
    Task { [mailbox] in mailbox.post(.decided(ask.address, await approver(ask))) }
  }

  /// What this version does not know is not done.
  private static func asked(_ request: RunRequest) -> Message? {
    guard let payload = try? JSON.parse(request.payload).asRecord, let verb = RunVerb(payload) else { return nil }
    return .event(.asked(verb, by: payload["by"]?.asText ?? ""))
  }

  private static let beat = Duration.seconds(1)

  /// Sees to it that two thirds of the lease's term are left before anything leaves: a process that was stopped for
  /// longer learns here that it has lost the run, and one that is stopped between here and the sending has that long.
  private func assure(_ lease: inout Lease, _ slot: RunSlot) async throws(JournalProblem) {
    while world.wall() > lease.expiresAt - LiveDriver.leastTerm {
      lease = try await store.renew(lease, at: world.wall())
      traffic.extend(slot, until: LiveDriver.margin(of: lease))
    }
  }

  private static let leastTerm = Lease.term * 2 / 3

  /// What waits for its turn leaves until then: half of the term is left for its way.
  private static func margin(of lease: Lease) -> Instant { lease.expiresAt - Lease.term / 2 }

  private func take(_ messages: [Message], _ slot: RunSlot, _ loop: inout RunLoop) -> RunLoop.Turn {
    let now = world.now()
    var turn = RunLoop.Turn()
    for message in messages {
      switch message {
      case .event(let event): loop.turn(event, at: now, into: &turn)
      case .decided(let address, let decision?): loop.turn(.decided(address, decision), at: now, into: &turn)
      case .alarm, .beat, .decided(_, nil): break
      }
    }
    // What is left rings again at once.
    while turn.records.count < LiveDriver.turnCount, let event = loop.takeAlarm(at: now) {
      loop.turn(event, at: now, into: &turn)
    }
    while !turn.requests.isEmpty {
      let requests = turn.requests
      turn.requests = []
      for event in traffic.request(requests, of: slot) { loop.turn(event, at: now, into: &turn) }
    }
    return turn
  }

  /// How many messages make a turn: what a run of a hundred thousand rounds does at once is done in parts.
  private static let turnCount = 1024

  /// Stores what was recorded, in one commit, and tells it.
  private func keep(_ turn: RunLoop.Turn, _ lease: Lease, status: RunStatus) async throws(JournalProblem) {
    if !turn.records.isEmpty {
      let stored = turn.records.map(\.stored)
      try await store.append(stored, to: lease.run, status: status.rawValue, under: lease)
      for (stored, entry) in zip(stored, turn.records) { observer(.record(stored, entry.record)) }
    }
    guard !turn.notices.isEmpty else { return }
    let now = world.now()
    for notice in turn.notices { observer(.notice(now, notice)) }
  }

  private func setAlarm(_ alarm: inout (at: Instant, task: Task<Void, Never>)?, _ next: Instant?) {
    if let alarm, alarm.at == next { return }
    alarm?.task.cancel()
    alarm = next.map { at in
      (
        at,
        Task { [world, mailbox] in
          await world.sleep(until: at)
          if !Task.isCancelled { mailbox.post(.alarm) }
        }
      )
    }
  }
}
