import CloudCatalog
import CloudClient
import CloudEmulator
import EmulatorServer
import Foundation
import RunDriver
import RunEngine
import RunPlanner
import Synchronization
import Testing
import Values

/// A run in virtual time whose calls go over the wire: signed, encoded, served, decoded. It is the plan's run, record
/// by record and call by call, so that makespans and counts agree to the last one.
@Suite struct WireCloudTests {
  @Test(arguments: ShippedRecipe.paths)
  func theWireChangesNothing(path: String) async throws {
    let recipe = try ShippedRecipe(path)
    let trial = try recipe.trial()
    let planned = trial.run(in: recipe.cloud)
    let clock = ManualClock(planned.startedAt)
    let configuration = ServerConfiguration(
      credentials: ["demo": Credential(secretKey: "demo-key", account: ShippedRecipe.account)], cloud: recipe.cloud,
      manualClock: clock)
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let server = Task {
      try? await CloudServer(configuration: configuration).run { continuation.yield($0) }
      continuation.finish()
    }
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    let client = try CloudHTTPClient(
      endpoint: CloudEndpoint(scheme: .http, host: "127.0.0.1", port: port),
      credentials: Credentials(secretID: "demo", secretKey: "demo-key"), now: WallClock.now)
    let run = await onThreadOfItsOwn {
      var run = SimulatedRun(
        trial.id, journal: [(planned.startedAt, trial.created)], program: trial.program,
        cloud: WireCloud(client: client, clock: clock, latency: trial.latency), startingAt: planned.startedAt)
      while run.state == .going { run.step() }
      return run
    }
    #expect(run.status == .succeeded)
    #expect(run.records.map(\.0) == planned.records.map(\.0))
    #expect(run.records.map(\.1) == planned.records.map(\.1))
    #expect(run.now == planned.endedAt)
    #expect(run.cloud.sent.map(\.action) == planned.calls.map(\.action))
    #expect(run.cloud.sent.map(\.at) == planned.calls.map(\.at))
    try await client.shutdown()
    server.cancel()
    await server.value
  }

  /// What waits for answers must not hold a thread that the answers need.
  private func onThreadOfItsOwn<R: Sendable>(_ work: @escaping @Sendable () -> R) async -> R {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: work()) }.start()
    }
  }
}

/// An emulated cloud behind HTTP, whose clock is set to the run's before each call.
private struct WireCloud: SimulatedCloud, Sendable {
  private final class Answer: Sendable {
    let result = Mutex<CloudSendResult>(.unreachable("nothing came back"))
    let isThere = DispatchSemaphore(value: 0)
  }
  let client: CloudHTTPClient
  let clock: ManualClock
  let latency: Duration
  private(set) var sent: [(action: ActionID, at: Instant)] = []

  init(client: CloudHTTPClient, clock: ManualClock, latency: Duration) {
    (self.client, self.clock, self.latency) = (client, clock, latency)
  }

  mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration) {
    sent.append((call.action, now))
    clock.set(now)
    let answer = Answer()
    Task { [client] in
      let result = await client.send(call)
      answer.result.withLock { $0 = result }
      answer.isThere.signal()
    }
    answer.isThere.wait()
    switch answer.result.withLock({ $0 }) {
    case .outcome(let outcome): return (.outcome(outcome), latency)
    case .unreachable(let reason): return (.unreachable(reason), latency)
    }
  }
}
