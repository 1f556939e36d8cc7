import CloudCatalog
import RunEngine
import Values

/// What every world needs of a run: the machine, its limits, its timers and the numbering of its records. Pure; a
/// driver brings the clock, stores the records and carries the calls.
package struct RunLoop: Sendable {
  /// What one turn brought: records to store before anything is released, and news.
  package struct Turn: Sendable {
    package var records: [(stored: StoredRecord, record: JournalRecord)] = []
    package var notices: [RunNotice] = []
    package var end: RunStatus?
    /// The journal and the program differ.
    package var mismatch: String?
  }
  /// A call that may leave now.
  package struct Departure: Sendable {
    package let ticket: Int
    package let call: CloudCall
  }

  private var machine: RunMachine
  private var dispatcher: Dispatcher
  private let account: String
  private struct Sending {
    let id: SendID
    let call: CloudCall
    let queuedAt: Instant
    var leftAt: Instant?
  }
  private var sends: [Int: Sending] = [:]
  /// Of the calls of a step since its last outcome.
  private var times: [StepAddress: CallTimes] = [:]
  private var tickets: [SendID: Int] = [:]
  /// Sorted, the last is due first.
  private var timers: [(at: Instant, id: TimerID)] = []
  private var nextSequence: Int

  package init(machine: RunMachine, dispatcher: Dispatcher, account: String, nextSequence: Int) {
    self.machine = machine
    self.dispatcher = dispatcher
    self.account = account
    self.nextSequence = nextSequence
  }

  /// Where the run stands, for the store's index.
  package var status: RunStatus { machine.status }

  package mutating func turn(_ event: MachineEvent, at now: Instant) -> Turn {
    var turn = Turn()
    var events = [event]
    while !events.isEmpty {
      for intent in machine.handle(events.removeFirst(), at: now) { carry(intent, at: now, &turn, &events) }
    }
    return turn
  }

  private mutating func carry(
    _ intent: MachineIntent, at now: Instant, _ turn: inout Turn, _ events: inout [MachineEvent]
  ) {
    switch intent {
    case .append(let record):
      let known = record.outcomeStep.flatMap { times.removeValue(forKey: $0) }
      turn.records.append((record.stored(sequence: nextSequence, at: now, times: known), record))
      nextSequence += 1
    case .send(let id, let call, let isUndo):
      let ticket = dispatcher.enqueue(account: account, call: call, isUndo: isUndo)
      sends[ticket] = Sending(id: id, call: call, queuedAt: now)
      tickets[id] = ticket
    case .withdraw(let id):
      guard let ticket = tickets[id], dispatcher.withdraw(ticket) else { return }
      forget(ticket)
      events.append(.withdrawn(id))
    case .wake(let id, let at): insert(id, at: at)
    case .notice(let notice): turn.notices.append(notice)
    case .finish(let status): turn.end = status
    case .mismatch(let reason): turn.mismatch = reason
    }
  }

  private mutating func insert(_ id: TimerID, at: Instant) {
    var low = 0
    var high = timers.count
    while low < high {
      let middle = (low + high) / 2
      if timers[middle].at > at { low = middle + 1 } else { high = middle }
    }
    timers.insert((at, id), at: low)
  }

  private mutating func forget(_ ticket: Int) {
    if let send = sends.removeValue(forKey: ticket) { tickets[send.id] = nil }
  }

  /// The calls that may leave now. Ask only when the records of all turns so far are durable.
  package mutating func departures(at now: Instant) -> [Departure] {
    dispatcher.release(at: now).compactMap { ticket in
      sends[ticket]?.leftAt = now
      return sends[ticket].map { Departure(ticket: ticket, call: $0.call) }
    }
  }

  package mutating func returned(_ ticket: Int, _ reply: Reply, at now: Instant) -> Turn {
    var throttled = false
    if case .outcome(.refused(let error)) = reply { throttled = error.kind == .throttled }
    dispatcher.returned(ticket, at: now, throttled: throttled)
    guard let send = sends[ticket] else { return Turn() }
    forget(ticket)
    if let step = machine.calling(send.id), let leftAt = send.leftAt {
      times[step, default: CallTimes()].bucket += leftAt - send.queuedAt
      times[step, default: CallTimes()].latency += now - leftAt
    }
    return turn(.replied(send.id, reply), at: now)
  }

  /// The next timer that is due, taken off.
  package mutating func dueTimer(at now: Instant) -> TimerID? {
    guard let last = timers.last, last.at <= now else { return nil }
    return timers.removeLast().id
  }

  /// When to look again although nothing came back; nil when only an answer can bring the run on.
  package func nextAlarm(after now: Instant) -> Instant? {
    [timers.last?.at, dispatcher.nextRelease(after: now)].compactMap { $0 }.min()
  }
}

extension JournalRecord {
  /// The step whose call has come to an outcome by this record.
  fileprivate var outcomeStep: StepAddress? {
    switch self {
    case .read(let step, _, _, _, _), .done(let step, _, _, _, _), .refused(let step, _, _), .unknown(let step, _),
      .undoDone(let step, _, _, _, _), .undoRefused(let step, _, _):
      step
    case .created, .intent, .notSent, .waitBegan, .waitEnded, .committed, .output, .failed, .undoBegan, .undoIntent,
      .undone, .undoFailed, .asked, .finished:
      nil
    }
  }
}
