import CloudCatalog
import DequeModule
import RunEngine
import Values

/// A cloud inside the process: it answers at once and says how long the answer takes to arrive.
package protocol SimulatedCloud {
  mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration)
  /// Empties its list of what was sent, where it has one.
  mutating func forgetLog()
}

extension SimulatedCloud {
  package mutating func forgetLog() {}
}

/// How a simulated run stands.
package enum SimulatedState: Sendable, Hashable {
  case going
  case ended(RunStatus)
  /// It can never end, with the reason: nothing is under way and no timer is set, or journal and program differ.
  case stalled(String)
}

/// A call that a run asked for; one that looks after work under way belongs to no step.
package struct AskedCall: Sendable {
  package let step: StepAddress
  package let call: CloudCall
  package let at: Instant
  /// Whether it is made to undo the step.
  package let isUndo: Bool
  /// Of the first record that was written after it.
  package let sequence: Int
}

/// What comes back later.
private struct Arrival: Sendable {
  let ticket: Int
  let reply: Reply
}

/// What a person decides later.
private struct LaterDecision: Sendable {
  let address: StepAddress
  let decision: ApprovalDecision
}

/// A run under way in virtual time: the same machine, limits and records as live, and a clock that jumps to whatever
/// comes next. A value: a copy goes on by itself from where it was taken.
///
/// Between two steps the records are durable and the calls that follow them have not left, which is where a process
/// may end.
package struct SimulatedRun<Cloud: SimulatedCloud & Sendable>: Sendable {
  package private(set) var state = SimulatedState.going
  package private(set) var now: Instant
  package private(set) var records: [(Instant, JournalRecord)]
  /// The sequence of the first of them.
  package private(set) var firstSequence = 0
  /// How long the calls of an outcome waited and took, by the record's sequence.
  package private(set) var times: [Int: CallTimes] = [:]
  /// In the order of asking.
  package private(set) var asked: [AskedCall] = []
  /// When somebody asks the run to stop, if ever.
  package var cancelAt: Instant?
  private var loop: RunLoop
  private var traffic: Traffic
  private let slot: RunSlot
  private var arrivals = Agenda<Arrival>()
  private let approver: SimulatedDriver.Approver
  private var decisions = Agenda<LaterDecision>()
  /// What people decide in the place of the approver; expired: nobody does.
  private var verdicts: [StepAddress: ApprovalDecision.Verdict] = [:]
  /// What happens once the next calls have left.
  private var interruption: MachineEvent?
  /// Whose records are durable.
  private var turn = RunLoop.Turn()
  /// What the loop has not been told yet of this moment.
  private var inbox: Deque<MachineEvent> = []
  /// The run as it was where its program paused, in order.
  private var pauses: [SimulatedRun] = []
  /// Last, because where members stand behind one of an open type is looked up at every use.
  package var cloud: Cloud

  /// Lists of this length are emptied and filled again in their place.
  private static var short: Int { 64 }

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
    take(.start)
  }

  /// Where the run stands.
  package var status: RunStatus { loop.status }

  /// Lets the calls leave that may, and goes to the next moment at which something happens.
  package mutating func step() {
    guard state == .going else { return }
    letCallsLeave()
    for ask in turn.approvals {
      guard let (decision, after) = decision(on: ask) else { continue }
      decisions.insert(LaterDecision(address: ask.address, decision: decision), at: now + after)
    }
    if let event = interruption {
      interruption = nil
      return take(event)
    }
    let soonest = traffic.hasRefusals ? now : nil
    guard let next = soonest.earliest(nextChange).earliest(cancelAt).earliest(decisions.next) else {
      state =
        loop.isWaitingForApproval
        ? .ended(.waiting) : .stalled("nothing is under way, and nothing is waited for")
      return
    }
    now = max(now, next)
    if let at = cancelAt, at <= now {
      cancelAt = nil
      take(.cancel("cancelled"))
    } else if let due = decisions.popDue(at: now) {
      take(.decided(due.address, due.decision))
    } else {
      receive()
      turn.clear()
      goOn()
    }
  }

  private func decision(on ask: ApprovalAsk) -> (decision: ApprovalDecision, after: Duration)? {
    guard let verdict = verdicts[ask.address] else { return approver(ask) }
    return verdict == .expired ? nil : (ApprovalDecision(verdict, by: "simulated"), .zero)
  }

  /// The approvals that are asked for with the next step.
  package var approvals: [ApprovalAsk] { turn.approvals }

  /// What people decide on one of them, whatever the approver says; expired: nobody does, until its time is up.
  package mutating func decide(_ approval: StepAddress, _ verdict: ApprovalDecision.Verdict) {
    verdicts[approval] = verdict
  }

  /// Whether something is being undone, of the run or of an attempt.
  package var isUndoing: Bool { loop.isUndoing }

  /// The `timeout` around a step, or else the one that was opened last; nil when none is open.
  package func timeout(near step: StepAddress?) -> StepAddress? { loop.timeout(near: step) }

  /// The time of a `timeout` is up when the next calls have left.
  package mutating func letTimeRunOut(of timeout: StepAddress) { interruption = .expired(timeout) }

  /// Somebody asks the run to stop, here and now: before the calls leave that its last records announce.
  package mutating func cancel(_ reason: String) {
    guard state == .going else { return }
    // Its calls have not left.
    turn.records = []
    inbox.prepend(.cancel(reason))
    goOn()
  }

  /// What a process does last when it ends after its calls have left.
  package mutating func letCallsLeave() {
    for call in turn.calls {
      if let step = loop.calling(call.id) {
        let next = firstSequence + records.count
        asked.append(AskedCall(step: step, call: call.call, at: now, isUndo: call.urgency.isUndo, sequence: next))
      }
      traffic.send(call, of: slot)
    }
    turn.calls.removeAll(keepingCapacity: true)
    for departure in traffic.departures(at: now) {
      let (reply, latency) = cloud.send(departure.call, at: now)
      arrivals.insert(Arrival(ticket: departure.ticket, reply: reply), at: now + latency)
    }
  }

  private mutating func take(_ event: MachineEvent) {
    turn.clear()
    inbox.prepend(event)
    goOn()
  }

  /// Tells the loop what there is, and lets all come of it that comes of it at this moment.
  private mutating func goOn() {
    tell()
    while let alarm = loop.takeAlarm(at: now) {
      inbox.append(alarm)
      tell()
    }
    while !turn.requests.isEmpty {
      let requests = turn.requests
      turn.requests = []
      traffic.request(requests, of: slot, at: now)
      for (_, event) in traffic.takeNews() { inbox.append(event) }
      tell()
    }
    for entry in turn.records {
      records.append((entry.at, entry.record))
      if let known = entry.times { times[entry.sequence] = known }
    }
    if let end = turn.end {
      state = .ended(end)
    } else if let mismatch = turn.mismatch {
      state = .stalled(mismatch)
    }
  }

  private mutating func tell() {
    while let event = inbox.popFirst() {
      loop.turn(event, at: now, into: &turn)
      while loop.isPaused || loop.hasMore {
        if loop.isPaused { pauses.append(paused) }
        loop.turn(loop.isPaused ? .proceed : .goOn, at: now, into: &turn)
      }
    }
  }

  /// A copy in the middle of a turn, whose log begins with the turn.
  private var paused: SimulatedRun {
    var copy = self
    copy.forgetLogs()
    copy.records = turn.records.map { ($0.at, $0.record) }
    copy.turn.records = []
    return copy
  }

  /// The run where its program has paused since the last time, to be cancelled there; it has gone on by itself.
  package mutating func takePauses() -> [SimulatedRun] {
    if pauses.isEmpty { return [] }
    defer { pauses = [] }
    return pauses
  }

  /// What happened since the lists of it were emptied the last time.
  package struct Logs: Sendable {
    package let records: [(Instant, JournalRecord)]
    /// The sequence of the first of them.
    package let firstSequence: Int
    package let times: [Int: CallTimes]
    package let asked: [AskedCall]
  }

  package var logs: Logs { Logs(records: records, firstSequence: firstSequence, times: times, asked: asked) }

  /// Empties the lists of what happened: who follows a long run does not keep them.
  package mutating func forgetLogs() {
    firstSequence += records.count
    records.removeAll(keepingCapacity: records.count < SimulatedRun.short)
    times.removeAll(keepingCapacity: times.count < SimulatedRun.short)
    asked.removeAll(keepingCapacity: asked.count < SimulatedRun.short)
    pauses = []
    cloud.forgetLog()
  }

  /// What came back by now, and other news.
  private mutating func receive() {
    if let arrival = arrivals.popDue(at: now) { traffic.returned(arrival.ticket, arrival.reply, at: now) }
    for (_, event) in traffic.takeNews().reversed() { inbox.prepend(event) }
  }

  private var nextChange: Instant? {
    arrivals.next.earliest(traffic.nextChange(after: now)).earliest(loop.nextAlarm)
  }
}
