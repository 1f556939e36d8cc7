import CloudClient
import CloudEmulator
import EmulatorServer
import Foundation
import Synchronization
import Values

/// The emulator inside this process, its world kept in the state directory from run to run. It is reached over loopback
/// HTTP with signed requests, like any other cloud.
final class EmbeddedEmulator: Sendable {
  struct Options: Sendable {
    var seed: UInt64?
    var speed: Double
    var faults: [Fault]
    var scenario: Scenario?
  }
  static let standardSpeed = 20.0
  private static let credentials = Credentials(secretID: "embedded", secretKey: "embedded-emulator-key")

  let world: ClientWorld
  private let server: Task<Void, Never>
  private let kept: EmulatorStateFile

  private init(world: ClientWorld, server: Task<Void, Never>, kept: EmulatorStateFile) {
    self.world = world
    self.server = server
    self.kept = kept
  }

  static func start(_ state: StateDirectory, _ options: Options) async throws(CommandFailure) -> EmbeddedEmulator {
    let kept = try EmulatorStateFile(
      state.emulatorPath,
      whenTaken: "another belay is using the embedded emulator of '\(state.path)'; wait for it, name another directory "
        + "with --state, or start `belay emulator` and give its address with --endpoint")
    var cloud = try load(kept, options)
    for fault in options.faults { cloud.inject(fault) }
    if let scenario = options.scenario { cloud.inject(scenario) }
    let configuration = ServerConfiguration(
      credentials: [credentials.secretID: Credential(secretKey: credentials.secretKey, account: "embedded")],
      cloud: cloud, onChange: { document in try? kept.write(document, isSynced: false) })
    let (port, server) = await serve(configuration)
    guard let port else { throw CommandFailure(.unreachable, "the embedded emulator cannot listen on 127.0.0.1") }
    do {
      let world = try ClientWorld(
        endpoint: CloudEndpoint(scheme: .http, host: "127.0.0.1", port: port), credentials: credentials, caFile: nil)
      return EmbeddedEmulator(world: world, server: server, kept: kept)
    } catch {
      throw CommandFailure(.wrong, error.message)
    }
  }

  func stop() async {
    await world.shutdown()
    server.cancel()
    await server.value
  }

  /// Lets go without waiting.
  func abandon() { server.cancel() }

  private static func load(_ kept: EmulatorStateFile, _ options: Options) throws(CommandFailure) -> EmulatedCloud {
    if let cloud = try kept.read(speed: options.speed) { return cloud }
    return EmulatedCloud(
      configuration: Configuration(
        seed: options.seed ?? UInt64(truncatingIfNeeded: WallClock.now().milliseconds), speed: options.speed,
        startedAt: WallClock.now()))
  }

  /// Nil as a port when the server could not listen.
  private static func serve(_ configuration: ServerConfiguration) async -> (Int?, Task<Void, Never>) {
    let ready = Mutex<CheckedContinuation<Int?, Never>?>(nil)
    let resume = { @Sendable (port: Int?) in
      let waiting = ready.withLock { continuation in
        defer { continuation = nil }
        return continuation
      }
      waiting?.resume(returning: port)
    }
    let task = Mutex<Task<Void, Never>?>(nil)
    let port = await withCheckedContinuation { continuation in
      ready.withLock { $0 = continuation }
      let server = Task.detached {
        try? await CloudServer(configuration: configuration).run { resume($0) }
        resume(nil)
      }
      task.withLock { $0 = server }
    }
    return (port, task.withLock { $0 } ?? Task {})
  }
}
