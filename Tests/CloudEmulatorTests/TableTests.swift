import Testing

@testable import CloudEmulator

/// What the indexes of a table say, beside what a look at every row says.
@Suite("Tables and their indexes")
struct TableTests {
  /// Testing has a Tag too.
  typealias Label = CloudEmulator.Tag

  struct Thing: Row {
    let id: String
    let zone: String
    var state: String
    var name: String
    var tags: [Label]
    var addresses: [String]

    static let keys: [RowKey<Thing>] =
      [
        .one("zone", isFixed: true) { $0.zone }, .one("state") { $0.state }, .parts("name") { $0.name },
        .many("address") { $0.addresses },
      ] + RowKey.tags(isFixed: false) { $0.tags }

    static let filters = FilterSet<Thing>(
      fields: [
        .key("thing-id", of: "id"), .key("zone"), .key("state"), .key("address"),
        .fuzzy("name") { $0.name }.found(byPartsOf: "name"),
      ], tags: { $0.tags }, indexesTags: true)
  }

  static let names = ["web-1", "web-12", "Web-123", "db", "Straße 123", "123", "", "KELVIN \u{212A}"]
  static let parts = ["web", "WEB-12", "123", "b-1", "db", "straße", "k", "kelvin k", "", "nothing"]

  /// A table and the same rows as a plain list, changed alike.
  struct Pair: Equatable {
    var table = Table<Thing>()
    var rows: [Thing] = []

    mutating func change(_ random: inout SplitMix64) {
      switch random.within(0...9) {
      case 0...3: insert(Thing.random("t-\(random.within(0...150))", &random))
      case 4 where !rows.isEmpty:
        let gone = rows.remove(at: random.within(0...rows.count - 1))
        table.remove(gone.id)
      case 5: table.remove("t-none")
      default:
        guard !rows.isEmpty else { return }
        let index = random.within(0...rows.count - 1)
        let new = Thing.random(rows[index].id, &random)
        rows[index].state = new.state
        table[rows[index].id]?.state = new.state
        guard random.within(0...1) == 0 else { return }
        (rows[index].name, rows[index].tags, rows[index].addresses) = (new.name, new.tags, new.addresses)
        table[rows[index].id]?.name = new.name
        table[rows[index].id]?.tags = new.tags
        table[rows[index].id]?.addresses = new.addresses
      }
    }

    private mutating func insert(_ thing: Thing) {
      table.insert(thing)
      if let index = rows.firstIndex(where: { $0.id == thing.id }) { rows[index] = thing } else { rows.append(thing) }
    }

    /// Whether a random question has the answer that a look at every row gives.
    func agrees(_ random: inout SplitMix64) -> Bool {
      var terms: [RowTerm<Thing>] = []
      for _ in 0..<random.within(0...2) {
        let (name, values) = Pair.question(&random)
        guard let term = Thing.filters.term(name, values) else { return false }
        terms.append(term)
      }
      if random.within(0...9) == 0 { terms.append(.ids(["t-1", "t-2", "t-2", "t-none"])) }
      let (offset, limit, newestFirst) = (random.within(0...20), random.within(1...30), random.within(0...1) == 0)
      let page = table.page(terms, offset: offset, limit: limit, newestFirst: newestFirst)
      let passing = rows.filter { row in terms.allSatisfy { $0.passes(row) } }
      let expected = (newestFirst ? passing.reversed() : passing).dropFirst(offset).prefix(limit)
      return page.total == passing.count && page.rows == Array(expected)
    }

    private static func question(_ random: inout SplitMix64) -> (String, [String]) {
      let name = ["thing-id", "zone", "state", "address", "name", "tag-key", "tag:a", "tag:b"][random.within(0...7)]
      let values = (0..<random.within(1...3)).map { _ in
        switch name {
        case "thing-id": "t-\(random.within(0...160))"
        case "zone": "z-\(random.within(0...4))"
        case "state": "s-\(random.within(0...4))"
        case "address": "10.0.0.\(random.within(0...40))"
        case "name": TableTests.parts[random.within(0...TableTests.parts.count - 1)]
        default: ["a", "b", "ab"][random.within(0...2)]
        }
      }
      return (name, values)
    }
  }

  @Test("random changes: every page of every filter is the one that a scan gives", arguments: [1, 2, 3] as [UInt64])
  func indexesAgree(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var pair = Pair()
    var kept: [Pair] = []
    for step in 1...3000 {
      pair.change(&random)
      let agrees = pair.agrees(&random)
      #expect(agrees, "seed \(seed), step \(step)")
      if step % 300 == 0 { kept.append(pair) }
    }
    for (number, pair) in kept.enumerated() {
      #expect(Array(pair.table.all) == pair.rows, "seed \(seed), copy \(number)")
      let agrees = (1...50).allSatisfy { _ in pair.agrees(&random) }
      #expect(agrees, "seed \(seed), copy \(number)")
    }
  }

  @Test("tables that part before anybody has asked for an index have each its own", arguments: [8, 9] as [UInt64])
  func partedTables(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var pairs = [Pair()]
    for _ in 1...30 {
      var pair = pairs[random.within(0...pairs.count - 1)]
      for _ in 1...30 { pair.change(&random) }
      pairs.append(pair)
    }
    for number in pairs.indices {
      for _ in 1...10 {
        let agrees = (1...5).allSatisfy { _ in pairs[number].agrees(&random) }
        #expect(agrees, "seed \(seed), table \(number)")
        pairs[number].change(&random)
      }
    }
  }

  @Test("an empty value finds the rows that have none")
  func emptyValue() throws {
    var random = SplitMix64(seed: 10)
    var table = Table<Thing>()
    for (number, zone) in ["z-1", "", "z-2", ""].enumerated() {
      let thing = Thing.random("t-\(number)", &random)
      table.insert(
        Thing(id: thing.id, zone: zone, state: thing.state, name: thing.name, tags: thing.tags, addresses: []))
    }
    func ids(_ name: String, _ values: [String]) throws -> [String] {
      let term = try #require(Thing.filters.term(name, values))
      #expect(table.all.filter { term.passes($0) }.map(\.id) == table.page([term]).map(\.id))
      return table.page([term]).map(\.id)
    }
    #expect(try ids("zone", [""]) == ["t-1", "t-3"])
    #expect(try ids("zone", ["", "z-2"]) == ["t-1", "t-2", "t-3"])
    #expect(try ids("address", [""]) == [])
    #expect(try ids("thing-id", [""]) == [])
  }

  @Test("tables are equal by their rows in order, however they came about")
  func equality() {
    var (one, two) = (Table<Thing>(), Table<Thing>())
    var random = SplitMix64(seed: 4)
    let things = (0..<100).map { Thing.random("t-\($0)", &random) }
    for thing in things { one.insert(thing) }
    two.insert(Thing.random("t-x", &random))
    for thing in things { two.insert(thing) }
    #expect(one != two)
    two.remove("t-x")
    #expect(one == two)
    two["t-50"]?.state = "other"
    #expect(one != two)
    two["t-50"]?.state = things[50].state
    #expect(one == two)
    two.remove("t-99")
    #expect(one != two)
  }

  @Test("a tree keeps its keys in order, and counts and chooses by rank", arguments: [5, 6] as [UInt64])
  func tree(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var tree = OrderedTree<Int, Int>()
    var model: [Int: Int] = [:]
    for step in 0..<4000 {
      // Ascending at first, as tables grow; then anything.
      let key = step < 1500 ? step : random.within(0...3000)
      if step >= 1500, random.within(0...2) > 0 {
        tree.remove(key)
        model[key] = nil
      } else {
        tree.insert(step, for: key)
        model[key] = step
      }
    }
    let keys = model.keys.sorted()
    #expect(tree.map { $0.key } == keys)
    #expect(tree.map { $0.value } == keys.compactMap { model[$0] })
    for key in -1...3001 {
      #expect(tree.contains(key) == (model[key] != nil))
      #expect(tree.count(below: key) == keys.count { $0 < key })
    }
    for (rank, key) in keys.enumerated() { #expect(tree[rank: rank].key == key) }
    for key in keys { tree.remove(key) }
    #expect(tree.isEmpty && Array(tree).isEmpty)
  }
}

extension Table<TableTests.Thing> {
  /// All rows that pass the terms, oldest first.
  fileprivate func page(_ terms: [RowTerm<TableTests.Thing>]) -> [TableTests.Thing] {
    page(terms, offset: 0, limit: count, newestFirst: false).rows
  }
}

extension TableTests.Thing {
  fileprivate static func random(_ id: String, _ random: inout SplitMix64) -> Self {
    let tags = (0..<random.within(0...3)).map { _ in
      TableTests.Label(
        key: ["a", "b", "ab"][random.within(0...2)], value: ["a", "b", "ab", "b:b"][random.within(0...3)])
    }
    return Self(
      id: id, zone: "z-\(random.within(0...4))", state: "s-\(random.within(0...4))",
      name: TableTests.names[random.within(0...TableTests.names.count - 1)], tags: tags,
      addresses: (0..<random.within(0...3)).map { _ in "10.0.0.\(random.within(0...40))" })
  }
}
