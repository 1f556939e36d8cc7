import OrderedCollections

/// One resource as the world keeps it.
protocol Row: Codable, Sendable, Equatable {
  var id: String { get }
}

/// The resources of one kind by id, in the order in which they came to be.
struct Table<R: Row>: Sendable, Equatable {
  private var rows: OrderedDictionary<String, R> = [:]

  var count: Int { rows.count }
  var isEmpty: Bool { rows.isEmpty }
  var all: OrderedDictionary<String, R>.Values { rows.values }

  subscript(id: String) -> R? {
    get { rows[id] }
    _modify { yield &rows[id] }
  }

  mutating func insert(_ row: R) { rows[row.id] = row }

  mutating func remove(_ id: String) { rows[id] = nil }
}

extension Table: Codable {
  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    while !container.isAtEnd { insert(try container.decode(R.self)) }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for row in rows.values { try container.encode(row) }
  }
}
