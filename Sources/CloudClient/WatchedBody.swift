import NIOCore
import Synchronization

/// The body of one request, given away in one piece. Nothing asks for it before a connection stands and the head is
/// written; a request without its body has no effect, so a call whose body was never asked for was never sent.
struct WatchedBody: AsyncSequence, Sendable {
  final class Mark: Sendable {
    private let asked = Atomic(false)
    /// Whether the body may have left.
    var isSet: Bool { asked.load(ordering: .acquiring) }
    fileprivate func set() { asked.store(true, ordering: .releasing) }
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var rest: ByteBuffer?
    fileprivate let mark: Mark

    mutating func next() async -> ByteBuffer? {
      mark.set()
      defer { rest = nil }
      return rest
    }
  }

  let bytes: [UInt8]
  let mark = Mark()

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: ByteBuffer(bytes: bytes), mark: mark) }
}
