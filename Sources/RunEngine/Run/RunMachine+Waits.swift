import CloudCatalog
import Values

/// Work under way in the cloud: who waits for its end, and what is locked until then.
extension RunMachine {
  /// How long an undo, or somebody who needs what is locked, waits for work to end.
  static let settlePatience = Duration.minutes(15)

  mutating func watch(_ watch: Watch, for owner: WaitOwner, at address: StepAddress) {
    let id = WatchID(number())
    waits[id] = Wait(owner: owner, address: address)
    if case .ask(_, let fiber, _, _) = owner { fibers[fiber]?.work = .wait(id) }
    intents.append(.request(.watch(id, watch)))
  }

  mutating func watched(_ id: WatchID, _ news: Watch.News, at now: Instant) {
    guard let wait = waits[id] else { return }
    if case .running(let seen) = news { return intents.append(.notice(.polled(wait.address, seen))) }
    waits[id] = nil
    switch wait.owner {
    case .ask(let ask, let fiber, let step, let terms):
      concluded(ask, fiber, WaitAsk(address: wait.address, step: step, terms: terms), news, at: now)
      settle(fiber)
    case .undo(let strand): undoWatched(strand, news, at: now)
    case .lock: if news == .done { settled(wait.address) } else { unlock(of: wait.address) }
    }
  }

  // MARK: Locks

  /// What a concluded call had locked stays locked while the work it began goes on: then its lock is returned.
  mutating func settle(_ activity: Activity, _ conclusion: CallActivity.Conclusion) -> LockID? {
    guard let lock = activity.lock else { return nil }
    guard case .done = conclusion, activity.call.meaning.wait != nil else {
      unlock(lock)
      return nil
    }
    intents.append(.request(.settling(lock)))
    return lock
  }

  /// Somebody waits for what a step has locked.
  mutating func wanted(_ lock: LockID, at now: Instant) {
    guard let address = settling[lock], let step = steps[address] else { return }
    let end = now + RunMachine.settlePatience
    guard !step.isSettled,
      let watch = Watch(
        step.done.call, step.done.meaning.completion, step.done.context(mark(of: address)), since: step.done.doneAt,
        deadline: end)
    else { return unlock(of: address) }
    self.watch(watch, for: .lock, at: address)
  }

  /// The work that a step began has ended.
  mutating func settled(_ address: StepAddress) {
    unlock(steps[address]?.settle() ?? nil)
  }

  mutating func unlock(of address: StepAddress) {
    unlock(steps[address]?.lock.take() ?? nil)
  }

  mutating func unlock(_ lock: LockID?) {
    guard let lock else { return }
    settling[lock] = nil
    intents.append(.request(.unlock(lock)))
  }
}
