import HashTreeCollections
import Synchronization

/// The indexes of a table. Each is made when its key is first asked for, and kept up from then on: nobody asks for most
/// keys of most tables, and to stand under all of them costs a new row more than all else that is done for it.
///
/// An index follows from the rows alone, so nothing shows whether it has been made. Tables of the same rows share
/// theirs; a table lets go of them before its rows change.
final class RowIndexes<R: Row>: Sendable {
  private let made: Mutex<[RowIndex<R>]>

  init() { made = Mutex([]) }

  private init(_ indexes: [RowIndex<R>]) { made = Mutex(indexes) }

  func copy() -> RowIndexes { RowIndexes(made.withLock { $0 }) }

  /// The rows that stand under the text of the key; nil when none does. Traps when the kind has no such key.
  func set(_ key: String, _ text: String, among rows: OrderedTree<Int, R?>) -> RowSet? {
    made.withLock { made in
      if let place = made.firstIndex(where: { $0.key.name == key }) { return made[place].sets[text] }
      guard let key = R.keys.first(where: { $0.name == key }) else {
        preconditionFailure("\(R.self) has no key '\(key)'")
      }
      let index = RowIndex(key, of: rows)
      made.append(index)
      return index.sets[text]
    }
  }

  func insert(_ row: R, at position: Int) {
    made.withLock { made in
      for place in made.indices { made[place].enter(made[place].key.texts(row), position) }
    }
  }

  func remove(_ row: R?, at position: Int) {
    guard let row else { return }
    made.withLock { made in
      for place in made.indices { made[place].leave(made[place].key.texts(row), position) }
    }
  }

  /// Under what the row stands that may come to stand elsewhere, index by index; nil where it cannot.
  func stands(of row: @autoclosure () -> R?) -> [RowTexts?] {
    made.withLock { made in
      guard !made.isEmpty, let row = row() else { return [] }
      return made.map { $0.key.isFixed ? nil : $0.key.texts(row) }
    }
  }

  /// The row has changed, and stood where it says.
  func move(_ row: R?, at position: Int, from before: [RowTexts?]) {
    let after = stands(of: row)
    made.withLock { made in
      for place in before.indices {
        let texts = place < after.count ? after[place] : nil
        guard texts != before[place] else { continue }
        if let texts = before[place] { made[place].leave(texts, position) }
        if let texts { made[place].enter(texts, position) }
      }
    }
  }
}

/// The index of one key: the rows under each of its texts.
private struct RowIndex<R: Row>: Sendable {
  let key: RowKey<R>
  private(set) var sets: TreeDictionary<String, RowSet> = [:]

  init(_ key: RowKey<R>, of rows: OrderedTree<Int, R?>) {
    self.key = key
    for (position, row) in rows {
      if let row { enter(key.texts(row), position) }
    }
  }

  mutating func enter(_ texts: RowTexts, _ position: Int) {
    if case .one(let text) = texts {
      enter(under: text, position)
    } else {
      for text in texts.list { enter(under: text, position) }
    }
  }

  private mutating func enter(under text: String, _ position: Int) {
    // Not by a subscript, which takes the set out and puts it back, and so moves its neighbours twice.
    sets.updateValue(forKey: text, default: .one(position)) { $0.insert(position) }
  }

  mutating func leave(_ texts: RowTexts, _ position: Int) {
    for text in texts.list {
      let isLeft = sets.updateValue(forKey: text, default: .one(position)) { $0.remove(position) }
      if isLeft { sets[text] = nil }
    }
  }
}
