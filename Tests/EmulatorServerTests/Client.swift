import CloudCatalog
import CloudEmulator
import Crypto
import Foundation
import Synchronization
import Testing
import Values

@testable import EmulatorServer

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A clock that stands where a test puts it.
final class TestClock: Sendable {
  private let instant: Mutex<Instant>

  init(_ instant: Instant) { self.instant = Mutex(instant) }

  var now: Instant { instant.withLock { $0 } }
  func set(_ instant: Instant) { self.instant.withLock { $0 = instant } }
}

/// A signed request, written apart from the server's own reading of the books.
struct Client: Sendable {
  var port: Int
  var secretID = "AKIDtest"
  var secretKey = "key-of-the-test"
  var service = "ecm"
  var version = "2019-07-19"
  var contentType = "application/json; charset=utf-8"
  var token: String?
  var timestamp: Int64
  var clockDate: String

  init(port: Int, now: Instant) {
    self.port = port
    timestamp = now.seconds
    clockDate = now.dateText
  }

  func request(_ action: String, _ body: String) -> URLRequest {
    var request = URLRequest(url: url("/"))
    request.httpMethod = "POST"
    request.httpBody = Data(body.utf8)
    request.setValue(contentType, forHTTPHeaderField: "Content-Type")
    request.setValue(action, forHTTPHeaderField: "X-TC-Action")
    request.setValue(version, forHTTPHeaderField: "X-TC-Version")
    request.setValue(String(timestamp), forHTTPHeaderField: "X-TC-Timestamp")
    request.setValue(token, forHTTPHeaderField: "X-TC-Token")
    request.setValue("zh-CN", forHTTPHeaderField: "X-TC-Language")
    request.setValue(authorization(body), forHTTPHeaderField: "Authorization")
    return request
  }

  func url(_ path: String) -> URL {
    var parts = URLComponents()
    (parts.scheme, parts.host, parts.port) = ("http", "127.0.0.1", port)
    let pieces = path.split(separator: "?", maxSplits: 1).map(String.init)
    parts.path = pieces.first ?? "/"
    parts.query = pieces.count > 1 ? pieces[1] : nil
    return parts.url ?? URL(fileURLWithPath: "/")
  }

  /// The `Response` of a call.
  func call(_ action: String, _ parameters: Record = [:]) async throws -> Record {
    try await send(request(action, JSON.print(.record(parameters))))
  }

  func send(_ request: URLRequest) async throws -> Record {
    let (status, value) = try await exchange(request)
    #expect(status == 200)
    return try #require(value.asRecord?["Response"]?.asRecord)
  }

  func exchange(_ request: URLRequest) async throws -> (status: Int, body: Value) {
    let session = URLSession(configuration: .ephemeral)
    defer { session.finishTasksAndInvalidate() }
    let (data, response) = try await session.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, try JSON.parse(Array(data)))
  }

  func control(_ method: String, _ path: String, token: String?, body: String? = nil) async throws -> (Int, Value) {
    var request = URLRequest(url: url(path))
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    return try await exchange(request)
  }

  private func authorization(_ body: String) -> String {
    let head = "content-type:\(contentType.lowercased())\nhost:127.0.0.1:\(port)\n"
    let canonical = "POST\n/\n\n\(head)\ncontent-type;host\n\(hex(SHA256.hash(data: Data(body.utf8))))"
    let scope = "\(clockDate)/\(service)/tc3_request"
    let text = "TC3-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(hex(SHA256.hash(data: Data(canonical.utf8))))"
    func mac(_ key: Data, _ message: String) -> Data {
      Data(HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: SymmetricKey(data: key)))
    }
    let key = mac(mac(mac(Data("TC3\(secretKey)".utf8), clockDate), service), "tc3_request")
    return "TC3-HMAC-SHA256 Credential=\(secretID)/\(scope), SignedHeaders=content-type;host, "
      + "Signature=\(hex(mac(key, text)))"
  }

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }
}

/// Serves a cloud for as long as a test takes.
func withServer(
  controlToken: String? = nil, manualClock: ManualClock? = nil,
  wait: @escaping @Sendable (Duration) async -> Void = { _ in }, onChange: (@Sendable (Value) -> Void)? = nil,
  changeInterval: Duration? = nil,
  _ test: @escaping @Sendable (Client, TestClock) async throws -> Void
) async throws {
  let start = Instant(milliseconds: 1_767_323_045_000)
  let clock = TestClock(start)
  let server = CloudServer(
    configuration: ServerConfiguration(
      credentials: [
        "AKIDtest": Credential(secretKey: "key-of-the-test", account: "tester"),
        "AKIDother": Credential(secretKey: "other-key", account: "other"),
        "AKIDtemporary": Credential(secretKey: "passing-key", account: "tester", token: "the-token"),
      ],
      cloud: EmulatedCloud(configuration: Configuration(startedAt: start)), controlToken: controlToken,
      clock: { clock.now }, manualClock: manualClock, wait: wait, onChange: onChange, changeInterval: changeInterval))
  let (ports, port) = AsyncStream.makeStream(of: Int.self)
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.run { port.yield($0) } }
    group.addTask {
      for await number in ports {
        try await test(Client(port: number, now: start), clock)
        break
      }
    }
    // The server runs until it is cancelled, so whatever ends first ends the test.
    try await group.next()
    group.cancelAll()
    try await group.waitForAll()
  }
}
