import CloudCatalog
import Values

/// Calls under way: what they ask of the world, and what came back.
extension RunMachine {
  /// Starts a call, when it has what it needs for itself. `past` is what the journal says of one in doubt.
  mutating func run(
    _ call: CallActivity, for owner: Owner, at address: StepAddress, past: RunPast.Step? = nil, _ now: Instant
  ) {
    let id = activityNumber()
    if let fiber = owner.fiber { fibers[fiber]?.work = .call(id) }
    var activity = Activity(call: call, owner: owner, address: address, past: past, isRecorded: past != nil)
    let request = call.isRead ? nil : LockRequest(call.call, call.meaning, isUndo: call.isUndo)
    activity.lock = request.map { _ in LockID(id) }
    activities[id] = activity
    if let request { intents.append(.request(.lock(LockID(id), request))) } else { begin(id, at: now) }
  }

  private mutating func begin(_ id: Int, at now: Instant) {
    let request = activities.change(id) { activity in
      guard let past = activity.past else { return activity.call.begin(at: now) }
      return activity.call.beginInDoubt(before: past.before, known: past.known, at: now)
    }
    if let request { follow(request, id, at: now) }
  }

  mutating func locked(_ lock: LockID, at now: Instant) {
    guard activities.has(lock.index) else { return intents.append(.request(.unlock(lock))) }
    begin(lock.index, at: now)
  }

  mutating func received(_ send: SendID, _ reply: Reply, at now: Instant) {
    let id = send.activity
    let isProbing = activities.change(id) { activity -> Bool? in
      guard activity.sending?.id == send else { return nil }
      activity.sending = nil
      return activity.call.phase == .probing
    }
    guard let isProbing, let isProbing else { return }
    let siblings = isProbing ? siblings(of: id) : CallActivity.Siblings()
    let request = activities.change(id) { $0.call.received(reply, at: now, siblings: siblings) }
    guard let request else { return }
    notice(reply, request, id)
    follow(request, id, at: now)
  }

  mutating func woke(_ timer: TimerID, at now: Instant) {
    switch timers.removeValue(forKey: timer) {
    case nil: return
    case .pause(let ask, let fiber)?:
      guard fibers[fiber]?.pause == ask else { return }
      fibers[fiber]?.pause = nil
      answer(ask, .rested, at: now)
    case .timeout(let block)?: timeoutPassed(block, at: now)
    case .approval(let address)?: decided(address, ApprovalDecision(.expired), at: now)
    case .activity(let id)?:
      let request = activities.change(id) { $0.call.rested(at: now) }
      if let request { follow(request, id, at: now) }
    }
  }

  /// The step whose call, or whose undo's call, a send is for.
  package func calling(_ send: SendID) -> StepAddress? { sending(send)?.step }

  /// A sending under way, and the step that it is for.
  package func sending(_ send: SendID) -> (step: StepAddress, sending: Sending)? {
    guard let activity = activities[send.activity], let sending = activity.sending, sending.id == send else {
      return nil
    }
    return (activity.address, sending)
  }

  /// A call that had to wait has left after all.
  mutating func left(_ send: SendID, at now: Instant) {
    let address = activities.change(send.activity) { activity -> StepAddress? in
      guard activity.sending?.id == send else { return nil }
      activity.sending?.leftAt = now
      return activity.address
    }
    if let address, let address { intents.append(.notice(.released(address))) }
  }

  /// The step whose call waits for a lock.
  package func locking(_ lock: LockID) -> StepAddress? { activities[lock.index]?.address }

  /// A call that had not left when the run stopped: it never will.
  mutating func withdrew(_ send: SendID, at now: Instant) {
    guard calling(send) != nil, let activity = activities.take(send.activity) else { return }
    if activity.isRecorded { append(.notSent(activity.address)) }
    unlock(activity.lock)
    if let fiber = activity.owner.fiber { settle(fiber) }
  }

  private func siblings(of id: Int) -> CallActivity.Siblings {
    var siblings = CallActivity.Siblings()
    guard let call = activities[id]?.call else { return siblings }
    siblings.claimed = claimed[call.call.action] ?? []
    activities.visit { other, activity in
      guard other != id, activity.call.call.action == call.call.action else { return }
      if activity.call.phase == .sent, activity.sending != nil { siblings.areUnderWay = true }
      let rowsInDoubt = activity.call.rowsInDoubt
      guard rowsInDoubt > 0 else { return }
      siblings.needs.append(rowsInDoubt)
      for id in activity.call.known { siblings.seenBefore[id, default: 0] += 1 }
    }
    return siblings
  }

  private mutating func follow(_ request: CallActivity.Request, _ id: Int, at now: Instant) {
    switch request {
    case .read(let read): send(read, id, isOwn: false, at: now)
    case .rest(let delay): wake(.activity(id), at: now + delay)
    case .send(let outgoing):
      recordIntent(id)
      send(outgoing, id, isOwn: true, at: now)
    case .conclude(let conclusion): conclude(id, conclusion, at: now)
    }
  }

  private mutating func conclude(_ id: Int, _ conclusion: CallActivity.Conclusion, at now: Instant) {
    guard let activity = activities.take(id) else { return }
    let call = activity.call
    let lock = settle(activity, conclusion)
    switch activity.owner {
    case .ask(let ask, let fiber, let terms):
      let callAsk = CallAsk(address: activity.address, call: call.call, terms: terms)
      concluded(ask, fiber, callAsk, call.made, conclusion, lock, at: now)
      settle(fiber)
    case .undo(let strand):
      undoLocks[strand] = lock
      undoConcluded(strand, call, conclusion, at: now)
    }
  }

  /// A call for which the day has too few units does not leave.
  mutating func exhausted(_ send: SendID, _ shortage: BudgetShortage, at now: Instant) {
    guard calling(send) != nil, let isInDoubt = activities[send.activity]?.call.isInDoubt else { return }
    conclude(send.activity, isInDoubt ? .stuck(shortage.message) : .exhausted(shortage.message), at: now)
  }

  /// `isOwn`: the call itself, not a look before or after it.
  private mutating func send(_ call: CloudCall, _ id: Int, isOwn: Bool, at now: Instant) {
    let under = activities.change(id) { activity in
      let send = SendID(activity: id, number: Int(activity.sendCount))
      activity.sendCount &+= 1
      activity.sending = Sending(id: send, queuedAt: now, leftAt: now)
      return (
        send: send, owner: activity.owner, address: activity.address, lock: activity.lock,
        meaning: activity.call.meaning, isUndo: activity.call.isUndo
      )
    }
    guard let under else { return }
    let urgency =
      switch under.owner {
      case .ask(_, _, let terms): Dispatcher.Urgency(isUndo: under.isUndo, remaining: terms.remaining)
      case .undo(let strand): Dispatcher.Urgency(isUndo: true, remaining: tape.count(strand))
      }
    let isLook = !isOwn || under.meaning.effect == .read && urgency.isUndo
    intents.append(
      .send(
        OutgoingCall(
          under.send, call, urgency, lock: isOwn ? under.lock : nil, isShared: isLook,
          claim: isOwn && under.meaning.budget != nil ? activities[id].flatMap(claim) : nil,
          kept: isOwn ? keptClaims(of: call, under.meaning, under.owner, at: under.address) : []))
    )
  }

  private mutating func recordIntent(_ id: Int) {
    let news = activities.change(id) { activity in
      (
        notice: RunNotice.sent(activity.address, attempt: Int(activity.call.attempts)),
        intent: activity.takeIntent()
      )
    }
    guard let news else { return }
    intents.append(.notice(news.notice))
    if let intent = news.intent { append(intent) }
  }

  private mutating func notice(_ reply: Reply, _ request: CallActivity.Request, _ id: Int) {
    guard case .rest(let delay) = request, let address = activities[id]?.address else { return }
    switch reply {
    case .outcome(.refused(let error)): intents.append(.notice(.resting(address, reason: error.code, delay)))
    case .outcome(.unknown(let reason)): intents.append(.notice(.probing(address, reason: reason)))
    case .unreachable(let reason): intents.append(.notice(.resting(address, reason: reason, delay)))
    case .outcome(.done): break
    }
  }

  mutating func notice(_ send: SendID, _ notice: (Activity) -> RunNotice) {
    if let activity = activities[send.activity], activity.sending?.id == send {
      intents.append(.notice(notice(activity)))
    }
  }
}

extension RunMachine.Activity {
  /// What is written before the call leaves for the first time; nil of a read, and when it is written.
  fileprivate mutating func takeIntent() -> JournalRecord? {
    guard !call.isRead, !isRecorded else { return nil }
    isRecorded = true
    let (action, arguments) = (call.call.action, call.call.arguments)
    return switch owner {
    case .ask(_, _, let terms):
      .intent(
        address, action, arguments: arguments, before: call.before, known: call.known, kept: terms.kept, terms.place)
    case .undo: .undoIntent(address, action, arguments: arguments, known: call.known)
    }
  }
}
