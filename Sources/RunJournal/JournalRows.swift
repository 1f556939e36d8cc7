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
  /// Makes the run's row; whether there was none.
  static func create(_ run: RunSummary, _ db: Database) throws -> Bool {
    guard try standing(of: run.id, db) == nil else { return false }
    try db.cachedStatement(
      sql: "INSERT INTO runs (id, runbook, created_at, updated_at, status) VALUES (?, ?, ?, ?, ?)"
    ).execute(
      arguments: [
        run.id.text, run.runbook, run.createdAt.milliseconds, run.updatedAt.milliseconds, run.status,
      ])
    return true
  }

  /// Puts records behind those that there are, and says so in the run's row; what then stands there. Nil, and nothing
  /// is written, when the run does not stand as `standing` says.
  static func append(
    _ records: [StoredRecord], to run: RunID, _ standing: Standing, status: String?, _ db: Database
  ) throws -> Standing? {
    var previous = try standing.head ?? lastChecksum(of: standing, db) ?? 0
    let checksums = records.map { record in
      previous = RecordChecksum.of(
        record.sequence, record.at.milliseconds, record.kind, record.payload, in: run, after: previous)
      return previous
    }
    var after = standing
    after.count += records.count
    after.head = checksums.last ?? standing.head
    guard try update(from: standing, to: after, at: records.last?.at, status, db) else { return nil }
    try insert(records, checksums, standing.number, db)
    return after
  }

  private static func update(
    from standing: Standing, to after: Standing, at now: Instant?, _ status: String?, _ db: Database
  ) throws -> Bool {
    let update = try PlainStatement(
      """
      UPDATE runs SET records = ?, head = ?, updated_at = coalesce(?, updated_at), status = coalesce(?, status)
      WHERE number = ? AND records = ? AND head IS ? AND (SELECT fence FROM leases WHERE run = number) IS ?
      """, db)
    try update.bind(after.count, at: 0)
    try update.bind(after.head, at: 1)
    try update.bind(now?.milliseconds, at: 2)
    try update.bind(status, at: 3)
    try update.bind(standing.number, at: 4)
    try update.bind(standing.count, at: 5)
    try update.bind(standing.head, at: 6)
    try update.bind((standing.lease?.fence).map(Int64.init), at: 7)
    try update.run()
    return db.changesCount == 1
  }

  private static func insert(
    _ records: [StoredRecord], _ checksums: [Int64], _ number: Int64, _ db: Database
  ) throws {
    let insert = try PlainStatement(
      """
      INSERT INTO records (run, sequence, at, kind, payload, packed, version, checksum)
      VALUES (?, ?, ?, ?, '', ?, ?, ?)
      """, db)
    try insert.bind(number, at: 0)
    try insert.bind(RecordChecksum.version, at: 5)
    for (record, checksum) in zip(records, checksums) {
      try insert.bind(record.sequence, at: 1)
      try insert.bind(record.at.milliseconds, at: 2)
      try insert.bind(record.kind, at: 3)
      try insert.bind(record.payload, at: 4)
      try insert.bind(checksum, at: 6)
      try insert.run()
    }
  }

  /// The first chained record of a run that was begun without chaining hangs on the last of those.
  private static func lastChecksum(of standing: Standing, _ db: Database) throws -> Int64? {
    guard standing.count > 0 else { return nil }
    return try Int64.fetchOne(
      db, sql: "SELECT checksum FROM records WHERE run = ? ORDER BY sequence DESC LIMIT 1",
      arguments: [standing.number])
  }

  /// How a run stands: what every write to it depends on.
  struct Standing: Sendable {
    let number: Int64
    /// How many records there must be.
    var count: Int
    /// The checksum of the last of them; nil as long as none is chained.
    var head: Int64?
    /// The last that was taken.
    let lease: HeldLease?
  }

  static func standing(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> Standing {
    guard let standing = try standing(of: run, db) else { throw JournalRules.missing(run, in: "\(place)") }
    return standing
  }

  static func standing(of run: RunID, _ db: Database) throws -> Standing? {
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
