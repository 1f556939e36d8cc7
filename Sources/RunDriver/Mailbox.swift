import DequeModule
import Synchronization

/// Hands what many tasks post to one reader, in the order of posting.
final class Mailbox<Message: Sendable>: Sendable {
  private struct State {
    var pending: Deque<Message> = []
    var reader: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  func post(_ messages: Message...) { post(messages) }

  func post(_ messages: [Message]) {
    let reader = state.withLock { state in
      state.pending.append(contentsOf: messages)
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  /// The first that nobody has taken; none when there is nothing.
  func takeWaiting(atMost count: Int) -> [Message] {
    state.withLock { state in
      let messages = Array(state.pending.prefix(count))
      if messages.count == state.pending.count { state.pending = [] } else { state.pending.removeFirst(messages.count) }
      return messages
    }
  }

  /// The same; waits until there is something. One reader only.
  func take(atMost count: Int) async -> [Message] {
    while true {
      let messages = takeWaiting(atMost: count)
      if !messages.isEmpty { return messages }
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.pending.isEmpty { state.reader = continuation }
          return !state.pending.isEmpty
        }
        if isReady { continuation.resume() }
      }
    }
  }
}
