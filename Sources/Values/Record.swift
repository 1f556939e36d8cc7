import OrderedCollections

/// Named values in the order in which they were put in. Two records are equal when they hold the same, in any order.
package struct Record: Sendable, Sequence, ExpressibleByDictionaryLiteral {
  private var storage: OrderedDictionary<String, Value>

  package init() { storage = [:] }

  /// A later entry of the same name replaces an earlier one in its place.
  package init(_ entries: some Sequence<(String, Value)>) {
    storage = OrderedDictionary(entries.map { ($0, $1) }, uniquingKeysWith: { $1 })
  }

  package init(dictionaryLiteral elements: (String, Value)...) { self.init(literal: elements) }

  /// The names are all different.
  init(literal elements: [(String, Value)]) {
    // Answers are built so; to look for doubles each time would be most of the work.
    assert(Set(elements.map(\.0)).count == elements.count, "a name stands twice in the literal")
    storage = OrderedDictionary(uncheckedUniqueKeys: elements.lazy.map(\.0), values: elements.lazy.map(\.1))
  }

  package var count: Int { storage.count }
  package var isEmpty: Bool { storage.isEmpty }
  package var names: [String] { Array(storage.keys) }

  package subscript(name: String) -> Value? {
    get { storage[name] }
    set { storage[name] = newValue }
  }

  package func makeIterator() -> OrderedDictionary<String, Value>.Iterator { storage.makeIterator() }

  package func mapValues(_ transform: (Value) throws -> Value) rethrows -> Record {
    var copy = Record()
    copy.storage = try storage.mapValues(transform)
    return copy
  }

  /// The entries of both; those of `other` win.
  package func merging(_ other: Record) -> Record {
    var copy = self
    for (name, value) in other { copy[name] = value }
    return copy
  }
}

extension Record: Hashable {
  package static func == (left: Record, right: Record) -> Bool {
    left.count == right.count && left.storage.allSatisfy { right[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    for name in storage.keys.sorted() {
      hasher.combine(name)
      hasher.combine(storage[name])
    }
  }
}
