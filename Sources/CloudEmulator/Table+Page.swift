/// Where rows stand in the indexes of their table.
struct RowPlace: Sendable {
  let key: String
  /// Under each of them.
  let texts: [String]
  /// Whether all that stand there pass; else each is still looked at.
  let suffices: Bool
}

/// One of the conditions that rows have to meet.
struct RowTerm<R> {
  /// Those that pass stand in one of these; nil when no index tells.
  let places: [RowPlace]?
  let passes: (R) -> Bool

  /// Whether all that stand in the places pass, so that no row need be looked at.
  var isDecided: Bool { places?.allSatisfy(\.suffices) ?? false }

  /// Rows of the ids.
  static func ids(_ ids: [String]) -> RowTerm where R: Row {
    let wanted = Set(ids)
    return RowTerm(places: wanted.map { RowPlace(key: "id", texts: [$0], suffices: true) }) { wanted.contains($0.id) }
  }

  /// Rows under the text of a key.
  static func key(_ key: String, _ text: String) -> RowTerm where R: Row { FilterField.key(key).term([text]) }
}

extension Table {
  /// The rows of the window among those that pass all terms, and how many pass. What one term leaves or none is paged
  /// within the indexes, whatever the table holds; of several, what the narrowest one leaves is looked up in the
  /// indexes of the others, and rows are looked at only for those that have none.
  func page(
    _ terms: [RowTerm<R>], offset: Int, limit: Int, newestFirst: Bool
  ) -> (total: Int, rows: [R]) {
    func window(of total: Int) -> Range<Int> {
      let first = min(offset, total)
      let end = first + min(limit, total - first)
      return newestFirst ? total - end..<total - first : first..<end
    }
    func ordered(_ rows: [R]) -> [R] { newestFirst ? rows.reversed() : rows }

    if terms.isEmpty { return (count, ordered(Array(all[window(of: count)]))) }
    if terms.count == 1, let sets = disjointSets(terms[0]) {
      let total = sets.reduce(0) { $0 + $1.count }
      return (total, ordered(positions(sets, in: window(of: total)).compactMap(row)))
    }
    if let row = onlyRow(terms) {
      let rows = terms.allSatisfy { $0.passes(row) } ? [row] : []
      return (rows.count, Array(rows[window(of: rows.count)]))
    }
    if let passing = positions(terms) {
      return (passing.count, ordered(passing[window(of: passing.count)].compactMap(row)))
    }
    let passing = all.filter { row in terms.allSatisfy { $0.passes(row) } }
    return (passing.count, ordered(Array(passing[window(of: passing.count)])))
  }

  /// The row that one of the terms leaves, when it leaves no more than that: one that is asked for by its id.
  private func onlyRow(_ terms: [RowTerm<R>]) -> R? {
    for term in terms {
      guard let places = term.places, places.count == 1, places[0].texts.count == 1,
        let set = set(places[0].key, places[0].texts[0]), set.count == 1
      else { continue }
      return row(at: set[rank: 0])
    }
    return nil
  }

  /// Of all rows that pass all terms, oldest first; nil when no index tells of any term.
  private func positions(_ terms: [RowTerm<R>]) -> [Int]? {
    var told = terms.map { (term: $0, sets: sets($0)) }
    let counts = told.enumerated().compactMap { place, one in
      one.sets.map { (place, count: $0.reduce(0) { $0 + $1[0].count }) }
    }
    guard let (narrowest, _) = counts.min(by: { $0.count < $1.count }), let candidates = told[narrowest].sets else {
      return nil
    }
    var found = Table.positions(in: candidates)
    // A position costs little beside the row that stands there.
    if told[narrowest].term.isDecided { told.remove(at: narrowest) }
    for (term, sets) in told {
      if let sets, term.isDecided {
        found.removeAll { position in !sets.contains { $0.allContain(position) } }
      } else {
        found.removeAll { position in row(at: position).map { !term.passes($0) } ?? true }
      }
    }
    return found
  }

  /// Those that are in all sets of one of the places, ascending.
  private static func positions(in places: [[RowSet]]) -> [Int] {
    let found = places.flatMap { sets in
      let others = sets.dropFirst()
      return sets[0].all.filter { others.allContain($0) }
    }
    return places.count > 1 ? Set(found).sorted() : found
  }

  /// For each place where rows stand that pass the term, the sets in all of which they stand, the smallest first; nil
  /// when no index tells.
  private func sets(_ term: RowTerm<R>) -> [[RowSet]]? {
    term.places?.compactMap(sets)
  }

  /// Nil when no row stands there.
  private func sets(_ place: RowPlace) -> [RowSet]? {
    var found: [RowSet] = []
    for text in place.texts {
      guard let set = set(place.key, text) else { return nil }
      found.append(set)
    }
    return found.isEmpty ? nil : found.sorted { $0.count < $1.count }
  }

  /// Sets of which no row stands in two, and whose rows all pass the term.
  private func disjointSets(_ term: RowTerm<R>) -> [RowSet]? {
    if let places = term.places, places.count == 1, places[0].suffices, places[0].texts.count == 1 {
      return set(places[0].key, places[0].texts[0]).map { [$0] } ?? []
    }
    guard let places = term.places?.filter({ sets($0) != nil }),
      places.allSatisfy({ $0.suffices && $0.texts.count == 1 })
    else { return nil }
    let disjoint = places.compactMap { set($0.key, $0.texts[0]) }
    if disjoint.count < 2 { return disjoint }
    let key = places[0].key
    let isSingle = key == "id" || R.keys.contains { $0.name == key && $0.isSingle }
    let isOneKey = places.allSatisfy { $0.key == key } && Set(places.map(\.texts)).count == places.count
    return isSingle && isOneKey ? disjoint : nil
  }

  /// The positions of the ranks in all the sets together, which are disjoint.
  private func positions(_ sets: [RowSet], in ranks: Range<Int>) -> [Int] {
    // The last position that has no more than as many below it.
    var (low, high) = (0, end)
    while low + 1 < high {
      let middle = (low + high) / 2
      if sets.reduce(0, { $0 + $1.count(below: middle) }) <= ranks.lowerBound { low = middle } else { high = middle }
    }
    var next = sets.map { $0.count(below: low) }
    return ranks.map { _ in
      var least: (set: Int, position: Int)?
      for (index, set) in sets.enumerated() where next[index] < set.count {
        let position = set[rank: next[index]]
        if least.map({ position < $0.position }) ?? true { least = (index, position) }
      }
      guard let least else { preconditionFailure("the sets hold the ranks") }
      next[least.set] += 1
      return least.position
    }
  }
}

extension Collection where Element == RowSet {
  fileprivate func allContain(_ position: Int) -> Bool { allSatisfy { $0.contains(position) } }
}
