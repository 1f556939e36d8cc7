import GRDB
import RunEngine

/// Writes to the runs of one file. How the last write left a run it remembers, so that the next need not look first:
/// each says how the run must stand, and only when it does not is it looked at.
struct JournalWriter: Sendable {
  private let place: JournalPlace
  private var known: [RunID: JournalRows.Standing] = [:]

  /// A process that has driven more runs looks again.
  static let maximumKnown = 64

  init(_ place: JournalPlace) { self.place = place }

  /// A write that does not fit what is stored changes nothing and is answered as a failure; what the database itself
  /// fails at is thrown.
  mutating func perform(_ write: GroupCommit.Write, _ db: Database) throws -> GroupCommit.Answer {
    switch write {
    case .create(let run):
      try JournalRows.create(run, db) ? .success(()) : .failure(JournalRules.exists(run.id, in: "\(place)"))
    case .append(let records, let run, let status, let lease): try append(records, run, status, lease, db)
    }
  }

  private mutating func append(
    _ records: [StoredRecord], _ run: RunID, _ status: String?, _ lease: Lease?, _ db: Database
  ) throws -> GroupCommit.Answer {
    if let standing = known[run], problem(records, run, lease, standing) == nil,
      let after = try JournalRows.append(records, to: run, standing, status: status, db)
    {
      known[run] = after
      return .success(())
    }
    guard let standing = try JournalRows.standing(of: run, db) else {
      return .failure(JournalRules.missing(run, in: "\(place)"))
    }
    if let problem = problem(records, run, lease, standing) { return .failure(problem) }
    // Nobody else writes between the look and this; a row that does not match what was just read of it is damaged.
    guard let after = try JournalRows.append(records, to: run, standing, status: status, db) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the row of run \(run)")
    }
    if known.count >= JournalWriter.maximumKnown { known = [:] }
    known[run] = after
    return .success(())
  }

  private func problem(
    _ records: [StoredRecord], _ run: RunID, _ lease: Lease?, _ standing: JournalRows.Standing
  ) -> JournalProblem? {
    JournalRules.fencing(lease, current: standing.lease, run: run)
      ?? JournalRules.gap(in: records, next: standing.count, run: run, in: "\(place)")
  }
}
