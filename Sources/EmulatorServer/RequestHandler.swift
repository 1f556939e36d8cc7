import NIOCore
import NIOHTTP1

/// Puts together the requests of one connection and has them answered: most at once, on the loop that reads the
/// connection; those that have to wait by a task. The handler before it lets no request through, and reads nothing,
/// while another one waits for its answer.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private struct Incoming {
    let head: HTTPRequestHead
    let headers: HeaderFields
    var body: [UInt8] = []
    var isWhole = false

    /// Keeps one byte more than may come, so that the gate sees that there is too much.
    mutating func append(_ part: ByteBuffer) {
      let room = Gate.maximumBody + 1 - body.count
      if body.isEmpty, part.readableBytes <= room {
        // Most bodies come in one part.
        body = Array(buffer: part)
      } else {
        body.append(contentsOf: part.readableBytesView.prefix(room))
      }
    }
  }

  private let face: Face
  /// The request that is being read, or waits to be answered.
  private var incoming: Incoming?
  private var isAnswering = false
  /// What answers a request that has to wait.
  private var work: Task<Void, Never>?
  /// When the last answer has gone out.
  private var written: EventLoopFuture<Void>?
  /// Whether the connection ends with the answer that is under way.
  private var isLast = false
  /// Whether it ends then even if the client does not take the answer.
  private var servingEnds = false

  init(_ face: Face) { self.face = face }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let part): incoming?.append(part)
    case .end:
      incoming?.isWhole = true
      // Comes while an answer is being written when requests have queued up behind one that had to wait. Each is
      // answered in a turn of its own: one within the other, many would exhaust the stack.
      if isAnswering {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.0.answerNext(bound.value.1) }
      } else {
        answerNext(context)
      }
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    answerNext(context)
    context.fireChannelWritabilityChanged()
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let headers = HeaderFields(head.headers)
    incoming = Incoming(head: head, headers: headers)
    if headers["expect"]?.lowercased() == "100-continue", head.version != .http1_0 {
      context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  /// Who does not take the answers that there are, gets no further ones.
  private func answerNext(_ context: ChannelHandlerContext) {
    guard !isAnswering, let request = incoming, request.isWhole, context.channel.isActive, context.channel.isWritable
    else { return }
    incoming = nil
    isAnswering = true
    if !request.head.isKeepAlive { isLast = true }
    let wire = WireRequest(
      method: request.head.method.rawValue, target: request.head.uri, headers: request.headers, body: request.body)
    guard let work = face.answer(wire, to: Outlet(context.channel, request.head)) else { return end(context) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    self.work = Task {
      await work()
      loop.execute { bound.value.0.end(bound.value.1) }
    }
  }

  /// The answer is whole, or the connection was closed instead.
  private func end(_ context: ChannelHandlerContext) {
    work = nil
    guard context.channel.isActive else { return }
    let promise = context.eventLoop.makePromise(of: Void.self)
    written = promise.futureResult
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    isAnswering = false
    if isLast { close(context) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    // The client writes nothing more, but may still read.
    case ChannelEvent.inputClosed: isLast = true
    case is ServingEnds:
      (isLast, servingEnds) = (true, true)
      work?.cancel()
    default: return context.fireUserInboundEventTriggered(event)
    }
    if !isAnswering { close(context) }
  }

  /// No answer is under way; what has been answered goes out first.
  private func close(_ context: ChannelHandlerContext) {
    if servingEnds { return context.close(promise: nil) }
    // It has been read whole, and waits for its turn.
    if incoming?.isWhole ?? false { return }
    let channel = context.channel
    guard let written else { return context.close(promise: nil) }
    written.whenComplete { _ in channel.close(promise: nil) }
  }

  /// What is no HTTP has had its answer. The client may still be writing, and would not read that answer if the
  /// connection were closed both ways.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(mode: error is HTTPParserError ? .output : .all, promise: nil)
  }
}
