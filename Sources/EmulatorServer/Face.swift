import CloudEmulator
import Hummingbird
import NIOCore
import Values

/// One connection's requests, one after the other.
struct FaceContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// Closes the connection, with nothing more written to it.
  func drop() async { try? await channel.close() }
}

/// Takes HTTP apart for the gate and the control API, and puts their answers into it.
struct Face: HTTPResponder {
  typealias Context = FaceContext

  private let gate: Gate
  private let host: CloudHost
  private let control: ControlAPI?
  private let wait: @Sendable (Duration) async -> Void

  init(_ configuration: ServerConfiguration, host: CloudHost) {
    let accounts = configuration.credentials.sorted { $0.key < $1.key }.map(\.value.account)
    gate = Gate(credentials: configuration.credentials)
    self.host = host
    control = configuration.controlToken.map {
      ControlAPI(token: $0, host: host, standardAccount: accounts.first ?? "")
    }
    wait = configuration.wait
  }

  func respond(to request: Request, context: FaceContext) async throws -> Response {
    let wire = try await wireRequest(request)
    if wire.path.hasPrefix(ControlAPI.prefix), let control {
      let answer = await control.answer(wire)
      return response(Page(status: answer.status, answer.body))
    }
    guard wire.path == "/" else {
      return response(Page(status: 404, ["Error": .text("There is nothing at \(wire.path).")]))
    }
    return await respond(to: wire, context)
  }

  nonisolated(nonsending) private func respond(to wire: WireRequest, _ context: FaceContext) async -> Response {
    do throws(WireRefusal) {
      let request = try gate.admit(wire, now: host.time.signatures + host.skew.value)
      let delivery = await host.handle(request)
      if delivery.delay > .zero { await wait(delivery.delay) }
      guard let page = page(delivery) else {
        await context.drop()
        return response(Page(status: 200, .empty))
      }
      return delivery.slowness.map { slowResponse(page, over: $0) } ?? response(page)
    } catch {
      return response(refusal(error.code, error.message, host.strayRequestID()))
    }
  }

  /// Nil when nothing is answered.
  private func page(_ delivery: Delivery) -> Page? {
    switch delivery.form {
    case .status(let code):
      return Page(status: code, type: "text/html", text: "<html><body><h1>\(code)</h1></body></html>")
    case .garbage:
      let start = host.strayRequestID().prefix(8)
      return Page(status: 200, type: "application/json", text: "{\"Response\": {\"RequestId\": \"\(start)")
    case .reply: break
    }
    switch delivery.reply {
    case .answered(var answer, let requestID):
      answer["RequestId"] = .text(requestID)
      return Page(status: 200, ["Response": .record(answer)])
    case .refused(let error): return refusal(error.code, error.message, error.requestID)
    case .lostBefore, .lostAfter: return nil
    }
  }

  private func refusal(_ code: String, _ message: String, _ requestID: String) -> Page {
    let error: Value = ["Code": .text(code), "Message": .text(message)]
    return Page(status: 200, ["Response": ["Error": error, "RequestId": .text(requestID)]])
  }

  private func response(_ page: Page) -> Response {
    Response(
      status: .init(code: page.status), headers: [.contentType: page.type],
      body: .init(byteBuffer: page.body))
  }

  /// The parts in which a slow answer comes.
  private static let slowParts = 20

  /// The body in parts, spread over the time.
  private func slowResponse(_ page: Page, over time: Duration) -> Response {
    let (whole, wait) = (page.body, wait)
    let length = max(1, whole.readableBytes)
    let size = (length + Face.slowParts - 1) / Face.slowParts
    let body = ResponseBody(contentLength: whole.readableBytes) { writer in
      var rest = whole
      while rest.readableBytes > 0, let part = rest.readSlice(length: min(size, rest.readableBytes)) {
        await wait(time * Double(part.readableBytes) / Double(length))
        try await writer.write(part)
      }
      try await writer.finish(nil)
    }
    return Response(status: .init(code: page.status), headers: [.contentType: page.type], body: body)
  }

  /// Reads one byte more than may come, so that the gate sees that there is too much.
  nonisolated(nonsending) private func wireRequest(_ request: Request) async throws -> WireRequest {
    var headers = HeaderFields(capacity: request.headers.count + 1)
    for field in request.headers { headers.append(field.name.canonicalName, field.value) }
    if let authority = request.head.authority { headers.append("host", authority) }
    var body: [UInt8] = []
    // The library reads on to the request's end by itself: whoever has the whole body need not wait for that.
    let length = headers["content-length"].flatMap { Int($0) }
    var parts = request.body.makeAsyncIterator()
    while body.count != length, let part = try await parts.next() {
      let room = Gate.maximumBody + 1 - body.count
      // Most bodies come in one part, and are taken as they are.
      if body.isEmpty, part.readableBytes <= room {
        body = Array(buffer: part)
      } else {
        body.append(contentsOf: part.readableBytesView.prefix(room))
      }
    }
    return WireRequest(
      method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "", headers: headers,
      body: body)
  }
}

/// What stands in a response.
private struct Page: Sendable {
  let status: Int
  let type: String
  let body: ByteBuffer

  init(status: Int, type: String, text: String) {
    self.status = status
    self.type = type
    body = ByteBuffer(string: text)
  }

  init(status: Int, _ body: Value) {
    self.status = status
    type = "application/json"
    self.body = JSON.withBytes(of: body) { ByteBuffer(bytes: $0) }
  }
}
