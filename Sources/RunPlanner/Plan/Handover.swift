import Synchronization

/// The only copy of something large, for whoever takes it: to change it does not copy it.
final class Handover<Content: Sendable>: Sendable {
  private let content: Mutex<Content?>

  init(_ content: Content) { self.content = Mutex(content) }

  func take() -> Content {
    guard let content = content.withLock({ $0.take() }) else {
      preconditionFailure("what is handed over is taken once")
    }
    return content
  }
}
