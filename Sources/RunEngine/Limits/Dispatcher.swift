import CloudCatalog
import Values

/// Decides which calls may leave: undo first, then in the order of their arrival, and never over a limit. One for all
/// runs of a process. Pure: the clock comes in with each question.
package struct Dispatcher: Sendable {
  /// The unit that limits count by.
  private struct Bucket: Hashable {
    let account: String
    let region: String
    let action: ActionID
  }
  private struct Waiting: Sendable {
    let ticket: Int
    let isUndo: Bool
  }

  private var windows: [Bucket: SlidingWindow] = [:]
  private var queues: [Bucket: [Waiting]] = [:]
  private var bucketByTicket: [Int: Bucket] = [:]
  /// Buckets with someone waiting, in the order in which the first came.
  private var order: [Bucket] = []
  private var nextTicket = 0
  /// The account's own limits, where they differ from the books'.
  private let overrides: [ActionID: Int]

  package init(overrides: [ActionID: Int] = [:]) { self.overrides = overrides }

  /// Queues a call; the ticket names it from here on.
  package mutating func enqueue(account: String, call: CloudCall, isUndo: Bool) -> Int {
    let ticket = nextTicket
    nextTicket += 1
    let bucket = Bucket(account: account, region: call.limitRegion, action: call.action)
    bucketByTicket[ticket] = bucket
    if windows[bucket] == nil {
      let rate = overrides[call.action] ?? Catalog.action(call.action)?.rate ?? 1
      windows[bucket] = SlidingWindow(limit: rate)
    }
    insert(Waiting(ticket: ticket, isUndo: isUndo), into: bucket)
    return ticket
  }

  private mutating func insert(_ waiting: Waiting, into bucket: Bucket) {
    var queue = queues[bucket] ?? []
    if queue.isEmpty { order.append(bucket) }
    if waiting.isUndo, let place = queue.firstIndex(where: { !$0.isUndo }) {
      queue.insert(waiting, at: place)
    } else {
      queue.append(waiting)
    }
    queues[bucket] = queue
  }

  /// Takes a call that has not left out of its queue. Whether it was still there.
  package mutating func withdraw(_ ticket: Int) -> Bool {
    guard let bucket = bucketByTicket[ticket], let index = queues[bucket]?.firstIndex(where: { $0.ticket == ticket })
    else { return false }
    queues[bucket]?.remove(at: index)
    bucketByTicket[ticket] = nil
    return true
  }

  /// The calls that may leave now; their places are taken.
  package mutating func release(at now: Instant) -> [Int] {
    var released: [Int] = []
    for bucket in order {
      guard var queue = queues[bucket], var window = windows[bucket] else { continue }
      var taken = 0
      while taken < queue.count, window.admits(at: now) {
        window.left(queue[taken].ticket, at: now)
        released.append(queue[taken].ticket)
        taken += 1
      }
      queue.removeFirst(taken)
      queues[bucket] = queue
      windows[bucket] = window
    }
    order.removeAll { queues[$0]?.isEmpty ?? true }
    return released
  }

  package mutating func returned(_ ticket: Int, at now: Instant, throttled: Bool) {
    guard let bucket = bucketByTicket.removeValue(forKey: ticket) else { return }
    windows[bucket]?.returned(ticket, at: now, throttled: throttled)
  }

  /// When to ask ``release(at:)`` again although nothing returned; nil when nobody waits.
  package func nextRelease(after now: Instant) -> Instant? {
    order.compactMap { windows[$0]?.nextChange(after: now) }.min()
  }
}
