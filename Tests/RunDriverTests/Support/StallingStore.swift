import RunEngine
import Synchronization
import Values

/// A store that stops its caller at one append, like a process that is stopped by the machine: just before the records
/// are stored, or just after.
final class StallingStore: WatchedStore {
  private struct State {
    var appends = 0
    var isStalled = false
    var isOpen = false
    var waiting: CheckedContinuation<Void, Never>?
  }
  let inner: MemoryStore
  private let stallsAt: Int
  private let isStoredFirst: Bool
  private let state = Mutex(State())

  init(_ inner: MemoryStore, stallsAt: Int, isStoredFirst: Bool) {
    self.inner = inner
    self.stallsAt = stallsAt
    self.isStoredFirst = isStoredFirst
  }

  var isStalled: Bool { state.withLock { $0.isStalled } }

  /// Lets the caller go on.
  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  private func stall() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        state.isStalled = true
        if !state.isOpen { state.waiting = continuation }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func append(
    _ records: [StoredRecord], to run: RunID, status: String?, under lease: Lease?
  ) async throws(JournalProblem) {
    let isTime = state.withLock { state in
      state.appends += 1
      return state.appends == stallsAt
    }
    if isTime, !isStoredFirst { await stall() }
    try await inner.append(records, to: run, status: status, under: lease)
    if isTime, isStoredFirst { await stall() }
  }
}
