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

    var name: String { "\(account) \(region) \(action)" }
  }
  /// How urgent a call is.
  package struct Urgency: Hashable, Sendable {
    let isUndo: Bool
    /// About how many steps its strand of the run has left.
    let remaining: Int
    package init(isUndo: Bool, remaining: Int = 0) {
      self.isUndo = isUndo
      self.remaining = remaining
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
    var window: SlidingWindow
    /// The most urgent first.
    var queue: [Waiting] = []
  }

  private var lines: [Bucket: Line] = [:]
  private var bucketByTicket: [Int: Bucket] = [:]
  /// Buckets with someone waiting, in the order in which the first came.
  private var order: [Bucket] = []
  private var nextTicket: Int
  private let limits: AccountLimits
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
    let bucket = Bucket(account: account, region: call.limitRegion, action: call.action)
    bucketByTicket[ticket] = bucket
    if lines[bucket] == nil { lines[bucket] = Line(window: SlidingWindow(limit: limits.rate(of: call.action))) }
    insert(Waiting(ticket: ticket, urgency: urgency), into: bucket)
    return ticket
  }

  private mutating func insert(_ waiting: Waiting, into bucket: Bucket) {
    if lines[bucket]?.queue.isEmpty == true { order.append(bucket) }
    var low = 0
    var high = lines[bucket]?.queue.count ?? 0
    // Behind all that are as urgent. Mostly that is the end.
    if let last = lines[bucket]?.queue.last, !waiting.urgency.isBefore(last.urgency) { low = high }
    while low < high {
      let middle = (low + high) / 2
      if let other = lines[bucket]?.queue[middle], waiting.urgency.isBefore(other.urgency) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    lines[bucket]?.queue.insert(waiting, at: low)
  }

  /// Takes a call that has not left out of its queue. Whether it was still there.
  package mutating func withdraw(_ ticket: Int) -> Bool {
    guard let bucket = bucketByTicket[ticket],
      let index = lines[bucket]?.queue.firstIndex(where: { $0.ticket == ticket })
    else { return false }
    lines[bucket]?.queue.remove(at: index)
    if lines[bucket]?.queue.isEmpty == true { order.removeAll { $0 == bucket } }
    bucketByTicket[ticket] = nil
    return true
  }

  /// The calls that may leave now; their places are taken.
  package mutating func release(at now: Instant) -> [Int] {
    applyReturns()
    guard !order.isEmpty else { return [] }
    var released: [Int] = []
    for bucket in order {
      guard var line = lines[bucket] else { continue }
      lines[bucket] = nil
      var taken = 0
      while taken < line.queue.count, line.window.admits(at: now) {
        line.window.left(line.queue[taken].ticket, at: now)
        released.append(line.queue[taken].ticket)
        taken += 1
      }
      line.queue.removeFirst(taken)
      lines[bucket] = line
    }
    order.removeAll { lines[$0]?.queue.isEmpty ?? true }
    return released
  }

  package mutating func returned(_ ticket: Int, at now: Instant, throttled: Bool) {
    returns.append((ticket, now, throttled))
  }

  private mutating func applyReturns() {
    for (ticket, at, throttled) in returns {
      guard let bucket = bucketByTicket.removeValue(forKey: ticket) else { continue }
      lines[bucket]?.window.returned(ticket, at: at, throttled: throttled)
    }
    returns = []
  }

  // MARK: Shared with other processes

  /// The names of the windows that the next release reads or changes.
  package var stakes: [String] {
    var buckets = order
    for bucket in returns.compactMap({ bucketByTicket[$0.ticket] }) where !buckets.contains(bucket) {
      buckets.append(bucket)
    }
    return buckets.map(\.name)
  }

  package mutating func adopt(_ windows: [String: String], at now: Instant) {
    for bucket in lines.keys { if let text = windows[bucket.name] { lines[bucket]?.window.adopt(text, at: now) } }
  }

  package func windows(_ names: [String]) -> [String: String] {
    let wanted = Set(names)
    return Dictionary(lines.filter { wanted.contains($0.key.name) }.map { ($0.key.name, $0.value.window.text) }) {
      first, _ in first
    }
  }

  /// When to ask ``release(at:)`` again although nothing returned; nil when nobody waits.
  package func nextRelease(after now: Instant) -> Instant? {
    order.compactMap { lines[$0]?.window.nextChange(after: now) }.min()
  }
}
