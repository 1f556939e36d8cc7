import Foundation
import GRDB
import RunEngine
import Testing
import Values

@testable import RunJournal

/// What the chain of checksums finds beyond a single changed record, and how journals without it are read.
@Suite(.timeLimit(.minutes(20))) struct ChainTests {
  private static let fixture =
    ((#filePath as NSString).deletingLastPathComponent as NSString)
    .deletingLastPathComponent + "/Fixtures/journals/version-1.sqlite"
  private static let succeeded = RunID("r-20261122-021627-fcsz7e")
  private static let interrupted = RunID("r-20261122-021628-h2cuhy")

  /// A journal as it was written before records were chained, with a run that succeeded and one whose process ended.
  private func withOldJournal(_ body: (SQLiteJournalStore, String) async throws -> Void) async throws {
    try await withJournalFile { path in
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: Self.fixture, toPath: path)
      try await body(try SQLiteJournalStore(path: path), path)
    }
  }

  private func damage(_ store: SQLiteJournalStore, _ run: RunID) async -> JournalProblem? {
    await problem { () async throws(JournalProblem) in _ = try await store.records(of: run) }
  }

  @Test func aJournalWithoutTheChainIsRead() async throws {
    try await withOldJournal { store, _ in
      #expect(try await store.runs().map(\.status) == ["running", "succeeded"])
      let records = try await store.records(of: Self.succeeded)
      #expect(records.map(\.kind) == ["created", "intent", "done", "intent", "done", "output", "finished"])
      for record in records {
        let fields = try #require(record.fields)
        #expect(JournalRecord(kind: record.kind, payload: fields) != nil, "\(record.kind)")
      }
    }
  }

  @Test func itGoesOnChained() async throws {
    try await withOldJournal { store, path in
      let more = (2..<5).map { StoredRecord(sequence: $0, kind: "unknown", fields: [:]) }
      try await store.append(Array(more.prefix(2)), to: Self.interrupted, status: nil)
      try await store.append(Array(more.suffix(1)), to: Self.interrupted, status: nil)
      #expect(try await store.records(of: Self.interrupted).suffix(3) == more)
      // What came before is held by the chain from here on.
      try await DatabaseQueue(path: path).write {
        try $0.execute(sql: "UPDATE records SET checksum = 5 WHERE run = 2 AND sequence = 1")
      }
      #expect(await damage(store, Self.interrupted)?.message.contains("record 1") == true)
    }
  }

  /// Records of version 2 were JSON, each chained to the one before it.
  @Test func chainedRecordsOfJSONAreRead() async throws {
    try await withJournalFile { path in
      let run = JournalSamples.run("r-1")
      let store = try SQLiteJournalStore(path: path)
      try await store.create(run)
      let records = JournalSamples.records(0..<4)
      try await DatabaseQueue(path: path).write { db in
        var head: Int64?
        for record in records.prefix(3) {
          let json = JSON.print(.record(try #require(record.fields)))
          let at = record.at.milliseconds
          head = RecordChecksum.ofText(record.sequence, at, record.kind, json, in: run.id, after: head ?? 0)
          try db.execute(
            sql: """
              INSERT INTO records (run, sequence, at, kind, payload, version, checksum) VALUES (1, ?, ?, ?, ?, 2, ?)
              """, arguments: [record.sequence, at, record.kind, json, head])
        }
        try db.execute(sql: "UPDATE runs SET records = 3, head = ?", arguments: [head])
      }
      try await store.append(Array(records.suffix(1)), to: run.id, status: nil)
      #expect(try await store.records(of: run.id) == records)
      try await DatabaseQueue(path: path).write {
        try $0.execute(sql: "UPDATE records SET payload = '{}' WHERE sequence = 1")
      }
      #expect(await damage(store, run.id)?.message.contains("record 1 of run r-1") == true)
    }
  }

  /// The specification's own values.
  @Test(
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)]) func hashesAreThoseOfTheSpecification(_ text: String, _ hash: UInt64)
  {
    #expect(Array(text.utf8).withUnsafeBytes { XXH64.hash($0, seed: 0) } == hash)
  }

  @Test func anOldRecordThatWasChangedIsFound() async throws {
    try await withOldJournal { store, path in
      try await DatabaseQueue(path: path).write {
        try $0.execute(
          sql: "UPDATE records SET payload = replace(payload, 'net', 'nat') WHERE run = 1 AND sequence = 2")
      }
      #expect(await damage(store, Self.succeeded)?.message.contains("record 2") == true)
    }
  }

  /// Two runs of the same records at the same time: each record would fit in the place of its twin but for the chain.
  @Test func aRecordOfAnotherHistoryOfTheRunIsFound() async throws {
    try await withJournalFile { path in
      let run = JournalSamples.run("r-1")
      let store = try SQLiteJournalStore(path: path)
      try await store.create(run)
      try await store.append(JournalSamples.records(0..<5), to: run.id, status: nil)
      let stray = StoredRecord(sequence: 2, kind: "intent", fields: [:])
      // The forger knows how a record alone is summed, and of which record this one would be the second.
      let checksum = RecordChecksum.of(2, stray.at.milliseconds, "intent", stray.payload, in: run.id, after: 99)
      try await DatabaseQueue(path: path).write {
        try $0.execute(
          sql: "UPDATE records SET at = ?, kind = 'intent', packed = ?, checksum = ? WHERE sequence = 2",
          arguments: [stray.at.milliseconds, Data(stray.payload), checksum])
      }
      #expect(await damage(store, run.id)?.message.contains("record 2 of run r-1") == true)
    }
  }

  @Test func whatIsIntactCanBeSeen() async throws {
    try await withJournalFile { path in
      let run = JournalSamples.run("r-1")
      let store = try SQLiteJournalStore(path: path)
      try await store.create(run)
      try await store.append(JournalSamples.records(0..<5), to: run.id, status: nil)
      try await DatabaseQueue(path: path).write { try $0.execute(sql: "DELETE FROM records WHERE sequence = 3") }
      let found = try await store.intactRecords(of: run.id)
      #expect(found.records == JournalSamples.records(0..<3))
      #expect(found.problem?.message.contains("record 3 of run r-1") == true)
    }
  }
}
