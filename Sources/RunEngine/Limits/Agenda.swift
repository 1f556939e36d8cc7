import Values

/// What is due when: the earliest first, and of one moment the one that was put in first.
package struct Agenda<Item: Sendable>: Sendable {
  private struct Entry: Sendable {
    let at: Instant
    let number: Int
    let item: Item

    func isBefore(_ other: Entry) -> Bool { (at, number) < (other.at, other.number) }
  }
  /// A binary heap: each entry comes before its two children at 2i + 1 and 2i + 2.
  private var heap: [Entry] = []
  private var nextNumber = 0

  package init() {}

  package var isEmpty: Bool { heap.isEmpty }

  /// When the first is due.
  package var next: Instant? { heap.first?.at }

  package mutating func insert(_ item: Item, at: Instant) {
    heap.append(Entry(at: at, number: nextNumber, item: item))
    nextNumber += 1
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The first, taken off, when it is due.
  package mutating func popDue(at now: Instant) -> Item? {
    guard let first = heap.first, first.at <= now else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return first.item
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
