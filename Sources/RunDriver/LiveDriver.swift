import CloudCatalog
import RunEngine
import Values

/// Carries out one run against the wall clock: every record is durable before the call that follows it leaves.
package final class LiveDriver: Sendable {
  private enum Message: Sendable {
    case returned(Int, Reply)
    case alarm
    /// Now and then, so that the lease is renewed and requests are read although nothing happens.
    case beat
    case cancel(String)

    var isAlarm: Bool { if case .alarm = self { true } else { false } }
    var isBeat: Bool { if case .beat = self { true } else { false } }
  }
  private let world: any World
  private let store: any JournalStore
  private let observer: @Sendable (RunObservation) -> Void
  private let mailbox = Mailbox<Message>()

  package init(
    world: any World, store: any JournalStore, observer: @escaping @Sendable (RunObservation) -> Void
  ) {
    self.world = world
    self.store = store
    self.observer = observer
  }

  /// Asks the run to stop and undo; may be called from anywhere, more than once.
  package func cancel(_ reason: String) { mailbox.post(.cancel(reason)) }

  /// Returns when the run has ended. A problem of the store ends it at once: without a journal nothing may be sent.
  /// The lease is renewed all the while and given back at the end; when it is lost, nothing more is sent.
  package func run(
    _ id: RunID, created: JournalRecord, program: any RunProgram, limits: [ActionID: Int] = [:], under lease: Lease
  ) async throws(JournalProblem) -> RunStatus {
    let start = world.now()
    try await store.append([created.stored(sequence: 0, at: start)], to: id, status: nil, under: lease)
    observer(.record(start, created))
    return try await drive(RunMachine(program: program, mark: id.text), limits, nextSequence: 1, lease)
  }

  /// Takes up a run from its journal: what is in `past` is not done again. `program` is the one it was started with.
  package func resume(
    _ id: RunID, past: RunPast, program: any RunProgram, limits: [ActionID: Int] = [:], under lease: Lease
  ) async throws(JournalProblem) -> RunStatus {
    let machine = RunMachine(program: program, mark: id.text, past: past)
    return try await drive(machine, limits, nextSequence: past.count, lease)
  }

  private func drive(
    _ machine: RunMachine, _ limits: [ActionID: Int], nextSequence: Int, _ lease: Lease
  ) async throws(JournalProblem) -> RunStatus {
    let loop = RunLoop(
      machine: machine, dispatcher: Dispatcher(overrides: limits), account: world.account, nextSequence: nextSequence)
    let beats = Task { [world, mailbox] in
      while !Task.isCancelled {
        await world.sleep(until: world.now() + LiveDriver.beat)
        mailbox.post(.beat)
      }
    }
    defer { beats.cancel() }
    do throws(JournalProblem) {
      let end = try await turns(loop, lease)
      try? await store.release(lease)
      return end
    } catch {
      try? await store.release(lease)
      throw error
    }
  }

  private func turns(_ loop: RunLoop, _ lease: Lease) async throws(JournalProblem) -> RunStatus {
    var (loop, lease) = (loop, lease)
    var turns = [loop.turn(.start, at: world.now())]
    var lastRequest: Int?
    var alarm: (at: Instant, task: Task<Void, Never>)?
    defer { alarm?.task.cancel() }
    while true {
      if let reason = turns.lazy.compactMap(\.mismatch).first { throw JournalProblem(.conflict, reason) }
      if let end = try await keep(turns, lease, status: loop.status) { return end }
      if let number = lastRequest { try await store.settle(lease, through: number) }
      try await assure(&lease)
      let now = world.now()
      for departure in loop.departures(at: now) { send(departure) }
      setAlarm(&alarm, loop.nextAlarm(after: now))
      let messages = await mailbox.take()
      // The one that rang is spent, even if it rang a little early.
      if messages.contains(where: \.isAlarm) { alarm = nil }
      turns = take(messages, &loop)
      let requests = messages.contains(where: \.isBeat) ? try await store.requests(of: lease.run) : []
      turns += requests.compactMap { ask($0, &loop) }
      lastRequest = requests.last?.number
    }
  }

  /// What this version does not know is not done.
  private func ask(_ request: RunRequest, _ loop: inout RunLoop) -> RunLoop.Turn? {
    guard let payload = try? JSON.parse(request.payload).asRecord, let verb = RunVerb(payload) else { return nil }
    return loop.turn(.asked(verb, by: payload["by"]?.asText ?? ""), at: world.now())
  }

  private static let beat = Duration.seconds(1)

  /// Sees to it that two thirds of the lease's term are left before anything leaves: a process that was stopped for
  /// longer learns here that it has lost the run, and one that is stopped between here and the sending has that long.
  private func assure(_ lease: inout Lease) async throws(JournalProblem) {
    while world.now() > lease.expiresAt - Lease.term * 2 / 3 { lease = try await store.renew(lease, at: world.now()) }
  }

  /// Stores what the turns recorded, in one commit, and tells it; returns the end when there is one.
  private func keep(
    _ turns: [RunLoop.Turn], _ lease: Lease, status: RunStatus
  ) async throws(JournalProblem) -> RunStatus? {
    let records = turns.flatMap(\.records)
    if !records.isEmpty {
      try await store.append(records.map(\.stored), to: lease.run, status: status.rawValue, under: lease)
    }
    for (stored, record) in records { observer(.record(stored.at, record)) }
    let now = world.now()
    for notice in turns.flatMap(\.notices) { observer(.notice(now, notice)) }
    return turns.lazy.compactMap(\.end).first
  }

  private func take(_ messages: [Message], _ loop: inout RunLoop) -> [RunLoop.Turn] {
    let now = world.now()
    var turns = messages.map { message in
      switch message {
      case .returned(let ticket, let reply): loop.returned(ticket, reply, at: now)
      case .cancel(let reason): loop.turn(.cancel(reason), at: now)
      case .alarm, .beat: RunLoop.Turn()
      }
    }
    while let timer = loop.dueTimer(at: now) { turns.append(loop.turn(.woke(timer), at: now)) }
    return turns
  }

  private func send(_ departure: RunLoop.Departure) {
    Task { [world, mailbox] in
      mailbox.post(.returned(departure.ticket, await world.send(departure.call)))
    }
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
