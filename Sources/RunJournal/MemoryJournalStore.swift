import RunEngine
import Values

/// Journals that end with the process: for simulated worlds and tests.
package actor MemoryJournalStore: JournalStore {
  private struct Journal {
    var summary: RunSummary
    var records: [StoredRecord] = []
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

  package func append(_ records: [StoredRecord], to run: RunID, status: String?) throws(JournalProblem) {
    guard let count = journals[run]?.records.count else {
      throw JournalRules.missing(run, in: MemoryJournalStore.place)
    }
    if let problem = JournalRules.gap(in: records, next: count, run: run, in: MemoryJournalStore.place) {
      throw problem
    }
    journals[run]?.records += records
    if let last = records.last { journals[run]?.summary.updatedAt = last.at }
    if let status { journals[run]?.summary.status = status }
  }

  package func records(of run: RunID) throws(JournalProblem) -> [StoredRecord] {
    guard let journal = journals[run] else { throw JournalRules.missing(run, in: MemoryJournalStore.place) }
    return journal.records
  }

  package func runs() -> [RunSummary] {
    order.enumerated()
      .compactMap { index, run in journals[run].map { (index, $0.summary) } }
      .sorted { ($0.1.createdAt, $0.0) > ($1.1.createdAt, $1.0) }
      .map(\.1)
  }

  package func summary(of run: RunID) -> RunSummary? { journals[run]?.summary }
}
