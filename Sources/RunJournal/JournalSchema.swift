import GRDB

/// The tables of a SQLite journal. A migration, once released, never changes; a new one is added below it.
enum JournalSchema {
  /// Marks a file as a journal ("Bely"), so that no other program's database is taken for one.
  static let applicationID = 0x4265_6C79

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs and records") { db in
      // `number` is the order of making. `records` says how many there must be, so that a lost tail is found.
      try db.execute(
        sql: """
          CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            runbook TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            status TEXT NOT NULL,
            records INTEGER NOT NULL DEFAULT 0
          ) STRICT;
          CREATE TABLE records (
            run INTEGER NOT NULL REFERENCES runs (number),
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (run, sequence)
          ) STRICT, WITHOUT ROWID;
          """)
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    migrator.registerMigration("2 chained checksums, leases and requests") { db in
      // `head` is the checksum of a run's last record, null as long as no record is chained. The fence of a lease is
      // never used again, so a released lease stays, without an owner.
      try db.execute(
        sql: """
          ALTER TABLE runs ADD COLUMN head INTEGER;
          ALTER TABLE records ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
          CREATE TABLE leases (
            run INTEGER PRIMARY KEY REFERENCES runs (number),
            owner TEXT,
            fence INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
          ) STRICT;
          CREATE TABLE requests (
            run INTEGER NOT NULL REFERENCES runs (number),
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            payload TEXT NOT NULL,
            PRIMARY KEY (run, number)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("3 packed payloads") { db in
      // Null in records of the versions 1 and 2, whose `payload` is JSON; the later ones have an empty text there.
      try db.execute(sql: "ALTER TABLE records ADD COLUMN packed BLOB")
    }
    return migrator
  }

  static func migrate(_ pool: DatabasePool) throws {
    do { try migrator.migrate(pool) } catch {
      // Another process that opened the same new file may have been quicker.
      guard try pool.read({ try migrator.hasCompletedMigrations($0) }) else { throw error }
    }
  }

  /// What a file is, before anything is written to it.
  enum Standing { case usable, foreign, newer }

  static func standing(_ db: Database) throws -> Standing {
    let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    if id == applicationID { return try migrator.hasBeenSuperseded(db) ? .newer : .usable }
    // The migrator's own table is made before the first migration: by another process just now, or by one that ended.
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
    return id == 0 && tables == 0 ? .usable : .foreign
  }
}
