import RunEngine
import Values

/// A store that meddles with what is appended, and leaves the rest to another.
protocol WatchedStore: JournalStore {
  associatedtype Inner: JournalStore
  var inner: Inner { get }
}

extension WatchedStore {
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
