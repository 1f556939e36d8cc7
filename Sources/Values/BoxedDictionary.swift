/// A dictionary of large values. Each stands in a place of its own, so that the room that a hash table keeps free is
/// not as large as the values.
package struct BoxedDictionary<Key: Hashable & Sendable, Content: Sendable>: Sendable {
  @usableFromInline final class Box: Sendable {
    @usableFromInline let content: Content
    @inlinable init(_ content: Content) { self.content = content }
  }
  @usableFromInline var boxes: [Key: Box] = [:]

  @inlinable package init() {}

  @inlinable package var isEmpty: Bool { boxes.isEmpty }
  @inlinable package var count: Int { boxes.count }

  @inlinable package subscript(key: Key) -> Content? {
    get { boxes[key]?.content }
    set { boxes[key] = newValue.map { Box($0) } }
  }

  @inlinable @discardableResult
  package mutating func removeValue(forKey key: Key) -> Content? { boxes.removeValue(forKey: key)?.content }
}

extension BoxedDictionary: Sequence {
  @inlinable package func makeIterator() -> AnyIterator<(key: Key, value: Content)> {
    var iterator = boxes.makeIterator()
    return AnyIterator { iterator.next().map { ($0.key, $0.value.content) } }
  }
}

extension BoxedDictionary: ExpressibleByDictionaryLiteral {
  @inlinable package init(dictionaryLiteral elements: (Key, Content)...) {
    for (key, content) in elements { self[key] = content }
  }
}
