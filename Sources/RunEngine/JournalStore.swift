import Values

/// The name of one run, such as `r-20261121-7k2m9x`. Sorts by the time of its making.
package struct RunID: Hashable, Sendable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
}

/// One line of a journal as a store keeps it. What the payload means is ``JournalRecord``'s business.
package struct StoredRecord: Hashable, Sendable {
  /// 0, 1, 2 … within a run, without holes.
  package let sequence: Int
  package let at: Instant
  /// `intent`, `outcome`, …
  package let kind: String
  /// A record of names and values, as ``PackedValue`` writes it.
  package let payload: [UInt8]

  package init(sequence: Int, at: Instant, kind: String, payload: [UInt8]) {
    self.sequence = sequence
    self.at = at
    self.kind = kind
    self.payload = payload
  }

  /// What the payload says; nil when it is not what it should be.
  package var fields: Record? { try? PackedValue.value(of: payload).asRecord }
}

/// What `belay runs` lists of a run without reading its journal.
package struct RunSummary: Hashable, Sendable {
  package let id: RunID
  /// `ecm.web_fleet 1.0.0`
  package let runbook: String
  package let createdAt: Instant
  package var updatedAt: Instant
  /// A ``RunStatus``'s raw value.
  package var status: String

  package init(id: RunID, runbook: String, createdAt: Instant, updatedAt: Instant, status: String) {
    self.id = id
    self.runbook = runbook
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.status = status
  }
}

/// Where journals live. One suite of tests holds for every store.
package protocol JournalStore: Sendable {
  /// Makes a run without records. A second run of the same id is a problem.
  func create(_ run: RunSummary) async throws(JournalProblem)
  /// Returns when the records are durable. The first sequence must follow the last one stored; `status`, when given,
  /// becomes the run's in the same transaction, which also looks at the lease: it must be the last that was taken, and
  /// there may be none only as long as nobody has ever taken one.
  func append(
    _ records: [StoredRecord], to run: RunID, status: String?, under lease: Lease?
  ) async throws(JournalProblem)
  /// All records of a run, in order. A run that does not exist, a hole, or a record that fails its checksum is a
  /// problem.
  func records(of run: RunID) async throws(JournalProblem) -> [StoredRecord]
  /// Newest first.
  func runs() async throws(JournalProblem) -> [RunSummary]
  func summary(of run: RunID) async throws(JournalProblem) -> RunSummary?

  /// Takes a run for driving. As long as another's lease lasts it is `held`, except that `dead`, a lease whose holder
  /// is known to have ended, counts as expired.
  func take(
    _ run: RunID, by owner: String, at now: Instant, over dead: Lease?
  ) async throws(JournalProblem) -> Lease
  /// The same lease for another term; `lost` when somebody else has taken the run.
  func renew(_ lease: Lease, at now: Instant) async throws(JournalProblem) -> Lease
  /// Lets others take the run at once. Nothing happens when the lease is lost already.
  func release(_ lease: Lease) async throws(JournalProblem)
  /// The last lease that was taken, expired or not; nil when nobody holds the run.
  func lease(of run: RunID) async throws(JournalProblem) -> Lease?

  /// Leaves a request for whoever drives the run. Returns its number.
  @discardableResult
  func post(_ payload: String, to run: RunID, at now: Instant) async throws(JournalProblem) -> Int
  /// The requests of a run that nobody has settled, in the order of their posting.
  func requests(of run: RunID) async throws(JournalProblem) -> [RunRequest]
  /// Forgets the requests up to a number: what they asked for is in the journal.
  func settle(_ lease: Lease, through number: Int) async throws(JournalProblem)
}

extension JournalStore {
  /// For a run that nobody has ever taken for driving.
  package func append(_ records: [StoredRecord], to run: RunID, status: String?) async throws(JournalProblem) {
    try await append(records, to: run, status: status, under: nil)
  }

  package func take(_ run: RunID, by owner: String, at now: Instant) async throws(JournalProblem) -> Lease {
    try await take(run, by: owner, at: now, over: nil)
  }
}

/// What may be wrong with a journal or its store. `message` is one sentence for the user, without a line end.
package struct JournalProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Sendable {
    case unreachable, full, damaged, conflict, missing
    /// Somebody else drives the run.
    case held
    /// The lease has expired and somebody else has taken the run.
    case lost
  }
  package let kind: Kind
  package let message: String
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
  package var description: String { message }
}
