import RunEngine
import Synchronization
import Values

/// A store that stops its caller at one append, like a process that is stopped by the machine: just before the records
/// are stored, or just after.
final class StallingStore: JournalStore {
  private struct State {
    var appends = 0
    var isStalled = false
    var isOpen = false
    var waiting: CheckedContinuation<Void, Never>?
  }
  private let inner: MemoryStore
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

  func create(_ run: RunSummary) async throws(JournalProblem) { try await inner.create(run) }
  func records(of run: RunID) async throws(JournalProblem) -> [StoredRecord] { try await inner.records(of: run) }
  func runs() async throws(JournalProblem) -> [RunSummary] { try await inner.runs() }
  func summary(of run: RunID) async throws(JournalProblem) -> RunSummary? { try await inner.summary(of: run) }
  func take(
    _ run: RunID, by owner: String, at now: Instant, over dead: Lease?
  ) async throws(JournalProblem) -> Lease {
    try await inner.take(run, by: owner, at: now, over: dead)
  }
  func renew(_ lease: Lease, at now: Instant) async throws(JournalProblem) -> Lease {
    try await inner.renew(lease, at: now)
  }
  func release(_ lease: Lease) async throws(JournalProblem) { try await inner.release(lease) }
  func lease(of run: RunID) async throws(JournalProblem) -> Lease? { try await inner.lease(of: run) }
  func post(_ payload: String, to run: RunID, at now: Instant) async throws(JournalProblem) -> Int {
    try await inner.post(payload, to: run, at: now)
  }
  func requests(of run: RunID) async throws(JournalProblem) -> [RunRequest] { try await inner.requests(of: run) }
  func settle(_ lease: Lease, through number: Int) async throws(JournalProblem) {
    try await inner.settle(lease, through: number)
  }
}
