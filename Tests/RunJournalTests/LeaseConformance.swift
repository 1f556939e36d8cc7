import RunEngine
import RunJournal
import Testing
import Values

/// Who may drive a run and write to its journal, for every store.
@Suite(.timeLimit(.minutes(20))) struct LeaseConformance {
  private let run = JournalSamples.run("r-1")
  private let start = JournalSamples.start
  /// Just past the end of a lease that was taken at the start.
  private var later: Instant { start + Lease.term }

  private func withRun(_ kind: StoreKind, _ body: (any JournalStore) async throws -> Void) async throws {
    try await kind.withStore { store in
      try await store.create(run)
      try await body(store)
    }
  }

  @Test(arguments: StoreKind.allCases) func aLeaseIsTakenRenewedAndGivenBack(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      #expect(try await store.lease(of: run.id) == nil)
      let lease = try await store.take(run.id, by: "a", at: start)
      #expect(lease == Lease(run: run.id, owner: "a", fence: 1, expiresAt: start + Lease.term))
      #expect(try await store.lease(of: run.id) == lease)
      let renewed = try await store.renew(lease, at: start + .seconds(9))
      #expect(renewed == Lease(run: run.id, owner: "a", fence: 1, expiresAt: start + .seconds(9) + Lease.term))
      #expect(try await store.lease(of: run.id) == renewed)
      try await store.release(renewed)
      #expect(try await store.lease(of: run.id) == nil)
      #expect(try await store.take(run.id, by: "b", at: start).fence == 2)
    }
  }

  @Test(arguments: StoreKind.allCases) func aSecondIsHeldOffUntilItExpires(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      _ = try await store.take(run.id, by: "belay 1 on a", at: start)
      let found = await problem { () async throws(JournalProblem) in
        _ = try await store.take(run.id, by: "b", at: later + .milliseconds(-1))
      }
      #expect(found?.kind == .held)
      for part in ["r-1", "belay 1 on a", "belay cancel r-1"] { #expect(found?.message.contains(part) == true) }
      #expect(try await store.take(run.id, by: "b", at: later).fence == 2)
    }
  }

  @Test(arguments: StoreKind.allCases) func theLeaseOfADeadProcessIsTakenAtOnce(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      let dead = try await store.take(run.id, by: "a", at: start)
      let next = try await store.take(run.id, by: "b", at: start, over: dead)
      #expect(next.fence == 2)
      // Whoever knows of the first one only knows nothing of the second.
      let found = await problem { () async throws(JournalProblem) in
        _ = try await store.take(run.id, by: "c", at: start, over: dead)
      }
      #expect(found?.kind == .held)
    }
  }

  @Test(arguments: StoreKind.allCases) func whoLostTheRunWritesNothing(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      let first = try await store.take(run.id, by: "a", at: start)
      try await store.append(JournalSamples.records(0..<2), to: run.id, status: nil, under: first)
      let second = try await store.take(run.id, by: "belay 2 on b", at: later)
      let attempts = [
        await problem { () async throws(JournalProblem) in
          try await store.append(JournalSamples.records(2..<3), to: run.id, status: "done", under: first)
        },
        await problem { () async throws(JournalProblem) in
          try await store.append([], to: run.id, status: "done", under: first)
        },
        await problem { () async throws(JournalProblem) in
          try await store.append(JournalSamples.records(2..<3), to: run.id, status: "done")
        },
        await problem { () async throws(JournalProblem) in _ = try await store.renew(first, at: later) },
        await problem { () async throws(JournalProblem) in try await store.settle(first, through: 1) },
      ]
      for found in attempts {
        #expect(found?.kind == .lost)
        for part in ["belay 2 on b", "r-1"] { #expect(found?.message.contains(part) == true) }
      }
      try await store.release(first)
      #expect(try await store.lease(of: run.id) == second)
      #expect(try await store.records(of: run.id).count == 2)
      #expect(try await store.summary(of: run.id)?.status == "running")
      try await store.append(JournalSamples.records(2..<3), to: run.id, status: nil, under: second)
    }
  }

  @Test(arguments: StoreKind.allCases) func theLeaseOfAnotherRunDoesNotServe(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      let other = JournalSamples.run("r-2")
      try await store.create(other)
      let lease = try await store.take(other.id, by: "a", at: start)
      _ = try await store.take(run.id, by: "a", at: start)
      let found = await problem { () async throws(JournalProblem) in
        try await store.append(JournalSamples.records(0..<1), to: run.id, status: nil, under: lease)
      }
      #expect(found?.kind == .lost)
    }
  }

  @Test(arguments: StoreKind.allCases) func ofManyWhoTakeARunOneGetsIt(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      let kinds = await withTaskGroup(of: JournalProblem.Kind?.self) { group in
        for number in 0..<8 {
          group.addTask {
            await problem { () async throws(JournalProblem) in
              _ = try await store.take(run.id, by: "\(number)", at: start)
            }?.kind
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(kinds.filter { $0 == nil }.count == 1)
      #expect(kinds.filter { $0 == .held }.count == 7)
    }
  }

  @Test(arguments: StoreKind.allCases) func requestsAreReadInOrderAndSettled(_ kind: StoreKind) async throws {
    try await withRun(kind) { store in
      let lease = try await store.take(run.id, by: "a", at: start)
      #expect(try await store.requests(of: run.id).isEmpty)
      try await store.post(#"{"n":1}"#, to: run.id, at: start)
      try await store.post(#"{"n":2}"#, to: run.id, at: later)
      let requests = try await store.requests(of: run.id)
      #expect(requests.map(\.payload) == [#"{"n":1}"#, #"{"n":2}"#])
      #expect(requests.map(\.at) == [start, later])
      try await store.settle(lease, through: requests[0].number)
      try await store.post(#"{"n":3}"#, to: run.id, at: later)
      #expect(try await store.requests(of: run.id).map(\.payload) == [#"{"n":2}"#, #"{"n":3}"#])
    }
  }

  @Test(arguments: StoreKind.allCases) func aRunThatIsNotThereHasNoLease(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      let unknown = RunID("r-none")
      let attempts = [
        await problem { () async throws(JournalProblem) in _ = try await store.take(unknown, by: "a", at: start) },
        await problem { () async throws(JournalProblem) in _ = try await store.lease(of: unknown) },
        await problem { () async throws(JournalProblem) in try await store.post("{}", to: unknown, at: start) },
        await problem { () async throws(JournalProblem) in _ = try await store.requests(of: unknown) },
      ]
      for found in attempts { #expect(found?.kind == .missing) }
    }
  }
}
