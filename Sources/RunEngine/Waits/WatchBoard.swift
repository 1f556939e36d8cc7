import CloudCatalog
import Values

/// The looks at work under way that all runs of an account share. Those who wait on the same kind of thing are served
/// by one Describe call: a list of ids as long as the cloud takes, or, where that is cheaper, the whole list page by
/// page. Pure.
package struct WatchBoard: Sendable {
  /// Who waits. In the order of runs, and of one run in the order of asking.
  package struct Subscriber: Hashable, Comparable, Sendable {
    package let run: RunSlot
    package let watch: WatchID

    package static func < (left: Subscriber, right: Subscriber) -> Bool {
      (left.run.index, left.watch.index) < (right.run.index, right.watch.index)
    }
  }
  package struct LookID: Hashable, Sendable { package let index: Int }
  /// A call to be made, with its place among others.
  package struct Look: Sendable {
    package let id: LookID
    package let call: CloudCall
    package let isUndo: Bool
  }

  private var members: BoxedDictionary<Subscriber, WatchMember> = [:]
  private var pools: [WatchPool.Key: WatchPool] = [:]
  private var agenda = Agenda<WatchPool.Key>()
  private var looks: [LookID: WatchLook] = [:]
  /// Looks that are to be made as soon as somebody asks: further pages, halves of a refused one.
  private var following: [Look] = []
  private var news: [(Subscriber, Watch.News)] = []
  private var pace = WatchPace()
  /// How many wait, or have waited, for an action of which no end has been seen yet.
  private var scouts: [ActionID: Int] = [:]
  /// So many are looked at often until the first of them ends; the others wait for what that tells.
  private static let scoutCount = 5
  /// How many calls it takes to ask for all that can only be asked for one by one, by the limit that counts them.
  private var singles: [WatchMember.Bucket: Int] = [:]
  private var nextLook = 0

  package init() {}

  // MARK: Who waits

  package mutating func add(_ watch: Watch, for subscriber: Subscriber, at now: Instant) {
    guard var member = WatchMember(watch, subscriber) else { return news.append((subscriber, .done)) }
    if nextLook == 0, members.isEmpty { pace.begin(at: member.since) }
    // Work that began long ago may have ended already.
    let earliest = pace.earliest(member.action, books: member.expected)
    let isLikelyOver = now - member.since >= earliest || now >= member.deadline
    member.nextLook = isLikelyOver ? now : firstLook(of: member, after: now)
    let key = member.pool
    if let pool = pools[key] {
      member.share(pool)
    } else if let bucket = member.single {
      singles[bucket, default: 0] += 1
    }
    members[subscriber] = member
    pools[key, default: WatchPool(member)].add(subscriber)
    schedule(key, at: member.nextLook)
  }

  package mutating func remove(_ subscriber: Subscriber) { drop(subscriber) }

  /// Lets go of everything that a run waits for.
  package mutating func remove(run: RunSlot) {
    for subscriber in members.map(\.key) where subscriber.run == run { drop(subscriber) }
  }

  private mutating func drop(_ subscriber: Subscriber) {
    guard let member = members.removeValue(forKey: subscriber) else { return }
    let key = member.pool
    pools[key]?.count -= 1
    guard pools[key]?.count == 0 else { return }
    pools[key] = nil
    if let bucket = member.single { singles[bucket, default: 1] -= 1 }
  }

  private mutating func conclude(_ subscriber: Subscriber, _ end: Watch.News, at now: Instant) {
    guard let member = members[subscriber] else { return }
    drop(subscriber)
    news.append((member.subscriber, end))
    guard end == .done else { return }
    let isFirst = pace.isNew(member.action)
    pace.saw(member.action, take: now - member.since)
    if isFirst { hurry(member.action, at: now) }
  }

  /// Those who waited for what the first end of their action would tell.
  private mutating func hurry(_ action: ActionID, at now: Instant) {
    scouts[action] = nil
    let waiting = members.filter { $0.value.action == action && $0.value.outstanding == 0 }.map(\.key)
    for subscriber in waiting.sorted() {
      guard let member = members[subscriber] else { continue }
      let next = nextLook(of: member, after: now)
      if next < member.nextLook { rest(subscriber, until: next) }
    }
  }

  /// What became known since the last time, in order.
  package mutating func takeNews() -> [(Subscriber, Watch.News)] {
    defer { news = [] }
    return news
  }

  // MARK: When to look

  /// When ``takeLooks(at:)`` has something to do.
  package var nextTick: Instant? { agenda.next }

  private mutating func schedule(_ key: WatchPool.Key, at: Instant) {
    guard let pool = pools[key], pool.scheduled.map({ at < $0 }) ?? true else { return }
    pools[key]?.scheduled = at
    agenda.insert(key, at: at)
  }

  /// A look at each of many would be in the way of the one that sees the first end.
  private mutating func firstLook(of member: WatchMember, after now: Instant) -> Instant {
    let next = nextLook(of: member, after: now)
    guard pace.isNew(member.action) else { return next }
    scouts[member.action, default: 0] += 1
    guard scouts[member.action, default: 0] > WatchBoard.scoutCount else { return next }
    return max(next, min(member.deadline, member.since + member.expected))
  }

  private func nextLook(of member: WatchMember, after now: Instant) -> Instant {
    let load = member.single.flatMap { singles[$0] } ?? 0
    return pace.nextLook(
      at: member.action, books: member.expected, after: now, since: member.since, deadline: member.deadline,
      pressure: Duration.seconds(load) / member.limit)
  }

  /// The calls that are due.
  package mutating func takeLooks(at now: Instant) -> [Look] {
    while let key = agenda.popDue(at: now) {
      guard var pool = pools[key], let scheduled = pool.scheduled, scheduled <= now else { continue }
      pool.scheduled = nil
      pool.members.removeAll { members[$0] == nil }
      pools[key] = pool
      // One round after the other: those who come meanwhile share the next.
      guard pool.lookCount == 0 else { continue }
      tick(pool, key, at: now)
      if let next = pool.members.compactMap({ members[$0]?.dueAt }).min() { schedule(key, at: next) }
    }
    defer { following = [] }
    return following
  }

  private mutating func tick(_ pool: WatchPool, _ key: WatchPool.Key, at now: Instant) {
    let free = pool.members.filter { members[$0]?.dueAt != nil }
    let due = free.filter { (members[$0]?.nextLook ?? now) <= now }
    var alone = due
    let together = due.filter { members[$0]?.wantsOwn == false }
    if let crowd = together.first.flatMap({ members[$0]?.crowd }) {
      let own = callCount(of: together)
      let count = together.reduce(0) { $0 + (members[$1]?.crowdPending.count ?? 0) }
      let cost = crowd.isWhole ? pool.pages : (count + crowd.poll.idsPerCall - 1) / crowd.poll.idsPerCall
      if cost < own {
        alone = due.filter { members[$0]?.wantsOwn == true }
        // Whoever is on the list anyway is looked at with the others.
        let covered = crowd.isWhole ? free.filter { members[$0]?.wantsOwn == false } : together
        lookTogether(covered, crowd, atMost: own, in: key)
      }
    }
    lookAlone(alone, in: key)
  }

  /// How many calls looking at each takes, ids of one question together.
  private func callCount(of chosen: [Subscriber]) -> Int {
    var ids: [WatchQuestion.Key: (count: Int, size: Int)] = [:]
    for subscriber in chosen {
      guard let member = members[subscriber] else { continue }
      ids[member.question.key, default: (0, member.question.size)].count += member.pending.count
    }
    return ids.values.reduce(0) { $0 + ($1.count + $1.size - 1) / $1.size }
  }

  private mutating func lookAlone(_ chosen: [Subscriber], in pool: WatchPool.Key) {
    var order: [WatchQuestion] = []
    var targets: [WatchQuestion.Key: [WatchLook.Target]] = [:]
    for subscriber in chosen {
      guard let member = members[subscriber] else { continue }
      if targets[member.question.key] == nil { order.append(member.question) }
      targets[member.question.key, default: []] += member.pending.map { WatchLook.Target(member: subscriber, id: $0) }
    }
    for question in order {
      var ask: [WatchLook.Target] = []
      var distinct: Set<Value> = []
      for target in targets[question.key] ?? [] {
        if distinct.count == question.size, !distinct.contains(target.id) {
          look(WatchLook(pool: pool, question: question, targets: ask))
          (ask, distinct) = ([], [])
        }
        ask.append(target)
        distinct.insert(target.id)
      }
      look(WatchLook(pool: pool, question: question, targets: ask))
    }
  }

  private mutating func lookTogether(
    _ chosen: [Subscriber], _ crowd: WatchQuestion, atMost: Int, in pool: WatchPool.Key
  ) {
    let targets = chosen.flatMap { subscriber in
      (members[subscriber]?.crowdPending ?? []).map { WatchLook.Target(member: subscriber, id: $0) }
    }
    guard !crowd.isWhole else {
      return look(WatchLook(pool: pool, question: crowd, targets: targets, isCrowd: true, atMost: atMost))
    }
    for start in stride(from: 0, to: targets.count, by: crowd.size) {
      let part = Array(targets[start..<min(start + crowd.size, targets.count)])
      look(WatchLook(pool: pool, question: crowd, targets: part, isCrowd: true))
    }
  }

  private mutating func look(_ look: WatchLook) {
    guard !look.targets.isEmpty else { return }
    let id = LookID(index: nextLook)
    nextLook += 1
    looks[id] = look
    for target in look.targets { members.change(target.member) { $0.outstanding += 1 } }
    pools[look.pool]?.lookCount += 1
    following.append(
      Look(id: id, call: look.call, isUndo: look.targets.contains { members[$0.member]?.isUndo == true }))
  }

  // MARK: What was seen

  package mutating func received(_ id: LookID, _ reply: Reply, at now: Instant) {
    guard var look = looks.removeValue(forKey: id) else { return }
    switch reply {
    case .outcome(.done(let page, _)):
      switch look.received(page) {
      case .more:
        looks[id] = look
        let isUndo = look.targets.contains { members[$0.member]?.isUndo == true }
        following.append(Look(id: id, call: look.call, isUndo: isUndo))
      case .answer(let answer, let pages):
        remember(pages, look)
        judge(look, answer, at: now)
      }
    case .outcome(.refused(let error)) where error.kind == .gone: refused(look, nil, at: now)
    case .outcome(.refused(let error)) where error.kind == .caller || error.kind == .stock:
      refused(look, "\(error.code): \(error.message)", at: now)
    case .outcome(.refused(let error)): unanswered(look, "\(error.code): \(error.message)", at: now)
    case .outcome(.unknown(let reason)), .unreachable(let reason): unanswered(look, reason, at: now)
    }
  }

  private mutating func remember(_ pages: Int?, _ look: WatchLook) {
    guard let pages, look.isCrowd else { return }
    pools[look.question.key]?.pages = pages
  }

  /// A refusal says of one what it says; of many it only says that one of them is in the way. `reason` is nil when
  /// what was asked for is gone.
  private mutating func refused(_ look: WatchLook, _ reason: String?, at now: Instant) {
    settle(look)
    if look.isCrowd {
      for subscriber in look.members where members[subscriber] != nil {
        members[subscriber]?.wantsOwn = true
        rest(subscriber, until: now)
      }
    } else if Set(look.targets.map(\.id)).count > 1 {
      let middle = look.targets.count / 2
      for half in [look.targets[..<middle], look.targets[middle...]] {
        self.look(WatchLook(pool: look.pool, question: look.question, targets: Array(half)))
      }
    } else if let reason {
      for subscriber in look.members { conclude(subscriber, .refused(reason), at: now) }
    } else {
      judge(look, .empty, isSettled: true, at: now)
    }
  }

  private mutating func unanswered(_ look: WatchLook, _ seen: String, at now: Instant) {
    settle(look)
    for subscriber in look.members { goOn(subscriber, seen, at: now) }
  }

  private mutating func settle(_ look: WatchLook) {
    for target in look.targets { members.change(target.member) { $0.outstanding -= 1 } }
    guard let pool = pools[look.pool] else { return }
    pools[look.pool]?.lookCount = max(0, pool.lookCount - 1)
    guard pool.lookCount == 1, let next = pool.members.compactMap({ members[$0]?.dueAt }).min() else { return }
    schedule(look.pool, at: next)
  }

  private mutating func judge(_ look: WatchLook, _ answer: Value, isSettled: Bool = false, at now: Instant) {
    if !isSettled { settle(look) }
    let rows = look.question.rows(in: answer)
    var seen: [Subscriber: [String]] = [:]
    for target in look.targets {
      guard let member = members[target.member] else { continue }
      if member.firstLook == nil { members[target.member]?.firstLook = now }
      let row = look.question.hasRows ? rows[target.id.display] : answer
      switch member.verdict(on: target.id, row, look, at: now) {
      case .done: members[target.member]?.sawEnd(of: target.id, isCrowd: look.isCrowd)
      case .failed(let why): conclude(target.member, .failed(why), at: now)
      case .running(let text): seen[target.member, default: []].append(text)
      case .unclear:
        members[target.member]?.wantsOwn = true
        seen[target.member, default: []].append("not listed")
      }
    }
    for subscriber in look.members {
      guard let member = members[subscriber] else { continue }
      if member.isOver {
        conclude(subscriber, .done, at: now)
      } else if !look.isCrowd {
        members[subscriber]?.wantsOwn = false
        goOn(subscriber, WatchBoard.summary(seen[subscriber] ?? []), at: now)
      } else if member.wantsOwn {
        rest(subscriber, until: now)
      } else {
        let isLate = isLate(member, now)
        members[subscriber]?.wantsOwn = isLate
        goOn(subscriber, WatchBoard.summary(seen[subscriber] ?? []), at: now)
      }
    }
  }

  /// What another kind of look tells may leave out that the work has failed: when it should long be over, its own
  /// handle is asked.
  private func isLate(_ member: WatchMember, _ now: Instant) -> Bool {
    guard !member.isCrowdOfSameIDs else { return false }
    return now - member.since > pace.expected(member.action, books: member.expected) * 2
  }

  private mutating func goOn(_ subscriber: Subscriber, _ seen: String, at now: Instant) {
    guard let member = members[subscriber] else { return }
    if !seen.isEmpty, seen != member.lastSeen {
      members[subscriber]?.lastSeen = seen
      news.append((member.subscriber, .running(seen)))
    }
    guard member.outstanding == 0 else { return }
    guard now < member.deadline else {
      return conclude(subscriber, .deadlinePassed(members[subscriber]?.lastSeen ?? seen), at: now)
    }
    rest(subscriber, until: nextLook(of: member, after: now))
  }

  private mutating func rest(_ subscriber: Subscriber, until: Instant) {
    guard let pool = members[subscriber]?.pool else { return }
    members[subscriber]?.nextLook = until
    schedule(pool, at: until)
  }

  private static func summary(_ seen: [String]) -> String {
    var counts: [(String, Int)] = []
    for text in seen {
      if let index = counts.firstIndex(where: { $0.0 == text }) {
        counts[index].1 += 1
      } else {
        counts.append((text, 1))
      }
    }
    return counts.map { $0.1 > 1 ? "\($0.1) × \($0.0)" : $0.0 }.joined(separator: ", ")
  }
}
