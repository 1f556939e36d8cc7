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
  /// within the indexes, whatever the table holds; of several, the rows are looked at that the narrowest one leaves.
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
    let passing = rows(terms)
    return (passing.count, ordered(Array(passing[window(of: passing.count)])))
  }

  /// All rows that pass all terms, oldest first.
  private func rows(_ terms: [RowTerm<R>]) -> [R] {
    let candidates = terms.compactMap(sets).min { left, right in
      left.reduce(0) { $0 + $1[0].count } < right.reduce(0) { $0 + $1[0].count }
    }
    guard let candidates else { return all.filter { row in terms.allSatisfy { $0.passes(row) } } }
    var found: [Int] = []
    for sets in candidates {
      // A position costs little beside the row that stands there.
      for position in sets[0].all where sets.dropFirst().allSatisfy({ $0.contains(position) }) {
        found.append(position)
      }
    }
    if candidates.count > 1 { found = Set(found).sorted() }
    return found.compactMap(row).filter { row in terms.allSatisfy { $0.passes(row) } }
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
