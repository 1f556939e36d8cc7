import Values

/// What is due when: the earliest first, and of one moment the one that was put in first.
///
/// Public, as ``BoxedList`` is and for the same reason.
public struct Agenda<Item: Sendable>: Sendable {
  @usableFromInline struct Entry: Sendable {
    @usableFromInline let at: Instant
    @usableFromInline let number: Int
    @usableFromInline let item: Item

    @inlinable init(at: Instant, number: Int, item: Item) { (self.at, self.number, self.item) = (at, number, item) }

    @inlinable func isBefore(_ other: Entry) -> Bool { at < other.at || at == other.at && number < other.number }
  }
  /// A binary heap: each entry comes before its two children at 2i + 1 and 2i + 2.
  @usableFromInline var heap: [Entry] = []
  @usableFromInline var nextNumber = 0

  @inlinable public init() {}

  @inlinable public var isEmpty: Bool { heap.isEmpty }

  /// When the first is due.
  @inlinable public var next: Instant? { heap.isEmpty ? nil : heap[0].at }

  @inlinable public mutating func insert(_ item: Item, at: Instant) {
    heap.append(Entry(at: at, number: nextNumber, item: item))
    nextNumber += 1
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The first, taken off, when it is due.
  @inlinable public mutating func popDue(at now: Instant) -> Item? {
    guard !heap.isEmpty, heap[0].at <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    let first = heap.removeLast()
    sink()
    return first.item
  }

  @inlinable mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      let left = 2 * parent + 1
      if left < heap.count, heap[left].isBefore(heap[least]) { least = left }
      if left + 1 < heap.count, heap[left + 1].isBefore(heap[least]) { least = left + 1 }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
