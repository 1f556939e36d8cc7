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
        let payload = try #require(try JSON.parse(record.payload).asRecord)
        #expect(JournalRecord(kind: record.kind, payload: payload) != nil, "\(record.kind)")
      }
    }
  }

  @Test func itGoesOnChained() async throws {
    try await withOldJournal { store, path in
      let more = (2..<5).map { StoredRecord(sequence: $0, at: JournalSamples.start, kind: "unknown", payload: "{}") }
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
      let stray = StoredRecord(sequence: 2, at: JournalSamples.start, kind: "intent", payload: "{}")
      // The forger knows how a record alone is summed, and of which record this one would be the second.
      let checksum = RecordChecksum.of(stray, in: run.id, after: 99)
      try await DatabaseQueue(path: path).write {
        try $0.execute(
          sql: "UPDATE records SET at = ?, kind = 'intent', payload = '{}', checksum = ? WHERE sequence = 2",
          arguments: [stray.at.milliseconds, checksum])
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
