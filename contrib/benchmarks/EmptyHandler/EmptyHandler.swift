import Hummingbird
import Logging

/// What the HTTP library of the emulator serves when there is nothing to do: the ceiling that contrib/benchmarks holds
/// the emulator against. It takes a port of 127.0.0.1, reads each request and answers the same small body.
@main
enum EmptyHandler {
  static func main() async throws {
    let logger = Logger(label: "empty") { _ in SwiftLogNoOpLogHandler() }
    let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 0
    let application = Application(
      responder: Responder(), configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
    try await application.run()
  }

  private struct Responder: HTTPResponder {
    typealias Context = BasicRequestContext

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
      for try await _ in request.body {}
      return Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: "{\"Response\":{}}")))
    }
  }
}
