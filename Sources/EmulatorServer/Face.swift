import CloudEmulator
import Hummingbird
import Values

/// One connection's requests, one after the other.
struct FaceContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Closes the connection, with nothing more written to it.
  let drop: @Sendable () async -> Void

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    let channel = source.channel
    drop = { try? await channel.close() }
  }
}

/// Takes HTTP apart for the gate and the control API, and puts their answers into it.
struct Face: HTTPResponder {
  typealias Context = FaceContext

  private let gate: Gate
  private let host: CloudHost
  private let control: ControlAPI?
  private let clock: @Sendable () -> Instant

  init(_ configuration: ServerConfiguration) {
    let host = CloudHost(configuration)
    let accounts = configuration.credentials.sorted { $0.key < $1.key }.map(\.value.account)
    gate = Gate(credentials: configuration.credentials)
    self.host = host
    control = configuration.controlToken.map {
      ControlAPI(token: $0, host: host, standardAccount: accounts.first ?? "")
    }
    clock = configuration.clock
  }

  func respond(to request: Request, context: FaceContext) async throws -> Response {
    let wire = try await wireRequest(request)
    if wire.path.hasPrefix(ControlAPI.prefix), let control {
      let answer = await control.answer(wire, query: query(request))
      return response(.init(code: answer.status), answer.body)
    }
    guard wire.path == "/" else {
      return response(.notFound, ["Error": .text("There is nothing at \(wire.path).")])
    }
    return await respond(to: wire, context)
  }

  private func respond(to wire: WireRequest, _ context: FaceContext) async -> Response {
    do throws(WireRefusal) {
      switch await host.handle(try gate.admit(wire, now: clock())) {
      case .answered(var answer, let requestID):
        answer["RequestId"] = .text(requestID)
        return response(.ok, ["Response": .record(answer)])
      case .refused(let error): return refusal(error.code, error.message, error.requestID)
      case .lostBefore, .lostAfter:
        await context.drop()
        return response(.ok, .empty)
      }
    } catch {
      return refusal(error.code, error.message, await host.strayRequestID())
    }
  }

  /// Reads one byte more than may come, so that the gate sees that there is too much.
  private func wireRequest(_ request: Request) async throws -> WireRequest {
    var body: [UInt8] = []
    for try await part in request.body {
      body.append(contentsOf: part.readableBytesView.prefix(Gate.maximumBody + 1 - body.count))
    }
    var headers: [String: String] = [:]
    for field in request.headers { headers[field.name.canonicalName] = field.value.trimmed }
    if let authority = request.head.authority { headers["host"] = authority }
    return WireRequest(method: request.method.rawValue, path: request.uri.path, headers: headers, body: body)
  }

  private func query(_ request: Request) -> [String: String] {
    var result: [String: String] = [:]
    for (name, value) in request.uri.queryParameters { result[String(name)] = String(value) }
    return result
  }

  private func refusal(_ code: String, _ message: String, _ requestID: String) -> Response {
    let error: Value = ["Code": .text(code), "Message": .text(message)]
    return response(.ok, ["Response": ["Error": error, "RequestId": .text(requestID)]])
  }

  private func response(_ status: HTTPResponse.Status, _ body: Value) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(string: JSON.print(body))))
  }
}
