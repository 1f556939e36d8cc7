import CloudCatalog
import RunDriver
import RunEngine
import Synchronization
import Testing
import Values

/// The live driver over a virtual clock: nothing here waits for real.
@Suite struct LiveDriverTests {
  private struct Lived {
    let result: Result<RunStatus, JournalProblem>
    let world: VirtualWorld
    let store: MemoryStore
    let observed: [JournalRecord]

    var status: RunStatus? { try? result.get() }
    var records: [JournalRecord] {
      store.records.compactMap { stored in
        stored.fields.flatMap { JournalRecord(kind: stored.kind, payload: $0) }
      }
    }
  }

  private static func live(
    _ lines: [Line], store: MemoryStore = MemoryStore(), faults: [ActionID: [Int: ToyFault]] = [:],
    cancelAt: Int? = nil
  ) async -> Lived {
    let world = VirtualWorld(store: store)
    world.arrange { $0.faults = faults }
    let observed = Mutex<[JournalRecord]>([])
    let driver = LiveDriver(world: world, store: store) { observation in
      if case .record(_, let record) = observation { observed.withLock { $0.append(record) } }
    }
    let hasEnded = Atomic(false)
    async let outcome = run(driver, store, lines, hasEnded)
    var turns = 0
    while !hasEnded.load(ordering: .acquiring) {
      turns += 1
      if let cancelAt, store.records.count >= cancelAt { driver.cancel("enough") }
      world.advance()
      await Task.yield()
      if turns > 5_000_000 { preconditionFailure("the run does not end") }
    }
    return Lived(result: await outcome, world: world, store: store, observed: observed.withLock { $0 })
  }

  private static func run(
    _ driver: LiveDriver, _ store: MemoryStore, _ lines: [Line], _ hasEnded: borrowing Atomic<Bool>
  ) async -> Result<RunStatus, JournalProblem> {
    defer { hasEnded.store(true, ordering: .releasing) }
    do {
      let id = RunID("run")
      try await store.create(Scripts.summary(id))
      let lease = try await store.take(id, by: "a test", at: Scripts.start)
      let status = try await driver.run(
        id, created: Scripts.created, program: ScriptedProgram(lines), under: lease)
      return .success(status)
    } catch {
      return .failure(error)
    }
  }

  private static let fleet: [Line] = [
    Scripts.vpc("v"), .parallel((0..<30).map { [Scripts.module("m\($0)"), Scripts.instances("i\($0)", 2)] }),
    Scripts.addresses("a"), .wait("a"),
  ]

  @Test func succeedsAndStoresEveryRecordInOrder() async {
    let lived = await Self.live(Self.fleet)
    #expect(lived.status == .succeeded)
    #expect(lived.world.problems == [])
    #expect(lived.store.status == "succeeded")
    #expect(lived.records.count == lived.store.records.count)
    #expect(lived.records == lived.observed)
    #expect(lived.records.first?.kind == "created" && lived.records.last == .finished(.succeeded))
    #expect(lived.world.cloud.rows.count == 92)
  }

  @Test func recordsShareCommits() async {
    let lived = await Self.live(Self.fleet)
    // The outcome of a step and the intent of the next go together, and side-by-side steps share.
    #expect(lived.store.appends < lived.store.records.count * 3 / 4, "\(lived.store.appends)")
  }

  @Test func aSequentialStepCostsOneCommit() async {
    let lines = (0..<15).map { Scripts.vpc("v\($0)") }
    let lived = await Self.live(lines)
    // created, the first intent, then one for each step.
    #expect(lived.store.appends == 17)
  }

  @Test func failureIsRolledBack() async {
    let lived = await Self.live(Self.fleet + [.fail("no")])
    #expect(lived.status == .rolledBack && lived.world.cloud.living == [] && lived.world.problems == [])
  }

  @Test(arguments: [2, 5, 20, 60]) func cancelIsRolledBack(_ records: Int) async {
    let lived = await Self.live(Self.fleet, cancelAt: records)
    #expect(lived.status == .rolledBack && lived.world.cloud.living == [] && lived.world.problems == [])
  }

  @Test func lostAnswersAreAdopted() async {
    let lived = await Self.live(
      Self.fleet, faults: ["ecm.RunInstances": [1: .lostAfter, 7: .lostAfter], "ecm.CreateVpc": [1: .lostBefore]])
    #expect(lived.status == .succeeded && lived.world.problems == [])
    #expect(lived.world.cloud.rows.count == 92)
  }

  @Test(arguments: 1...6) func storeFailureStopsEverything(_ append: Int) async {
    let lived = await Self.live(Self.fleet, store: MemoryStore(failsAt: append))
    #expect(throws: JournalProblem(.full, "the disk is full")) { try lived.result.get() }
    // What cannot be recorded does not leave, and is not told.
    #expect(lived.world.problems == [])
    #expect(lived.records == lived.observed && lived.observed.count == lived.store.records.count)
    if append <= 2 { #expect(lived.world.cloud.calls.isEmpty) }
  }
}
