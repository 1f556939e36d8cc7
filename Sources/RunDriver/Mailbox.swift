import Synchronization

/// Hands what many tasks post to one reader, in the order of posting.
final class Mailbox<Message: Sendable>: Sendable {
  private struct State {
    var pending: [Message] = []
    var reader: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  func post(_ message: Message) {
    let reader = state.withLock { state in
      state.pending.append(message)
      defer { state.reader = nil }
      return state.reader
    }
    reader?.resume()
  }

  /// Everything posted since the last time; waits until there is something. One reader only.
  func take() async -> [Message] {
    while true {
      let messages = state.withLock { state in
        defer { state.pending = [] }
        return state.pending
      }
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
