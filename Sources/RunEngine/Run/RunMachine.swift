import CloudCatalog
import Values

/// What an engine knows of an action; ``Catalog/meaning(_:)`` but where a drill is to find what is wrong in it.
package typealias Meanings = @Sendable (ActionID) -> ActionMeaning?

/// One run's state machine: events in, intents out. No clock, no I/O; the same events make the same journal.
package struct RunMachine: Sendable {
  /// What is known of a finished mutating step, for waits and for its undo. A class, because it is looked at often and
  /// does not change.
  final class DoneStep: Sendable {
    let undo: CallAsk.Undo
    /// Without the step's mark, which can be added again.
    let call: CloudCall
    let meaning: ActionMeaning
    let result: Value
    let requestID: String
    /// Of the before-image, what the undo reads.
    let before: Value
    /// When its call was answered.
    let doneAt: Instant

    init(
      undo: CallAsk.Undo, _ made: MadeCall, result: Value, requestID: String, doneAt: Instant
    ) {
      (self.undo, call, meaning) = (undo, made.call, made.meaning)
      (self.result, self.requestID, self.doneAt) = (result, requestID, doneAt)
      before = made.meaning.needed(of: made.before)
    }

    func context(_ mark: StepMark) -> TemplateContext {
      var context = TemplateContext()
      context.arguments = CallActivity.completed(call, meaning, mark).arguments
      context.result = result
      context.requestID = requestID.isEmpty ? nil : requestID
      context.before = before
      return context
    }
  }
  struct Step: Sendable {
    let done: DoneStep
    /// Whether the work that its call began has ended.
    private(set) var isSettled = false
    /// Held until then.
    var lock: LockID?

    init(_ done: DoneStep) { self.done = done }

    /// Its work has ended; what it had locked until then.
    mutating func settle() -> LockID? {
      isSettled = true
      return lock.take()
    }
  }

  /// Who waits for a call's conclusion.
  enum Owner: Sendable {
    case ask(AskID, FiberID, CallTerms)
    case undo(UndoTape.Strand)

    var fiber: FiberID? {
      switch self {
      case .ask(_, let fiber, _): fiber
      case .undo: nil
      }
    }
  }
  /// A call under way.
  struct Activity: Sendable {
    var call: CallActivity
    let owner: Owner
    let address: StepAddress
    /// The sending under way.
    var sending: Sending?
    /// How many there have been.
    var sendCount: Int32 = 0
    /// What the journal says of it, when it is taken up in doubt.
    var past: RunPast.Step?
    var lock: LockID?
    /// Whether the intent's record is written.
    var isRecorded = false
  }
  /// A call on its way, or waiting for its turn.
  package struct Sending: Sendable {
    let id: SendID
    package let queuedAt: Instant
    /// Later than it was queued only when it had to wait.
    package internal(set) var leftAt: Instant
  }
  /// Who waits for the end of the work that a step began.
  enum WaitOwner: Sendable {
    case ask(AskID, FiberID, of: StepAddress, WaitTerms)
    case undo(UndoTape.Strand)
    /// Others, for what the step has locked.
    case lock
  }
  struct Wait: Sendable {
    let owner: WaitOwner
    /// Of the wait, or of the step that is undone or locked.
    let address: StepAddress

    var isForOthers: Bool { if case .lock = owner { true } else { false } }
  }
  enum TimerTarget: Sendable {
    case activity(Int)
    case pause(AskID, FiberID)
    case timeout(BlockID)
    case approval(StepAddress)
  }
  /// What a fiber waits for: a call under way, or the end of a step's work.
  enum Work: Sendable {
    case call(Int)
    case wait(WatchID)
  }
  /// What the machine knows of a fiber of the program.
  struct FiberState: Sendable {
    /// What it waits for.
    private enum Waiting: Sendable {
      case nothing
      case work(Work)
      case pause(AskID)
      indirect case approval(StepAddress)
    }
    /// The innermost open block; nil outside of the run's own, where something is undone.
    var block: BlockID?
    /// Where its steps go; nil in an author's `undo { … }`, whose steps are not undone.
    var strand: UndoTape.Strand?
    private var waiting = Waiting.nothing

    init(block: BlockID?, strand: UndoTape.Strand?) { (self.block, self.strand) = (block, strand) }

    var work: Work? {
      get { if case .work(let work) = waiting { work } else { nil } }
      set { if newValue != nil || work != nil { waiting = newValue.map { .work($0) } ?? .nothing } }
    }
    var pause: AskID? {
      get { if case .pause(let ask) = waiting { ask } else { nil } }
      set { if newValue != nil || pause != nil { waiting = newValue.map { .pause($0) } ?? .nothing } }
    }
    var approval: StepAddress? {
      get { if case .approval(let address) = waiting { address } else { nil } }
      set { if newValue != nil || approval != nil { waiting = newValue.map { .approval($0) } ?? .nothing } }
    }
  }
  /// The rounds of a fiber's newest parallel loop.
  struct Rounds: Sendable {
    let loop: Int
    var fibers: [FiberID] = []
  }

  let mark: String
  /// What each action means.
  let meaning: Meanings
  var program: any RunProgram
  package internal(set) var status = RunStatus.running
  var steps: [StepAddress: Step] = [:]
  var tape = UndoTape()
  var activities = BoxedList<Activity>()
  private var nextActivity = 0
  var waits: BoxedDictionary<WatchID, Wait> = [:]
  /// Steps that hold a lock until their work has ended.
  var settling: [LockID: StepAddress] = [:]
  /// Locks of undo calls whose work is awaited.
  var undoLocks: [UndoTape.Strand: LockID] = [:]
  var timers: [TimerID: TimerTarget] = [:]
  var pauseStarts: [StepAddress: Instant] = [:]
  /// Ids that calls of an action are known to have made: what a probe must not take for its own.
  var claimed: [ActionID: Set<Value>] = [:]
  /// Units of a day that are kept for the undo of steps.
  var kept: [StepAddress: [BudgetClaim]] = [:]
  /// Steps of which nobody knows whether they took effect.
  var unknownSteps: [StepAddress] = []
  /// Fibers that may still ask for something.
  var fibers = BoxedList<FiberState>()
  /// By the fiber that waits for them.
  var rounds: [FiberID: Rounds] = [:]
  var blocks: [BlockID: OpenBlock] = [.run: OpenBlock(kind: .run, ask: nil, parent: nil, fiber: .root, strand: .root)]
  /// Blocks in which nothing is under way any more, ready to be left by their failure.
  var quiet: [BlockID] = []
  /// Whether a block has ever failed: until then, nothing is halted.
  var hasFailed = false
  /// Whether an author's `undo { … }` has ever begun.
  var hasUndoBlocks = false
  /// Failures that wait until everything that the journal answers has been told.
  var pendingFailures: [BlockID: PendingFailure] = [:]
  var approvals: [StepAddress: PendingApproval] = [:]
  var undoCursors: [UndoTape.Strand: UndoCursor] = [:]
  var undoLoops: [UndoTape.Strand: Set<UndoTape.Strand>] = [:]
  /// Blocks that are being left by a failure, by the strand that is undone.
  var unwinding: [UndoTape.Strand: BlockID] = [:]
  /// Open blocks that owe an `always`.
  var guards: [UndoTape.Strand: BlockID] = [:]
  /// Fibers that run an owed `always`.
  var owed: [FiberID: OwedAlways] = [:]
  /// Strands whose undo could not be completed.
  var blocked: Set<UndoTape.Strand> = []
  /// Whether an `always` failed while what is around it was being undone.
  var hasFailedAlways = false
  var isFinishedByProgram = false
  /// Whether the program has answers that it has not acted on.
  var isProgramReady = false
  /// Whether the program waits to be told to proceed.
  var hasPaused = false
  /// Whether the program has been stopped in the middle, so that a turn has an end.
  var isBehind = false
  var intents: [MachineIntent] = []
  /// What the journal of a run that is taken up again answers.
  var past: RunPast
  /// While the journal's answers are told to the program.
  var isRetelling = false
  /// While the past is told again, nothing is written.
  var isQuiet = false
  let onFailure: FailurePolicy
  private var nextNumber = 0

  /// `mark` is put on what the run makes, with the step's address, where the cloud takes tags: the run's id.
  package init(
    program: any RunProgram, mark: String, past: RunPast = RunPast(), onFailure: FailurePolicy = .rollback,
    meanings: @escaping Meanings = Catalog.meaning
  ) {
    self.program = program
    self.mark = mark
    self.past = past
    self.onFailure = onFailure
    meaning = meanings
    fibers[.root] = FiberState(block: .run, strand: .root)
    steps.reserveCapacity(past.steps.count)
  }

  /// Why the run failed.
  package var failure: RunFailure? { blocks[.run]?.failure }

  /// Whether the program is not gone on with until it is told to proceed; nothing else waits meanwhile.
  package var isPaused: Bool { hasPaused && !status.isEnd }

  /// Whether there is more to be done than goes into one turn; ``MachineEvent/goOn`` does it.
  package var hasMore: Bool { isProgramReady && !hasPaused && !status.isEnd }

  /// Whether something is being undone, of the run or of an attempt.
  package var isUndoing: Bool { status == .undoing || !unwinding.isEmpty }

  /// Whether nothing goes on until a person has decided.
  package var isWaitingForApproval: Bool {
    status == .running && !hasMore && !approvals.isEmpty && activities.isEmpty && failure == nil
      && waits.allSatisfy { $0.value.isForOthers } && fibers.allSatisfy { $0.pause == nil }
  }

  package mutating func handle(_ event: MachineEvent, at now: Instant) -> [MachineIntent] {
    guard !status.isEnd else { return [] }
    intents.reserveCapacity(RunMachine.usualIntents)
    switch event {
    case .start: start(at: now)
    case .replied(let send, let reply): received(send, reply, at: now)
    case .withdrawn(let send): withdrew(send, at: now)
    case .woke(let timer): woke(timer, at: now)
    case .locked(let lock): locked(lock, at: now)
    case .blocked(let lock, let key):
      if let activity = activities[lock.index] { intents.append(.notice(.held(activity.address, .lock(key)))) }
    case .wanted(let lock): wanted(lock, at: now)
    case .watched(let watch, let news): watched(watch, news, at: now)
    case .held(let send): notice(send) { .held($0.address, .limit($0.call.call.action)) }
    case .left(let send): left(send, at: now)
    case .exhausted(let send, let shortage): exhausted(send, shortage, at: now)
    case .proceed: proceed(at: now)
    case .goOn: isBehind = false
    case .expired(let address): expired(address, at: now)
    case .cancel(let reason):
      hasPaused = false
      if status == .running, failure == nil { fail(.run, RunFailure(.cancelled, reason), at: now) }
    case .asked(let verb, let by): asked(verb, by: by, at: now)
    case .decided(let address, let decision): decided(address, decision, at: now)
    }
    if isBehind { unwindQuiet(at: now) } else { advance(at: now) }
    defer { intents = [] }
    return intents
  }

  /// Few events make more.
  private static let usualIntents = 8

  /// Of what may be asked, only stopping concerns a run that is under way and has not failed.
  private mutating func asked(_ verb: RunVerb, by: String, at now: Instant) {
    guard status == .running, self.failure == nil, let failure = verb.failure(by: by) else { return }
    append(.asked(verb, by: by))
    fail(.run, failure, at: now)
  }

  func mark(of address: StepAddress, undo: Bool = false) -> StepMark {
    StepMark(run: mark, step: address, ending: undo ? "-u" : "")
  }

  mutating func activityNumber() -> Int {
    defer { nextActivity += 1 }
    return nextActivity
  }

  mutating func number() -> Int {
    nextNumber += 1
    return nextNumber
  }

  mutating func append(_ record: @autoclosure () -> JournalRecord) {
    if !isQuiet { intents.append(.append(record())) }
  }

  mutating func wake(_ target: TimerTarget, at: Instant) {
    let timer = TimerID(index: number())
    timers[timer] = target
    intents.append(.wake(timer, at: at))
  }

  mutating func finish(_ end: RunStatus) {
    status = end
    if end != .needsAttention { forgo() }
    append(.finished(end))
    intents.append(.finish(end))
  }
}

extension BoxedList where Content == RunMachine.FiberState {
  subscript(fiber: FiberID) -> RunMachine.FiberState? {
    get { self[fiber.index] }
    _modify { yield &self[fiber.index] }
  }
}
