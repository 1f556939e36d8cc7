import CloudCatalog
import Values

/// What the program tells and asks.
extension RunMachine {
  /// Lets the program run until it has nothing more to act on.
  mutating func advance(at now: Instant) {
    while isProgramReady, !status.isEnd {
      isProgramReady = false
      let wasUndoing = status == .undoing
      for event in program.advance() {
        // What the forward program says after the run has failed is not acted on.
        guard wasUndoing == (status == .undoing) else { break }
        handle(event, at: now)
      }
      if isFinishedByProgram, status == .running, failure == nil, !past.isFailed { finish(.succeeded) }
      undoWhenQuiet(at: now)
    }
  }

  private mutating func handle(_ event: ProgramEvent, at now: Instant) {
    let isUndo = status == .undoing
    if failure != nil, !isUndo { return }
    switch event {
    case .started(let child, let parent, let loop):
      if !isUndo { tape.start(child, parent: parent, loop: loop) }
    case .ended(let fiber): if isUndo { undoBlockEnded(fiber, problem: nil, at: now) }
    case .call(let ask, let fiber, let call): begin(call, ask, fiber, isUndo: isUndo, at: now)
    case .wait(let ask, let fiber, let wait): begin(wait, ask, fiber, at: now)
    case .pause(let ask, _, let pause): begin(pause, ask, at: now)
    case .settled(_, let address):
      guard pauseStarts.removeValue(forKey: address) != nil, past.waits[address]?.hasEnded != true else { return }
      append(.waitEnded(address, problem: nil))
    case .committed(let reason, _):
      tape.clear()
      if !past.takeCommit() { append(.committed(reason: reason)) }
    case .output(let name, let value): if !past.takeOutput() { append(.output(name: name, value: value)) }
    case .failed(let fiber, let failure):
      if isUndo { undoBlockEnded(fiber, problem: failure.message, at: now) } else { stop(failure, at: now) }
    case .finished: if !isUndo { isFinishedByProgram = true }
    }
  }

  private mutating func begin(_ ask: CallAsk, _ id: AskID, _ fiber: FiberID, isUndo: Bool, at now: Instant) {
    guard let meaning = Catalog.meaning(ask.call.action) else {
      return answer(
        id, .failed(RunFailure(.program, "\(ask.call.action) is not classified", step: ask.address)), at: now)
    }
    let activity = CallActivity(
      call: ask.call, meaning: meaning, retry: ask.retry, isUndo: isUndo, mark: mark(of: ask.address))
    if replay(ask, id, fiber, activity, at: now) || isReplaying { return }
    run(activity, for: .ask(id, fiber, ask), at: ask.address, now)
  }

  private mutating func begin(_ ask: WaitAsk, _ id: AskID, _ fiber: FiberID, at now: Instant) {
    if replay(ask, id, at: now) || isReplaying { return }
    let began = past.waits[ask.address]?.beganAt ?? now
    guard let step = steps[ask.step], !step.isSettled,
      let watch = Watch(
        step.call, step.meaning.completion, step.context, since: step.doneAt, deadline: began + ask.within)
    else {
      settled(ask.step)
      return answer(id, .result(.null), at: now)
    }
    if past.waits[ask.address] == nil {
      append(.waitBegan(ask.address, step: ask.step, within: ask.within, ask.place))
    }
    self.watch(watch, for: .ask(id, ask), at: ask.address)
  }

  private mutating func begin(_ ask: PauseAsk, _ id: AskID, at now: Instant) {
    let start: Instant
    if let known = pauseStarts[ask.address] {
      start = known
    } else {
      start = past.waits[ask.address]?.beganAt ?? now
      pauseStarts[ask.address] = start
      if past.waits[ask.address] == nil, !isReplaying {
        append(.waitBegan(ask.address, step: nil, within: ask.within, ask.place))
      }
    }
    if past.hasRead(ask.look) { return answer(id, .rested, at: now) }
    if isReplaying { return }
    guard now + ask.every <= start + ask.within else {
      append(.waitEnded(ask.address, problem: "not true within \(ask.within.belayText)"))
      return answer(id, .deadlinePassed, at: now)
    }
    wake(.pause(id), after: ask.every, at: now)
  }

  mutating func answer(_ ask: AskID, _ answer: Answer, at now: Instant) {
    program.answer(ask, answer)
    isProgramReady = true
  }

  // MARK: Conclusions

  mutating func concluded(
    _ id: AskID, _ fiber: FiberID, _ ask: CallAsk, _ activity: CallActivity,
    _ conclusion: CallActivity.Conclusion, _ lock: LockID? = nil, at now: Instant
  ) {
    let goesOn = status == .undoing || failure == nil
    switch conclusion {
    case .done(let open, let requestID, let adopted):
      let result = activity.meaning.concealing(open, step: ask.address.text)
      record(ask, fiber, activity, result, requestID, adopted, at: now)
      if let lock {
        settling[lock] = ask.address
        steps[ask.address]?.lock = lock
      }
      guard goesOn else { return }
      let left = activity.meaning.partialFailure.flatMap { $0.value(in: .record(result))?.asList } ?? []
      if left.isEmpty {
        answer(id, .result(.record(result)), at: now)
      } else {
        let message = "\(ask.call.action) did only a part: it failed for \(left.map(\.display).joined(separator: ", "))"
        let failure = RunFailure(.refused, message, step: ask.address, place: ask.place, requestID: requestID)
        answer(id, .failed(failure), at: now)
      }
    case .refused(let error):
      if !activity.isRead { append(.refused(ask.address, error, attempts: activity.attempts)) }
      let failure = RunFailure(
        .refused, "\(ask.call.action) was refused: \(error.message)", step: ask.address, place: ask.place,
        code: error.code, requestID: error.requestID)
      if goesOn { answer(id, .failed(failure), at: now) }
    case .stuck(let reason):
      if !activity.isRead {
        append(.unknown(ask.address, reason: reason))
        unknownSteps.append(ask.address)
      }
      let failure = RunFailure(
        .unknown, "nobody knows whether \(ask.call.action) took effect: \(reason)", step: ask.address,
        place: ask.place)
      if goesOn { answer(id, .failed(failure), at: now) }
    case .unreachable(let reason):
      if !activity.isRead { append(.notSent(ask.address)) }
      let failure = RunFailure(
        .unreachable, reason, step: ask.address, place: ask.place)
      if goesOn { answer(id, .failed(failure), at: now) }
    }
  }

  private mutating func record(
    _ ask: CallAsk, _ fiber: FiberID, _ activity: CallActivity, _ result: Record, _ requestID: String, _ adopted: Bool,
    at now: Instant
  ) {
    guard !activity.isRead else {
      append(.read(ask.address, ask.call.action, result: result, requestID: requestID, ask.place))
      return
    }
    append(
      .done(
        ask.address, result: result, requestID: requestID, attempts: activity.attempts, adopted: adopted))
    steps[ask.address] = Step(
      ask: ask, call: activity.call, meaning: activity.meaning, result: .record(result), requestID: requestID,
      before: activity.before, doneAt: now)
    if let identity = activity.meaning.identity, let ids = identity.value(in: .record(result)) {
      claimed[ask.call.action, default: []].formUnion(ids.asList ?? [ids])
    }
    if status == .running, isUndoable(ask, activity.meaning) { tape.push(ask.address, on: fiber) }
  }

  private func isUndoable(_ ask: CallAsk, _ meaning: ActionMeaning) -> Bool {
    switch ask.undo {
    case .block: return true
    case .none: return false
    case .catalog:
      if case .inverse = meaning.undo { return true }
      return false
    }
  }

  mutating func concluded(
    _ id: AskID, _ ask: WaitAsk, _ news: Watch.News, at now: Instant
  ) {
    let action = steps[ask.step]?.ask.call.action.description ?? ask.step.text
    let problem: String?
    switch news {
    case .running: return
    case .done:
      settled(ask.step)
      problem = nil
    case .failed(let why):
      settled(ask.step)
      problem = "\(action) ended badly: \(why)"
    case .deadlinePassed(let seen):
      problem = "\(action) was not done within \(ask.within.belayText); last seen: \(seen)"
    }
    append(.waitEnded(ask.address, problem: problem))
    guard status == .undoing || failure == nil else { return }
    if let problem {
      answer(id, .failed(RunFailure(.wait, problem, step: ask.step, place: ask.place)), at: now)
    } else {
      answer(id, .result(.null), at: now)
    }
  }
}
