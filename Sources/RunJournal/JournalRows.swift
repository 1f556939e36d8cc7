import Foundation
import GRDB
import RunEngine
import Values

/// How messages call the file.
struct JournalPlace: Sendable, CustomStringConvertible {
  let description: String
  init(_ path: String) { description = "the journal \(path)" }
}

/// Rows in and out. Nothing in a row is trusted on reading: types, order, number and checksum are looked at.
enum JournalRows {
  /// A write that does not fit what is stored changes nothing and is answered as a failure; what the database itself
  /// fails at is thrown.
  static func perform(_ write: GroupCommit.Write, _ db: Database, _ place: JournalPlace) throws -> GroupCommit.Answer {
    switch write {
    case .create(let run): try create(run, db, place)
    case .append(let records, let run, let status, let lease): try append(records, run, status, lease, db, place)
    }
  }

  private static func create(_ run: RunSummary, _ db: Database, _ place: JournalPlace) throws -> GroupCommit.Answer {
    guard try standing(of: run.id, db) == nil else { return .failure(JournalRules.exists(run.id, in: "\(place)")) }
    try db.cachedStatement(
      sql: "INSERT INTO runs (id, runbook, created_at, updated_at, status) VALUES (?, ?, ?, ?, ?)"
    ).execute(
      arguments: [
        run.id.text, run.runbook, run.createdAt.milliseconds, run.updatedAt.milliseconds, run.status,
      ])
    return .success(())
  }

  private static func append(
    _ records: [StoredRecord], _ run: RunID, _ status: String?, _ lease: Lease?, _ db: Database, _ place: JournalPlace
  ) throws -> GroupCommit.Answer {
    guard let standing = try standing(of: run, db) else {
      return .failure(JournalRules.missing(run, in: "\(place)"))
    }
    if let problem = JournalRules.fencing(lease, current: standing.lease, run: run)
      ?? JournalRules.gap(
        in: records, next: standing.count, run: run, in: "\(place)")
    {
      return .failure(problem)
    }
    var head = standing.head
    if head == nil, standing.count > 0, !records.isEmpty { head = try lastChecksum(of: standing.number, db) }
    head = try insert(records, run, standing.number, after: head, db)
    let update = try PlainStatement(
      """
      UPDATE runs SET records = ?, head = ?, updated_at = coalesce(?, updated_at), status = coalesce(?, status)
      WHERE number = ?
      """, db)
    try update.bind(standing.count + records.count, at: 0)
    try update.bind(head, at: 1)
    try update.bind(records.last?.at.milliseconds, at: 2)
    try update.bind(status, at: 3)
    try update.bind(standing.number, at: 4)
    try update.run()
    return .success(())
  }

  /// The checksum of the last one.
  private static func insert(
    _ records: [StoredRecord], _ run: RunID, _ number: Int64, after head: Int64?, _ db: Database
  ) throws -> Int64? {
    let insert = try PlainStatement(
      """
      INSERT INTO records (run, sequence, at, kind, payload, packed, version, checksum)
      VALUES (?, ?, ?, ?, '', ?, ?, ?)
      """, db)
    try insert.bind(number, at: 0)
    try insert.bind(RecordChecksum.version, at: 5)
    var head = head
    for record in records {
      let checksum = RecordChecksum.of(
        record.sequence, record.at.milliseconds, record.kind, record.payload, in: run, after: head ?? 0)
      try insert.bind(record.sequence, at: 1)
      try insert.bind(record.at.milliseconds, at: 2)
      try insert.bind(record.kind, at: 3)
      try insert.bind(record.payload, at: 4)
      try insert.bind(checksum, at: 6)
      try insert.run()
      head = checksum
    }
    return head
  }

  /// The first chained record of a run that was begun without chaining hangs on the last of those.
  private static func lastChecksum(of number: Int64, _ db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db, sql: "SELECT checksum FROM records WHERE run = ? ORDER BY sequence DESC LIMIT 1", arguments: [number])
  }

  /// What every write to a run looks at first.
  struct Standing {
    let number: Int64
    /// How many records there must be.
    let count: Int
    let head: Int64?
    /// The last that was taken.
    let lease: HeldLease?
  }

  static func standing(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> Standing {
    guard let standing = try standing(of: run, db) else { throw JournalRules.missing(run, in: "\(place)") }
    return standing
  }

  private static func standing(of run: RunID, _ db: Database) throws -> Standing? {
    let select = try PlainStatement(
      """
      SELECT number, records, head, fence, owner, expires_at FROM runs LEFT JOIN leases ON leases.run = runs.number
      WHERE id = ?
      """, db)
    try select.bind(run.text, at: 0)
    defer { select.reset() }
    guard try select.step() else { return nil }
    guard let number = select.integer(at: 0), let count = select.integer(at: 1) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the row of run \(run)")
    }
    var lease: HeldLease?
    if let fence = select.integer(at: 3) {
      guard let expiresAt = select.integer(at: 5) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the lease of run \(run)")
      }
      lease = HeldLease(owner: select.text(at: 4), fence: Int(fence), expiresAt: Instant(milliseconds: expiresAt))
    }
    return Standing(number: number, count: Int(count), head: select.integer(at: 2), lease: lease)
  }

  /// Every record up to the first that is not as it was written, and what is wrong with that one.
  static func intact(
    of run: RunID, _ db: Database, _ place: JournalPlace
  ) throws -> (records: [StoredRecord], problem: JournalProblem?) {
    var records: [StoredRecord] = []
    let problem = try read(run, db, place) { records += $0 }
    return (records, problem)
  }

  /// Hands the records over in parts, up to the first that is not as it was written; says what is wrong with that one.
  static func read(
    _ run: RunID, _ db: Database, _ place: JournalPlace, _ handOver: ([StoredRecord]) -> Void
  ) throws -> JournalProblem? {
    let standing = try standing(of: run, db, place)
    let rows = try PlainStatement(JournalReading.query, db)
    try rows.bind(standing.number, at: 0)
    defer { rows.reset() }
    var reading = JournalReading(run, count: standing.count)
    defer { handOver(reading.takePart()) }
    while try rows.step() {
      if let cause = reading.take(rows) { return damage(run, reading.next, cause, place) }
      if reading.isPartFull { handOver(reading.takePart()) }
    }
    guard reading.next == standing.count else { return damage(run, reading.next, "is missing", place) }
    guard reading.isAlone || reading.head == standing.head else {
      return damage(run, reading.next - 1, "is not the one that was written last", place)
    }
    return nil
  }

  private static func damage(_ run: RunID, _ sequence: Int, _ cause: String, _ place: JournalPlace) -> JournalProblem {
    JournalProblem(
      .damaged,
      "record \(sequence) of run \(run) in \(place) \(cause); nothing is done from a damaged journal: see what is "
        + "intact with `belay journal \(run)`, then put the file back from a copy, or put the cloud right by hand")
  }

  private static let summaryColumns = "SELECT id, runbook, created_at, updated_at, status FROM runs"

  static func summaries(_ db: Database, _ place: JournalPlace) throws -> [RunSummary] {
    try Row.fetchAll(db, sql: "\(summaryColumns) ORDER BY created_at DESC, number DESC").map { try summary($0, place) }
  }

  static func summary(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> RunSummary? {
    try Row.fetchOne(db, sql: "\(summaryColumns) WHERE id = ?", arguments: [run.text]).map { try summary($0, place) }
  }

  private static func summary(_ row: Row, _ place: JournalPlace) throws -> RunSummary {
    guard let id: String = row.read("id"), let runbook: String = row.read("runbook"),
      let created: Int64 = row.read("created_at"), let updated: Int64 = row.read("updated_at"),
      let status: String = row.read("status")
    else { throw JournalProblem(.damaged, "the list of runs of \(place) is damaged") }
    return RunSummary(
      id: RunID(id), runbook: runbook, createdAt: Instant(milliseconds: created),
      updatedAt: Instant(milliseconds: updated), status: status)
  }
}

extension Row {
  /// Nil where the row has something else; a plain subscript would end the process.
  func read<Cell: DatabaseValueConvertible>(_ column: String) -> Cell? {
    let stored: DatabaseValue = self[column]
    return Cell.fromDatabaseValue(stored)
  }
}
