import CloudCatalog
import RunEngine
import Values

/// Carries out one run against the wall clock: every record is durable before the call that follows it leaves.
package final class LiveDriver: Sendable {
  private enum Message: Sendable {
    case returned(Int, Reply)
    case alarm
    case cancel(String)

    var isAlarm: Bool { if case .alarm = self { true } else { false } }
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
  package func run(
    _ id: RunID, created: JournalRecord, program: any RunProgram, limits: [ActionID: Int] = [:]
  ) async throws(JournalProblem) -> RunStatus {
    let start = world.now()
    try await store.append([created.stored(sequence: 0, at: start)], to: id, status: nil)
    observer(.record(start, created))
    return try await drive(id, RunMachine(program: program, mark: id.text), limits, nextSequence: 1)
  }

  /// Takes up a run from its journal: what is in `past` is not done again. `program` is the one it was started with.
  package func resume(
    _ id: RunID, past: RunPast, program: any RunProgram, limits: [ActionID: Int] = [:]
  ) async throws(JournalProblem) -> RunStatus {
    let machine = RunMachine(program: program, mark: id.text, past: past)
    return try await drive(id, machine, limits, nextSequence: past.count)
  }

  private func drive(
    _ id: RunID, _ machine: RunMachine, _ limits: [ActionID: Int], nextSequence: Int
  ) async throws(JournalProblem) -> RunStatus {
    var loop = RunLoop(
      machine: machine, dispatcher: Dispatcher(overrides: limits), account: world.account, nextSequence: nextSequence)
    var turns = [loop.turn(.start, at: world.now())]
    var alarm: (at: Instant, task: Task<Void, Never>)?
    defer { alarm?.task.cancel() }
    while true {
      if let reason = turns.lazy.compactMap(\.mismatch).first { throw JournalProblem(.conflict, reason) }
      if let end = try await keep(turns, id, status: loop.status) { return end }
      let now = world.now()
      for departure in loop.departures(at: now) { send(departure) }
      setAlarm(&alarm, loop.nextAlarm(after: now))
      let messages = await mailbox.take()
      // The one that rang is spent, even if it rang a little early.
      if messages.contains(where: \.isAlarm) { alarm = nil }
      turns = take(messages, &loop)
    }
  }

  /// Stores what the turns recorded, in one commit, and tells it; returns the end when there is one.
  private func keep(_ turns: [RunLoop.Turn], _ id: RunID, status: RunStatus) async throws(JournalProblem) -> RunStatus?
  {
    let records = turns.flatMap(\.records)
    if !records.isEmpty { try await store.append(records.map(\.stored), to: id, status: status.rawValue) }
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
      case .alarm: RunLoop.Turn()
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
