import CloudCatalog
import RunEngine
import Values

/// A cloud inside the process: it answers at once and says how long the answer takes to arrive.
package protocol SimulatedCloud {
  mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration)
}

/// A run under way in virtual time: the same machine, limits and records as live, and a clock that jumps to whatever
/// comes next. A value: a copy goes on by itself from where it was taken.
///
/// Between two steps the records are durable and the calls that follow them have not left, which is where a process
/// may end.
package struct SimulatedRun<Cloud: SimulatedCloud & Sendable>: Sendable {
  package enum State: Sendable, Hashable {
    case going
    case ended(RunStatus)
    /// It can never end, with the reason: nothing is under way and no timer is set, or journal and program differ.
    case stalled(String)
  }
  /// A call that the run asked for; one that looks after work under way belongs to no step.
  package struct Asked: Sendable {
    package let step: StepAddress
    package let call: CloudCall
    package let at: Instant
    /// Whether it is made to undo the step.
    package let isUndo: Bool
  }
  /// What comes back later.
  private struct Arrival: Sendable {
    let ticket: Int
    let reply: Reply
  }

  /// What a person decides later.
  private struct Decision: Sendable {
    let address: StepAddress
    let decision: ApprovalDecision
  }

  package private(set) var state = State.going
  package var cloud: Cloud
  package private(set) var now: Instant
  package private(set) var records: [(Instant, JournalRecord)]
  /// How long the calls of an outcome waited and took, by the record's sequence.
  package private(set) var times: [Int: CallTimes] = [:]
  /// In the order of asking.
  package private(set) var asked: [Asked] = []
  /// When somebody asks the run to stop, if ever.
  package var cancelAt: Instant?
  private var loop: RunLoop
  private var traffic: Traffic
  private let slot: RunSlot
  private var arrivals = Agenda<Arrival>()
  private let approver: SimulatedDriver.Approver
  private var decisions = Agenda<Decision>()
  /// Whose records are durable.
  private var turn = RunLoop.Turn()

  /// Takes up a run from its journal, or begins it when the journal holds its `created` only.
  package init(
    _ id: RunID, journal: [(Instant, JournalRecord)], program: any RunProgram, cloud: Cloud,
    limits: AccountLimits = AccountLimits(), meanings: @escaping Meanings = Catalog.meaning, startingAt start: Instant,
    onFailure: FailurePolicy = .rollback, approver: @escaping SimulatedDriver.Approver = SimulatedDriver.givingAtOnce
  ) {
    let machine = RunMachine(
      program: program, mark: id.text, past: RunPast(journal), onFailure: onFailure, meanings: meanings)
    loop = RunLoop(machine: machine, nextSequence: journal.count)
    self.approver = approver
    traffic = Traffic(account: "simulated", limits: limits)
    slot = traffic.join()
    records = journal
    now = start
    self.cloud = cloud
    take([.start])
  }

  /// Where the run stands.
  package var status: RunStatus { loop.status }

  /// Lets the calls leave that may, and goes to the next moment at which something happens.
  package mutating func step() {
    guard state == .going else { return }
    letCallsLeave()
    for ask in turn.approvals {
      guard let (decision, after) = approver(ask) else { continue }
      decisions.insert(Decision(address: ask.address, decision: decision), at: now + after)
    }
    let soonest = traffic.hasRefusals ? now : nil
    guard let next = [soonest, nextChange, cancelAt, decisions.next].compactMap({ $0 }).min() else {
      state =
        loop.isWaitingForApproval
        ? .ended(.waiting) : .stalled("nothing is under way, and nothing is waited for")
      return
    }
    now = max(now, next)
    if let at = cancelAt, at <= now {
      cancelAt = nil
      take([.cancel("cancelled")])
    } else if let due = decisions.popDue(at: now) {
      take([.decided(due.address, due.decision)])
    } else {
      take(receive())
    }
  }

  /// Somebody asks the run to stop, here and now: before the calls leave that its last records announce.
  package mutating func cancel(_ reason: String) {
    guard state == .going else { return }
    turn.records = []
    take([.cancel(reason)], into: turn)
  }

  /// What a process does last when it ends after its calls have left.
  package mutating func letCallsLeave() {
    for call in turn.calls {
      if let step = loop.calling(call.id) {
        asked.append(Asked(step: step, call: call.call, at: now, isUndo: call.urgency.isUndo))
      }
      traffic.send(call, of: slot)
    }
    turn.calls = []
    for departure in traffic.departures(at: now) {
      let (reply, latency) = cloud.send(departure.call, at: now)
      arrivals.insert(Arrival(ticket: departure.ticket, reply: reply), at: now + latency)
    }
  }

  /// `begun` holds calls that have not left.
  private mutating func take(_ events: [MachineEvent], into begun: RunLoop.Turn = RunLoop.Turn()) {
    turn = begun
    for event in events { loop.turn(event, at: now, into: &turn) }
    loop.wake(at: now, into: &turn)
    while !turn.requests.isEmpty {
      let requests = turn.requests
      turn.requests = []
      traffic.request(requests, of: slot, at: now)
      for (_, event) in traffic.takeNews() { loop.turn(event, at: now, into: &turn) }
    }
    for entry in turn.records {
      records.append((entry.at, entry.record))
      times[entry.sequence] = entry.times
    }
    if let end = turn.end {
      state = .ended(end)
    } else if let mismatch = turn.mismatch {
      state = .stalled(mismatch)
    }
  }

  /// What came back by now, and other news.
  private mutating func receive() -> [MachineEvent] {
    if let arrival = arrivals.popDue(at: now) { traffic.returned(arrival.ticket, arrival.reply, at: now) }
    return traffic.takeNews().map(\.event)
  }

  private var nextChange: Instant? {
    [arrivals.next, traffic.nextChange(after: now), loop.nextAlarm].compactMap { $0 }.min()
  }
}
