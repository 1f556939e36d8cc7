import Foundation
import GRDB
import RunEngine
import Testing
import Values

@testable import RunJournal

@Suite(.timeLimit(.minutes(20))) struct SQLiteJournalStoreTests {
  private let run = JournalSamples.run("r-1")

  /// A store with one run of five records.
  private func withFilledStore(_ body: (SQLiteJournalStore, String) async throws -> Void) async throws {
    try await withJournalFile { path in
      let store = try SQLiteJournalStore(path: path)
      try await store.create(run)
      try await store.append(JournalSamples.records(0..<5), to: run.id, status: nil)
      try await body(store, path)
    }
  }

  private func opening(_ path: String) -> JournalProblem? {
    do throws(JournalProblem) {
      _ = try SQLiteJournalStore(path: path)
      return nil
    } catch {
      return error
    }
  }

  private func makeDirectory(of path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
  }

  @Test func recordsOutliveTheStore() async throws {
    try await withJournalFile { path in
      try await SQLiteJournalStore(path: path).create(run)
      try await SQLiteJournalStore(path: path).append(JournalSamples.records(0..<3), to: run.id, status: "done")
      let store = try SQLiteJournalStore(path: path)
      #expect(try await store.records(of: run.id) == JournalSamples.records(0..<3))
      #expect(try await store.summary(of: run.id)?.status == "done")
    }
  }

  @Test func everyCommitIsSynced() async throws {
    try await withFilledStore { store, path in
      #expect(try await store.synchronousSetting() == 2)
      let mode = try await DatabaseQueue(path: path).read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
      #expect(mode == "wal")
    }
  }

  @Test func twoStoresOfOneFileSeeEachOther() async throws {
    try await withFilledStore { first, path in
      let second = try SQLiteJournalStore(path: path)
      try await second.append(JournalSamples.records(5..<6), to: run.id, status: nil)
      let found = await problem { () async throws(JournalProblem) in
        try await first.append(JournalSamples.records(5..<6), to: run.id, status: nil)
      }
      #expect(found?.kind == .conflict)
      try await first.append(JournalSamples.records(6..<7), to: run.id, status: nil)
      #expect(try await second.records(of: run.id).count == 7)
    }
  }

  /// More runs than the store remembers, in turn, and one that another process has written to meanwhile.
  @Test func runsAreWrittenInTurn() async throws {
    try await withJournalFile { path in
      let (store, other) = (try SQLiteJournalStore(path: path), try SQLiteJournalStore(path: path))
      let runs = (0..<JournalWriter.maximumKnown + 1).map { JournalSamples.run("r-\($0)") }
      for run in runs { try await store.create(run) }
      for part in [0..<2, 2..<3, 3..<5] {
        for run in runs { try await store.append(JournalSamples.records(part), to: run.id, status: nil) }
      }
      try await other.append(JournalSamples.records(5..<6), to: runs[1].id, status: nil)
      try await store.append(JournalSamples.records(6..<7), to: runs[1].id, status: nil)
      for (number, run) in runs.enumerated() {
        #expect(try await store.records(of: run.id) == JournalSamples.records(0..<(number == 1 ? 7 : 5)))
      }
    }
  }

  @Test func manyWhoOpenANewFileAtOnceAllGetIt() async throws {
    try await withJournalFile { path in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<6 {
          group.addTask { try await SQLiteJournalStore(path: path).create(JournalSamples.run("r-\(number)")) }
        }
        try await group.waitForAll()
      }
      #expect(try await SQLiteJournalStore(path: path).runs().count == 6)
    }
  }

  @Test func aMigrationThatNeverBeganIsDoneOnTheNextOpening() async throws {
    try await withJournalFile { path in
      try makeDirectory(of: path)
      try await DatabaseQueue(path: path).write {
        try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      }
      #expect(opening(path) == nil)
    }
  }

  @Test func theDirectoryIsItsOwnersAlone() async throws {
    try await withFilledStore { _, path in
      let directory = (path as NSString).deletingLastPathComponent
      let attributes = try FileManager.default.attributesOfItem(atPath: directory)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
    }
  }

  @Test(arguments: [
    ("UPDATE records SET packed = x'0700' WHERE sequence = 3", "record 3 of run r-1", "checksum"),
    ("UPDATE records SET packed = NULL WHERE sequence = 3", "record 3 of run r-1", "cannot be read"),
    ("UPDATE records SET at = at + 1 WHERE sequence = 0", "record 0 of run r-1", "checksum"),
    ("UPDATE records SET kind = 'done' WHERE sequence = 4", "record 4 of run r-1", "checksum"),
    ("UPDATE records SET packed = substr(packed, 1, 9) WHERE sequence = 1", "record 1 of run r-1", "checksum"),
    ("UPDATE records SET packed = CAST(packed || x'00' AS BLOB) WHERE sequence = 1", "record 1 of run r-1", "checksum"),
    ("DELETE FROM records WHERE sequence = 2", "record 2 of run r-1", "missing"),
    ("DELETE FROM records WHERE sequence = 4", "record 4 of run r-1", "missing"),
    ("UPDATE runs SET records = 4", "record 4 of run r-1", "one too many"),
    ("UPDATE runs SET head = 1", "record 4 of run r-1", "written last"),
    ("DELETE FROM records WHERE sequence = 4; UPDATE runs SET records = 4", "record 3 of run r-1", "written last"),
    ("UPDATE records SET version = 4 WHERE sequence = 2", "record 2 of run r-1", "newer version"),
    ("UPDATE records SET version = 1 WHERE sequence > 2", "record 3 of run r-1", "older version"),
    ("UPDATE records SET checksum = 7 WHERE sequence = 2", "record 2 of run r-1", "checksum"),
  ])
  func tamperingIsFoundOnReading(_ statement: String, _ place: String, _ reason: String) async throws {
    try await withFilledStore { store, path in
      try await DatabaseQueue(path: path).write { try $0.execute(sql: statement) }
      let found = await problem { () async throws(JournalProblem) in _ = try await store.records(of: run.id) }
      #expect(found?.kind == .damaged)
      for part in [place, reason, path, "`belay journal r-1`"] { #expect(found?.message.contains(part) == true) }
    }
  }

  @Test func recordsOfAnotherRunDoNotPassAsThisOnes() async throws {
    try await withFilledStore { store, path in
      try await store.create(JournalSamples.run("r-2"))
      try await DatabaseQueue(path: path).write { db in
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        try db.execute(sql: "UPDATE runs SET records = 5; UPDATE records SET run = 2")
      }
      let found = await problem { () async throws(JournalProblem) in _ = try await store.records(of: RunID("r-2")) }
      #expect(found?.message.contains("record 0 of run r-2") == true)
    }
  }

  @Test func appendsThatArriveTogetherAreAllStored() async throws {
    try await withJournalFile { path in
      let store = try SQLiteJournalStore(path: path)
      for number in 0..<64 { try await store.create(JournalSamples.run("r-\(number)")) }
      #expect(store.commitCount == 64)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<64 {
          group.addTask {
            try await store.append(JournalSamples.records(0..<2), to: RunID("r-\(number)"), status: nil)
          }
        }
        try await group.waitForAll()
      }
      for number in 0..<64 { #expect(try await store.records(of: RunID("r-\(number)")).count == 2) }
    }
  }

  @Test func aFullDiskIsSaidAndStoresNothing() async throws {
    try await withJournalFile { path in
      let store = try SQLiteJournalStore(path: path, maximumPages: 20)
      try await store.create(run)
      try await store.append(JournalSamples.records(0..<1), to: run.id, status: nil)
      let large = StoredRecord(
        sequence: 1, kind: "outcome", fields: ["text": .text(String(repeating: "x", count: 200_000))])
      let found = await problem { () async throws(JournalProblem) in
        try await store.append([large], to: run.id, status: "done")
      }
      #expect(found?.kind == .full)
      #expect(found?.message.contains("the disk is full") == true)
      #expect(found?.message.contains(path) == true)
      #expect(try await store.records(of: run.id) == JournalSamples.records(0..<1))
      #expect(try await store.summary(of: run.id)?.status == "running")
      // What still fits is still stored.
      try await store.append(JournalSamples.records(1..<2), to: run.id, status: nil)
      #expect(try await store.records(of: run.id).count == 2)
    }
  }

  @Test func noWriteFailsForAnothersSake() async throws {
    try await withJournalFile { path in
      let store = try SQLiteJournalStore(path: path, maximumPages: 60)
      for number in 0..<8 { try await store.create(JournalSamples.run("r-\(number)")) }
      let kinds = await withTaskGroup(of: (Int, JournalProblem.Kind?).self) { group in
        for number in 0..<8 {
          let large = StoredRecord(
            sequence: 0, kind: "outcome", fields: ["text": .text(String(repeating: "x", count: 1_000_000))])
          group.addTask {
            let records = number == 3 ? [large] : JournalSamples.records(0..<1)
            let found = await problem { () async throws(JournalProblem) in
              try await store.append(records, to: RunID("r-\(number)"), status: nil)
            }
            return (number, found?.kind)
          }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = .some($1.1) }
      }
      for number in 0..<8 {
        #expect(kinds[number] == (number == 3 ? .some(.full) : .some(nil)))
        #expect(try await store.records(of: RunID("r-\(number)")).count == (number == 3 ? 0 : 1))
      }
    }
  }

  @Test func aFileThatIsNoDatabaseIsRefusedByName() async throws {
    try await withJournalFile { path in
      try makeDirectory(of: path)
      try Data(String(repeating: "not a database. ", count: 100).utf8).write(to: URL(fileURLWithPath: path))
      let found = opening(path)
      #expect(found?.kind == .unreachable)
      #expect(found?.message.contains("\(path) is not a journal") == true)
    }
  }

  @Test func anotherProgramsDatabaseIsRefusedAndLeftAsItWas() async throws {
    try await withJournalFile { path in
      try makeDirectory(of: path)
      let other = try DatabaseQueue(path: path)
      try await other.write { try $0.execute(sql: "CREATE TABLE songs (name TEXT)") }
      let found = opening(path)
      #expect(found?.kind == .unreachable)
      #expect(found?.message.contains("not a journal of belay") == true)
      #expect(try await other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") } == 1)
      #expect(try await other.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "delete")
    }
  }

  @Test func aJournalOfANewerBelayIsRefused() async throws {
    try await withFilledStore { _, path in
      try await DatabaseQueue(path: path).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 later')")
      }
      let found = opening(path)
      #expect(found?.kind == .unreachable)
      #expect(found?.message == "the journal \(path) was written by a newer belay; this one cannot read it")
    }
  }

  @Test func aPathThatCannotBeMadeIsSaid() async throws {
    try await withFilledStore { _, path in
      // A file stands where a directory is needed.
      for impossible in [path + "/deeper/journal.sqlite", (path as NSString).deletingLastPathComponent] {
        let found = opening(impossible)
        #expect(found?.kind == .unreachable)
        #expect(found?.message.contains(impossible) == true)
        #expect(found?.message.contains("\n") == false)
      }
    }
  }

  @Test func pagesOverwrittenWithNoiseAreDamage() async throws {
    try await withJournalFile { path in
      do {
        let store = try SQLiteJournalStore(path: path)
        try await store.create(run)
        for start in stride(from: 0, to: 400, by: 50) {
          try await store.append(JournalSamples.records(start..<start + 50), to: run.id, status: nil)
        }
      }
      // Closing the store has moved the write-ahead log into the file.
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for index in stride(from: 5 * 4096, to: bytes.count, by: 7) { bytes[index] ^= 0xA5 }
      try bytes.write(to: URL(fileURLWithPath: path))
      let store = try SQLiteJournalStore(path: path)
      let found = await problem { () async throws(JournalProblem) in _ = try await store.records(of: run.id) }
      #expect(found?.kind == .damaged)
      #expect(found?.message.contains(path) == true)
    }
  }
}
