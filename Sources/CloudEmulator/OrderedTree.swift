/// Values by key, in the order of the keys, as a B+ tree that counts. A copy costs nothing; a change after it copies
/// only the nodes on the way to it. Finding, inserting, removing, counting and choosing by rank take logarithmic time.
struct OrderedTree<Key: Comparable & Sendable, Value: Sendable>: Sendable {
  /// As many keys a node has at most.
  private static var width: Int { 32 }

  private typealias Node = TreeNode<Key, Value>

  private var root = Node()

  var count: Int { root.count }
  var isEmpty: Bool { root.count == 0 }

  func contains(_ key: Key) -> Bool { root.contains(key) }

  /// How many keys are less.
  func count(below key: Key) -> Int { root.count(below: key) }

  /// Of the key that so many are less than.
  subscript(rank rank: Int) -> (key: Key, value: Value) {
    let (leaf, index) = root.leaf(rank)
    return (leaf.keys[index], leaf.values[index])
  }

  /// The value of a key that is there, changed in its place.
  subscript(existing key: Key) -> Value {
    get { root[key] }
    _modify { yield &root[key] }
  }

  /// A value that is there already is replaced.
  mutating func insert(_ value: Value, for key: Key) {
    guard let sibling = root.insert(key, value, OrderedTree.width) else { return }
    var higher = Node()
    higher.count = root.count + sibling.count
    higher.keys = [root.keys[0], sibling.keys[0]]
    higher.children = [root, sibling]
    root = higher
  }

  mutating func remove(_ key: Key) {
    guard contains(key) else { return }
    root.remove(key)
    while root.children.count == 1 { root = root.children[0] }
  }
}

private struct TreeNode<Key: Comparable & Sendable, Value: Sendable>: Sendable {
  /// Of a leaf: those of its values. Of a branch: no key under a child is less than the child's, but for the first.
  var keys: [Key] = []
  var values: [Value] = []
  /// None in a leaf.
  var children: [TreeNode] = []
  /// Values in it or under it.
  var count = 0

  /// How many of the node's own keys are less than the key.
  private func lowerBound(_ key: Key) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The child under which the key belongs.
  private func child(of key: Key) -> Int {
    let index = lowerBound(key)
    return index < keys.count && keys[index] == key ? index : max(0, index - 1)
  }

  fileprivate func contains(_ key: Key) -> Bool {
    guard children.isEmpty else { return children[child(of: key)].contains(key) }
    let index = lowerBound(key)
    return index < keys.count && keys[index] == key
  }

  fileprivate func count(below key: Key) -> Int {
    guard !children.isEmpty else { return lowerBound(key) }
    let index = child(of: key)
    return children[..<index].reduce(children[index].count(below: key)) { $0 + $1.count }
  }

  /// Where the value of the rank stands.
  fileprivate func leaf(_ rank: Int) -> (leaf: TreeNode, index: Int) {
    guard !children.isEmpty else { return (self, rank) }
    var rest = rank
    for child in children {
      if rest < child.count { return child.leaf(rest) }
      rest -= child.count
    }
    preconditionFailure("the rank is less than the count")
  }

  fileprivate subscript(key: Key) -> Value {
    get {
      guard children.isEmpty else { return children[child(of: key)][key] }
      let index = lowerBound(key)
      precondition(index < keys.count && keys[index] == key, "the key is in the tree")
      return values[index]
    }
    _modify {
      if children.isEmpty {
        yield &values[lowerBound(key)]
      } else {
        yield &children[child(of: key)][key]
      }
    }
  }

  /// What no longer has room, as the next node of the same level.
  fileprivate mutating func insert(_ key: Key, _ value: Value, _ width: Int) -> TreeNode? {
    guard !children.isEmpty else { return insertHere(key, value, width) }
    let index = child(of: key)
    let before = children[index].count
    let sibling = children[index].insert(key, value, width)
    count += children[index].count + (sibling?.count ?? 0) - before
    guard let sibling else { return nil }
    keys.insert(sibling.keys[0], at: index + 1)
    children.insert(sibling, at: index + 1)
    return keys.count > width ? split(at: index + 1 == keys.count - 1 ? keys.count - 1 : keys.count / 2) : nil
  }

  /// Splits before it inserts, so that no leaf ever makes room for more than the width.
  private mutating func insertHere(_ key: Key, _ value: Value, _ width: Int) -> TreeNode? {
    let index = lowerBound(key)
    if index < keys.count, keys[index] == key {
      values[index] = value
      return nil
    }
    // What comes in ascending order leaves full nodes behind.
    var sibling = keys.count == width ? split(at: index == width ? width : width / 2) : nil
    if index <= keys.count, index < width {
      keys.insert(key, at: index)
      values.insert(value, at: index)
      count += 1
    } else {
      let place = index - keys.count
      sibling?.keys.insert(key, at: place)
      sibling?.values.insert(value, at: place)
      sibling?.count += 1
    }
    return sibling
  }

  private mutating func split(at index: Int) -> TreeNode {
    var sibling = TreeNode()
    sibling.keys = Array(keys[index...])
    keys.removeSubrange(index...)
    if children.isEmpty {
      sibling.values = Array(values[index...])
      values.removeSubrange(index...)
      sibling.count = sibling.keys.count
    } else {
      sibling.children = Array(children[index...])
      children.removeSubrange(index...)
      sibling.count = sibling.children.reduce(0) { $0 + $1.count }
    }
    count -= sibling.count
    return sibling
  }

  /// The key is there. A node that has nothing left goes.
  fileprivate mutating func remove(_ key: Key) {
    count -= 1
    if children.isEmpty {
      let index = lowerBound(key)
      keys.remove(at: index)
      values.remove(at: index)
    } else {
      let index = child(of: key)
      children[index].remove(key)
      guard children[index].count == 0 else { return }
      children.remove(at: index)
      keys.remove(at: index)
    }
  }
}

extension OrderedTree: Sequence {
  struct Iterator: IteratorProtocol {
    private let tree: OrderedTree<Key, Value>
    private var rank: Int
    private var leaf = Node()
    private var index = 0

    fileprivate init(_ tree: OrderedTree, from rank: Int) {
      self.tree = tree
      self.rank = rank
    }

    mutating func next() -> (key: Key, value: Value)? {
      if index == leaf.keys.count {
        guard rank < tree.count else { return nil }
        (leaf, index) = tree.root.leaf(rank)
      }
      defer { (rank, index) = (rank + 1, index + 1) }
      return (leaf.keys[index], leaf.values[index])
    }
  }

  func makeIterator() -> Iterator { Iterator(self, from: 0) }
}

extension OrderedTree where Value: Equatable {
  /// Whether both hold the same values in the same order, under whatever keys. What they share is not looked at.
  func hasSameValues(as other: OrderedTree) -> Bool {
    guard count == other.count else { return false }
    return root.isSame(as: other.root) || zip(self, other).allSatisfy { $0.value == $1.value }
  }
}

extension TreeNode where Value: Equatable {
  /// Arrays that are one and the same are equal without a look into them.
  fileprivate func isSame(as other: TreeNode) -> Bool {
    count == other.count && keys == other.keys && values == other.values && children.count == other.children.count
      && zip(children, other.children).allSatisfy { $0.isSame(as: $1) }
  }
}
