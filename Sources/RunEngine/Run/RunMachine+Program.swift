import CloudCatalog
import Values

/// What the program tells and asks.
extension RunMachine {
  mutating func start(at now: Instant) {
    isProgramReady = true
    isRetelling = past.count > 1
    // The run had failed already, or everything is to be undone: what the journal does not answer is not begun.
    if let failure = past.failure {
      pendingFailures[.run] = PendingFailure(failure: failure, isWritten: true)
    } else if let rollback = past.rollback {
      pendingFailures[.run] = PendingFailure(failure: rollback, isWritten: false)
    }
    advance(at: now)
    isRetelling = false
  }

  /// Lets the program run until it has nothing more to act on.
  mutating func advance(at now: Instant) {
    repeat {
      unwindQuiet(at: now)
      while isProgramReady, !hasPaused, !status.isEnd {
        isBehind = !isRetelling && intents.count >= RunMachine.turnSize
        if isBehind { return }
        isProgramReady = false
        letProgramAdvance(at: now)
        unwindQuiet(at: now)
      }
      guard !status.isEnd else { return }
      if isFinishedByProgram, failure == nil, pendingFailures[.run] == nil { return finish(.succeeded) }
    } while failPending(at: now)
  }

  /// What it held back comes before what it has answers to.
  mutating func proceed(at now: Instant) {
    hasPaused = false
    letProgramAdvance(at: now)
  }

  /// So many intents are a turn: a run of a hundred thousand rounds begins them in parts. While the journal is told
  /// again nothing is intended.
  private static let turnSize = 4096

  private mutating func letProgramAdvance(at now: Instant) {
    let events = program.advance()
    if program.isReady { isProgramReady = true }
    for event in events { handle(event, at: now) }
  }

  private mutating func handle(_ event: ProgramEvent, at now: Instant) {
    switch event {
    case .started(let child, let parent, let loop): start(child, of: parent, loop)
    case .ended(let fiber): ended(fiber, at: now)
    case .call(let ask, let fiber, let call): if !isHalted(fiber) { begin(call, ask, fiber, at: now) }
    case .wait(let ask, let fiber, let wait): if !isHalted(fiber) { begin(wait, ask, fiber, at: now) }
    case .pause(let ask, let fiber, let pause): if !isHalted(fiber) { begin(pause, ask, fiber, at: now) }
    case .approval(let ask, let fiber, let approval): if !isHalted(fiber) { begin(approval, ask, fiber, at: now) }
    case .opened(let id, let fiber, let ask): if !isHalted(fiber) { open(id, fiber, ask, at: now) }
    case .closed(let id, let fiber): if !isHalted(fiber) { close(id) }
    case .notified(let fiber, let notification): if !isHalted(fiber) { notify(notification, fiber) }
    case .settled(let fiber, let address):
      guard !isHalted(fiber), pauseStarts.removeValue(forKey: address) != nil,
        past.waits[address]?.hasEnded != true
      else { return }
      append(.waitEnded(address, problem: nil))
    case .committed(let reason, _):
      let isKnown = past.takeCommit()
      guard failure == nil, isKnown || pendingFailures[.run] == nil else { return }
      tape.clear()
      forgo()
      if !isKnown { append(.committed(reason: reason)) }
    case .output(let name, let value):
      if failure == nil, !past.takeOutput() { append(.output(name: name, value: value)) }
    case .failed(let fiber, let failure): raise(failure, from: fibers[fiber]?.block, at: now)
    case .finished: if failure == nil { isFinishedByProgram = true }
    case .paused: hasPaused = true
    }
  }

  private mutating func start(_ child: FiberID, of parent: FiberID, _ loop: Int) {
    guard !isHalted(parent), let (block, outer) = fibers[parent].map({ ($0.block, $0.strand) }) else { return }
    let strand = outer.map { tape.branch($0, loop: loop) }
    fibers[child] = FiberState(block: block, strand: strand)
    if rounds[parent]?.loop != loop { rounds[parent] = Rounds(loop: loop) }
    rounds[parent]?.fibers.append(child)
  }

  private mutating func ended(_ fiber: FiberID, at now: Instant) {
    guard !isHalted(fiber) else { return }
    if owed[fiber] != nil { return alwaysEnded(fiber, at: now) }
    if hasUndoBlocks, let id = fibers[fiber]?.block, let block = blocks[id], block.fiber == fiber,
      case .undo = block.kind
    {
      return undoBlockEnded(fiber, problem: nil, at: now)
    }
    fibers[fiber] = nil
    rounds[fiber] = nil
  }

  /// Whether a fiber runs an author's `undo { … }`.
  private func isUndo(_ fiber: FiberID) -> Bool {
    var next = hasUndoBlocks ? fibers[fiber]?.block : nil
    while let id = next, let block = blocks[id] {
      if case .undo = block.kind { return true }
      next = block.parent
    }
    return false
  }

  private mutating func begin(_ ask: CallAsk, _ id: AskID, _ fiber: FiberID, at now: Instant) {
    guard let meaning = meaning(ask.call.action) else {
      return answer(
        id, .failed(RunFailure(.program, "\(ask.call.action) is not classified", step: ask.address)), at: now)
    }
    let mark = mark(of: ask.address)
    if past.count > 1, replay(ask, id, fiber, meaning, mark, at: now) || isReplaying(fiber) { return }
    run(activity(ask, fiber, meaning, mark), for: .ask(id, fiber, ask.terms), at: ask.address, now)
  }

  func activity(_ ask: CallAsk, _ fiber: FiberID, _ meaning: ActionMeaning, _ mark: StepMark) -> CallActivity {
    CallActivity(call: ask.call, meaning: meaning, retry: ask.terms.retry, isUndo: isUndo(fiber), mark: mark)
  }

  private mutating func begin(_ ask: WaitAsk, _ id: AskID, _ fiber: FiberID, at now: Instant) {
    if replay(ask, id, at: now) || isReplaying(fiber) { return }
    let began = clamped(past.waits[ask.address]?.beganAt, now)
    guard let step = steps[ask.step], !step.isSettled,
      let watch = Watch(
        step.done.call, step.done.meaning.completion, step.done.context(mark(of: ask.step)), since: step.done.doneAt,
        deadline: began + ask.terms.within)
    else {
      settled(ask.step)
      return answer(id, .result(.null), at: now)
    }
    if past.waits[ask.address] == nil {
      append(.waitBegan(ask.address, step: ask.step, within: ask.terms.within, ask.terms.place))
    }
    self.watch(watch, for: .ask(id, fiber, of: ask.step, ask.terms), at: ask.address)
  }

  private mutating func begin(_ ask: PauseAsk, _ id: AskID, _ fiber: FiberID, at now: Instant) {
    let start: Instant
    if let known = pauseStarts[ask.address] {
      start = known
    } else {
      start = clamped(past.waits[ask.address]?.beganAt, now)
      pauseStarts[ask.address] = start
      if past.waits[ask.address] == nil, !isReplaying(fiber) {
        append(.waitBegan(ask.address, step: nil, within: ask.within, ask.place))
      }
    }
    if past.hasRead(ask.look) { return answer(id, .rested, at: now) }
    if isReplaying(fiber) { return }
    guard now + ask.every <= start + ask.within else {
      append(.waitEnded(ask.address, problem: "not true within \(ask.within.belayText)"))
      return answer(id, .deadlinePassed, at: now)
    }
    fibers[fiber]?.pause = id
    wake(.pause(id, fiber), at: now + ask.every)
  }

  /// When something began that an earlier process may have begun: not later than now, even if that process saw another
  /// clock.
  func clamped(_ began: Instant?, _ now: Instant) -> Instant { min(began ?? now, now) }

  mutating func answer(_ ask: AskID, _ answer: Answer, at now: Instant) {
    program.answer(ask, answer)
    isProgramReady = true
  }

  // MARK: Conclusions

  mutating func concluded(
    _ id: AskID, _ fiber: FiberID, _ ask: CallAsk, _ made: MadeCall,
    _ conclusion: CallActivity.Conclusion, _ lock: LockID? = nil, at now: Instant
  ) {
    let goesOn = !isHalted(fiber)
    switch conclusion {
    case .done(let open, let requestID, let adopted):
      let result = made.meaning.concealing(open, step: ask.address.text)
      record(ask, fiber, made, result, requestID, adopted, at: now)
      if let lock {
        settling[lock] = ask.address
        steps[ask.address]?.lock = lock
      }
      guard goesOn else { return }
      let left = made.meaning.partialFailure.flatMap { $0.value(in: .record(result))?.asList } ?? []
      if left.isEmpty {
        answer(id, .result(.record(result)), at: now)
      } else {
        let message = "\(ask.call.action) did only a part: it failed for \(left.map(\.display).joined(separator: ", "))"
        let failure = RunFailure(
          .refused, message, step: ask.address, action: ask.call.action, place: ask.terms.place, requestID: requestID)
        answer(id, .failed(failure), at: now)
      }
    case .refused(let error):
      if !made.isRead { append(.refused(ask.address, error, attempts: made.attempts)) }
      let failure = RunFailure(
        .refused, "\(ask.call.action) was refused: \(error.message)", step: ask.address, action: ask.call.action,
        place: ask.terms.place,
        code: error.code, requestID: error.requestID)
      if goesOn { answer(id, .failed(failure), at: now) }
    case .stuck(let reason):
      if !made.isRead {
        append(.unknown(ask.address, reason: reason))
        unknownSteps.append(ask.address)
        markDoubt(fiber)
      }
      let failure = RunFailure(
        .unknown, "nobody knows whether \(ask.call.action) took effect: \(reason)", step: ask.address,
        action: ask.call.action, place: ask.terms.place)
      if goesOn { answer(id, .failed(failure), at: now) }
    case .unreachable(let reason):
      if !made.isRead { append(.notSent(ask.address)) }
      let failure = RunFailure(
        .unreachable, reason, step: ask.address, action: ask.call.action, place: ask.terms.place)
      if goesOn { answer(id, .failed(failure), at: now) }
    case .exhausted(let reason):
      append(.notSent(ask.address))
      let failure = RunFailure(
        .budget, "\(ask.call.action) was not sent: \(reason)", step: ask.address, action: ask.call.action,
        place: ask.terms.place)
      if goesOn { answer(id, .failed(failure), at: now) }
    }
  }

  private mutating func record(
    _ ask: CallAsk, _ fiber: FiberID, _ made: MadeCall, _ result: Record, _ requestID: String, _ adopted: Bool,
    at now: Instant
  ) {
    guard !made.isRead else {
      append(.read(ask.address, ask.call.action, result: result, requestID: requestID, ask.terms.place))
      return
    }
    append(
      .done(
        ask.address, result: result, requestID: requestID, attempts: made.attempts, adopted: adopted))
    steps[ask.address] = Step(
      DoneStep(undo: ask.terms.undo, made, result: .record(result), requestID: requestID, doneAt: now))
    if let identity = made.meaning.identity, let ids = identity.value(in: .record(result)) {
      claimed[ask.call.action, default: []].formUnion(ids.asList ?? [ids])
    }
    if let strand = fibers[fiber]?.strand, isUndoable(ask, made.meaning) {
      tape.push(ask.address, on: strand)
      let claims = keptClaims(for: ask, made.meaning)
      if !claims.isEmpty { kept[ask.address] = claims }
    }
  }

  private func isUndoable(_ ask: CallAsk, _ meaning: ActionMeaning) -> Bool {
    switch ask.terms.undo {
    case .block: return true
    case .none: return false
    case .catalog:
      if case .inverse = meaning.undo { return true }
      return false
    }
  }

  mutating func concluded(
    _ id: AskID, _ fiber: FiberID, _ ask: WaitAsk, _ news: Watch.News, at now: Instant
  ) {
    let action = steps[ask.step]?.done.call.action.description ?? ask.step.text
    let problem: String?
    switch news {
    case .running: return
    case .done:
      settled(ask.step)
      problem = nil
    case .failed(let why):
      settled(ask.step)
      problem = "\(action) ended badly: \(why)"
    case .refused(let why): problem = "it cannot be seen how \(action) goes on: \(why)"
    case .deadlinePassed(let seen):
      problem = "\(action) was not done within \(ask.terms.within.belayText); last seen: \(seen)"
    }
    append(.waitEnded(ask.address, problem: problem))
    guard !isHalted(fiber) else { return }
    if let problem {
      answer(id, .failed(waitFailure(problem, ask)), at: now)
    } else {
      answer(id, .result(.null), at: now)
    }
  }

  func waitFailure(_ problem: String, _ ask: WaitAsk) -> RunFailure {
    RunFailure(.wait, problem, step: ask.step, action: steps[ask.step]?.done.call.action, place: ask.terms.place)
  }
}
