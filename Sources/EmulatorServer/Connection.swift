import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// What the library's server makes of each connection that it takes: a channel whose last handler answers. Requests are
/// not handed to a task for that, which would take longer than to answer them.
struct ConnectionSetup: ServerChildChannel {
  let face: Face

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      // One request after the other, however many have come; what is not HTTP is answered with 400.
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: true, withErrorHandling: true, withOutboundHeaderValidation: false,
        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: .init())
      try pipeline.addHandler(RequestHandler(face))
      return Connection(channel: channel)
    }
  }

  /// Returns when the connection is closed. When cancelled, it is closed after the answer that is under way.
  func handle(value: Connection, logger: Logger) async {
    await withTaskCancellationHandler {
      try? await value.channel.closeFuture.get()
    } onCancel: {
      value.channel.pipeline.fireUserInboundEventTriggered(ServingEnds())
    }
  }
}

struct Connection: ServerChildChannelValue {
  let channel: any Channel
}

/// Tells a connection that no further request is taken.
struct ServingEnds: Sendable {}

/// Where the answer to one request is written, from whatever thread. That it is whole, the handler tells the client.
struct Outlet: Sendable {
  private let channel: any Channel
  private let takesBody: Bool
  private let persistence: String?

  init(_ channel: any Channel, _ request: HTTPRequestHead) {
    self.channel = channel
    takesBody = request.method != .HEAD
    // The older version closes unless it is told, the newer one stays.
    persistence =
      switch (request.isKeepAlive, request.version) {
      case (false, _): "close"
      case (true, .http1_0): "keep-alive"
      case (true, _): nil
      }
  }

  func begin(_ page: Page, date: String) {
    var fields = [
      ("content-type", page.type), ("content-length", String(page.body.readableBytes)), ("date", date),
    ]
    if let persistence { fields.append(("connection", persistence)) }
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: page.status), headers: HTTPHeaders(fields))
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
  }

  func write(_ part: ByteBuffer) {
    if takesBody { channel.write(HTTPServerResponsePart.body(.byteBuffer(part)), promise: nil) }
  }

  func flush() { channel.flush() }

  /// Closes the connection, with nothing more written to it.
  func drop() { channel.close(promise: nil) }
}
