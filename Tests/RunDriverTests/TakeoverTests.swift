import CloudCatalog
import RunEngine
import Synchronization
import Testing
import Values

@testable import RunDriver

/// A process is stopped somewhere in a run for longer than its lease lasts; another takes the run over and ends it;
/// then the first goes on. Nothing is done twice, nothing is left, and the first writes and sends nothing more.
@Suite struct TakeoverTests {
  static let seeds = 0..<60

  /// The world of the first process: it tells whether anything left after the run was taken over.
  private final class WatchedWorld: World {
    private let world: VirtualWorld
    private let late = Mutex<(isTaken: Bool, calls: [ActionID])>((false, []))
    let account = "test"
    init(_ world: VirtualWorld) { self.world = world }

    var lateCalls: [ActionID] { late.withLock { $0.calls } }
    func taken() { late.withLock { $0.isTaken = true } }
    func now() -> Instant { world.now() }
    func sleep(until: Instant) async { await world.sleep(until: until) }
    func send(_ call: CloudCall) async -> Reply {
      late.withLock { if $0.isTaken { $0.calls.append(call.action) } }
      return await world.send(call)
    }
  }

  private struct Scene {
    let lines: [Line]
    let store = MemoryStore()
    let world: VirtualWorld
    let id = RunID("run")

    init(_ script: inout RandomScript) {
      lines = script.program()
      world = VirtualWorld(store: store)
      let faults = script.faults()
      world.arrange { $0.faults = faults }
    }
  }

  /// Runs `body` while the clock goes on.
  private func whileTimePasses<Answer: Sendable>(
    _ world: VirtualWorld, orUntilStalled store: StallingStore? = nil,
    _ body: @escaping @Sendable () async -> Answer
  ) async -> Task<Answer, Never> {
    let flag = Flag()
    let task = Task {
      let answer = await body()
      flag.raise()
      return answer
    }
    while !flag.isUp, store?.isStalled != true {
      world.advance()
      await Task.yield()
    }
    return task
  }

  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isUp: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
  }

  private static func drive(
    _ driver: LiveDriver, _ scene: Scene, past: RunPast?, _ lease: Lease
  ) async -> Result<RunStatus, JournalProblem> {
    do throws(JournalProblem) {
      let program = ScriptedProgram(scene.lines)
      guard let past else {
        return .success(try await driver.run(scene.id, created: Scripts.created, program: program, under: lease))
      }
      return .success(try await driver.resume(scene.id, past: past, program: program, under: lease))
    } catch {
      return .failure(error)
    }
  }

  private static func records(_ store: MemoryStore) -> [(Instant, JournalRecord)] {
    store.records.compactMap { stored in
      stored.fields.flatMap { JournalRecord(kind: stored.kind, payload: $0) }.map {
        (stored.at, $0)
      }
    }
  }

  @Test(arguments: seeds) func nothingTwiceNothingLeft(_ seed: Int) async throws {
    var script = RandomScript(seed: seed)
    let scene = Scene(&script)
    var random = script.random
    let stalling = StallingStore(
      scene.store, stallsAt: 2 + random.below(12), isStoredFirst: random.below(2) == 0)
    try await scene.store.create(Scripts.summary(scene.id))
    let first = try await scene.store.take(scene.id, by: "the first", at: scene.world.now())
    let watched = WatchedWorld(scene.world)
    let stopped = await whileTimePasses(scene.world, orUntilStalled: stalling) {
      await Self.drive(LiveDriver(world: watched, store: stalling) { _ in }, scene, past: nil, first)
    }
    // What had left before it was stopped arrives.
    for _ in 0..<50 { await Task.yield() }
    guard stalling.isStalled else { return }

    let current = try #require(try await scene.store.lease(of: scene.id))
    while scene.world.now() < current.expiresAt {
      scene.world.advance()
      await Task.yield()
    }
    watched.taken()
    let second = try await scene.store.take(scene.id, by: "the second", at: scene.world.now())
    let journal = Self.records(scene.store)
    if case .finished? = journal.last?.1 {
    } else {
      let taken = await whileTimePasses(scene.world) {
        await Self.drive(
          LiveDriver(world: scene.world, store: scene.store) { _ in }, scene, past: RunPast(journal), second)
      }
      let end = await taken.value
      #expect(throws: Never.self, "seed \(seed)") { try end.get() }
    }
    let held = scene.store.records.count
    stalling.open()
    let ended = await whileTimePasses(scene.world) { await stopped.value }
    let result = await ended.value
    if case .finished? = journal.last?.1 {
    } else {
      #expect(throws: JournalProblem.self, "seed \(seed)") { try result.get() }
      if case .failure(let problem) = result { #expect(problem.kind == .lost, "seed \(seed): \(problem)") }
    }
    #expect(watched.lateCalls == [], "seed \(seed)")
    #expect(scene.store.records.count == held, "seed \(seed)")
    check(scene, seed)
  }

  /// Calls that wait for their turn do not leave once the lease may have been lost, and do when it was not.
  @Test func whatWaitsForItsTurnDoesNotOutliveTheLease() async {
    let world = VirtualWorld(store: MemoryStore())
    let traffic = LiveTraffic(world: world)
    let run = traffic.join(until: world.now() - .milliseconds(1)) { _ in }
    let call = CloudCall("ecm.DescribeVpcs", ["EcmRegion": "r"])
    traffic.send([OutgoingCall(SendID(index: 0), call, .init(isUndo: false))], of: run)
    for _ in 0..<50 { await Task.yield() }
    #expect(world.cloud.calls.isEmpty)
    traffic.extend(run, until: world.now() + .seconds(15))
    while world.cloud.calls.isEmpty { await Task.yield() }
    #expect(world.cloud.calls.map(\.action) == ["ecm.DescribeVpcs"])
    traffic.leave(run)
  }

  private func check(_ scene: Scene, _ seed: Int) {
    let report = RunReport(Self.records(scene.store))
    let cloud = scene.world.cloud
    #expect(scene.world.problems == [], "seed \(seed)")
    switch report.status {
    case .rolledBack: #expect(cloud.living == [] && cloud.defaults == [:], "seed \(seed)")
    case .succeeded:
      let made = report.steps.filter { $0.kind == .change && $0.state == .done }.map { PropertyTests.size(of: $0) }
      #expect(cloud.rows.count == made.reduce(0, +), "seed \(seed)")
    case .needsAttention:
      #expect(!report.remaining.isEmpty || !report.failedAlways.isEmpty, "seed \(seed)")
    case .running, .undoing, .waiting: Issue.record("seed \(seed): \(report.status)")
    }
    for (mark, born) in cloud.bornByMark {
      let step = report.steps.first { JSON.print(.record($0.arguments)).contains("\"\(mark)\"") }
      #expect(born <= (step.map { PropertyTests.size(of: $0) } ?? 0), "seed \(seed): \(mark) was made \(born) times")
    }
  }
}
