import CloudCatalog
import RunEngine
import Values

/// What every world needs of a run: the machine, its timers and the numbering of its records. Pure; a driver brings the
/// clock, stores the records and passes calls to the traffic.
package struct RunLoop: Sendable {
  /// What turns brought: records to store before anything is released, and news.
  package struct Turn: Sendable {
    package var records: [Entry] = []
    package var notices: [RunNotice] = []
    /// For the traffic, at once.
    package var requests: [TrafficRequest] = []
    /// For the traffic, when the records are durable.
    package var calls: [OutgoingCall] = []
    /// Approvals that are waited for from here on.
    package var approvals: [ApprovalAsk] = []
    package var end: RunStatus?
    /// The journal and the program differ.
    package var mismatch: String?

    package init() {}

    /// As it was made, with its room kept.
    mutating func clear() {
      records.removeAll(keepingCapacity: true)
      notices.removeAll(keepingCapacity: true)
      requests.removeAll(keepingCapacity: true)
      calls.removeAll(keepingCapacity: true)
      approvals.removeAll(keepingCapacity: true)
      (end, mismatch) = (nil, nil)
    }
  }

  /// A record with what only the loop knows of it.
  package struct Entry: Sendable {
    package let sequence: Int
    package let at: Instant
    package let record: JournalRecord
    package let times: CallTimes?

    package var stored: StoredRecord { record.stored(sequence: sequence, at: at, times: times) }
  }

  private var machine: RunMachine
  private var timers = Agenda<TimerID>()
  private var nextSequence: Int
  private var blocks: [LockID: (since: Instant, key: String)] = [:]
  /// Of the calls of a step since its last outcome.
  private var times: [StepAddress: CallTimes] = [:]

  package init(machine: RunMachine, nextSequence: Int) {
    self.machine = machine
    self.nextSequence = nextSequence
  }

  /// Where the run stands, for the store's index.
  package var status: RunStatus { isWaitingForApproval ? .waiting : machine.status }

  /// Whether nothing goes on until a person has decided.
  package var isWaitingForApproval: Bool { machine.isWaitingForApproval }

  package mutating func turn(_ event: MachineEvent, at now: Instant, into turn: inout Turn) {
    note(event, at: now)
    var intents = machine.handle(event, at: now)
    // Taken from their end, which moves what they hold.
    intents.reverse()
    while let intent = intents.popLast() { carry(intent, at: now, &turn) }
  }

  private mutating func carry(_ intent: consuming MachineIntent, at now: Instant, _ turn: inout Turn) {
    switch intent {
    case .append(let record):
      let known = record.outcomeStep.flatMap { times.removeValue(forKey: $0) }
      turn.records.append(Entry(sequence: nextSequence, at: now, record: record, times: known))
      nextSequence += 1
    case .send(let call): turn.calls.append(call)
    case .request(.withdraw(let send)):
      // A call of this very turn has not even been handed over.
      if let index = turn.calls.firstIndex(where: { $0.id == send }) {
        turn.calls.remove(at: index)
        self.turn(.withdrawn(send), at: now, into: &turn)
      } else {
        turn.requests.append(.withdraw(send))
      }
    case .request(let request): turn.requests.append(request)
    case .wake(let id, let at): timers.insert(id, at: at)
    case .notice(let notice): turn.notices.append(notice)
    case .askApproval(let ask): turn.approvals.append(ask)
    case .finish(let status): turn.end = status
    case .mismatch(let reason): turn.mismatch = reason
    }
  }

  /// What an event tells of the time that a call took.
  private mutating func note(_ event: MachineEvent, at now: Instant) {
    switch event {
    case .replied(let send, _):
      guard let (step, sending) = machine.sending(send) else { return }
      times[step, default: CallTimes()].add(sending, answeredAt: now)
    case .blocked(let lock, let key): blocks[lock] = (blocks[lock]?.since ?? now, key)
    case .locked(let lock):
      guard let block = blocks.removeValue(forKey: lock), let step = machine.locking(lock) else { return }
      times[step, default: CallTimes()].lock += now - block.since
      times[step]?.key = block.key
    case .start, .withdrawn, .woke, .wanted, .watched, .held, .left, .exhausted, .cancel, .asked, .decided, .proceed,
      .goOn, .expired:
      return
    }
  }

  /// Whether there is more to be done than goes into one turn; ``MachineEvent/goOn`` does it.
  package var hasMore: Bool { machine.hasMore }

  /// The first timer that is due, taken off.
  package mutating func takeAlarm(at now: Instant) -> MachineEvent? { timers.popDue(at: now).map { .woke($0) } }

  /// Whether something is being undone, of the run or of an attempt.
  package var isUndoing: Bool { machine.isUndoing }

  /// The `timeout` that a rehearsal lets run out.
  package func timeout(near step: StepAddress?) -> StepAddress? { machine.timeout(near: step) }

  /// Whether the program waits to be told to proceed.
  package var isPaused: Bool { machine.isPaused }

  /// The step that a call under way is made for.
  package func calling(_ send: SendID) -> StepAddress? { machine.calling(send) }

  /// When to look again although nothing came back; nil when only an answer can bring the run on.
  package var nextAlarm: Instant? { timers.next }
}

extension JournalRecord {
  /// The step whose call has come to an outcome by this record.
  fileprivate var outcomeStep: StepAddress? {
    switch self {
    case .read(let step, _, _, _, _), .done(let step, _, _, _, _), .refused(let step, _, _), .unknown(let step, _),
      .undoDone(let step, _, _, _, _, _), .undoRefused(let step, _, _):
      step
    case .created, .intent, .notSent, .waitBegan, .waitEnded, .committed, .output, .failed, .undoBegan, .undoIntent,
      .undone, .undoFailed, .asked, .timeoutBegan, .attemptFailed, .rescueBegan, .alwaysFailed, .approvalAsked,
      .approvalDecided, .notified, .finished:
      nil
    }
  }
}
