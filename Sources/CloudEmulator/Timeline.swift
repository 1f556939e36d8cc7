import Values

/// What is still to happen, soonest first; of two at the same instant, the one that was planned first.
struct Timeline: Codable, Sendable, Equatable {
  private struct Entry: Codable, Sendable, Equatable {
    let due: Int64
    let order: Int
    let event: WorldEvent

    static func < (left: Entry, right: Entry) -> Bool {
      left.due != right.due ? left.due < right.due : left.order < right.order
    }
  }

  /// A binary heap.
  private var heap: [Entry] = []
  private var planned = 0

  var next: Instant? { heap.first.map { Instant(milliseconds: $0.due) } }

  mutating func plan(_ event: WorldEvent, at instant: Instant) {
    heap.append(Entry(due: instant.milliseconds, order: planned, event: event))
    planned += 1
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The soonest event that is due, and when it was; nil when none is.
  mutating func popDue(by instant: Instant) -> (Instant, WorldEvent)? {
    guard let first = heap.first, first.due <= instant.milliseconds else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] {
        smallest = child
      }
      if smallest == parent { break }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
    return (Instant(milliseconds: first.due), first.event)
  }
}
