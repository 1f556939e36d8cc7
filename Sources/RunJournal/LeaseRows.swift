import GRDB
import RunEngine
import Values

/// Leases and requests in rows. Each function is one transaction.
enum LeaseRows {
  static func current(_ number: Int64, _ db: Database) throws -> HeldLease? {
    let statement = try db.cachedStatement(sql: "SELECT owner, fence, expires_at FROM leases WHERE run = ?")
    guard let row = try Row.fetchOne(statement, arguments: [number]) else { return nil }
    guard let fence: Int = row.read("fence"), let expiresAt: Int64 = row.read("expires_at") else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the lease of run number \(number)")
    }
    return HeldLease(owner: row.read("owner"), fence: fence, expiresAt: Instant(milliseconds: expiresAt))
  }

  static func take(
    _ run: RunID, by owner: String, at now: Instant, over dead: Lease?, _ db: Database, _ place: JournalPlace
  ) throws -> Lease {
    let number = try JournalRows.number(of: run, db, place)
    let current = try current(number, db)
    if let problem = JournalRules.holding(current, over: dead, run: run, at: now) { throw problem }
    let lease = Lease(run: run, owner: owner, fence: (current?.fence ?? 0) + 1, expiresAt: now + Lease.term)
    try store(lease, owner: owner, number, db)
    return lease
  }

  static func renew(_ lease: Lease, at now: Instant, _ db: Database, _ place: JournalPlace) throws -> Lease {
    let number = try fenced(lease, db, place)
    let renewed = Lease(run: lease.run, owner: lease.owner, fence: lease.fence, expiresAt: now + Lease.term)
    try store(renewed, owner: lease.owner, number, db)
    return renewed
  }

  static func release(_ lease: Lease, _ db: Database, _ place: JournalPlace) throws {
    let number = try JournalRows.number(of: lease.run, db, place)
    guard try current(number, db)?.fence == lease.fence else { return }
    try store(lease, owner: nil, number, db)
  }

  static func lease(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> Lease? {
    try current(JournalRows.number(of: run, db, place), db)?.lease(of: run)
  }

  private static func fenced(_ lease: Lease, _ db: Database, _ place: JournalPlace) throws -> Int64 {
    let number = try JournalRows.number(of: lease.run, db, place)
    if let problem = JournalRules.fencing(lease, current: try current(number, db), run: lease.run) { throw problem }
    return number
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
    let run = try JournalRows.number(of: run, db, place)
    let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM requests WHERE run = ?", arguments: [run]) ?? 0
    try db.execute(
      sql: "INSERT INTO requests (run, number, at, payload) VALUES (?, ?, ?, ?)",
      arguments: [run, last + 1, now.milliseconds, payload])
    return last + 1
  }

  static func requests(of run: RunID, _ db: Database, _ place: JournalPlace) throws -> [RunRequest] {
    let statement = try db.cachedStatement(
      sql: "SELECT number, at, payload FROM requests WHERE run = ? ORDER BY number")
    return try Row.fetchAll(statement, arguments: [JournalRows.number(of: run, db, place)]).map { row in
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
