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
  let done: RunMachine.DoneStep
  var stage: Stage
  var context: TemplateContext
  var calls: ArraySlice<UndoCall> = []
}

/// Runs the `always { … }` that a block owed when it was left.
struct OwedAlways: Sendable {
  let block: BlockID
  /// What is undone next; nil where nothing is undone because the attempt keeps its work.
  let goesOn: UndoTape.Strand?
  /// The failed block that is being left.
  let leaving: BlockID
}

/// Error, cancel and deadline take this one path: stop, let what is under way end, then undo newest first, side by side
/// where the run was.
extension RunMachine {
  /// Lets go of what a fiber waits for where that cannot have changed anything; keeps what may have.
  mutating func drop(_ fiber: FiberID, at now: Instant) {
    fibers[fiber]?.pause = nil
    if let address = fibers[fiber]?.approval, approvals.removeValue(forKey: address) != nil {
      fibers[fiber]?.approval = nil
      append(.approvalDecided(address, ApprovalDecision(.withdrawn)))
    }
    switch fibers[fiber]?.work {
    case nil: return
    case .wait(let watch)?:
      guard waits.removeValue(forKey: watch) != nil else { return }
      fibers[fiber]?.work = nil
      intents.append(.request(.unwatch(watch)))
    case .call(let id)?: if let activity = activities[id] { drop(activity, id, of: fiber) }
    }
  }

  private mutating func drop(_ activity: Activity, _ id: Int, of fiber: FiberID) {
    let call = activity.call
    guard !call.isRead else { return forget(id, activity, of: fiber) }
    // An earlier process may have sent what waits for its lock here: it has to be looked for.
    if activity.past != nil, call.phase == .ready { return }
    if call.mayHaveTakenEffect {
      // A sending after one in doubt goes out: its answer tells.
      if let send = activity.sending?.id, call.phase == .sent, !call.isInDoubt {
        intents.append(.request(.withdraw(send)))
      }
    } else {
      forget(id, activity, of: fiber)
      if activity.isRecorded { append(.notSent(activity.address)) }
    }
  }

  private mutating func forget(_ id: Int, _ activity: Activity, of fiber: FiberID) {
    activities[id] = nil
    fibers[fiber]?.work = nil
    if let send = activity.sending?.id { intents.append(.request(.withdraw(send))) }
    unlock(activity.lock)
  }

  /// Leaves the failed blocks in which nothing is under way any more.
  mutating func unwindQuiet(at now: Instant) {
    while let id = quiet.first, !status.isEnd {
      quiet.removeFirst()
      unwind(id, at: now)
    }
  }

  private mutating func unwind(_ id: BlockID, at now: Instant) {
    guard let block = blocks[id], let failure = block.failure else { return }
    blocks[id]?.stage = .unwinding
    switch block.kind {
    case .run:
      guard onFailure == .rollback || failure.kind == .cancelled || past.hasUndoBegun else {
        return finish(.needsAttention)
      }
      status = .undoing
      if !past.hasUndoBegun { append(.undoBegan) }
      undo(.root, leaving: id, at: now)
    case .attempt(let keeps):
      if keeps { return payNext(leaving: id, at: now) }
      guard let strand = block.strand else { return left(id, at: now) }
      undo(strand, leaving: id, at: now)
    case .undo: undoBlockEnded(block.fiber, problem: failure.message, at: now)
    case .always: alwaysFailed(id, block, failure, at: now)
    case .guarded, .plain: return
    }
  }

  private mutating func undo(_ strand: UndoTape.Strand, leaving id: BlockID, at now: Instant) {
    unwinding[strand] = id
    undoNext(strand, at: now)
  }

  /// Undoes the newest entry that is left on a strand.
  private mutating func undoNext(_ strand: UndoTape.Strand, at now: Instant) {
    while !status.isEnd {
      if blocked.contains(strand) { return undoEnded(strand, at: now) }
      switch tape.pop(strand) {
      case nil: return undoEnded(strand, at: now)
      case .loop(_, let rounds)?:
        undoLoops[strand] = Set(rounds)
        for round in rounds { undoNext(round, at: now) }
        return
      case .block(let inner)?: return undoNext(inner, at: now)
      case .step(let address)?:
        guard let step = steps[address], !past.undone.contains(address) else { continue }
        return beginUndo(of: address, step, strand, at: now)
      }
    }
  }

  /// Everything of a strand is undone, or what is left cannot be.
  private mutating func undoEnded(_ strand: UndoTape.Strand, at now: Instant) {
    if let id = unwinding.removeValue(forKey: strand) { return left(id, at: now) }
    if let id = guards[strand] { return pay(id, strand, leaving: blockLeft(around: strand), goesOn: strand, at: now) }
    guard let parent = tape.parent(of: strand) else { return }
    if blocked.contains(strand) { blocked.insert(parent) }
    if undoLoops[parent] != nil {
      undoLoops[parent]?.remove(strand)
      guard undoLoops[parent]?.isEmpty == true else { return }
      undoLoops[parent] = nil
    }
    // What came before something that is not wholly undone may still be in use by what is left.
    undoNext(parent, at: now)
  }

  /// The failed block whose strand is being undone around a strand in it.
  private func blockLeft(around strand: UndoTape.Strand) -> BlockID {
    var next: UndoTape.Strand? = strand
    while let one = next {
      if let id = unwinding[one] { return id }
      next = tape.parent(of: one)
    }
    return .run
  }

  // MARK: Leaving

  /// A failed block is undone, or kept: its rescue begins, or the run is over.
  private mutating func left(_ id: BlockID, at now: Instant) {
    guard let block = blocks[id], let failure = block.failure else { return }
    if id == .run {
      return finish(blocked.isEmpty && unknownSteps.isEmpty && !hasFailedAlways ? .rolledBack : .needsAttention)
    }
    let isStuck = block.isInDoubt || block.strand.map(blocked.contains) ?? false
    leave(id)
    if isHalted(within: block.parent) { return settle(block.parent) }
    if isStuck {
      let message = "\(failure.message); what the attempt did could not be undone"
      let cause = RunFailure(
        .unknown, message, step: failure.step, action: failure.action, place: failure.place, code: failure.code,
        requestID: failure.requestID)
      return raise(cause, from: block.parent, at: now)
    }
    if let ask = block.ask, !past.rescued.contains(ask.address) { append(.rescueBegan(ask.address)) }
    program.rescue(id, failure)
    isProgramReady = true
  }

  /// Runs the newest `always` that is owed within an attempt that keeps its work; then the rescue begins.
  private mutating func payNext(leaving id: BlockID, at now: Instant) {
    guard let outer = blocks[id]?.strand else { return left(id, at: now) }
    let owing = guards.filter { tape.lies($0.key, in: outer) }.max { $0.value.index < $1.value.index }
    guard let owing else { return left(id, at: now) }
    pay(owing.value, owing.key, leaving: id, goesOn: nil, at: now)
  }

  private mutating func pay(
    _ id: BlockID, _ strand: UndoTape.Strand, leaving: BlockID, goesOn: UndoTape.Strand?, at now: Instant
  ) {
    guards[strand] = nil
    let fiber = program.startAlways(id)
    fibers[fiber] = FiberState(block: nil, strand: tape.parent(of: strand).map { tape.nest(in: $0) })
    owed[fiber] = OwedAlways(block: id, goesOn: goesOn, leaving: leaving)
    isProgramReady = true
  }

  /// The `always` that a block owed has ended, well or not: the undo goes on, beginning with what it did.
  mutating func alwaysEnded(_ fiber: FiberID, at now: Instant) {
    guard let owed = owed.removeValue(forKey: fiber) else { return }
    fibers[fiber] = nil
    guard let strand = owed.goesOn else { return payNext(leaving: owed.leaving, at: now) }
    undoEnded(strand, at: now)
  }

  private mutating func alwaysFailed(_ id: BlockID, _ block: OpenBlock, _ failure: RunFailure, at now: Instant) {
    if let ask = block.ask, !past.failedAlways.contains(ask.address) { append(.alwaysFailed(ask.address, failure)) }
    hasFailedAlways = true
    leave(id)
    if owed[block.fiber] != nil { return alwaysEnded(block.fiber, at: now) }
    // It ran in its place when something around it failed: its fiber does not go on.
    settle(block.parent)
  }

  // MARK: Undoing a step

  private mutating func beginUndo(
    of address: StepAddress, _ step: Step, _ strand: UndoTape.Strand, at now: Instant
  ) {
    let done = step.done
    var cursor = UndoCursor(step: address, done: done, stage: .settling, context: done.context(mark(of: address)))
    if case .catalog = done.undo, case .inverse(let inverse) = done.meaning.undo { cursor.calls = inverse.calls[...] }
    var watch: Watch?
    if !step.isSettled {
      watch = Watch(
        done.call, done.meaning.completion, cursor.context, since: done.doneAt,
        deadline: now + RunMachine.settlePatience, isUndo: true)
    }
    if let made = past.lastUndoResult(of: address) { cursor.context.made = .record(made) }
    undoCursors[strand] = cursor
    if let watch {
      self.watch(watch, for: .undo(strand), at: address)
    } else {
      settled(address)
      lookUp(done, strand, at: now)
    }
  }

  private mutating func lookUp(_ done: DoneStep, _ strand: UndoTape.Strand, at now: Instant) {
    if case .block(let block) = done.undo {
      let child = program.startUndo(block, result: done.result)
      openUndo(child)
      undoCursors[strand]?.stage = .block(child)
      isProgramReady = true
      return
    }
    guard case .inverse(let inverse) = done.meaning.undo, let lookup = inverse.lookup,
      let cursor = undoCursors[strand]
    else { return callNext(strand, at: now) }
    undoCursors[strand]?.stage = .lookingUp
    let call = CloudCall(lookup.action, region: done.call.region, lookup.filled(cursor.context))
    start(call, strand, cursor.step, left: cursor.calls.count, isWhole: true, at: now)
  }

  private mutating func start(
    _ call: CloudCall, _ strand: UndoTape.Strand, _ address: StepAddress, left: Int, isWhole: Bool = false,
    at now: Instant
  ) {
    guard let meaning = meaning(call.action) else {
      return undoFailed(strand, "\(call.action) is not classified", at: now)
    }
    var mark = mark(of: address, undo: true)
    // Two calls of one undo may make things of one kind, which must not share a mark.
    if left > 0 { mark.ending += String(left) }
    let activity = CallActivity(
      call: call, meaning: meaning, retry: nil, isUndo: true, mark: mark, isWhole: isWhole)
    guard let earlier = past.takeUndo(of: address, activity.call) else {
      run(activity, for: .undo(strand), at: address, now)
      return
    }
    guard let (result, requestID) = earlier.end else {
      let step = RunPast.Step(action: call.action, arguments: earlier.arguments, before: .null, known: earlier.known)
      return run(activity, for: .undo(strand), at: address, past: step, now)
    }
    if earlier.wasGone { return callNext(strand, at: now) }
    undoCursors[strand]?.context.made = .record(result)
    undoAnswered(strand, activity, result, requestID, at: now)
  }

  private mutating func callNext(_ strand: UndoTape.Strand, at now: Instant) {
    // Taken out, not copied, while it changes.
    guard var cursor = undoCursors.removeValue(forKey: strand) else { return }
    while let next = cursor.calls.popFirst() {
      if let several = next.unfolded(cursor.context) {
        cursor.calls = several[...] + cursor.calls
        continue
      }
      guard next.applies(cursor.context) else { continue }
      cursor.stage = .calling
      let (step, region) = (cursor.step, next.region(cursor.context) ?? cursor.done.call.region)
      let call = CloudCall(next.call.action, region: region, next.filled(cursor.context))
      let left = cursor.calls.count
      undoCursors[strand] = cursor
      return start(call, strand, step, left: left, at: now)
    }
    append(.undone(cursor.step))
    undoNext(strand, at: now)
  }

  mutating func undoConcluded(
    _ strand: UndoTape.Strand, _ call: CallActivity, _ conclusion: CallActivity.Conclusion, at now: Instant
  ) {
    guard let (step, stage) = undoCursors[strand].map({ ($0.step, $0.stage) }) else { return }
    if case .lookingUp = stage, case .done(let result, _, _) = conclusion {
      undoCursors[strand]?.context.found = .record(result)
      return callNext(strand, at: now)
    }
    switch conclusion {
    case .done(let result, let requestID, let adopted):
      let left = call.meaning.partialFailure.flatMap { $0.value(in: .record(result))?.asList } ?? []
      guard left.isEmpty else {
        let names = left.map(\.display).joined(separator: ", ")
        return undoFailed(strand, "\(call.call.action) failed for \(names)", at: now)
      }
      append(
        .undoDone(
          step, call.call.action, result: result, requestID: requestID, wasGone: false,
          note: adopted ? "found done" : ""))
      undoCursors[strand]?.context.made = .record(result)
      undoAnswered(strand, call, result, requestID, at: now)
    case .refused(let error) where call.meaning.saysGone(error):
      append(
        .undoDone(
          step, call.call.action, result: Record(), requestID: error.requestID, wasGone: true,
          note: "\(JournalRecord.alreadyGone) (\(error.code))"))
      callNext(strand, at: now)
    case .refused(let error):
      append(.undoRefused(step, call.call.action, error))
      let id = error.requestID.isEmpty ? "" : " (RequestId \(error.requestID))"
      undoFailed(strand, "\(call.call.action) was refused: \(error.code): \(error.message)\(id)", at: now)
    case .stuck(let reason):
      undoFailed(strand, "nobody knows whether \(call.call.action) took effect: \(reason)", at: now)
    case .unreachable(let reason): undoFailed(strand, reason, at: now)
    case .exhausted(let reason): undoFailed(strand, "\(call.call.action) was not sent: \(reason)", at: now)
    }
  }

  /// Waits until the inverse's own work has ended, where it has any.
  private mutating func undoAnswered(
    _ strand: UndoTape.Strand, _ call: CallActivity, _ result: Record, _ requestID: String, at now: Instant
  ) {
    guard let watch = finishing(call, result, requestID, at: now), let address = undoCursors[strand]?.step else {
      unlock(undoLocks.removeValue(forKey: strand))
      return callNext(strand, at: now)
    }
    undoCursors[strand]?.stage = .finishing
    self.watch(watch, for: .undo(strand), at: address)
  }

  private func finishing(_ call: CallActivity, _ result: Record, _ requestID: String, at now: Instant) -> Watch? {
    guard call.meaning.wait != nil else { return nil }
    var context = call.context
    context.result = .record(result)
    context.requestID = requestID.isEmpty ? nil : requestID
    let end = now + RunMachine.settlePatience
    return Watch(call.call, call.meaning.completion, context, since: now, deadline: end, isUndo: true)
  }

  mutating func undoWatched(_ strand: UndoTape.Strand, _ news: Watch.News, at now: Instant) {
    guard let cursor = undoCursors[strand] else { return }
    if case .settling = cursor.stage {
      // How the step's own work ended does not matter: it is undone either way.
      settled(cursor.step)
      return lookUp(cursor.done, strand, at: now)
    }
    unlock(undoLocks.removeValue(forKey: strand))
    switch news {
    case .running: return
    case .done: callNext(strand, at: now)
    case .failed(let why): undoFailed(strand, "the undo ended badly: \(why)", at: now)
    case .refused(let why): undoFailed(strand, "it cannot be seen how the undo goes on: \(why)", at: now)
    case .deadlinePassed(let seen): undoFailed(strand, "the undo is not done after 15min; last seen: \(seen)", at: now)
    }
  }

  private mutating func openUndo(_ fiber: FiberID) {
    let id = BlockID(-number())
    hasUndoBlocks = true
    blocks[id] = OpenBlock(kind: .undo, ask: nil, parent: nil, fiber: fiber, strand: nil)
    fibers[fiber] = FiberState(block: id, strand: nil)
  }

  /// The author's `undo { … }` has ended.
  mutating func undoBlockEnded(_ fiber: FiberID, problem: String?, at now: Instant) {
    let owner = undoCursors.first { entry in
      if case .block(let child) = entry.value.stage { child == fiber } else { false }
    }
    guard let owner, let block = fibers[fiber]?.block else { return }
    leave(block)
    fibers[fiber] = nil
    if let problem { return undoFailed(owner.key, problem, at: now) }
    undoCursors[owner.key]?.calls = []
    callNext(owner.key, at: now)
  }

  private mutating func undoFailed(_ strand: UndoTape.Strand, _ reason: String, at now: Instant) {
    guard let cursor = undoCursors.removeValue(forKey: strand) else { return }
    unlock(undoLocks.removeValue(forKey: strand))
    append(.undoFailed(cursor.step, reason: reason))
    blocked.insert(strand)
    undoEnded(strand, at: now)
  }
}
