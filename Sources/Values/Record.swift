/// Named values in the order in which they were put in. Two records are equal when they hold the same, in any order.
///
/// An answer of the cloud is dozens of small records, built once and written out: a record is one array, which a
/// literal is already. Only one that has grown large keeps an index of its names.
package struct Record: Sendable, Sequence, ExpressibleByDictionaryLiteral {
  /// More names than these are not looked through.
  private static let looked = 16

  private var entries: [(String, Value)]
  /// Where each name stands, of a record that has grown large.
  private var index: NameIndex?

  package init() { entries = [] }

  /// A later entry of the same name replaces an earlier one in its place.
  package init(_ entries: some Sequence<(String, Value)>) {
    self.init(capacity: entries.underestimatedCount)
    for (name, value) in entries { self[name] = value }
  }

  package init(capacity: Int) {
    entries = []
    entries.reserveCapacity(capacity)
  }

  /// The same, with room for so many more.
  package func withRoom(for more: Int) -> Record {
    var copy = Record(capacity: count + more)
    copy.entries += entries
    copy.index = index
    return copy
  }

  package init(dictionaryLiteral elements: (String, Value)...) { self.init(literal: elements) }

  /// The names are all different.
  init(literal elements: [(String, Value)]) {
    // Answers are built so; to look for doubles each time would be most of the work.
    assert(Set(elements.map(\.0)).count == elements.count, "a name stands twice in the literal")
    entries = elements
  }

  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }
  package var names: [String] { entries.map(\.0) }

  package subscript(name: String) -> Value? {
    get { place(of: name).map { entries[$0].1 } }
    set {
      switch (place(of: name), newValue) {
      case (let place?, let value?): entries[place].1 = value
      case (let place?, nil): remove(at: place)
      case (nil, let value?): append(name, value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a value under a name that is new, or says that there is one already.
  package mutating func insert(_ value: Value, named name: String) -> Bool {
    guard let found = index else {
      guard place(of: name) == nil else { return false }
      append(name, value)
      return true
    }
    let hash = NameIndex.hash(of: name)
    guard found.place(of: name, hash, in: entries) == nil else { return false }
    entries.append((name, value))
    index?.add(hash, entries)
    return true
  }

  private func place(of name: String) -> Int? {
    if let index { return index.place(of: name, NameIndex.hash(of: name), in: entries) }
    return entries.withUnsafeBufferPointer { entries in
      for place in entries.indices where entries[place].0 == name { return place }
      return nil
    }
  }

  private mutating func append(_ name: String, _ value: Value) {
    entries.append((name, value))
    if index != nil {
      index?.add(NameIndex.hash(of: name), entries)
    } else if entries.count > Record.looked {
      index = NameIndex(entries)
    }
  }

  private mutating func remove(at place: Int) {
    entries.remove(at: place)
    if index != nil { index = NameIndex(entries) }
  }

  package func makeIterator() -> Iterator { Iterator(entries: entries.makeIterator()) }

  package struct Iterator: IteratorProtocol {
    fileprivate var entries: IndexingIterator<[(String, Value)]>

    package mutating func next() -> (key: String, value: Value)? { entries.next().map { (key: $0, value: $1) } }
  }

  /// Each entry in its turn, where it stands.
  @inline(__always)
  func visit(_ body: (String, Value) -> Void) {
    entries.withUnsafeBufferPointer { entries in
      for place in entries.indices { body(entries[place].0, entries[place].1) }
    }
  }

  package func mapValues(_ transform: (Value) throws -> Value) rethrows -> Record {
    var copy = self
    for place in copy.entries.indices { copy.entries[place].1 = try transform(copy.entries[place].1) }
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
    guard left.count == right.count else { return false }
    for (place, entry) in left.entries.enumerated() {
      // Mostly they were put in in one order.
      let other = right.entries[place].0 == entry.0 ? right.entries[place].1 : right[entry.0]
      if other != entry.1 { return false }
    }
    return true
  }

  package func hash(into hasher: inout Hasher) {
    // The order does not count, so that the sum of the entries' own hashes is told.
    var sum = 0
    for (name, value) in entries {
      var own = Hasher()
      own.combine(name)
      own.combine(value)
      sum &+= own.finalize()
    }
    hasher.combine(sum)
  }
}
