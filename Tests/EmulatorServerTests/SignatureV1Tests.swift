import Testing

@testable import EmulatorServer

@Suite("Signature version 1")
struct SignatureV1Tests {
  /// The request of both books' example.
  private func fields(_ secretID: String) throws -> FormFields {
    try #require(
      FormFields(
        "Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0&Region=ap-guangzhou&"
          + "SecretId=\(secretID)&Timestamp=1465185768&Version=2017-03-12"))
  }

  private let host = "cvm.tencentcloudapi.com"

  @Test(
    "the books' known answers fit, and nothing else",
    arguments: [
      ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", "Gu5t9xGARNpq86cd98joQYCN3*******", "zmmjn35mikh6pM3V7sUEuX4wyYM="),
      ("AKID" + String(repeating: "*", count: 32), String(repeating: "*", count: 32), "7RAM2xfNMO9EiVTNmPg06MRnCvQ="),
    ])
  func knownAnswers(_ secretID: String, _ key: String, _ signature: String) throws {
    let fields = try fields(secretID)
    #expect(V1Signature.signature(fields, method: "GET", host: host, secretKey: key) == signature)
    let escaped = signature.replacing("=", with: "%3D").replacing("+", with: "%2B")
    let sent = try #require(FormFields("Signature=\(escaped)&\(fields.canonical)"))
    #expect(V1Signature.isValid(sent, method: "GET", host: host, secretKey: key))
    #expect(!V1Signature.isValid(sent, method: "POST", host: host, secretKey: key))
    #expect(!V1Signature.isValid(sent, method: "GET", host: "cvm.intl.tencentcloudapi.com", secretKey: key))
    #expect(!V1Signature.isValid(sent, method: "GET", host: host, secretKey: key + "x"))
  }

  @Test("the source has the raw values, names in the order of their bytes")
  func source() throws {
    let fields = try #require(FormFields("b=1%202%2F&Ids.2=y&Ids.12=x&Signature=z&A=%E4%B8%AD"))
    #expect(V1Signature.source(fields, method: "GET", host: "h") == "GETh/?A=中&Ids.12=x&Ids.2=y&b=1 2/")
  }

  @Test(
    "Base64 pads to four letters",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
  func base64(_ plain: String, _ text: String) { #expect(Base64.text(Array(plain.utf8)) == text) }
}
