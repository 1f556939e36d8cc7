import CloudCatalog
import Values

/// Decides which calls may leave: undo first, then what has the longest way to go, then in the order of their arrival,
/// and never over a limit. One for all runs of a process. Pure: the clock comes in with each question.
package struct Dispatcher: Sendable {
  /// The unit that limits count by.
  private struct Bucket: Hashable {
    let account: String
    let region: String
    let action: ActionID

    /// These tell nearly all apart, and are hashed with every call.
    func hash(into hasher: inout Hasher) {
      hasher.combine(region)
      hasher.combine(action.name)
    }
  }
  /// How urgent a call is.
  package struct Urgency: Hashable, Sendable {
    package let isUndo: Bool
    /// About how many steps its strand of the run has left.
    private let remaining: Int32
    package init(isUndo: Bool, remaining: Int = 0) {
      self.isUndo = isUndo
      self.remaining = Int32(clamping: remaining)
    }
    func isBefore(_ other: Urgency) -> Bool {
      isUndo == other.isUndo ? remaining > other.remaining : isUndo
    }
  }
  private struct Waiting: Sendable {
    let ticket: Int
    let urgency: Urgency
  }
  private struct Line: Sendable {
    let name: String
    var window: SlidingWindow
    /// The most urgent first.
    var queue: [Waiting] = []
  }

  private var lines: [Line] = []
  /// Where in `lines` each bucket has its own.
  private var numbers: [Bucket: Int] = [:]
  /// Of calls that are under way.
  private var lineByTicket: [Int: Int] = [:]
  /// Lines with someone waiting, in the order in which the first came.
  private var order: [Int] = []
  private var nextTicket: Int
  private let limits: AccountLimits
  /// How long requests are under way to the server, by the actions that it answers at once.
  private var pathDelay = RecentExtreme(term: .seconds(10), better: { $0 > $1 })
  /// Answers that the windows have not been told of.
  private var returns: [(ticket: Int, at: Instant, throttled: Bool)] = []

  /// `process` tells the tickets of processes apart that share their windows.
  package init(_ limits: AccountLimits = AccountLimits(), process: UInt32 = 0) {
    self.limits = limits
    nextTicket = Int(process) << 30
  }

  /// Queues a call; the ticket names it from here on.
  package mutating func enqueue(account: String, call: CloudCall, _ urgency: Urgency) -> Int {
    let ticket = nextTicket
    nextTicket += 1
    let line = line(of: Bucket(account: account, region: call.limitRegion, action: call.action))
    insert(Waiting(ticket: ticket, urgency: urgency), into: line)
    return ticket
  }

  private mutating func line(of bucket: Bucket) -> Int {
    if let number = numbers[bucket] { return number }
    let name = "\(bucket.account) \(bucket.region) \(bucket.action)"
    lines.append(Line(name: name, window: SlidingWindow(limit: limits.rate(of: bucket.action))))
    numbers[bucket] = lines.count - 1
    return lines.count - 1
  }

  private mutating func insert(_ waiting: Waiting, into line: Int) {
    if lines[line].queue.isEmpty { order.append(line) }
    var low = 0
    var high = lines[line].queue.count
    // Behind all that are as urgent. Mostly that is the end.
    if let last = lines[line].queue.last, !waiting.urgency.isBefore(last.urgency) { low = high }
    while low < high {
      let middle = (low + high) / 2
      if waiting.urgency.isBefore(lines[line].queue[middle].urgency) { high = middle } else { low = middle + 1 }
    }
    lines[line].queue.insert(waiting, at: low)
  }

  /// Takes a call that has not left out of its queue. Whether it was still there.
  package mutating func withdraw(_ ticket: Int) -> Bool {
    for line in order {
      guard let index = lines[line].queue.firstIndex(where: { $0.ticket == ticket }) else { continue }
      lines[line].queue.remove(at: index)
      if lines[line].queue.isEmpty { order.removeAll { $0 == line } }
      return true
    }
    return false
  }

  /// How many calls are under way at most: each has a task and a connection of its own.
  package static let maximumUnderWay = 1024

  /// The calls that may leave now; their places are taken.
  package mutating func release(at now: Instant) -> [Int] {
    if !returns.isEmpty { applyReturns() }
    guard !order.isEmpty else { return [] }
    let delay = pathDelay.value(at: now, least: Dispatcher.trustedCount)
    var released: [Int] = []
    for line in order {
      var taken = 0
      while taken < lines[line].queue.count, lineByTicket.count < Dispatcher.maximumUnderWay,
        lines[line].window.admits(at: now)
      {
        let ticket = lines[line].queue[taken].ticket
        lines[line].window.left(ticket, at: now, pathDelay: delay)
        lineByTicket[ticket] = line
        released.append(ticket)
        taken += 1
      }
      lines[line].queue.removeFirst(taken)
    }
    order.removeAll { lines[$0].queue.isEmpty }
    return released
  }

  package mutating func returned(_ ticket: Int, at now: Instant, throttled: Bool) {
    returns.append((ticket, now, throttled))
  }

  /// So many answers say something of the way.
  private static let trustedCount = 8

  private mutating func applyReturns() {
    for (ticket, at, throttled) in returns {
      guard let line = lineByTicket.removeValue(forKey: ticket) else { continue }
      let known = pathDelay.value(at: at, least: Dispatcher.trustedCount)
      let delay = lines[line].window.returned(ticket, at: at, throttled: throttled, pathDelay: known)
      if let delay { pathDelay.note(delay, at: at) }
    }
    returns.removeAll(keepingCapacity: true)
  }

  // MARK: Shared with other processes

  /// The names of the windows that the next release reads or changes.
  package var stakes: [String] {
    var stakes = order
    for line in returns.compactMap({ lineByTicket[$0.ticket] }) where !stakes.contains(line) { stakes.append(line) }
    return stakes.map { lines[$0].name }
  }

  package mutating func adopt(_ windows: [String: String], at now: Instant, _ wallAhead: Duration) {
    for line in lines.indices {
      if let text = windows[lines[line].name] { lines[line].window.adopt(text, at: now, wallAhead: wallAhead) }
    }
  }

  package func windows(_ names: [String], _ wallAhead: Duration) -> [String: String] {
    let wanted = Set(names)
    let texts = lines.filter { wanted.contains($0.name) }.map { ($0.name, $0.window.text(wallAhead)) }
    return Dictionary(texts) { first, _ in first }
  }

  /// When to ask ``release(at:)`` again although nothing returned; nil when nobody waits, or when only an answer makes
  /// room.
  package func nextRelease(after now: Instant) -> Instant? {
    if lineByTicket.count - returns.count >= Dispatcher.maximumUnderWay { return nil }
    return order.reduce(nil) { next, line in next.earliest(lines[line].window.nextChange(after: now)) }
  }
}
