import CloudEmulator
import HummingbirdCore
import Logging
import NIOPosix
import Synchronization
import Values

/// The emulated cloud behind HTTP, as the provider's clients expect it: signed requests at `/`, HTTP status 200 always.
package struct CloudServer: Sendable {
  private let configuration: ServerConfiguration

  package init(configuration: ServerConfiguration) { self.configuration = configuration }

  /// Serves until the task is cancelled; then stops taking connections, answers what is under way and returns.
  /// `onReady` gets the port. Throws ``ServerProblem``.
  package func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
    let isReady = Mutex(false)
    let host = CloudHost(configuration)
    let server = Server(
      childChannelSetup: ConnectionSetup(face: Face(configuration, host: host)),
      configuration: .init(address: .hostname(configuration.host, port: configuration.port)),
      onServerRunning: { channel in
        isReady.withLock { $0 = true }
        await onReady(channel.localAddress?.port ?? 0)
      },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      // It would be told of every connection, and would write nothing of it.
      logger: Logger(label: "belay.emulator") { _ in SwiftLogNoOpLogHandler() })
    do {
      try await server.run()
      await host.save()
    } catch {
      await host.save()
      if Task.isCancelled || error is CancellationError { return }
      throw problem(error, wasReady: isReady.withLock { $0 })
    }
  }

  private func problem(_ error: any Error, wasReady: Bool) -> ServerProblem {
    if wasReady { return .failed("\(error)") }
    // The error is NIO's and says which system call failed; people want to know why.
    let reason = "\(error)"
    let short =
      switch reason {
      case _ where reason.contains("errno: 98") || reason.contains("Address already in use"): "the port is in use"
      case _ where reason.contains("errno: 13"): "the system does not permit it"
      case _ where reason.contains("errno: 99"): "the machine has no such address"
      default: reason
      }
    return .cannotListen(host: configuration.host, port: configuration.port, reason: short)
  }
}
