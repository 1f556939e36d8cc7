import RunEngine
import Values

/// Journals that end with the process: for simulated worlds and tests.
package actor MemoryJournalStore: JournalStore {
  private struct Journal {
    var summary: RunSummary
    var records: [StoredRecord] = []
    var lease: HeldLease?
    var requests: [RunRequest] = []
  }
  private static let place = "the journal in memory"

  /// In the order of their making.
  private var order: [RunID] = []
  private var journals: [RunID: Journal] = [:]

  package init() {}

  package func create(_ run: RunSummary) throws(JournalProblem) {
    guard journals[run.id] == nil else { throw JournalRules.exists(run.id, in: MemoryJournalStore.place) }
    journals[run.id] = Journal(summary: run)
    order.append(run.id)
  }

  package func append(
    _ records: [StoredRecord], to run: RunID, status: String?, under lease: Lease?
  ) throws(JournalProblem) {
    var journal = try journal(of: run)
    if let problem = JournalRules.fencing(lease, current: journal.lease, run: run)
      ?? JournalRules.gap(
        in: records, next: journal.records.count, run: run, in: MemoryJournalStore.place)
    {
      throw problem
    }
    journal.records += records
    if let last = records.last { journal.summary.updatedAt = last.at }
    if let status { journal.summary.status = status }
    journals[run] = journal
  }

  private func journal(of run: RunID) throws(JournalProblem) -> Journal {
    guard let journal = journals[run] else { throw JournalRules.missing(run, in: MemoryJournalStore.place) }
    return journal
  }

  package func records(of run: RunID) throws(JournalProblem) -> [StoredRecord] { try journal(of: run).records }

  package func runs() -> [RunSummary] {
    order.enumerated()
      .compactMap { index, run in journals[run].map { (index, $0.summary) } }
      .sorted { ($0.1.createdAt, $0.0) > ($1.1.createdAt, $1.0) }
      .map(\.1)
  }

  package func summary(of run: RunID) -> RunSummary? { journals[run]?.summary }

  // MARK: Leases and requests

  package func take(
    _ run: RunID, by owner: String, at now: Instant, over dead: Lease?
  ) throws(JournalProblem) -> Lease {
    let current = try journal(of: run).lease
    if let problem = JournalRules.holding(current, over: dead, run: run, at: now) { throw problem }
    let lease = Lease(run: run, owner: owner, fence: (current?.fence ?? 0) + 1, expiresAt: now + Lease.term)
    journals[run]?.lease = HeldLease(owner: owner, fence: lease.fence, expiresAt: lease.expiresAt)
    return lease
  }

  package func renew(_ lease: Lease, at now: Instant) throws(JournalProblem) -> Lease {
    try fence(lease)
    let renewed = Lease(run: lease.run, owner: lease.owner, fence: lease.fence, expiresAt: now + Lease.term)
    journals[lease.run]?.lease = HeldLease(owner: lease.owner, fence: lease.fence, expiresAt: renewed.expiresAt)
    return renewed
  }

  package func release(_ lease: Lease) throws(JournalProblem) {
    guard try journal(of: lease.run).lease?.fence == lease.fence else { return }
    journals[lease.run]?.lease?.owner = nil
  }

  package func lease(of run: RunID) throws(JournalProblem) -> Lease? { try journal(of: run).lease?.lease(of: run) }

  private func fence(_ lease: Lease) throws(JournalProblem) {
    if let problem = JournalRules.fencing(lease, current: try journal(of: lease.run).lease, run: lease.run) {
      throw problem
    }
  }

  @discardableResult
  package func post(_ payload: String, to run: RunID, at now: Instant) throws(JournalProblem) -> Int {
    let number = (try journal(of: run).requests.last?.number ?? 0) + 1
    journals[run]?.requests.append(RunRequest(number: number, at: now, payload: payload))
    return number
  }

  package func requests(of run: RunID) throws(JournalProblem) -> [RunRequest] { try journal(of: run).requests }

  package func settle(_ lease: Lease, through number: Int) throws(JournalProblem) {
    try fence(lease)
    journals[lease.run]?.requests.removeAll { $0.number <= number }
  }
}
