import GRDB
import RunEngine
import Values

/// Leases and requests in rows. Each function is one transaction.
enum LeaseRows {
  static func take(
    _ run: RunID, by owner: String, at now: Instant, over dead: Lease?, _ db: Database, _ place: JournalPlace
  ) throws -> Lease {
    let standing = try JournalRows.standing(of: run, db, place)
    if let problem = JournalRules.holding(standing.lease, over: dead, run: run, at: now) { throw problem }
    let lease = Lease(run: run, owner: owner, fence: (standing.lease?.fence ?? 0) + 1, expiresAt: now + Lease.term)
    try store(lease, owner: owner, standing.number, db)
    return lease
  }

  static func renew(_ lease: Lease, at now: Instant, _ db: Database, _ place: JournalPlace) throws -> Lease {
    let number = try fenced(lease, db, place)
    let renewed = Lease(run: lease.run, owner: lease.owner, fence: lease.fence, expiresAt: now + Lease.term)
    try store(renewed, owner: lease.owner, number, db)
    return renewed
  }

  static func release(_ lease: Lease, _ db: Database, _ place: JournalPlace) throws {
    let standing = try JournalRows.standing(of: lease.run, db, place)
    guard standing.lease?.fence == lease.fence else { return }
    try store(lease, owner: nil, standing.number, db)
  }

  static func lease(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> Lease? {
    try JournalRows.standing(of: run, db, place).lease?.lease(of: run)
  }

  private static func fenced(_ lease: Lease, _ db: Database, _ place: JournalPlace) throws -> Int64 {
    let standing = try JournalRows.standing(of: lease.run, db, place)
    if let problem = JournalRules.fencing(lease, current: standing.lease, run: lease.run) { throw problem }
    return standing.number
  }

  private static func store(_ lease: Lease, owner: String?, _ number: Int64, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO leases (run, owner, fence, expires_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (run) DO UPDATE SET owner = excluded.owner, fence = excluded.fence, expires_at = excluded.expires_at
        """
    ).execute(arguments: [number, owner, lease.fence, lease.expiresAt.milliseconds])
  }

  // MARK: Requests

  static func post(
    _ payload: String, to run: RunID, at now: Instant, _ db: Database, _ place: JournalPlace
  ) throws -> Int {
    let run = try JournalRows.standing(of: run, db, place).number
    let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM requests WHERE run = ?", arguments: [run]) ?? 0
    try db.execute(
      sql: "INSERT INTO requests (run, number, at, payload) VALUES (?, ?, ?, ?)",
      arguments: [run, last + 1, now.milliseconds, payload])
    return last + 1
  }

  static func requests(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> [RunRequest] {
    let statement = try db.cachedStatement(
      sql: "SELECT number, at, payload FROM requests WHERE run = ? ORDER BY number")
    return try Row.fetchAll(statement, arguments: [JournalRows.standing(of: run, db, place).number]).map { row in
      guard let number: Int = row.read("number"), let at: Int64 = row.read("at"),
        let payload: String = row.read("payload")
      else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a request to run \(run)") }
      return RunRequest(number: number, at: Instant(milliseconds: at), payload: payload)
    }
  }

  static func settle(_ lease: Lease, through last: Int, _ db: Database, _ place: JournalPlace) throws {
    let run = try fenced(lease, db, place)
    try db.execute(sql: "DELETE FROM requests WHERE run = ? AND number <= ?", arguments: [run, last])
  }
}
