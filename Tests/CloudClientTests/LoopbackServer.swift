import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on the loopback that answers every request as it is told, and notes what it was asked.
final class LoopbackServer: Sendable {
  enum Behaviour: Sendable {
    case answer(String, status: Int = 200)
    /// Reads the whole request, then drops the connection.
    case drop
    /// Never answers.
    case silence
    /// Begins an answer and never ends it.
    case halfAnAnswer
  }

  struct Seen: Sendable {
    let head: HTTPRequestHead
    let body: String
    let connection: Int
    func header(_ name: String) -> String? { head.headers.first(name: name) }
  }

  private struct State: Sendable {
    var behaviours: [Behaviour]
    var seen: [Seen] = []
    var connections = 0
  }

  private let state: Mutex<State>
  private let channel: Mutex<(any Channel)?> = Mutex(nil)

  /// The last behaviour holds for all later requests.
  private init(_ behaviours: [Behaviour]) { state = Mutex(State(behaviours: behaviours)) }

  var seen: [Seen] { state.withLock { $0.seen } }
  var connections: Int { state.withLock { $0.connections } }
  var port: Int { channel.withLock { $0?.localAddress?.port } ?? 0 }

  static func with(
    _ behaviours: Behaviour..., tls: NIOSSLContext? = nil, _ body: (LoopbackServer) async throws -> Void
  ) async throws {
    let server = LoopbackServer(behaviours)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(server, server.arrived()))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    server.channel.withLock { $0 = channel }
    do { try await body(server) } catch {
      try await channel.close()
      throw error
    }
    try await channel.close()
  }

  private func arrived() -> Int {
    state.withLock { state in
      state.connections += 1
      return state.connections
    }
  }

  private func take(_ seen: Seen) -> Behaviour {
    state.withLock { state in
      state.seen.append(seen)
      return state.behaviours.count > 1 ? state.behaviours.removeFirst() : state.behaviours[0]
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let server: LoopbackServer
    private let connection: Int
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ server: LoopbackServer, _ connection: Int) {
      self.server = server
      self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        self.head = head
        body.clear()
      case .body(var part): body.writeBuffer(&part)
      case .end:
        guard let head else { return }
        let seen = Seen(head: head, body: String(buffer: body), connection: connection)
        answer(server.take(seen), context)
      }
    }

    private func answer(_ behaviour: Behaviour, _ context: ChannelHandlerContext) {
      switch behaviour {
      case .silence: break
      case .drop: context.close(promise: nil)
      case .answer(let text, let status): write(text, status, length: text.utf8.count, ends: true, context)
      case .halfAnAnswer: write("{\"Response\"", 200, length: 1000, ends: false, context)
      }
    }

    private func write(_ text: String, _ status: Int, length: Int, ends: Bool, _ context: ChannelHandlerContext) {
      let headers = HTTPHeaders([("Content-Length", String(length)), ("Content-Type", "application/json")])
      let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
      if ends { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
      context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
