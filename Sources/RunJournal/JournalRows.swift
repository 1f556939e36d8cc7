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
    case .append(let records, let run, let status): try append(records, run, status, db, place)
    }
  }

  private static func create(_ run: RunSummary, _ db: Database, _ place: JournalPlace) throws -> GroupCommit.Answer {
    guard try header(of: run.id, db) == nil else { return .failure(JournalRules.exists(run.id, in: "\(place)")) }
    try db.cachedStatement(
      sql: "INSERT INTO runs (id, runbook, created_at, updated_at, status) VALUES (?, ?, ?, ?, ?)"
    ).execute(
      arguments: [
        run.id.text, run.runbook, run.createdAt.milliseconds, run.updatedAt.milliseconds, run.status,
      ])
    return .success(())
  }

  private static func append(
    _ records: [StoredRecord], _ run: RunID, _ status: String?, _ db: Database, _ place: JournalPlace
  ) throws -> GroupCommit.Answer {
    guard let (number, count) = try header(of: run, db) else {
      return .failure(JournalRules.missing(run, in: "\(place)"))
    }
    if let problem = JournalRules.gap(in: records, next: count, run: run, in: "\(place)") { return .failure(problem) }
    let insert = try db.cachedStatement(
      sql: "INSERT INTO records (run, sequence, at, kind, payload, checksum) VALUES (?, ?, ?, ?, ?, ?)")
    for record in records {
      try insert.execute(
        arguments: [
          number, record.sequence, record.at.milliseconds, record.kind, record.payload,
          RecordChecksum.of(record, in: run),
        ])
    }
    try db.cachedStatement(
      sql: """
        UPDATE runs SET records = records + ?, updated_at = coalesce(?, updated_at), status = coalesce(?, status)
        WHERE number = ?
        """
    ).execute(arguments: [records.count, records.last?.at.milliseconds, status, number])
    return .success(())
  }

  private static func header(of run: RunID, _ db: Database) throws -> (number: Int64, count: Int)? {
    let statement = try db.cachedStatement(sql: "SELECT number, records FROM runs WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [run.text]) else { return nil }
    guard let number: Int64 = row.read("number"), let count: Int = row.read("records") else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the row of run \(run)")
    }
    return (number, count)
  }

  static func records(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> [StoredRecord] {
    guard let (number, count) = try header(of: run, db) else { throw JournalRules.missing(run, in: "\(place)") }
    let rows = try Row.fetchCursor(
      db, sql: "SELECT sequence, at, kind, payload, checksum FROM records WHERE run = ? ORDER BY sequence",
      arguments: [number])
    var records: [StoredRecord] = []
    while let row = try rows.next() {
      let expected = records.count
      guard let sequence: Int = row.read("sequence"), let at: Int64 = row.read("at"),
        let kind: String = row.read("kind"), let payload: String = row.read("payload"),
        let checksum: Int64 = row.read("checksum")
      else { throw damage(run, expected, "cannot be read", place) }
      guard sequence == expected else { throw damage(run, expected, "is missing", place) }
      let record = StoredRecord(sequence: sequence, at: Instant(milliseconds: at), kind: kind, payload: payload)
      guard checksum == RecordChecksum.of(record, in: run) else {
        throw damage(run, expected, "fails its checksum", place)
      }
      records.append(record)
    }
    guard records.count >= count else { throw damage(run, records.count, "is missing", place) }
    guard records.count == count else { throw damage(run, count, "is one too many", place) }
    return records
  }

  private static func damage(_ run: RunID, _ sequence: Int, _ what: String, _ place: JournalPlace) -> JournalProblem {
    JournalProblem(.damaged, "record \(sequence) of run \(run) in \(place) \(what); the journal is damaged")
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
  fileprivate func read<Cell: DatabaseValueConvertible>(_ column: String) -> Cell? {
    let stored: DatabaseValue = self[column]
    return Cell.fromDatabaseValue(stored)
  }
}
