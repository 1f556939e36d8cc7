import AsyncHTTPClient
import CloudCatalog
import NIOCore
import NIOSSL
import Values

/// What came of sending a call.
package enum CloudSendResult: Hashable, Sendable {
  case outcome(CallOutcome)
  /// Nothing was sent, with the reason: the same call may be sent again at any time.
  case unreachable(String)
}

/// Sends calls to the cloud, signed, over kept connections. Never sends one twice by itself.
package final class CloudHTTPClient: Sendable {
  /// The largest answer that is read unless told otherwise.
  package static let maximumAnswer = 32 << 20
  /// How long a connection may take to stand.
  static let connectTimeout = Duration.seconds(5)
  /// Shorter than servers commonly keep an unused connection, so that it is seldom the server that closes it.
  private static let idleTimeout = Duration.seconds(15)
  /// Calls beyond it wait for a connection; more than the limits of a few actions together let through.
  private static let connectionsPerHost = 64

  private struct Reply: Sendable {
    let status: Int
    let body: [UInt8]
  }

  private let endpoint: CloudEndpoint?
  private let credentials: Credentials
  private let signing: Signing
  private let timeout: Duration
  private let maximumAnswer: Int
  private let now: @Sendable () -> Instant
  private let http: HTTPClient

  /// Without an endpoint each service has the catalog's, over https. `caFile` (PEM) takes the place of the machine's
  /// certificate authorities. `timeout` is for a whole call, connecting included; `maximumAnswer` is in bytes.
  package init(
    endpoint: CloudEndpoint?, credentials: Credentials, signing: Signing = .tc3, caFile: String? = nil,
    timeout: Duration = .seconds(30), maximumAnswer: Int = CloudHTTPClient.maximumAnswer,
    now: @escaping @Sendable () -> Instant
  ) throws(ClientProblem) {
    self.endpoint = endpoint
    self.timeout = timeout
    self.maximumAnswer = maximumAnswer
    self.now = now
    self.credentials = credentials
    self.signing = signing
    http = HTTPClient(
      eventLoopGroupProvider: .singleton,
      configuration: try CloudHTTPClient.configuration(caFile, timeout: timeout))
  }

  deinit { http.shutdown { _ in } }

  private static func configuration(
    _ caFile: String?, timeout: Duration
  ) throws(ClientProblem) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .milliseconds(min(connectTimeout, timeout).milliseconds)
    configuration.connectionPool.idleTimeout = .milliseconds(idleTimeout.milliseconds)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
    // A refused connection is the caller's to know of at once.
    configuration.connectionPool.retryConnectionEstablishment = false
    if let caFile {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .certificates(try authorities(caFile))
      configuration.tlsConfiguration = tls
    }
    return configuration
  }

  private static func authorities(_ path: String) throws(ClientProblem) -> [NIOSSLCertificate] {
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(path)
      if !certificates.isEmpty { return certificates }
    } catch {
      throw ClientProblem(.authority, "the CA file \(path) cannot be read or holds no certificates in PEM form")
    }
    throw ClientProblem(.authority, "the CA file \(path) holds no certificates")
  }

  /// Ends the kept connections; calls under way fail.
  package func shutdown() async throws { try await http.shutdown() }

  /// Signs with the present time and sends once. Cancelling the task leaves the outcome unknown, or unreachable when
  /// nothing was sent.
  package func send(_ call: CloudCall) async -> CloudSendResult {
    guard let service = Catalog.service(call.action.service) else {
      return .unreachable("the service of \(call.action) is not known")
    }
    let server = endpoint ?? CloudEndpoint(scheme: .https, host: service.endpoint)
    let secrets = Value.record(call.arguments).secretTexts + credentials.concealed
    let signed = SignedRequest(
      call, signing, credentials, host: server.authority, nonce: Int.random(in: 1...Int(Int32.max)), at: now())
    let body = WatchedBody(bytes: signed.body)
    var request = HTTPClientRequest(url: "\(server)\(signed.path)")
    request.method = signed.method == .get ? .GET : .POST
    request.headers.add(name: "User-Agent", value: "belay")
    for (name, value) in signed.headers { request.headers.add(name: name, value: value) }
    if signed.method == .post { request.body = .stream(body, length: .known(Int64(body.bytes.count))) }
    do {
      let reply = try await exchange(request)
      let outcome = ResponseEnvelope.outcome(of: call.action, status: reply.status, body: reply.body)
      return .outcome(outcome.concealing(secrets))
    } catch {
      let reason = TransportReason.text(of: error, timeout: timeout).concealing(secrets)
      // A GET has no body that tells whether it left: only a connection that never stood is sure.
      let mayHaveLeft = signed.method == .get ? !TransportReason.isBeforeSending(error) : body.mark.isSet
      if mayHaveLeft { return .outcome(.unknown("no answer to \(call.action) from \(server): \(reason)")) }
      if Task.isCancelled { return .unreachable("\(call.action) was not sent: \(reason)") }
      return .unreachable("\(server) cannot be reached: \(reason)")
    }
  }

  /// The library's own deadline ends with the head of the answer, so the time is kept here.
  private func exchange(_ request: HTTPClientRequest) async throws -> Reply {
    try await withThrowingTaskGroup(of: Reply?.self) { [http, timeout, maximumAnswer] group in
      group.addTask {
        let response = try await http.execute(request, timeout: .milliseconds(timeout.milliseconds))
        let body = try await response.body.collect(upTo: maximumAnswer)
        return Reply(status: Int(response.status.code), body: Array(body.readableBytesView))
      }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let reply = first else { throw TransportReason.TimedOut() }
      return reply
    }
  }
}
