/// A dictionary of large values. Each stands in a place of its own, so that the room that a hash table keeps free is
/// not as large as the values, and a change of a part of one moves nothing.
///
/// Public, as little else is: the compiler makes code for the types of another module from public code only.
public struct BoxedDictionary<Key: Hashable & Sendable, Content: Sendable>: Sendable {
  /// Changed only by the one dictionary that has it.
  @usableFromInline final class Box: @unchecked Sendable {
    /// Nil only while it is being removed.
    @usableFromInline var content: Content?
    @inlinable init(_ content: Content?) { self.content = content }
  }
  @usableFromInline var boxes: [Key: Box] = [:]

  @inlinable public init() {}

  @inlinable public var isEmpty: Bool { boxes.isEmpty }
  @inlinable public var count: Int { boxes.count }

  @inlinable public mutating func reserveCapacity(_ count: Int) { boxes.reserveCapacity(count) }

  @inlinable public subscript(key: Key) -> Content? {
    get { boxes[key]?.content }
    // In its place: without it, a change of one member would copy the value, and make a new box for it.
    _modify {
      if let place = boxes.index(forKey: key) {
        own(place)
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
  public mutating func removeValue(forKey key: Key) -> Content? { boxes.removeValue(forKey: key)?.content }

  /// Changes a value where it stands. Nil when there is none.
  @inlinable @discardableResult
  public mutating func change<Answer>(_ key: Key, _ body: (inout Content) -> Answer) -> Answer? {
    guard let place = boxes.index(forKey: key) else { return nil }
    own(place)
    let box = boxes.values[place]
    guard box.content != nil else { return nil }
    return body(&box.content!)
  }

  @inlinable mutating func own(_ place: Dictionary<Key, Box>.Index) {
    if !isKnownUniquelyReferenced(&boxes.values[place]) { boxes.values[place] = Box(boxes.values[place].content) }
  }
}

extension BoxedDictionary: Sequence {
  @inlinable public func makeIterator() -> AnyIterator<(key: Key, value: Content)> {
    var iterator = boxes.makeIterator()
    return AnyIterator { iterator.next().flatMap { box in box.value.content.map { (box.key, $0) } } }
  }
}

extension BoxedDictionary: ExpressibleByDictionaryLiteral {
  @inlinable public init(dictionaryLiteral elements: (Key, Content)...) {
    for (key, content) in elements { self[key] = content }
  }
}
