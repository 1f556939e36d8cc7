import CloudCatalog
import Values

/// Undoing one step: what is still to be done for it.
struct UndoCursor: Sendable {
  enum Stage: Sendable {
    /// The step's own work is still under way in the cloud.
    case settling
    case lookingUp
    case calling
    /// The inverse answered; its work is under way.
    case finishing
    /// The author's block runs on a fiber of its own.
    case block(FiberID)
  }
  let step: StepAddress
  var stage: Stage
  var context: TemplateContext
  var calls: [UndoCall]
}

/// Error, cancel and deadline take this one path: stop, let what is under way end, then undo newest first, side by side
/// where the run was.
extension RunMachine {
  /// `isKnown`: the journal has it already, as it has any failure of a run that had failed before it was taken up.
  mutating func stop(_ cause: RunFailure, isKnown: Bool = false, at now: Instant) {
    guard failure == nil else { return }
    failure = cause
    if !isKnown, past.failure == nil { append(.failed(cause)) }
    for (id, activity) in activities.sorted(by: { $0.key < $1.key }) { drop(activity, id) }
    dropWaits()
    timers = timers.filter { if case .activity(let id) = $0.value { activities[id] != nil } else { false } }
    undoWhenQuiet(at: now)
  }

  /// Lets go of what cannot have changed anything; keeps what may have.
  private mutating func drop(_ activity: Activity, _ id: Int) {
    let call = activity.call
    guard !call.isRead else { return forget(id, activity) }
    // An earlier process may have sent what waits for its lock here: it has to be looked for.
    if activity.past != nil, call.phase == .ready { return }
    if call.mayHaveTakenEffect {
      // A sending after one in doubt goes out: its answer tells.
      if let send = activity.send, call.phase == .sent, !call.isInDoubt { intents.append(.request(.withdraw(send))) }
    } else {
      forget(id, activity)
      if activity.isRecorded { append(.notSent(activity.address)) }
    }
  }

  private mutating func forget(_ id: Int, _ activity: Activity) {
    activities[id] = nil
    if let send = activity.send {
      activityBySend[send] = nil
      intents.append(.request(.withdraw(send)))
    }
    unlock(activity.lock)
  }

  /// Begins the undo when nothing forward is under way any more, in the cloud or in the program.
  mutating func undoWhenQuiet(at now: Instant) {
    guard failure != nil, status == .running, activities.isEmpty, !isProgramReady else { return }
    status = .undoing
    if !past.hasUndoBegun { append(.undoBegan) }
    undoNext(.root, at: now)
  }

  /// Undoes the newest entry that is left on a fiber's tape.
  private mutating func undoNext(_ fiber: FiberID, at now: Instant) {
    guard !status.isEnd else { return }
    switch tape.pop(fiber) {
    case nil: undoEnded(fiber, at: now)
    case .loop(_, let children)?:
      undoLoops[fiber] = Set(children)
      for child in children { undoNext(child, at: now) }
    case .step(let address)?: beginUndo(of: address, fiber, at: now)
    }
  }

  /// Everything of a fiber is undone, or what is left cannot be.
  private mutating func undoEnded(_ fiber: FiberID, at now: Instant) {
    guard let parent = tape.parents[fiber] else {
      finish(blocked.isEmpty && unknownSteps.isEmpty ? .rolledBack : .needsAttention)
      return
    }
    if blocked.contains(fiber) { blocked.insert(parent) }
    undoLoops[parent]?.remove(fiber)
    guard undoLoops[parent]?.isEmpty == true else { return }
    undoLoops[parent] = nil
    // What came before a loop that is not wholly undone may still be in use by what is left.
    if blocked.contains(parent) { undoEnded(parent, at: now) } else { undoNext(parent, at: now) }
  }

  private mutating func beginUndo(of address: StepAddress, _ fiber: FiberID, at now: Instant) {
    guard let step = steps[address], !past.undone.contains(address) else { return undoNext(fiber, at: now) }
    var cursor = UndoCursor(step: address, stage: .settling, context: step.context, calls: [])
    if case .catalog = step.ask.undo, case .inverse(let inverse) = step.meaning.undo { cursor.calls = inverse.calls }
    if let made = past.lastUndoResult(of: address) { cursor.context.made = .record(made) }
    undoCursors[fiber] = cursor
    let end = now + RunMachine.settlePatience
    if !step.isSettled,
      let watch = Watch(
        step.call, step.meaning.completion, step.context, since: step.doneAt, deadline: end, isUndo: true)
    {
      self.watch(watch, for: .undo(fiber), at: address)
    } else {
      settled(address)
      lookUp(fiber, at: now)
    }
  }

  private mutating func lookUp(_ fiber: FiberID, at now: Instant) {
    guard var cursor = undoCursors[fiber], let step = steps[cursor.step] else { return }
    if case .block(let block) = step.ask.undo {
      let child = program.startUndo(block, result: step.result)
      cursor.stage = .block(child)
      undoCursors[fiber] = cursor
      isProgramReady = true
      return
    }
    guard case .inverse(let inverse) = step.meaning.undo, let lookup = inverse.lookup else {
      return callNext(fiber, at: now)
    }
    cursor.stage = .lookingUp
    undoCursors[fiber] = cursor
    let call = CloudCall(lookup.action, region: step.call.region, lookup.filled(cursor.context))
    start(call, fiber, cursor.step, isWhole: true, at: now)
  }

  private mutating func start(
    _ call: CloudCall, _ fiber: FiberID, _ address: StepAddress, isWhole: Bool = false, at now: Instant
  ) {
    guard let meaning = Catalog.meaning(call.action) else {
      return undoFailed(fiber, "\(call.action) is not classified", at: now)
    }
    // Two calls of one undo may make things of one kind, which must not share a mark.
    let left = undoCursors[fiber]?.calls.count ?? 0
    let activity = CallActivity(
      call: call, meaning: meaning, retry: nil, isUndo: true,
      mark: mark(of: address, undo: true) + (left == 0 ? "" : String(left)), isWhole: isWhole)
    guard let earlier = past.takeUndo(of: address, activity.call) else {
      run(activity, for: .undo(fiber), at: address, now)
      return
    }
    guard let (result, requestID) = earlier.end else {
      let step = RunPast.Step(action: call.action, arguments: earlier.arguments, before: .null, known: earlier.known)
      return run(activity, for: .undo(fiber), at: address, past: step, now)
    }
    undoCursors[fiber]?.context.made = .record(result)
    undoAnswered(fiber, activity, result, requestID, at: now)
  }

  private mutating func callNext(_ fiber: FiberID, at now: Instant) {
    guard var cursor = undoCursors[fiber], let step = steps[cursor.step] else { return }
    while let next = cursor.calls.first {
      cursor.calls.removeFirst()
      if let several = next.unfolded(cursor.context) {
        cursor.calls = several + cursor.calls
        continue
      }
      guard next.applies(cursor.context) else { continue }
      cursor.stage = .calling
      undoCursors[fiber] = cursor
      let region = next.region(cursor.context) ?? step.call.region
      let call = CloudCall(next.call.action, region: region, next.filled(cursor.context))
      return start(call, fiber, cursor.step, at: now)
    }
    undoCursors[fiber] = nil
    append(.undone(cursor.step))
    undoNext(fiber, at: now)
  }

  mutating func undoConcluded(
    _ fiber: FiberID, _ call: CallActivity, _ conclusion: CallActivity.Conclusion, at now: Instant
  ) {
    guard var cursor = undoCursors[fiber] else { return }
    if case .lookingUp = cursor.stage {
      if case .done(let result, _, _) = conclusion { cursor.context.found = .record(result) }
      undoCursors[fiber] = cursor
      if case .done = conclusion { return callNext(fiber, at: now) }
    }
    switch conclusion {
    case .done(let result, let requestID, let adopted):
      let left = call.meaning.partialFailure.flatMap { $0.value(in: .record(result))?.asList } ?? []
      guard left.isEmpty else {
        let names = left.map(\.display).joined(separator: ", ")
        return undoFailed(fiber, "\(call.call.action) failed for \(names)", at: now)
      }
      append(
        .undoDone(
          cursor.step, call.call.action, result: result, requestID: requestID, note: adopted ? "found done" : ""))
      undoCursors[fiber]?.context.made = .record(result)
      undoAnswered(fiber, call, result, requestID, at: now)
    case .refused(let error) where call.meaning.saysGone(error):
      append(
        .undoDone(
          cursor.step, call.call.action, result: Record(), requestID: error.requestID,
          note: "it was already gone (\(error.code))"))
      callNext(fiber, at: now)
    case .refused(let error):
      append(.undoRefused(cursor.step, call.call.action, error))
      undoFailed(fiber, "\(call.call.action) was refused: \(error.code): \(error.message)", at: now)
    case .stuck(let reason):
      undoFailed(fiber, "nobody knows whether \(call.call.action) took effect: \(reason)", at: now)
    case .unreachable(let reason): undoFailed(fiber, reason, at: now)
    }
  }

  /// Waits until the inverse's own work has ended, where it has any.
  private mutating func undoAnswered(
    _ fiber: FiberID, _ call: CallActivity, _ result: Record, _ requestID: String, at now: Instant
  ) {
    var context = call.context
    context.result = .record(result)
    context.requestID = requestID.isEmpty ? nil : requestID
    let end = now + RunMachine.settlePatience
    guard
      let watch = Watch(call.call, call.meaning.completion, context, since: now, deadline: end, isUndo: true),
      let cursor = undoCursors[fiber]
    else {
      unlock(undoLocks.removeValue(forKey: fiber))
      return callNext(fiber, at: now)
    }
    undoCursors[fiber]?.stage = .finishing
    self.watch(watch, for: .undo(fiber), at: cursor.step)
  }

  mutating func undoWatched(_ fiber: FiberID, _ news: Watch.News, at now: Instant) {
    guard let cursor = undoCursors[fiber] else { return }
    if case .settling = cursor.stage {
      // How the step's own work ended does not matter: it is undone either way.
      settled(cursor.step)
      return lookUp(fiber, at: now)
    }
    unlock(undoLocks.removeValue(forKey: fiber))
    switch news {
    case .running: return
    case .done: callNext(fiber, at: now)
    case .failed(let why): undoFailed(fiber, "the undo ended badly: \(why)", at: now)
    case .deadlinePassed(let seen): undoFailed(fiber, "the undo is not done after 15min; last seen: \(seen)", at: now)
    }
  }

  /// The author's `undo { … }` has ended.
  mutating func undoBlockEnded(_ fiber: FiberID, problem: String?, at now: Instant) {
    let owner = undoCursors.first { entry in
      if case .block(let child) = entry.value.stage { child == fiber } else { false }
    }
    guard let owner else { return }
    if let problem { return undoFailed(owner.key, problem, at: now) }
    undoCursors[owner.key]?.calls = []
    callNext(owner.key, at: now)
  }

  private mutating func undoFailed(_ fiber: FiberID, _ reason: String, at now: Instant) {
    guard let cursor = undoCursors.removeValue(forKey: fiber) else { return }
    unlock(undoLocks.removeValue(forKey: fiber))
    append(.undoFailed(cursor.step, reason: reason))
    blocked.insert(fiber)
    undoEnded(fiber, at: now)
  }
}
