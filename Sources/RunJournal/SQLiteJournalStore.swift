import Foundation
import GRDB
import RunEngine
import Synchronization
import Values

/// Journals in one SQLite file. A record that was acknowledged survives a crash of the machine: write-ahead log, with
/// a sync of the disk for every commit. Several processes may use one file.
package final class SQLiteJournalStore: JournalStore {
  package let path: String
  private let pool: DatabasePool
  private let commits: GroupCommit

  /// How long a write waits for another process's.
  private static let busyTimeout = 10.0

  /// Opens the file; makes it, and the directories above it for their owner
  /// alone, when it is not there.
  package convenience init(path: String) throws(JournalProblem) { try self.init(path: path, maximumPages: nil) }

  /// `maximumPages` is how large the file may grow, in pages of SQLite; a test of a full disk sets it.
  init(path: String, maximumPages: Int?) throws(JournalProblem) {
    self.path = path
    do {
      let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let pool = try waitingToOpen(for: SQLiteJournalStore.busyTimeout) {
        try SQLiteJournalStore.open(path, maximumPages: maximumPages)
      }
      self.pool = pool
      let writer = Mutex(JournalWriter(JournalPlace(path)))
      commits = GroupCommit { writes in
        writer.withLock { writer in SQLiteJournalStore.commit(writes, by: &writer, to: pool, path) }
      }
    } catch {
      throw JournalProblem(error, file: path)
    }
  }

  private static func open(_ path: String, maximumPages: Int?) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "belay journal"
    configuration.busyMode = .timeout(busyTimeout)
    try refuseOthers(path, configuration)
    let pool = try DatabasePool(path: path, configuration: configuration)
    try JournalSchema.migrate(pool)
    try pool.writeWithoutTransaction { db in
      // GRDB sets NORMAL on opening a pool, which syncs only at checkpoints; so this comes after it.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // Where fsync does not reach the platter (macOS), this does; elsewhere it does nothing.
      try db.execute(sql: "PRAGMA fullfsync = ON")
      // After a checkpoint the log is written over from its start, and the sync of a file that does not grow is
      // cheaper: at 1000 pages, which is usual, a run of a few hundred steps would pay for growth at every one.
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 250")
      if let maximumPages { _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(maximumPages)") }
    }
    return pool
  }

  /// Looks at a file that is already there by a connection that leaves it as it is; a pool would change its mode.
  private static func refuseOthers(_ path: String, _ configuration: Configuration) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    // One transaction, so that another process's first migration is seen whole or not at all.
    switch try DatabaseQueue(path: path, configuration: configuration).read({ try JournalSchema.standing($0) }) {
    case .usable: return
    case .foreign: throw JournalProblem(.unreachable, "\(path) is a database, but not a journal of belay")
    case .newer:
      throw JournalProblem(.unreachable, "the journal \(path) was written by a newer belay; this one cannot read it")
    }
  }

  /// How many transactions have been committed or tried: for tests and benchmarks.
  package var commitCount: Int { commits.commitCount }

  /// The setting of the connection that writes: 2 is FULL.
  package func synchronousSetting() async throws(JournalProblem) -> Int {
    try await guarded { try await $0.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 } }
  }

  package func create(_ run: RunSummary) async throws(JournalProblem) { try await commits.perform(.create(run)) }

  package func append(
    _ records: [StoredRecord], to run: RunID, status: String?, under lease: Lease?
  ) async throws(JournalProblem) {
    try await commits.perform(.append(records, run, status: status, lease))
  }

  package func records(of run: RunID) async throws(JournalProblem) -> [StoredRecord] {
    let (records, problem) = try await intactRecords(of: run)
    if let problem { throw problem }
    return records
  }

  /// Every record up to the first that is not as it was written, and what is wrong with that one: for looking at a
  /// damaged journal.
  package func intactRecords(
    of run: RunID
  ) async throws(JournalProblem) -> (records: [StoredRecord], problem: JournalProblem?) {
    let place = JournalPlace(path)
    return try await guarded { try await $0.read { try JournalRows.intact(of: run, $0, place) } }
  }

  /// What the records of a run say, in order: understood while the ones behind them are read.
  package func history(of run: RunID) async throws(JournalProblem) -> [(Instant, JournalRecord)] {
    let (parts, tellPart) = AsyncStream.makeStream(of: [StoredRecord].self)
    let place = JournalPlace(path)
    let reading = Task { () -> JournalProblem? in
      defer { tellPart.finish() }
      do throws(JournalProblem) {
        return try await guarded {
          try await $0.read { try JournalRows.read(run, $0, place) { tellPart.yield($0) } }
        }
      } catch {
        return error
      }
    }
    let history: Result<[(Instant, JournalRecord)], JournalProblem>
    do throws(JournalProblem) { history = .success(try await JournalRecord.decoded(parts, of: run)) } catch {
      history = .failure(error)
    }
    if let problem = await reading.value { throw problem }
    return try history.get()
  }

  package func runs() async throws(JournalProblem) -> [RunSummary] {
    let place = JournalPlace(path)
    return try await guarded { try await $0.read { try JournalRows.summaries($0, place) } }
  }

  package func summary(of run: RunID) async throws(JournalProblem) -> RunSummary? {
    let place = JournalPlace(path)
    return try await guarded { try await $0.read { try JournalRows.summary(of: run, $0, place) } }
  }

  package func take(
    _ run: RunID, by owner: String, at now: Instant, over dead: Lease?
  ) async throws(JournalProblem) -> Lease {
    let place = JournalPlace(path)
    return try await guarded {
      try await $0.write { try LeaseRows.take(run, by: owner, at: now, over: dead, $0, place) }
    }
  }

  package func renew(_ lease: Lease, at now: Instant) async throws(JournalProblem) -> Lease {
    let place = JournalPlace(path)
    return try await guarded { try await $0.write { try LeaseRows.renew(lease, at: now, $0, place) } }
  }

  package func release(_ lease: Lease) async throws(JournalProblem) {
    let place = JournalPlace(path)
    try await guarded { try await $0.write { try LeaseRows.release(lease, $0, place) } }
  }

  package func lease(of run: RunID) async throws(JournalProblem) -> Lease? {
    let place = JournalPlace(path)
    return try await guarded { try await $0.read { try LeaseRows.lease(of: run, $0, place) } }
  }

  @discardableResult
  package func post(_ payload: String, to run: RunID, at now: Instant) async throws(JournalProblem) -> Int {
    let place = JournalPlace(path)
    return try await guarded { try await $0.write { try LeaseRows.post(payload, to: run, at: now, $0, place) } }
  }

  package func requests(of run: RunID) async throws(JournalProblem) -> [RunRequest] {
    let place = JournalPlace(path)
    return try await guarded { try await $0.read { try LeaseRows.requests(of: run, $0, place) } }
  }

  package func settle(_ lease: Lease, through number: Int) async throws(JournalProblem) {
    let place = JournalPlace(path)
    try await guarded { try await $0.write { try LeaseRows.settle(lease, through: number, $0, place) } }
  }

  private func guarded<Answer: Sendable>(
    _ body: (DatabasePool) async throws -> Answer
  ) async throws(JournalProblem) -> Answer {
    do { return try await body(pool) } catch { throw JournalProblem(error, file: path) }
  }

  /// One transaction for all. When it fails, each write is tried in one of its own, so that none fails for another's
  /// sake.
  private static func commit(
    _ writes: [GroupCommit.Write], by writer: inout JournalWriter, to pool: DatabasePool, _ path: String
  ) -> [GroupCommit.Answer] {
    do {
      return try pool.writeWithoutTransaction { db in
        try PlainStatement.inTransaction(db) { try writes.map { write in try writer.perform(write, db) } }
      }
    } catch {
      guard writes.count > 1 else { return writes.map { _ in .failure(JournalProblem(error, file: path)) } }
      var answers: [GroupCommit.Answer] = []
      for write in writes { answers += commit([write], by: &writer, to: pool, path) }
      return answers
    }
  }
}
