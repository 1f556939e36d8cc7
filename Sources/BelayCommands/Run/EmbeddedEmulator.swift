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
  }
  static let standardSpeed = 20.0
  private static let credentials = Credentials(secretID: "embedded", secretKey: "embedded-emulator-key")

  let world: ClientWorld
  private let server: Task<Void, Never>
  /// The descriptor of the locked file.
  private let lock: Int32

  private init(world: ClientWorld, server: Task<Void, Never>, lock: Int32) {
    self.world = world
    self.server = server
    self.lock = lock
  }

  deinit { close(lock) }

  static func start(_ state: StateDirectory, _ options: Options) async throws(CommandFailure) -> EmbeddedEmulator {
    let lock = try takeLock(state)
    var cloud = try load(state, options)
    for fault in options.faults { cloud.inject(fault) }
    let path = state.emulatorPath
    let configuration = ServerConfiguration(
      credentials: [credentials.secretID: Credential(secretKey: credentials.secretKey, account: "embedded")],
      cloud: cloud, onChange: { document in try? Files.write(JSON.print(document), to: path) })
    let (port, server) = await serve(configuration)
    guard let port else { throw CommandFailure(.unreachable, "the embedded emulator cannot listen on 127.0.0.1") }
    do {
      let world = try ClientWorld(
        endpoint: CloudEndpoint(scheme: .http, host: "127.0.0.1", port: port), credentials: credentials, caFile: nil)
      return EmbeddedEmulator(world: world, server: server, lock: lock)
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

  /// Two processes on one world would overwrite each other's. The lock goes with the process at the latest.
  private static func takeLock(_ state: StateDirectory) throws(CommandFailure) -> Int32 {
    let file = open(state.path + "/emulator.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else {
      throw CommandFailure(
        .unreachable,
        "another belay is using the embedded emulator of '\(state.path)'; wait for it, name another directory with "
          + "--state, or start `belay emulator` and give its address with --endpoint")
    }
    return file
  }

  private static func load(_ state: StateDirectory, _ options: Options) throws(CommandFailure) -> EmulatedCloud {
    guard FileManager.default.fileExists(atPath: state.emulatorPath) else {
      return EmulatedCloud(
        configuration: Configuration(
          seed: options.seed ?? UInt64(truncatingIfNeeded: WallClock.now().milliseconds), speed: options.speed,
          startedAt: WallClock.now()))
    }
    return try EmulatorFile.read(state.emulatorPath, speed: options.speed)
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

/// The file in which an emulator's world is kept.
enum EmulatorFile {
  static func read(_ path: String, speed: Double?) throws(CommandFailure) -> EmulatedCloud {
    let bytes = try Files.read(path, what: "emulator state")
    do {
      return try EmulatedCloud(decoding: JSON.parse(bytes), speed: speed)
    } catch {
      throw CommandFailure(
        .unreachable,
        "the emulator's state '\(path)' is damaged: \(error); move the file away to begin with an empty world")
    }
  }
}
