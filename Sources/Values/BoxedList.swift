/// Large values by numbers that are given out in order. Each stands in a place of its own; of one that is gone, no more
/// than the room for a reference is left.
///
/// Public, as little else is: the compiler makes code for the types of another module from public code only.
public struct BoxedList<Content: Sendable>: Sendable {
  /// Changed only by the one list that has it.
  @usableFromInline final class Box: @unchecked Sendable {
    /// Nil while it is being changed.
    @usableFromInline var content: Content?
    @inlinable init(_ content: Content) { self.content = content }
  }
  @usableFromInline var boxes: [Box?] = []
  /// How many there are.
  @usableFromInline var count = 0

  @inlinable public init() {}

  @inlinable public var isEmpty: Bool { count == 0 }

  @inlinable public func has(_ number: Int) -> Bool { boxes.indices.contains(number) && boxes[number] != nil }

  @inlinable public subscript(number: Int) -> Content? {
    get { boxes.indices.contains(number) ? boxes[number]?.content : nil }
    _modify {
      var content = lend(number)
      defer { putBack(content, number) }
      yield &content
    }
  }

  /// A value that is put back soon: until then there is none.
  @inlinable public mutating func lend(_ number: Int) -> Content? {
    guard boxes.indices.contains(number), boxes[number] != nil else { return nil }
    if isKnownUniquelyReferenced(&boxes[number]) { return boxes[number]?.content.take() }
    let content = boxes[number]?.content
    if let content { boxes[number] = Box(content) }
    return boxes[number]?.content.take()
  }

  /// Changes a value where it stands. Nil when there is none.
  @inlinable @discardableResult
  public mutating func change<Answer>(_ number: Int, _ body: (inout Content) -> Answer) -> Answer? {
    guard boxes.indices.contains(number), boxes[number] != nil else { return nil }
    if !isKnownUniquelyReferenced(&boxes[number]), let content = boxes[number]?.content { boxes[number] = Box(content) }
    guard let box = boxes[number], box.content != nil else { return nil }
    return body(&box.content!)
  }

  @inlinable public mutating func take(_ number: Int) -> Content? {
    defer { remove(number) }
    return lend(number)
  }

  /// Nil removes it.
  @inlinable public mutating func putBack(_ content: Content?, _ number: Int) {
    guard let content else { return remove(number) }
    if boxes.count <= number {
      boxes.append(contentsOf: repeatElement(nil, count: number + 1 - boxes.count))
    }
    if let box = boxes[number] {
      box.content = content
    } else {
      boxes[number] = Box(content)
      count += 1
    }
  }

  @inlinable mutating func remove(_ number: Int) {
    guard boxes.indices.contains(number), boxes[number] != nil else { return }
    boxes[number] = nil
    count -= 1
  }

  /// In the order of their numbers.
  @inlinable public func visit(_ body: (Int, Content) -> Void) {
    for (number, box) in boxes.enumerated() { if let content = box?.content { body(number, content) } }
  }

  /// Of the lowest number.
  @inlinable public func first(where isSo: (Content) -> Bool) -> Content? {
    for box in boxes { if let content = box?.content, isSo(content) { return content } }
    return nil
  }

  @inlinable public func allSatisfy(_ isSo: (Content) -> Bool) -> Bool {
    boxes.allSatisfy { $0?.content.map(isSo) ?? true }
  }
}
