import CloudCatalog
import CloudClient
import Testing
import Values

@Suite(.timeLimit(.minutes(20))) struct CloudHTTPClientTLSTests {
  private let call = CloudCall("ecm.DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])

  /// What comes of a call over https to a server with the certificate, and what the server saw of it.
  private func result(
    of server: TestCertificate, trusting caFile: String?
  ) async throws -> (CloudSendResult, requests: Int) {
    var result = (CloudSendResult.unreachable("not sent"), requests: 0)
    try await LoopbackServer.with(
      .answer(#"{"Response":{"RequestId":"r"}}"#), tls: try server.serverContext()
    ) { server in
      let client = try client(server.port, caFile)
      result = (await client.send(call), server.seen.count)
      try await client.shutdown()
    }
    return result
  }

  private func client(_ port: Int, _ caFile: String? = nil) throws -> CloudHTTPClient {
    try CloudHTTPClient(
      endpoint: CloudEndpoint(scheme: .https, host: "127.0.0.1", port: port),
      credentials: Credentials(secretID: "id", secretKey: "key"), caFile: caFile,
      now: { Instant(milliseconds: 1_551_113_065_000) })
  }

  private func reason(_ result: CloudSendResult) -> String? {
    if case .unreachable(let reason) = result { reason } else { nil }
  }

  @Test func aServerOfATrustedAuthorityIsCalled() async throws {
    try await TestCertificate.loopback.withFile { caFile in
      let (result, requests) = try await result(of: .loopback, trusting: caFile)
      #expect(result == .outcome(.done([:], requestID: "r")))
      #expect(requests == 1)
    }
  }

  @Test func aServerThatIsNotTrustedIsUnreachable() async throws {
    let (result, requests) = try await result(of: .loopback, trusting: nil)
    #expect(reason(result)?.hasSuffix("its certificate is not signed by an authority that is trusted here") == true)
    #expect(requests == 0)
  }

  @Test func aCertificateOfAnotherHostIsUnreachable() async throws {
    try await TestCertificate.elsewhere.withFile { caFile in
      let (result, requests) = try await result(of: .elsewhere, trusting: caFile)
      #expect(reason(result)?.hasSuffix("its certificate is for another host") == true, "\(result)")
      #expect(requests == 0)
    }
  }

  @Test func aServerWithoutTLSIsUnreachable() async throws {
    try await LoopbackServer.with(.silence) { server in
      let client = try client(server.port)
      let found = reason(await client.send(call))
      #expect(found?.contains("no secure connection (TLS): ") == true, "\(found ?? "reached")")
      #expect(server.seen.isEmpty)
      try await client.shutdown()
    }
  }

  @Test func aCAFileThatIsNoneIsAProblem() async throws {
    try await TestCertificate(key: "", certificate: "nothing").withFile { path in
      for (file, reason) in [(path, "holds no certificates"), ("/no/such/file", "cannot be read")] {
        do throws(ClientProblem) {
          _ = try CloudHTTPClient(
            endpoint: nil, credentials: Credentials(secretID: "id", secretKey: "key"), caFile: file,
            now: { Instant(milliseconds: 0) })
          Issue.record("\(file) was taken")
        } catch {
          #expect(error.kind == .authority)
          #expect(error.message.contains(file) && error.message.contains(reason))
        }
      }
    }
  }
}
