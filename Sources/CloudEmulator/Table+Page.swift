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
      left.reduce(0) { $0 + $1.count } < right.reduce(0) { $0 + $1.count }
    }
    guard let candidates else { return all.filter { row in terms.allSatisfy { $0.passes(row) } } }
    var found: [Int] = []
    for set in candidates { for rank in 0..<set.count { found.append(set[rank: rank]) } }
    if candidates.count > 1 { found = Set(found).sorted() }
    return found.compactMap(row).filter { row in terms.allSatisfy { $0.passes(row) } }
  }

  /// The sets in which all rows stand that pass the term, of each place the smallest; nil when no index tells.
  private func sets(_ term: RowTerm<R>) -> [RowSet]? {
    guard let places = term.places else { return nil }
    return places.compactMap { place in
      var smallest: RowSet?
      for text in place.texts {
        guard let set = set(place.key, text) else { return nil }
        if smallest.map({ set.count < $0.count }) ?? true { smallest = set }
      }
      return smallest
    }
  }

  /// Sets of which no row stands in two, and whose rows all pass the term.
  private func disjointSets(_ term: RowTerm<R>) -> [RowSet]? {
    guard let places = term.places, places.allSatisfy(\.suffices), let sets = sets(term) else { return nil }
    if sets.count < 2 { return sets }
    let key = places[0].key
    let isSingle = key == "id" || R.keys.contains { $0.name == key && $0.isSingle }
    let isOneKey = places.allSatisfy { $0.key == key } && Set(places.map(\.texts)).count == places.count
    return isSingle && isOneKey ? sets : nil
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
