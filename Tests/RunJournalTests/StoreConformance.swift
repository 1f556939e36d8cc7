import Foundation
import RunEngine
import RunJournal
import Testing
import Values

/// What every store must do, run for each.
enum StoreKind: CaseIterable, Sendable {
  case memory, sqlite

  func withStore(_ body: (any JournalStore) async throws -> Void) async throws {
    switch self {
    case .memory: try await body(MemoryJournalStore())
    case .sqlite:
      try await withJournalFile { path in try await body(try SQLiteJournalStore(path: path)) }
    }
  }
}

/// A path in a directory that does not exist yet and is removed afterwards.
func withJournalFile(_ body: (String) async throws -> Void) async throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("belay-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: directory) }
  try await body(directory.appendingPathComponent("state/journal.sqlite").path)
}

@Suite(.timeLimit(.minutes(20))) struct StoreConformance {
  private let run = JournalSamples.run("r-1")

  @Test(arguments: StoreKind.allCases) func aNewRunIsListedWithoutRecords(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      #expect(try await store.runs().isEmpty)
      #expect(try await store.summary(of: run.id) == nil)
      try await store.create(run)
      #expect(try await store.runs() == [run])
      #expect(try await store.summary(of: run.id) == run)
      #expect(try await store.records(of: run.id).isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases) func recordsComeBackAsTheyWere(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      let odd = StoredRecord(
        sequence: 2, at: Instant(milliseconds: -1), kind: "", fields: ["text": "a'b\"c\\ \n 🙂"])
      try await store.append(JournalSamples.records(0..<2), to: run.id, status: nil)
      try await store.append([odd], to: run.id, status: nil)
      #expect(try await store.records(of: run.id) == JournalSamples.records(0..<2) + [odd])
    }
  }

  @Test(arguments: StoreKind.allCases) func appendingMovesTheSummary(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      try await store.append(JournalSamples.records(0..<3), to: run.id, status: nil)
      let running = try await store.summary(of: run.id)
      #expect(running?.status == "running")
      #expect(running?.updatedAt == JournalSamples.records(2..<3)[0].at)
      #expect(running?.createdAt == run.createdAt)
      try await store.append(JournalSamples.records(3..<4), to: run.id, status: "done")
      #expect(try await store.summary(of: run.id)?.status == "done")
      try await store.append([], to: run.id, status: "archived")
      let last = try await store.summary(of: run.id)
      #expect(last?.status == "archived")
      #expect(last?.updatedAt == JournalSamples.records(3..<4)[0].at)
    }
  }

  @Test(arguments: StoreKind.allCases) func runsAreListedNewestFirst(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      for (name, offset) in [("r-b", 5), ("r-a", 9), ("r-c", 5)] {
        try await store.create(JournalSamples.run(name, at: offset))
      }
      #expect(try await store.runs().map(\.id.text) == ["r-a", "r-c", "r-b"])
    }
  }

  @Test(arguments: StoreKind.allCases) func aSecondRunOfTheSameNameIsAConflict(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      let found = await problem { () async throws(JournalProblem) in try await store.create(run) }
      #expect(found?.kind == .conflict)
      #expect(found?.message.contains("r-1") == true)
    }
  }

  @Test(arguments: StoreKind.allCases, [[1], [0, 2], [0, 0], [-1]])
  func recordsThatDoNotFollowAreAConflict(_ kind: StoreKind, _ sequences: [Int]) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      let records = sequences.map {
        StoredRecord(sequence: $0, kind: "intent", fields: [:])
      }
      let found = await problem { () async throws(JournalProblem) in
        try await store.append(records, to: run.id, status: "done")
      }
      #expect(found?.kind == .conflict)
      // Nothing of a refused append is stored.
      #expect(try await store.records(of: run.id).isEmpty)
      #expect(try await store.summary(of: run.id) == run)
    }
  }

  @Test(arguments: StoreKind.allCases) func whatIsStoredIsNotWrittenTwice(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      try await store.append(JournalSamples.records(0..<2), to: run.id, status: nil)
      let found = await problem { () async throws(JournalProblem) in
        try await store.append(JournalSamples.records(1..<3), to: run.id, status: nil)
      }
      #expect(found?.kind == .conflict)
      #expect(try await store.records(of: run.id) == JournalSamples.records(0..<2))
    }
  }

  @Test(arguments: StoreKind.allCases) func aRunThatIsNotThereIsMissing(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      let unknown = RunID("r-none")
      let reading = await problem { () async throws(JournalProblem) in _ = try await store.records(of: unknown) }
      let writing = await problem { () async throws(JournalProblem) in
        try await store.append(JournalSamples.records(0..<1), to: unknown, status: nil)
      }
      for found in [reading, writing] {
        #expect(found?.kind == .missing)
        #expect(found?.message.contains("r-none") == true)
      }
    }
  }

  @Test(arguments: StoreKind.allCases) func manyRunsAppendAtOnce(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            let run = JournalSamples.run("r-\(number)")
            try await store.create(run)
            for sequence in 0..<10 {
              try await store.append(JournalSamples.records(sequence..<sequence + 1), to: run.id, status: nil)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await store.runs().count == 20)
      for number in 0..<20 {
        #expect(try await store.records(of: RunID("r-\(number)")) == JournalSamples.records(0..<10))
      }
    }
  }

  @Test(arguments: StoreKind.allCases) func ofTwoWhoAppendTheSameRecordOneWins(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      let kinds = await withTaskGroup(of: JournalProblem.Kind?.self) { group in
        for _ in 0..<8 {
          group.addTask {
            await problem { () async throws(JournalProblem) in
              try await store.append(JournalSamples.records(0..<1), to: run.id, status: nil)
            }?.kind
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(kinds.filter { $0 == nil }.count == 1)
      #expect(kinds.filter { $0 == .conflict }.count == 7)
    }
  }
}
