import CloudCatalog
import Values

/// What happened outside of the machine.
package enum MachineEvent: Sendable {
  case start
  case replied(SendID, Reply)
  /// The call was taken back before it left.
  case withdrawn(SendID)
  case woke(TimerID)
  /// Somebody asked the run to stop: SIGINT, a deadline. The reason is one sentence.
  case cancel(String)
  /// A person asked for something from elsewhere.
  case asked(RunVerb, by: String)
}

/// What the machine wants done outside. Records are durable before the sends that follow them leave.
package enum MachineIntent: Sendable {
  case append(JournalRecord)
  case send(SendID, CloudCall, isUndo: Bool)
  case withdraw(SendID)
  case wake(TimerID, at: Instant)
  /// For people who watch; not part of the journal.
  case notice(RunNotice)
  case finish(RunStatus)
  /// The journal says something else than the program: going on would be guessing. One sentence.
  case mismatch(String)
}

package struct SendID: Hashable, Sendable { package let index: Int }
package struct TimerID: Hashable, Sendable { package let index: Int }

/// Passing news of a step.
package enum RunNotice: Hashable, Sendable {
  case sent(StepAddress, attempt: Int)
  /// The same call goes out again after a while, with the reason.
  case resting(StepAddress, reason: String, Duration)
  case probing(StepAddress, reason: String)
  case polled(StepAddress, String)
}

/// One run's state machine: events in, intents out. No clock, no I/O; the same events make the same journal.
package struct RunMachine: Sendable {
  /// What is known of a finished mutating step, for waits and for its undo.
  struct Step: Sendable {
    let ask: CallAsk
    let call: CloudCall
    let meaning: ActionMeaning
    let result: Value
    let requestID: String
    let before: Value
    var isSettled = false

    var context: TemplateContext {
      var context = TemplateContext()
      context.arguments = call.arguments
      context.result = result
      context.requestID = requestID.isEmpty ? nil : requestID
      context.before = before
      return context
    }
  }

  enum Work: Sendable {
    case call(CallActivity)
    case poll(PollActivity)
  }
  /// Who waits for an activity's conclusion.
  enum Owner: Sendable {
    case ask(AskID, FiberID, CallAsk)
    case wait(AskID, FiberID, WaitAsk)
    case undo(FiberID)
  }
  struct Activity: Sendable {
    var work: Work
    let owner: Owner
    let address: StepAddress
    var send: SendID?
    /// Whether the intent's record is written.
    var isRecorded = false
  }
  enum TimerTarget: Sendable {
    case activity(Int)
    case pause(AskID)
  }

  let mark: String
  var program: any RunProgram
  package internal(set) var status = RunStatus.running
  package internal(set) var failure: RunFailure?
  var steps: [StepAddress: Step] = [:]
  var tape = UndoTape()
  var activities: [Int: Activity] = [:]
  var activityBySend: [SendID: Int] = [:]
  var timers: [TimerID: TimerTarget] = [:]
  var pauseStarts: [StepAddress: Instant] = [:]
  /// Ids that calls of an action are known to have made: what a probe must not take for its own.
  var claimed: [ActionID: Set<Value>] = [:]
  /// Steps of which nobody knows whether they took effect.
  var unknownSteps: [StepAddress] = []
  var undoCursors: [FiberID: UndoCursor] = [:]
  var undoLoops: [FiberID: Set<FiberID>] = [:]
  /// Fibers whose undo could not be completed.
  var blocked: Set<FiberID> = []
  var isFinishedByProgram = false
  /// Whether the program has answers that it has not acted on.
  var isProgramReady = false
  var intents: [MachineIntent] = []
  /// What the journal of a run that is taken up again answers.
  var past: RunPast
  /// While the past is told again, nothing is written.
  var isQuiet = false
  private var nextNumber = 0

  /// `mark` is put on what the run makes, with the step's address, where the cloud takes tags: the run's id.
  package init(program: any RunProgram, mark: String, past: RunPast = RunPast()) {
    self.program = program
    self.mark = mark
    self.past = past
  }

  package mutating func handle(_ event: MachineEvent, at now: Instant) -> [MachineIntent] {
    guard !status.isEnd else { return [] }
    switch event {
    case .start:
      isProgramReady = true
      advance(at: now)
      // The run had failed already: what the journal did not answer is not begun.
      if let failure = past.failure {
        stop(failure, isKnown: true, at: now)
      } else if let rollback = past.rollback {
        stop(rollback, at: now)
      }
    case .replied(let send, let reply): received(send, reply, at: now)
    case .withdrawn(let send): withdrew(send, at: now)
    case .woke(let timer): woke(timer, at: now)
    case .cancel(let reason):
      if status == .running { stop(RunFailure(.cancelled, reason), at: now) }
    case .asked(let verb, let by): asked(verb, by: by, at: now)
    }
    advance(at: now)
    defer { intents = [] }
    return intents
  }

  /// Of what may be asked, only stopping concerns a run that is under way and has not failed.
  private mutating func asked(_ verb: RunVerb, by: String, at now: Instant) {
    guard status == .running, self.failure == nil, let failure = verb.failure(by: by) else { return }
    append(.asked(verb, by: by))
    stop(failure, at: now)
  }

  /// What is put on the things that a step makes: the run, and its address as a number, since tags take few letters.
  func mark(of address: StepAddress, undo: Bool = false) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in address.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return "\(mark)/\(String(hash, radix: 36))\(undo ? "-u" : "")"
  }

  mutating func number() -> Int {
    nextNumber += 1
    return nextNumber
  }

  mutating func append(_ record: JournalRecord) {
    if !isQuiet { intents.append(.append(record)) }
  }

  mutating func wake(_ target: TimerTarget, after delay: Duration, at now: Instant) {
    let timer = TimerID(index: number())
    timers[timer] = target
    intents.append(.wake(timer, at: now + delay))
  }

  mutating func finish(_ end: RunStatus) {
    status = end
    append(.finished(end))
    intents.append(.finish(end))
  }
}
