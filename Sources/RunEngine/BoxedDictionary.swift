/// A dictionary of large values. Each stands in a place of its own, so that the room that a hash table keeps free is
/// not as large as the values.
package struct BoxedDictionary<Key: Hashable & Sendable, Content: Sendable>: Sendable {
  /// Changed by the only dictionary that holds it.
  @usableFromInline final class Box: @unchecked Sendable {
    /// Nil only while it is being removed.
    @usableFromInline var content: Content?
    @inlinable init(_ content: Content?) { self.content = content }
  }
  @usableFromInline var boxes: [Key: Box] = [:]

  @inlinable package init() {}

  @inlinable package var isEmpty: Bool { boxes.isEmpty }
  @inlinable package var count: Int { boxes.count }

  @inlinable package subscript(key: Key) -> Content? {
    get { boxes[key]?.content }
    // In its place: without it, a change of one member would copy the value, and make a new box for it.
    _modify {
      if let place = boxes.index(forKey: key) {
        if !isKnownUniquelyReferenced(&boxes.values[place]) {
          boxes.values[place] = Box(boxes.values[place].content)
        }
        let box = boxes.values[place]
        defer { if box.content == nil { boxes.remove(at: place) } }
        yield &box.content
      } else {
        var content: Content?
        defer { if let content { boxes[key] = Box(content) } }
        yield &content
      }
    }
  }

  @inlinable @discardableResult
  package mutating func removeValue(forKey key: Key) -> Content? { boxes.removeValue(forKey: key)?.content }
}

extension BoxedDictionary: Sequence {
  @inlinable package func makeIterator() -> AnyIterator<(key: Key, value: Content)> {
    var iterator = boxes.makeIterator()
    return AnyIterator { iterator.next().flatMap { box in box.value.content.map { (box.key, $0) } } }
  }
}

extension BoxedDictionary: ExpressibleByDictionaryLiteral {
  @inlinable package init(dictionaryLiteral elements: (Key, Content)...) {
    for (key, content) in elements { self[key] = content }
  }
}
