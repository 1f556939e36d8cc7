import CloudCatalog
import Values

/// What the runs of one account share: its limits, the locks on what they change, and the looks at work under way.
/// Pure; a driver brings the clock and carries the calls.
package struct Traffic: Sendable {
  private let account: String
  private var dispatcher: Dispatcher
  private var locks = LockTable()
  private var board = WatchBoard()
  private var desk = BudgetDesk()
  private var cargo: BoxedDictionary<Int, Cargo> = [:]
  /// Where the call of each sender is. Only while calls are taken back: a wide run has as many as rounds.
  private var tickets: [Sender: Int]?
  /// Questions that wait in the queue and may be shared.
  private var shared: [CloudCall: Int] = [:]
  /// Their tickets: a call is asked for by those few only, since it takes long to compare.
  private var sharedTickets: Set<Int> = []
  private var requests: [LockTable.Holder: LockRequest] = [:]
  /// By number; those whose calls leave together.
  private var parties: [Int: CommonCall] = [:]
  private var partyByHolder: [LockTable.Holder: Int] = [:]
  /// Calls whose common call did not work, each waiting for its lock again.
  private var parked: [LockTable.Holder: CommonCall.Part] = [:]
  private var news: [(run: RunSlot, event: MachineEvent)] = []
  /// Whether there is news of calls that will not leave, to be taken at once.
  package private(set) var hasRefusals = false
  /// Queued since the last departures.
  private var fresh: [Int] = []
  /// Whose senders have been told that they wait.
  private var told: Set<Int> = []
  private var nextRun = 0
  private var nextParty = 0

  package init(account: String, limits: AccountLimits = AccountLimits(), process: UInt32 = 0) {
    self.account = account
    dispatcher = Dispatcher(limits, process: process)
  }

  package mutating func join() -> RunSlot {
    defer { nextRun += 1 }
    return RunSlot(nextRun)
  }

  /// Lets go of everything that a run has or waits for, but for calls that are under way.
  package mutating func leave(_ run: RunSlot) {
    let senders = allTickets.keys.filter { $0.run == run }.sorted { $0.send.index < $1.send.index }
    for sender in senders { _ = withdraw(sender) }
    tickets = nil
    desk.leave(run)
    board.remove(run: run)
    let holders = requests.keys.filter { $0.run == run }.sorted { $0.lock.index < $1.lock.index }
    for holder in holders { forget(holder) }
    locks.release(run: run)
    decideLocks()
  }

  /// What has happened since the last time, in order.
  package mutating func takeNews() -> [(run: RunSlot, event: MachineEvent)] {
    defer { (news, hasRefusals) = ([], false) }
    return news
  }

  /// The same, together what is of one run.
  package mutating func takeNewsByRun() -> [(run: RunSlot, events: [MachineEvent])] {
    var parts: [(run: RunSlot, events: [MachineEvent])] = []
    for (run, event) in takeNews() {
      if let place = parts.firstIndex(where: { $0.run == run }) {
        parts[place].events.append(event)
      } else {
        parts.append((run, [event]))
      }
    }
    return parts
  }

  // MARK: Requests

  package mutating func request(_ requests: [TrafficRequest], of run: RunSlot, at now: Instant) {
    for request in requests { take(request, run, now) }
    tickets = nil
    decideLocks()
    collectSights()
  }

  private mutating func take(_ request: TrafficRequest, _ run: RunSlot, _ now: Instant) {
    switch request {
    case .withdraw(let send): if withdraw(Sender(run: run, send: send)) { news.append((run, .withdrawn(send))) }
    case .lock(let lock, let request):
      let holder = LockTable.Holder(run: run, lock: lock)
      requests[holder] = request
      locks.request(request, for: holder)
    case .settling(let lock):
      let holder = LockTable.Holder(run: run, lock: lock)
      locks.settle(holder)
      leaveParty(holder)
    case .unlock(let lock):
      let holder = LockTable.Holder(run: run, lock: lock)
      locks.release(holder)
      forget(holder)
    case .watch(let watch, let wish): board.add(wish, for: .init(run: run, watch: watch), at: now)
    case .unwatch(let watch): board.remove(.init(run: run, watch: watch))
    case .forgo(let claims): desk.forgo(claims)
    }
  }

  private mutating func forget(_ holder: LockTable.Holder) {
    requests[holder] = nil
    parked[holder] = nil
    leaveParty(holder)
  }

  private mutating func collectSights() {
    for (subscriber, sight) in board.takeNews() { news.append((subscriber.run, .watched(subscriber.watch, sight))) }
  }

  // MARK: Locks and parties

  private mutating func decideLocks() {
    for decision in locks.decide() {
      switch decision {
      case .blocked(let holder, let key): news.append((holder.run, .blocked(holder.lock, by: key)))
      case .wanted(let holder): news.append((holder.run, .wanted(holder.lock)))
      case .granted(let holders): grant(holders)
      }
    }
  }

  private mutating func grant(_ holders: [LockTable.Holder]) {
    if holders.count > 1 {
      parties[nextParty] = CommonCall(holders)
      for holder in holders { partyByHolder[holder] = nextParty }
      nextParty += 1
    }
    for holder in holders {
      if let part = parked.removeValue(forKey: holder) {
        enqueue(part.outgoing.call, Sender(run: holder.run, send: part.outgoing.id), part.outgoing.urgency)
      } else {
        news.append((holder.run, .locked(holder.lock)))
      }
    }
  }

  private mutating func leaveParty(_ holder: LockTable.Holder) {
    guard let number = partyByHolder.removeValue(forKey: holder) else { return }
    parties[number]?.expected.remove(holder)
    parties[number]?.parts.removeAll { $0.holder == holder }
    if parties[number]?.expected.isEmpty == true { parties[number] = nil }
    sendParty(number)
  }

  /// Sends the common call when every part of it is there.
  private mutating func sendParty(_ number: Int) {
    guard let party = parties[number], party.isComplete else { return }
    parties[number]?.parts = []
    let call = party.call
    let ticket = dispatcher.enqueue(account: account, call: call, party.urgency)
    cargo[ticket] = .common(call, party)
    for sender in Cargo.common(call, party).senders { tickets?[sender] = ticket }
    fresh.append(ticket)
  }

  private var allTickets: [Sender: Int] {
    mutating get {
      if let tickets { return tickets }
      var found: [Sender: Int] = [:]
      for (ticket, cargo) in cargo { for sender in cargo.senders { found[sender] = ticket } }
      tickets = found
      return found
    }
  }

  // MARK: Calls

  package mutating func send(_ outgoing: OutgoingCall, of run: RunSlot) {
    let sender = Sender(run: run, send: outgoing.id)
    if outgoing.hasClaims { desk.bring(outgoing, sender) } else { queue(outgoing, sender) }
  }

  private mutating func queue(_ outgoing: OutgoingCall, _ sender: Sender) {
    if let lock = outgoing.lock {
      let holder = LockTable.Holder(run: sender.run, lock: lock)
      if let party = partyByHolder[holder], let request = requests[holder] {
        parties[party]?.parts.append(CommonCall.Part(holder: holder, request: request, outgoing: outgoing))
        return sendParty(party)
      }
    }
    guard outgoing.isShared else {
      enqueue(outgoing.call, sender, outgoing.urgency)
      return
    }
    if let ticket = shared[outgoing.call], case .call(let call, let first, let others)? = cargo[ticket] {
      cargo[ticket] = .call(call, first, others: others + [sender])
      tickets?[sender] = ticket
    } else {
      let ticket = enqueue(outgoing.call, sender, outgoing.urgency)
      shared[outgoing.call] = ticket
      sharedTickets.insert(ticket)
    }
  }

  @discardableResult
  private mutating func enqueue(_ call: CloudCall, _ sender: Sender, _ urgency: Dispatcher.Urgency) -> Int {
    let ticket = dispatcher.enqueue(account: account, call: call, urgency)
    cargo[ticket] = .call(call, sender, others: [])
    tickets?[sender] = ticket
    fresh.append(ticket)
    return ticket
  }

  /// Whether the call had not left.
  private mutating func withdraw(_ sender: Sender) -> Bool {
    if desk.withdraw(sender) { return true }
    guard let ticket = allTickets[sender] else { return withdrawUnsent(sender) }
    switch cargo[ticket] {
    case .call(let call, let first, let others)?:
      if !others.isEmpty, sharedTickets.contains(ticket) {
        let left = ([first] + others).filter { $0 != sender }
        cargo[ticket] = .call(call, left[0], others: Array(left.dropFirst()))
      } else {
        guard dispatcher.withdraw(ticket) else { return false }
        cargo[ticket] = nil
        if sharedTickets.remove(ticket) != nil { shared[call] = nil }
      }
    case .common(_, let party)?:
      guard dispatcher.withdraw(ticket) else { return false }
      cargo[ticket] = nil
      unpack(party, without: sender)
    case .look?, .quota?, nil: return false
    }
    desk.tookBack(sender)
    tickets?[sender] = nil
    return true
  }

  /// The other parts of a common call that was taken back leave without the one.
  private mutating func unpack(_ party: CommonCall, without sender: Sender) {
    for part in party.parts {
      let other = Sender(run: part.holder.run, send: part.outgoing.id)
      tickets?[other] = nil
      guard let number = partyByHolder[part.holder] else { continue }
      if other == sender { parties[number]?.expected.remove(part.holder) } else { parties[number]?.parts.append(part) }
    }
    let holder = party.parts.map(\.holder).first { partyByHolder[$0] != nil && parties[partyByHolder[$0] ?? -1] != nil }
    if let number = holder.flatMap({ partyByHolder[$0] }) { sendParty(number) }
  }

  /// A part that waits for the others of its party, or for its lock.
  private mutating func withdrawUnsent(_ sender: Sender) -> Bool {
    if let holder = parked.keys.first(where: { $0.run == sender.run && parked[$0]?.outgoing.id == sender.send }) {
      parked[holder] = nil
      return true
    }
    for (number, party) in parties {
      for part in party.parts where part.holder.run == sender.run && part.outgoing.id == sender.send {
        parties[number]?.parts.removeAll { $0.holder == part.holder }
        return true
      }
    }
    return false
  }

  private mutating func queueLooks(at now: Instant) {
    for look in board.takeLooks(at: now) {
      let ticket = dispatcher.enqueue(account: account, call: look.call, .init(isUndo: look.isUndo))
      cargo[ticket] = .look(look.id, look.call)
    }
  }

  /// Queues the calls for which the day has units enough, and tells the others.
  private mutating func settleBudgets(on day: @autoclosure () -> String) {
    if desk.isIdle { return }
    for outcome in desk.settle(on: day()) {
      switch outcome {
      case .queue(let outgoing, let sender): queue(outgoing, sender)
      case .refuse(let sender, let shortage):
        news.append((sender.run, .exhausted(sender.send, shortage)))
        hasRefusals = true
      case .ask(let claim, let look):
        cargo[dispatcher.enqueue(account: account, call: look, .init(isUndo: false))] = .quota(claim, look)
      }
    }
  }

  /// The calls that may leave now. Ask only when the records of those who sent them are durable.
  package mutating func departures(at now: Instant) -> [Departure] {
    queueLooks(at: now)
    settleBudgets(on: now.dateText)
    return release(at: now)
  }

  /// The same by windows that other processes share. The clock is read once the windows are at hand, because there may
  /// be a wait for them. When they are not to be had, the process keeps to the limit by itself. `wallAhead` is by how
  /// much the wall clock, which the processes share, is ahead of the clock.
  package mutating func departures(
    sharing store: any LimitStore, clock: () -> Instant, wallAhead: Duration = .zero
  ) -> (departures: [Departure], problem: JournalProblem?) {
    queueLooks(at: clock())
    var problem = settleBudgets(sharing: store, on: (clock() + wallAhead).dateText)
    let names = dispatcher.stakes
    var released: [Departure]?
    if !names.isEmpty, problem == nil {
      do throws(JournalProblem) {
        try store.exchange(names) { windows in
          let now = clock()
          dispatcher.adopt(windows, at: now, wallAhead)
          released = release(at: now)
          return dispatcher.windows(names, wallAhead)
        }
      } catch {
        problem = error
      }
    }
    return (released ?? release(at: clock()), problem)
  }

  private mutating func settleBudgets(sharing store: any LimitStore, on day: String) -> JournalProblem? {
    let names = desk.stakes
    guard !names.isEmpty else { return nil }
    let prefix = "\(account) "
    do throws(JournalProblem) {
      try store.exchange(names.map { prefix + $0 }) { texts in
        desk.ledger.adopt(Dictionary(uniqueKeysWithValues: texts.map { (String($0.dropFirst(prefix.count)), $1) }))
        settleBudgets(on: day)
        return Dictionary(uniqueKeysWithValues: desk.ledger.texts(names).map { (prefix + $0, $1) })
      }
      return nil
    } catch {
      settleBudgets(on: day)
      return error
    }
  }

  private mutating func release(at now: Instant) -> [Departure] {
    let leaving = dispatcher.release(at: now)
    var released: [Departure] = []
    for ticket in leaving {
      guard let call = cargo.change(ticket, { $0.call }) else { continue }
      released.append(Departure(ticket: ticket, call: call))
      if sharedTickets.remove(ticket) != nil { shared[call] = nil }
      if !told.isEmpty, told.remove(ticket) != nil { tell(ticket) { .left($0) } }
    }
    defer { fresh.removeAll(keepingCapacity: true) }
    // Mostly what came leaves at once.
    if fresh == leaving { return released }
    let left = Set(leaving)
    for ticket in fresh where !left.contains(ticket) && cargo[ticket] != nil {
      told.insert(ticket)
      tell(ticket) { .held($0) }
    }
    return released
  }

  private mutating func tell(_ ticket: Int, _ event: (SendID) -> MachineEvent) {
    for sender in cargo[ticket]?.senders ?? [] { news.append((sender.run, event(sender.send))) }
  }

  package mutating func returned(_ ticket: Int, _ reply: Reply, at now: Instant) {
    var throttled = false
    if case .outcome(.refused(let error)) = reply { throttled = error.kind == .throttled }
    dispatcher.returned(ticket, at: now, throttled: throttled)
    switch cargo.removeValue(forKey: ticket) {
    case nil: return
    case .look(let look, _)?:
      board.received(look, reply, at: now)
      collectSights()
    case .quota(let claim, _)?: desk.answered(claim, reply)
    case .call(_, let sender, let others)?:
      deliver(reply, to: sender)
      for other in others { deliver(reply, to: other) }
    case .common(_, let party)?:
      guard !party.isInconclusive(reply) else { return separate(party) }
      for part in party.parts {
        deliver(CommonCall.share(of: reply, for: part), to: Sender(run: part.holder.run, send: part.outgoing.id))
      }
    }
  }

  private mutating func deliver(_ reply: Reply, to sender: Sender) {
    tickets?[sender] = nil
    desk.concluded(sender, reply)
    news.append((sender.run, .replied(sender.send, reply)))
  }

  /// One part is in the way of all: each is sent alone, so that the refusal meets the one that asked for it.
  private mutating func separate(_ party: CommonCall) {
    for part in party.parts {
      tickets?[Sender(run: part.holder.run, send: part.outgoing.id)] = nil
      if let number = partyByHolder.removeValue(forKey: part.holder) { parties[number] = nil }
      parked[part.holder] = part
    }
    locks.separate(party.parts.map { ($0.holder, $0.request) })
    decideLocks()
  }

  /// When to ask for departures again although nothing came back; nil when only an answer can bring anything on.
  package func nextChange(after now: Instant) -> Instant? {
    board.nextTick.earliest(dispatcher.nextRelease(after: now))
  }
}
