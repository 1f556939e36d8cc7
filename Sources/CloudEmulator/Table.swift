import HashTreeCollections

/// One resource as the world keeps it.
protocol Row: Codable, Sendable, Equatable {
  var id: String { get }
  /// What rows are found by without a search. The id needs none.
  static var keys: [RowKey<Self>] { get }
}

extension Row {
  static var keys: [RowKey<Self>] { [] }
}

/// An index of a table.
struct RowKey<R>: Sendable {
  let name: String
  /// Whether a row stands under one text, which may be empty, so that no row stands under two.
  let isSingle: Bool
  /// Whether a row stands where it stands as long as it is there.
  let isFixed: Bool
  let texts: @Sendable (R) -> RowTexts

  static func one(_ name: String, isFixed: Bool = false, _ text: @escaping @Sendable (R) -> String) -> RowKey {
    RowKey(name: name, isSingle: true, isFixed: isFixed) { .one(text($0)) }
  }

  static func many(_ name: String, isFixed: Bool = false, _ texts: @escaping @Sendable (R) -> [String]) -> RowKey {
    RowKey(name: name, isSingle: false, isFixed: isFixed) { .many(texts($0)) }
  }

  /// By parts of a text; see ``Trigrams``.
  static func parts(_ name: String, _ text: @escaping @Sendable (R) -> String) -> RowKey {
    RowKey(name: name, isSingle: false, isFixed: false) { .parts(of: text($0)) }
  }

  /// `tag` and `tag-key`, for the filters `tag:KEY` and `tag-key`.
  static func tags(isFixed: Bool, _ tags: @escaping @Sendable (R) -> [Tag]) -> [RowKey] {
    [
      .many("tag", isFixed: isFixed) { tags($0).map(\.place) },
      .many("tag-key", isFixed: isFixed) { tags($0).map(\.key) },
    ]
  }
}

extension Tag {
  /// The pair as one text, different for different pairs.
  var place: String { "\(key.utf8.count):\(key)\(value)" }
}

/// Under what a row stands.
enum RowTexts: Sendable, Equatable {
  case one(String)
  /// The same text may stand there twice.
  case many([String])
  case parts(of: String)

  var list: [String] {
    switch self {
    case .one(let text): [text]
    case .many(let texts): texts
    case .parts(let text): Trigrams.places(of: text)
    }
  }
}

/// By three letters at a time, rows are found whose text has a given part in it.
enum Trigrams {
  /// Where texts stand that are not plain ASCII: there, letters are not bytes.
  static let other = "other"

  static func places(of text: String) -> [String] {
    guard text.utf8.allSatisfy({ $0 < 128 }) else { return [other] }
    let bytes = Array(text.lowercased().utf8)
    guard bytes.count > 2 else { return [] }
    return (2..<bytes.count).map { String(decoding: bytes[$0 - 2...$0], as: UTF8.self) }
  }

  /// Where a text that has the part in it stands: under all of these, or under ``other``. Nil when that says nothing.
  static func places(holding part: String) -> [String]? {
    guard part.utf8.count > 2, part.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    return places(of: part)
  }
}

/// The positions of the rows that stand under one text of a key.
enum RowSet: Sendable {
  case one(Int)
  case several(OrderedTree<Int, Void>)

  var count: Int {
    switch self {
    case .one: 1
    case .several(let positions): positions.count
    }
  }

  func count(below position: Int) -> Int {
    switch self {
    case .one(let own): own < position ? 1 : 0
    case .several(let positions): positions.count(below: position)
    }
  }

  subscript(rank rank: Int) -> Int {
    switch self {
    case .one(let own): own
    case .several(let positions): positions[rank: rank].key
    }
  }

  func contains(_ position: Int) -> Bool {
    switch self {
    case .one(let own): own == position
    case .several(let positions): positions.contains(position)
    }
  }

  /// In ascending order.
  var all: [Int] {
    switch self {
    case .one(let own): [own]
    case .several(let positions): positions.map { $0.key }
    }
  }

  mutating func insert(_ position: Int) {
    switch self {
    case .one(let own) where own == position: break
    case .one(let own):
      var positions = OrderedTree<Int, Void>()
      positions.insert((), for: own)
      positions.insert((), for: position)
      self = .several(positions)
    case .several(var positions):
      // Let go, so that the tree is changed in its place.
      self = .one(position)
      positions.insert((), for: position)
      self = .several(positions)
    }
  }

  /// Whether nothing is left, so that the set goes.
  mutating func remove(_ position: Int) -> Bool {
    switch self {
    case .one(let own): return own == position
    case .several(var positions):
      // Let go, so that the tree is changed in its place.
      self = .one(position)
      positions.remove(position)
      self = .several(positions)
      return positions.isEmpty
    }
  }
}

/// The resources of one kind by id, in the order in which they came to be, with indexes by the keys of the kind.
struct Table<R: Row>: Sendable {
  /// By position. Nil only while a row is being taken out.
  private var rows = OrderedTree<Int, R?>()
  private var positions: TreeDictionary<String, Int> = [:]
  private var nextPosition = 0
  private var indexes = RowIndexes<R>()

  var count: Int { rows.count }
  var isEmpty: Bool { rows.isEmpty }
  var all: Rows { Rows(rows: rows) }

  /// Nil when it is not there. What is there is changed, not taken out; see ``remove(_:)``.
  subscript(id: String) -> R? {
    get { positions[id].flatMap { rows[existing: $0] } }
    _modify {
      if let position = positions[id] {
        letGoOfIndexes()
        let before = indexes.stands(of: rows[existing: position])
        yield &rows[existing: position]
        if !before.isEmpty { indexes.move(rows[existing: position], at: position, from: before) }
      } else {
        var row: R?
        yield &row
        if let row { insert(row) }
      }
    }
  }

  /// A row of the same id is replaced in its place.
  mutating func insert(_ row: R) {
    letGoOfIndexes()
    var position = nextPosition
    if let old = positions.updateValue(position, forKey: row.id) {
      positions[row.id] = old
      position = old
      indexes.remove(rows[existing: position], at: position)
    } else {
      nextPosition += 1
    }
    indexes.insert(row, at: position)
    rows.insert(row, for: position)
  }

  mutating func remove(_ id: String) {
    guard let position = positions.removeValue(forKey: id) else { return }
    letGoOfIndexes()
    indexes.remove(rows[existing: position], at: position)
    rows.remove(position)
  }

  /// Before a change: what copies of this table see is left to them.
  private mutating func letGoOfIndexes() {
    if !isKnownUniquelyReferenced(&indexes) { indexes = indexes.copy() }
  }
}

// MARK: Indexes

extension Table {
  /// Those that stand under the text of the key, which may also be `id`; nil when none does. Traps when the kind has no
  /// such key.
  func set(_ key: String, _ text: String) -> RowSet? {
    key == "id" ? positions[text].map(RowSet.one) : indexes.set(key, text, among: rows)
  }

  /// No row stands there or behind it.
  var end: Int { nextPosition }

  func row(at position: Int) -> R? { rows[existing: position] }

  /// How many rows stand under the text of the key.
  func count(_ key: String, _ text: String) -> Int { set(key, text)?.count ?? 0 }

  /// The rows that stand under the text of the key, oldest first.
  func rows(_ key: String, _ text: String) -> [R] {
    guard let set = set(key, text) else { return [] }
    return (0..<set.count).compactMap { row(at: set[rank: $0]) }
  }

  func first(_ key: String, _ text: String) -> R? { set(key, text).flatMap { row(at: $0[rank: 0]) } }

  /// Rows by rank, oldest first.
  struct Rows: RandomAccessCollection {
    fileprivate let rows: OrderedTree<Int, R?>

    var startIndex: Int { 0 }
    var endIndex: Int { rows.count }
    var count: Int { rows.count }

    subscript(rank: Int) -> R {
      guard let row = rows[rank: rank].value else { preconditionFailure("a row that is being taken out is not read") }
      return row
    }

    func makeIterator() -> Iterator { Iterator(rows: rows.makeIterator()) }

    struct Iterator: IteratorProtocol {
      fileprivate var rows: OrderedTree<Int, R?>.Iterator

      mutating func next() -> R? { rows.next().flatMap(\.value) }
    }
  }
}

/// Two tables are equal when they have the same rows in the same order.
extension Table: Equatable {
  static func == (left: Table, right: Table) -> Bool { left.rows.hasSameValues(as: right.rows) }
}

extension Table: Codable {
  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    while !container.isAtEnd { insert(try container.decode(R.self)) }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for row in all { try container.encode(row) }
  }
}
