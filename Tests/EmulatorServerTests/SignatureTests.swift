import Testing
import Values

@testable import EmulatorServer

@Suite("Signature version 3")
struct SignatureTests {
  /// The request of both books' example.
  private func request(_ signature: String) -> WireRequest {
    let credential = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request"
    return WireRequest(
      method: "POST", path: "/",
      headers: [
        "content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com",
        "x-tc-timestamp": "1551113065",
        "authorization":
          "TC3-HMAC-SHA256 Credential=\(credential), SignedHeaders=content-type;host, Signature=\(signature)",
      ],
      body: Array(#"{"Limit": 1, "Filters": [{"Values": ["unnamed"], "Name": "instance-name"}]}"#.utf8))
  }

  @Test(
    "the books' known answers fit, and nothing else",
    arguments: [
      ("Gu5t9xGARNpq86cd98joQYCN3*******", "c492e8e41437e97a620b728c301bb8d17e7dc0c17eeabce80c20cd70fc3a78ff"),
      (String(repeating: "*", count: 32), "a7b8551448762bd123d6f79e81815e31a92013640a6cef36a08ad4b292a4d2f2"),
    ])
  func knownAnswers(_ key: String, _ signature: String) throws {
    let request = request(signature)
    let authorization = try TC3Authorization(parsing: request.header("authorization"))
    #expect(authorization.scope == "2019-02-25/cvm/tc3_request")
    #expect(TC3Signature.isValid(request, authorization, secretKey: key))
    #expect(!TC3Signature.isValid(request, authorization, secretKey: key + "x"))
  }

  @Test(
    "an Authorization header that cannot be read is told why",
    arguments: [
      ("", "does not begin"), ("Bearer x", "does not begin"), ("TC3-HMAC-SHA256 Credential", "is not NAME=VALUE"),
      ("TC3-HMAC-SHA256 Credential=a/2019-02-25/cvm/other", "Credential must be"),
      ("TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, Signature=xyz", "Signature must be"),
    ])
  func malformed(_ header: String, _ reason: String) {
    let refusal = #expect(throws: WireRefusal.self) { try TC3Authorization(parsing: header) }
    #expect(refusal?.code == "AuthFailure.InvalidAuthorization")
    #expect(refusal?.message.contains(reason) == true)
  }
}
