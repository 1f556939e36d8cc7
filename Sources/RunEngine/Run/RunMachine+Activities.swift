import CloudCatalog
import Values

/// Calls and polls under way: what they ask of the world, and what came back.
extension RunMachine {
  @discardableResult
  mutating func run(_ work: Work, for owner: Owner, at address: StepAddress, _ now: Instant) -> Int {
    let id = number()
    var activity = Activity(work: work, owner: owner, address: address)
    switch work {
    case .call(var call):
      let request = call.begin(at: now)
      activity.work = .call(call)
      activities[id] = activity
      follow(request, of: call, id, at: now)
    case .poll(var poll):
      let request = poll.begin()
      activity.work = .poll(poll)
      activities[id] = activity
      follow(request, of: poll, id, at: now)
    }
    return id
  }

  /// Takes up a call whose intent is in the journal already.
  mutating func takeUp(
    _ call: CallActivity, _ step: RunPast.Step, for owner: Owner, at address: StepAddress, _ now: Instant
  ) {
    let id = number()
    var call = call
    let request = call.beginInDoubt(before: step.before, known: step.known, at: now)
    activities[id] = Activity(work: .call(call), owner: owner, address: address, isRecorded: true)
    follow(request, of: call, id, at: now)
  }

  mutating func received(_ send: SendID, _ reply: Reply, at now: Instant) {
    guard let id = activityBySend.removeValue(forKey: send), var activity = activities[id] else { return }
    activity.send = nil
    switch activity.work {
    case .call(var call):
      let request = call.received(reply, at: now, siblings: siblings(of: id, call))
      activity.work = .call(call)
      activities[id] = activity
      notice(reply, request, call, activity.address)
      follow(request, of: call, id, at: now)
    case .poll(var poll):
      let request = poll.received(reply, at: now)
      activity.work = .poll(poll)
      activities[id] = activity
      intents.append(.notice(.polled(activity.address, poll.lastSeen)))
      follow(request, of: poll, id, at: now)
    }
  }

  mutating func woke(_ timer: TimerID, at now: Instant) {
    switch timers.removeValue(forKey: timer) {
    case nil: return
    case .pause(let ask)?:
      if failure == nil || status == .undoing { answer(ask, .rested, at: now) }
    case .activity(let id)?:
      guard let activity = activities[id] else { return }
      switch activity.work {
      case .call(var call):
        let request = call.rested(at: now)
        activities[id]?.work = .call(call)
        follow(request, of: call, id, at: now)
      case .poll(var poll):
        let request = poll.rested()
        activities[id]?.work = .poll(poll)
        follow(request, of: poll, id, at: now)
      }
    }
  }

  /// The step whose call, or whose undo's call, a send is for; nil for a poll.
  package func calling(_ send: SendID) -> StepAddress? {
    guard let activity = activityBySend[send].flatMap({ activities[$0] }), case .call = activity.work else {
      return nil
    }
    return activity.address
  }

  /// A call that had not left when the run stopped: it never will.
  mutating func withdrew(_ send: SendID, at now: Instant) {
    guard let id = activityBySend.removeValue(forKey: send), let activity = activities.removeValue(forKey: id) else {
      return
    }
    if activity.isRecorded { append(.notSent(activity.address)) }
    undoWhenQuiet(at: now)
  }

  private func siblings(of id: Int, _ call: CallActivity) -> CallActivity.Siblings {
    var siblings = CallActivity.Siblings()
    siblings.claimed = claimed[call.call.action] ?? []
    for (other, activity) in activities where other != id {
      guard case .call(let another) = activity.work, another.call.action == call.call.action else { continue }
      if another.phase == .sent, activity.send != nil { siblings.areUnderWay = true }
      siblings.rowsInDoubt += another.rowsInDoubt
    }
    return siblings
  }

  private mutating func follow(_ request: CallActivity.Request, of call: CallActivity, _ id: Int, at now: Instant) {
    switch request {
    case .read(let read): send(read, id, isUndo: call.isUndo)
    case .rest(let delay): wake(.activity(id), after: delay, at: now)
    case .send(let outgoing):
      recordIntent(call, id)
      send(outgoing, id, isUndo: call.isUndo)
    case .conclude(let conclusion):
      guard let activity = activities.removeValue(forKey: id) else { return }
      switch activity.owner {
      case .ask(let ask, let fiber, let callAsk): concluded(ask, fiber, callAsk, call, conclusion, at: now)
      case .undo(let fiber): undoConcluded(fiber, call, conclusion, at: now)
      case .wait: break
      }
      undoWhenQuiet(at: now)
    }
  }

  private mutating func follow(_ request: PollActivity.Request, of poll: PollActivity, _ id: Int, at now: Instant) {
    switch request {
    case .read(let read): send(read, id, isUndo: status == .undoing)
    case .rest(let delay): wake(.activity(id), after: delay, at: now)
    case .conclude(let conclusion):
      guard let activity = activities.removeValue(forKey: id) else { return }
      switch activity.owner {
      case .wait(let ask, _, let wait): concluded(ask, wait, conclusion, at: now)
      case .undo(let fiber): undoPolled(fiber, conclusion, at: now)
      case .ask: break
      }
    }
  }

  private mutating func send(_ call: CloudCall, _ id: Int, isUndo: Bool) {
    let send = SendID(index: number())
    activityBySend[send] = id
    activities[id]?.send = send
    intents.append(.send(send, call, isUndo: isUndo))
  }

  private mutating func recordIntent(_ call: CallActivity, _ id: Int) {
    guard let activity = activities[id] else { return }
    intents.append(.notice(.sent(activity.address, attempt: call.attempts)))
    guard !call.isRead, !activity.isRecorded else { return }
    activities[id]?.isRecorded = true
    switch activity.owner {
    case .ask(_, _, let ask):
      append(
        .intent(
          ask.address, call.call.action, arguments: call.call.arguments, before: call.before, known: call.known,
          kept: ask.kept, ask.place)
      )
    case .undo:
      append(
        .undoIntent(activity.address, call.call.action, arguments: call.call.arguments, known: call.known))
    case .wait: break
    }
  }

  private mutating func notice(
    _ reply: Reply, _ request: CallActivity.Request, _ call: CallActivity, _ address: StepAddress
  ) {
    guard case .rest(let delay) = request else { return }
    switch reply {
    case .outcome(.refused(let error)): intents.append(.notice(.resting(address, reason: error.code, delay)))
    case .outcome(.unknown(let reason)): intents.append(.notice(.probing(address, reason: reason)))
    case .unreachable(let reason): intents.append(.notice(.resting(address, reason: reason, delay)))
    case .outcome(.done): break
    }
  }
}
