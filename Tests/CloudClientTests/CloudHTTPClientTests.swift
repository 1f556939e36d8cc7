import CloudCatalog
import CloudClient
import Testing
import Values

@Suite(.timeLimit(.minutes(20))) struct CloudHTTPClientTests {
  private static let credentials = Credentials(secretID: "AKIDtest", secretKey: "the-secret-key", token: "the-token")
  private static let time = Instant(milliseconds: 1_551_113_065_000)
  private let call = CloudCall(
    "ecm.CreateVpc",
    ["EcmRegion": "ap-hangzhou-ecm", "VpcName": "web", "Password": .secret(Secret(name: "p", text: "hunter2!"))])

  private func client(
    _ port: Int, timeout: Duration = .minutes(10), maximumAnswer: Int = CloudHTTPClient.maximumAnswer
  ) throws -> CloudHTTPClient {
    try CloudHTTPClient(
      endpoint: CloudEndpoint(scheme: .http, host: "127.0.0.1", port: port), credentials: Self.credentials,
      timeout: timeout, maximumAnswer: maximumAnswer, now: { Self.time })
  }

  /// What comes of one call to a server that behaves so.
  private func outcome(
    _ behaviour: LoopbackServer.Behaviour, timeout: Duration = .minutes(10)
  ) async throws -> CloudSendResult {
    var result = CloudSendResult.unreachable("not sent")
    try await LoopbackServer.with(behaviour) { server in
      let client = try client(server.port, timeout: timeout)
      result = await client.send(call)
      #expect(server.seen.count == 1, "a call is sent once")
      try await client.shutdown()
    }
    return result
  }

  private func unknown(_ result: CloudSendResult) -> String? {
    if case .outcome(.unknown(let reason)) = result { reason } else { nil }
  }

  @Test func anAnswerIsDone() async throws {
    let result = try await outcome(
      .answer(#"{"Response":{"Vpc":{"VpcId":"vpc-1"},"TagSet":null,"RequestId":"r-1"}}"#))
    #expect(result == .outcome(.done(["Vpc": ["VpcId": "vpc-1"], "TagSet": .null], requestID: "r-1")))
  }

  @Test func theRequestIsSignedJSON() async throws {
    try await LoopbackServer.with(.answer(#"{"Response":{"RequestId":"r-1"}}"#)) { server in
      let client = try client(server.port)
      _ = await client.send(call)
      try await client.shutdown()
      let seen = try #require(server.seen.first)
      let body = #"{"EcmRegion":"ap-hangzhou-ecm","VpcName":"web","Password":"hunter2!"}"#
      #expect(seen.body == body)
      #expect(seen.head.method == .POST && seen.head.uri == "/")
      #expect(seen.header("Content-Length") == String(body.utf8.count))
      for (name, value) in TC3Signer(Self.credentials).headers(
        for: call, body: Array(body.utf8), host: "127.0.0.1:\(server.port)", at: Self.time)
      {
        #expect(seen.head.headers[name] == [value])
      }
      #expect(seen.header("X-TC-Token") == "the-token")
    }
  }

  @Test func anErrorIsRefused() async throws {
    let body = #"{"Response":{"Error":{"Code":"LimitExceeded","Message":"too many"},"RequestId":"r-1"}}"#
    let error = CloudError(code: "LimitExceeded", message: "too many", requestID: "r-1")
    #expect(try await outcome(.answer(body)) == .outcome(.refused(error)))
    #expect(try await outcome(.answer(body, status: 400)) == .outcome(.refused(error)))
  }

  @Test func anExpiredSignatureIsRefusedForTheClock() async throws {
    let result = try await outcome(
      .answer(#"{"Response":{"Error":{"Code":"AuthFailure.SignatureExpire","Message":"m"},"RequestId":"r"}}"#))
    guard case .outcome(.refused(let error)) = result else {
      Issue.record("not refused: \(result)")
      return
    }
    #expect(error.kind == .clock)
  }

  @Test func anErrorOfTheServerIsUnknown() async throws {
    let result = try await outcome(
      .answer(#"{"Response":{"Error":{"Code":"InternalError","Message":"oops"},"RequestId":"r-1"}}"#))
    #expect(result == .outcome(.unknown("InternalError: oops (RequestId r-1)")))
  }

  @Test(arguments: [
    ("<html>", 200, "the answer to ecm.CreateVpc is not JSON"),
    ("", 200, "the answer to ecm.CreateVpc is not JSON"),
    ("[1]", 200, "the answer to ecm.CreateVpc (HTTP 200) has no envelope 'Response'"),
    ("<html>bad gateway", 502, "the answer to ecm.CreateVpc is HTTP 502 without an envelope"),
    (#"{"message":"x"}"#, 503, "the answer to ecm.CreateVpc (HTTP 503) has no envelope 'Response'"),
    (#"{"Response":{"RequestId":"r"}}"#, 500, "the answer to ecm.CreateVpc is HTTP 500 without an error in it"),
    (#"{"Response":{"Vpc":{}}}"#, 200, "the answer to ecm.CreateVpc has no RequestId"),
    (#"{"Response":{"Error":"x","RequestId":"r"}}"#, 200, "the answer to ecm.CreateVpc has an error without a code"),
  ])
  func anAnswerThatIsNoneIsUnknown(_ body: String, _ status: Int, _ reason: String) async throws {
    let found = unknown(try await outcome(.answer(body, status: status)))
    #expect(found?.hasPrefix(reason) == true, "\(found ?? "not unknown")")
  }

  @Test func aRedirectIsNotFollowed() async throws {
    #expect(unknown(try await outcome(.answer("", status: 302))) != nil)
  }

  @Test func aConnectionDroppedAfterTheRequestIsUnknown() async throws {
    let reason = unknown(try await outcome(.drop))
    #expect(reason?.contains("no answer to ecm.CreateVpc from http://127.0.0.1") == true)
    #expect(reason?.hasSuffix("the connection was dropped") == true)
  }

  @Test(arguments: [LoopbackServer.Behaviour.silence, .halfAnAnswer])
  func anAnswerThatDoesNotComeInTimeIsUnknown(_ behaviour: LoopbackServer.Behaviour) async throws {
    let reason = unknown(try await outcome(behaviour, timeout: .seconds(1)))
    #expect(reason?.hasSuffix("nothing came within 1s") == true, "\(reason ?? "not unknown")")
  }

  @Test func aRefusedConnectionIsUnreachable() async throws {
    // No test gets port 1 from the system, and nothing listens there.
    let client = try client(1)
    #expect(await client.send(call) == .unreachable("http://127.0.0.1:1 cannot be reached: connection refused"))
    try await client.shutdown()
  }

  @Test func aHostWithoutAnAddressIsUnreachable() async throws {
    let client = try CloudHTTPClient(
      endpoint: CloudEndpoint("http://no-such-host.invalid"), credentials: Self.credentials, now: { Self.time })
    let result = await client.send(call)
    try await client.shutdown()
    #expect(
      result == .unreachable("http://no-such-host.invalid cannot be reached: no address is known for the name"))
  }

  @Test func aClientThatIsShutDownReachesNothing() async throws {
    let client = try client(1)
    try await client.shutdown()
    #expect(
      await client.send(call)
        == .unreachable("http://127.0.0.1:1 cannot be reached: the client has been shut down"))
  }

  @Test func aConnectionServesManyCalls() async throws {
    try await LoopbackServer.with(.answer(#"{"Response":{"RequestId":"r"}}"#)) { server in
      let client = try client(server.port)
      for _ in 0..<50 { #expect(await client.send(call) == .outcome(.done([:], requestID: "r"))) }
      try await client.shutdown()
      #expect(server.seen.count == 50)
      // A call that follows at once may find the connection not yet given back.
      #expect((1...4).contains(server.connections))
    }
  }

  @Test func aDroppedConnectionIsReplaced() async throws {
    try await LoopbackServer.with(.drop, .answer(#"{"Response":{"RequestId":"r"}}"#)) { server in
      let client = try client(server.port)
      #expect(unknown(await client.send(call)) != nil)
      #expect(await client.send(call) == .outcome(.done([:], requestID: "r")))
      try await client.shutdown()
    }
  }

  @Test func anAnswerMayBeAsLargeAsTheLimitAndNoLarger() async throws {
    let body = #"{"Response":{"RequestId":"r"}}"#
    try await LoopbackServer.with(.answer(body)) { server in
      let size = body.utf8.count
      let enough = try client(server.port, maximumAnswer: size)
      #expect(await enough.send(call) == .outcome(.done([:], requestID: "r")))
      let tooLittle = try client(server.port, maximumAnswer: size - 1)
      #expect(unknown(await tooLittle.send(call))?.hasSuffix("the answer is larger than \(size - 1) bytes") == true)
      try await enough.shutdown()
      try await tooLittle.shutdown()
    }
  }

  @Test func secretsAreMaskedInWhatTheCloudSays() async throws {
    let quoted = #"'hunter2!' is weak; the-secret-key, the-token"#
    for code in ["InvalidParameterValue", "InternalError"] {
      let result = try await outcome(
        .answer(#"{"Response":{"Error":{"Code":"\#(code)","Message":"\#(quoted)"},"RequestId":"r"}}"#))
      #expect("\(result)".contains("is weak; ***, ***"))
      for secret in ["hunter2!", "the-secret-key", "the-token"] { #expect(!"\(result)".contains(secret)) }
    }
  }

  @Test func aCancelledCallIsUnknownOnceItWasSent() async throws {
    try await LoopbackServer.with(.silence) { server in
      let client = try client(server.port)
      let sending = Task { await client.send(call) }
      while server.seen.isEmpty { await Task.yield() }
      sending.cancel()
      #expect(unknown(await sending.value)?.hasSuffix("the call was cancelled") == true)
      try await client.shutdown()
    }
  }
}
