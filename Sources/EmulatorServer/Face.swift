import CloudEmulator
import NIOCore
import Values

/// Takes requests to the gate and the control API, and puts their answers into pages.
struct Face: Sendable {
  private let gate: Gate
  private let host: CloudHost
  private let control: ControlAPI?
  private let wait: @Sendable (Duration) async -> Void
  private let date = DateField()

  init(_ configuration: ServerConfiguration, host: CloudHost) {
    let accounts = configuration.credentials.sorted { $0.key < $1.key }.map(\.value.account)
    gate = Gate(credentials: configuration.credentials)
    self.host = host
    control = configuration.controlToken.map {
      ControlAPI(token: $0, host: host, standardAccount: accounts.first ?? "")
    }
    wait = configuration.wait
  }

  /// Answers at once, or returns the work that does.
  func answer(_ wire: WireRequest, to outlet: Outlet) -> (@Sendable () async -> Void)? {
    guard wire.path != "/" else { return answerCall(wire, outlet) }
    guard wire.path.hasPrefix(ControlAPI.prefix), let control else {
      send(Page(status: 404, ["Error": .text("There is nothing at \(wire.path).")]), outlet)
      return nil
    }
    return {
      let answer = await control.answer(wire)
      send(Page(status: answer.status, answer.body), outlet)
    }
  }

  private func answerCall(_ wire: WireRequest, _ outlet: Outlet) -> (@Sendable () async -> Void)? {
    do throws(WireRefusal) {
      let request = try gate.admit(wire, now: host.time.signatures + host.skew.value)
      let (delivery, isKept) = host.handle(request)
      guard isKept, delivery.delay <= .zero, delivery.slowness == nil else {
        return {
          if !isKept { await host.written() }
          if delivery.delay > .zero { await wait(delivery.delay) }
          await send(page(delivery), outlet, over: delivery.slowness)
        }
      }
      send(page(delivery), outlet)
    } catch {
      send(refusal(error.code, error.message, host.strayRequestID()), outlet)
    }
    return nil
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

  private func send(_ page: Page?, _ outlet: Outlet) {
    guard let page else { return outlet.drop() }
    outlet.begin(page, date: date.text(at: host.time.signatures))
    outlet.write(page.body)
  }

  /// The parts in which a slow answer comes.
  private static let slowParts = 20

  /// The body in parts, spread over the time.
  private func send(_ page: Page?, _ outlet: Outlet, over time: Duration?) async {
    guard let time, let page else { return send(page, outlet) }
    let length = max(1, page.body.readableBytes)
    let size = (length + Face.slowParts - 1) / Face.slowParts
    outlet.begin(page, date: date.text(at: host.time.signatures))
    var rest = page.body
    while rest.readableBytes > 0, let part = rest.readSlice(length: min(size, rest.readableBytes)) {
      outlet.flush()
      await wait(time * Double(part.readableBytes) / Double(length))
      outlet.write(part)
    }
  }
}

/// What stands in a response.
struct Page: Sendable {
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
