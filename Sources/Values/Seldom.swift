/// A part that most values of a kind never come to have: room for a reference, until it is changed for the first time.
///
/// Public, as ``BoxedList`` is and for the same reason.
public struct Seldom<Content: Sendable>: Sendable {
  /// Changed only by the one value that has it.
  @usableFromInline final class Box: @unchecked Sendable {
    @usableFromInline var content: Content
    @inlinable init(_ content: Content) { self.content = content }
  }
  @usableFromInline var box: Box?

  @inlinable public init() {}

  /// Nil as long as nothing has been changed.
  @inlinable public var content: Content? { box?.content }

  /// Changes what is there, or else what it is at first.
  @inlinable public mutating func change(from first: @autoclosure () -> Content, _ body: (inout Content) -> Void) {
    if box == nil {
      box = Box(first())
    } else if !isKnownUniquelyReferenced(&box), let content = box?.content {
      box = Box(content)
    }
    if let box { body(&box.content) }
  }
}
