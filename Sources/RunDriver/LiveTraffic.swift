import CloudCatalog
import RunEngine
import Synchronization
import Values

/// The traffic that the runs of one process and account share, against the wall clock: it lets calls leave as the
/// limits allow and brings their answers to those who asked.
package final class LiveTraffic: Sendable {
  private struct State {
    var traffic: Traffic
    var receivers: [RunSlot: @Sendable ([MachineEvent]) -> Void] = [:]
    /// How long each run may send, by the wall clock.
    var margins: [RunSlot: Instant] = [:]
    var alarm: (at: Instant, task: Task<Void, Never>)?
    /// Shared with other processes.
    var store: (any LimitStore)?
  }
  private let world: any World
  private let onLostStore: @Sendable (JournalProblem) -> Void
  private let state: Mutex<State>
  /// Answers that nobody has taken to the traffic yet, and whether somebody is about to.
  private let answers = Mutex<(waiting: [(ticket: Int, reply: Reply)], areTaken: Bool)>(([], false))

  /// `store` is shared with other processes; without one, the limits are the process's own, and so they are from the
  /// first problem of the store on, of which `onLostStore` is told.
  package init(
    world: any World, limits: AccountLimits = AccountLimits(), store: (any LimitStore)? = nil,
    onLostStore: @escaping @Sendable (JournalProblem) -> Void = { _ in }
  ) {
    self.world = world
    self.onLostStore = onLostStore
    let process = store == nil ? 0 : UInt32.random(in: 1..<1 << 31)
    let traffic = Traffic(account: world.account, limits: limits, process: process)
    state = Mutex(State(traffic: traffic, store: store))
  }

  /// A run takes part; what happens to what it asked for comes to `receiver`, from any thread. When `margin` passes by
  /// the wall clock before it is extended, the process has stood still and may have lost the run: nothing leaves.
  func join(until margin: Instant, _ receiver: @escaping @Sendable ([MachineEvent]) -> Void) -> RunSlot {
    state.withLock { state in
      let run = state.traffic.join()
      state.receivers[run] = receiver
      state.margins[run] = margin
      return run
    }
  }

  func extend(_ run: RunSlot, until margin: Instant) { move { state, _ in state.margins[run] = margin } }

  /// A run has ended: what it has or waits for is let go.
  func leave(_ run: RunSlot) {
    move { state, now in
      state.receivers[run] = nil
      state.margins[run] = nil
      state.traffic.leave(run)
    }
  }

  /// Requests that need no record; what they come to for the same run is returned.
  func request(_ requests: [TrafficRequest], of run: RunSlot) -> [MachineEvent] {
    if requests.isEmpty { return [] }
    return move(excepting: run) { state, now in state.traffic.request(requests, of: run, at: now) }
  }

  /// Calls whose records are durable.
  func send(_ calls: [OutgoingCall], of run: RunSlot) {
    if calls.isEmpty { return }
    move { state, _ in for call in calls { state.traffic.send(call, of: run) } }
  }

  /// Answers that come while calls leave, or while others are taken to the traffic, go together.
  private func returned(_ ticket: Int, _ reply: Reply) {
    let isFirst = answers.withLock { answers in
      answers.waiting.append((ticket, reply))
      defer { answers.areTaken = true }
      return !answers.areTaken
    }
    if isFirst { takeAllAnswers() }
  }

  private func takeAllAnswers() {
    while case let some = takeAnswers(), !some.isEmpty {
      move { state, now in for (ticket, reply) in some { state.traffic.returned(ticket, reply, at: now) } }
    }
  }

  /// None: whoever comes next is the first again.
  private func takeAnswers() -> [(ticket: Int, reply: Reply)] {
    answers.withLock { answers in
      defer { answers = ([], !answers.waiting.isEmpty) }
      return answers.waiting
    }
  }

  /// Changes something, and does what follows from it: calls leave, news is told, the alarm is set. News of one run may
  /// be taken instead of told.
  @discardableResult
  private func move(excepting run: RunSlot? = nil, _ change: (inout State, Instant) -> Void) -> [MachineEvent] {
    let now = world.now()
    var own: [MachineEvent] = []
    var told: [(@Sendable ([MachineEvent]) -> Void, [MachineEvent])] = []
    let (departures, problem) = state.withLock { state in
      change(&state, now)
      let wall = world.wall()
      let hasStoodStill = state.margins.values.contains { $0 < wall }
      let (departures, problem) = hasStoodStill ? ([], nil) : takeDepartures(&state.traffic, state.store, now, wall)
      if problem != nil { state.store = nil }
      for (receiver, events) in state.traffic.takeNewsByRun() {
        if receiver == run {
          own = events
        } else if let tell = state.receivers[receiver] {
          told.append((tell, events))
        }
      }
      setAlarm(&state, hasStoodStill ? nil : state.traffic.nextChange(after: now))
      return (departures, problem)
    }
    if let problem { onLostStore(problem) }
    for (tell, events) in told { tell(events) }
    depart(departures)
    return own
  }

  /// On this thread as far as they go: no other has to be woken for answers that are there at once.
  private func depart(_ departures: [Departure]) {
    if departures.isEmpty { return }
    let isFirst = answers.withLock { answers in
      defer { answers.areTaken = true }
      return !answers.areTaken
    }
    for departure in departures {
      let body: @Sendable () async -> Void = { [world] in
        self.returned(departure.ticket, await world.send(departure.call))
      }
      if #available(macOS 26, *) { Task.immediate(operation: body) } else { Task(operation: body) }
    }
    if isFirst { takeAllAnswers() }
  }

  private func takeDepartures(
    _ traffic: inout Traffic, _ store: (any LimitStore)?, _ now: Instant, _ wall: Instant
  ) -> ([Departure], JournalProblem?) {
    guard let store else { return (traffic.departures(at: now), nil) }
    // Two clocks that are cut to milliseconds differ by one now and then although nobody has set either.
    let isSet = abs((wall - now).milliseconds) > 2
    return traffic.departures(sharing: store, clock: world.now, wallAhead: isSet ? wall - now : .zero)
  }

  private func setAlarm(_ state: inout State, _ next: Instant?) {
    if let alarm = state.alarm, alarm.at == next { return }
    state.alarm?.task.cancel()
    state.alarm = next.map { at in
      let task = Task { [world] in
        await world.sleep(until: at)
        if !Task.isCancelled { self.rang(at) }
      }
      return (at, task)
    }
  }

  private func rang(_ at: Instant) {
    move { state, _ in
      // The one that rang is spent, even if it rang a little early.
      if state.alarm?.at == at { state.alarm = nil }
    }
  }
}
