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
  private var nextTicket = 0
  private let limits: AccountLimits

  package init(_ limits: AccountLimits = AccountLimits()) { self.limits = limits }

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
    guard let bucket = bucketByTicket.removeValue(forKey: ticket) else { return }
    lines[bucket]?.window.returned(ticket, at: now, throttled: throttled)
  }

  /// When to ask ``release(at:)`` again although nothing returned; nil when nobody waits.
  package func nextRelease(after now: Instant) -> Instant? {
    order.compactMap { lines[$0]?.window.nextChange(after: now) }.min()
  }
}
