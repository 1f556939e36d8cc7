import CloudCatalog
import Values

/// A Describe call with its ids still to be filled in. A class, because many who wait share one.
final class WatchQuestion: Sendable {
  /// Questions with the same key differ in their ids only.
  struct Key: Hashable, Sendable {
    let call: CloudCall
    let rows: String
    let rowID: String
  }
  let key: Key
  let poll: Poll
  private let context: TemplateContext

  init(_ poll: Poll, _ context: TemplateContext, region: String?) {
    self.poll = poll
    self.context = context
    key = Key(
      call: CloudCall(poll.action, region: region, poll.call(context)), rows: poll.rows?.description ?? "",
      rowID: poll.rowID?.description ?? "")
  }

  /// How many ids one call takes.
  var size: Int { max(1, poll.idsPerCall) }
  /// Whether it asks for everything there is.
  var isWhole: Bool { poll.idsPerCall == Poll.everything }
  /// Whether an answer has a row for each id; otherwise the answer itself is the one row.
  var hasRows: Bool { poll.rows != nil }

  func call(_ ids: [Value]) -> CloudCall {
    guard size > 1, !isWhole else { return key.call }
    var filled = context
    filled.ids = ids
    return CloudCall(key.call.action, region: key.call.region, poll.call(filled))
  }

  /// The rows of an answer by their ids, as text: some answers give a number for an id. Of two the first.
  func rows(in answer: Value) -> [String: Value] {
    guard let rows = poll.rows?.value(in: answer)?.asList, let rowID = poll.rowID else { return [:] }
    let entries = rows.compactMap { row in rowID.value(in: row).map { ($0.display, row) } }
    return Dictionary(entries) { first, _ in first }
  }
}

/// Those who may be served by one look, and when the next one is.
struct WatchPool: Sendable {
  typealias Key = WatchQuestion.Key
  let question: WatchQuestion
  /// How its first member would be asked for alone.
  let own: WatchQuestion
  /// Some may have left already.
  var members: [WatchBoard.Subscriber] = []
  /// Those who have not.
  var count = 0
  /// How many looks are under way.
  var lookCount = 0
  var scheduled: Instant?
  /// How many pages the whole list took the last time.
  var pages = 1

  init(_ first: WatchMember) { (question, own) = (first.shared, first.question) }

  mutating func add(_ subscriber: WatchBoard.Subscriber) {
    members.append(subscriber)
    count += 1
  }
}

/// One who waits, as the board keeps it.
struct WatchMember: Sendable {
  /// The unit that limits count by.
  struct Bucket: Hashable, Sendable {
    let action: ActionID
    let region: String
  }
  let subscriber: WatchBoard.Subscriber
  let action: ActionID
  /// Its own: questions are shared with others, to whom another answer may be the end.
  private let poll: Poll
  private(set) var question: WatchQuestion
  /// How to ask after many at once, where there is a way.
  private(set) var crowd: WatchQuestion?
  private let wanted: Seldom<Value>
  let since: Instant
  let deadline: Instant
  private(set) var pending: [Value]
  private(set) var crowdPending: [Value]
  var lastSeen = "no answer yet"
  var nextLook: Instant
  var firstLook: Instant?
  let isCrowdOfSameIDs: Bool
  let isUndo: Bool
  /// Whether the look at many told nothing of it.
  var wantsOwn = false
  /// How many ids are being looked at.
  var outstanding: Int32 = 0

  init?(_ watch: Watch, _ subscriber: WatchBoard.Subscriber) {
    guard let poll = watch.completion.poll(isFallback: watch.isFallback) else { return nil }
    self.subscriber = subscriber
    action = watch.action
    self.poll = poll
    question = WatchQuestion(poll, watch.context, region: watch.region)
    let crowd = poll.crowd.first
    let crowdIDs = crowd.map { Watch.named($0, watch.context) } ?? []
    self.crowd = crowdIDs.isEmpty ? nil : crowd.map { WatchQuestion($0, watch.context, region: watch.region) }
    isCrowdOfSameIDs = crowdIDs == watch.ids
    var wanted = Seldom<Value>()
    if let origin = watch.origin { wanted.change(from: origin) { _ in } }
    self.wanted = wanted
    since = watch.since
    deadline = watch.deadline
    isUndo = watch.isUndo
    pending = watch.ids
    crowdPending = isCrowdOfSameIDs ? watch.ids : crowdIDs
    nextLook = watch.since
  }

  var origin: Value? { wanted.content }
  var expected: Duration { poll.expected }
  /// Calls a second.
  var limit: Int { Catalog.action(poll.action)?.rate ?? 1 }
  var pool: WatchPool.Key { shared.key }
  /// What is asked for all of a pool.
  var shared: WatchQuestion { crowd ?? question }
  /// When it has to be looked at; nil while it is being looked at.
  var dueAt: Instant? { outstanding == 0 ? nextLook : nil }
  var isOver: Bool { pending.isEmpty || (crowd != nil && crowdPending.isEmpty) }

  /// Set when nothing but a call of its own can tell of it.
  var single: Bucket? {
    guard crowd == nil, question.size == 1 else { return nil }
    return Bucket(action: question.key.call.action, region: question.key.call.limitRegion)
  }

  /// Takes the questions that others of its pool ask already for its own.
  mutating func share(_ pool: WatchPool) {
    if crowd?.key == pool.question.key { crowd = pool.question }
    // Another poll with the same call may look for another end.
    if question.poll === pool.own.poll, question.key == pool.own.key { question = pool.own }
  }

  mutating func sawEnd(of id: Value, isCrowd: Bool) {
    if isCrowd || isCrowdOfSameIDs { crowdPending.removeAll { $0 == id } }
    if !isCrowd || isCrowdOfSameIDs { pending.removeAll { $0 == id } }
  }

  func verdict(on id: Value, _ row: Value?, _ look: WatchLook, at now: Instant) -> WatchVerdict {
    let isEarly = now < (firstLook ?? now) + Poll.originPatience
    let rule = look.isCrowd ? poll.crowd.first ?? poll : poll
    let isWhole = look.question.isWhole && rule.absent != .running
    return WatchVerdict(rule, id: id, row: row, origin: origin, isEarly: isEarly, isWhole: isWhole)
  }
}

/// A look under way.
struct WatchLook: Sendable {
  struct Target: Sendable {
    let member: WatchBoard.Subscriber
    let id: Value
  }
  enum Progress {
    /// ``call`` asks for the next page.
    case more
    /// With the number of pages, when there are any.
    case answer(Value, pages: Int?)
  }
  let pool: WatchPool.Key
  let question: WatchQuestion
  let targets: [Target]
  let isCrowd: Bool
  /// How many pages are worth reading.
  private let atMost: Int
  private var reading: PagedRead

  init(
    pool: WatchPool.Key, question: WatchQuestion, targets: [Target], isCrowd: Bool = false, atMost: Int = .max
  ) {
    self.pool = pool
    self.question = question
    self.targets = targets
    self.isCrowd = isCrowd
    self.atMost = atMost
    var ids: [Value] = []
    var known: Set<Value> = []
    for target in targets where known.insert(target.id).inserted { ids.append(target.id) }
    reading = PagedRead(question.call(ids))
  }

  var call: CloudCall { reading.call }

  /// Each once, in their order.
  var members: [WatchBoard.Subscriber] {
    var known: Set<WatchBoard.Subscriber> = []
    return targets.map(\.member).filter { known.insert($0).inserted }
  }

  mutating func received(_ page: Record) -> Progress {
    guard question.isWhole else { return .answer(.record(page), pages: nil) }
    let size = question.key.call.arguments["Limit"]?.asInt ?? 20
    let pages = ((page["TotalCount"]?.asInt ?? 0) + size - 1) / size
    // Too long a list: what its first page tells is enough for now.
    if pages > atMost { return .answer(.record(page), pages: pages) }
    guard let whole = reading.received(page) else { return .more }
    return .answer(whole, pages: max(1, pages))
  }
}
