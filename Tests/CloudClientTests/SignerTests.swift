import CloudCatalog
import CloudClient
import Testing
import Values

/// The examples of both books, whose masked keys are literally the keys that were used.
@Suite struct SignerTests {
  static let ecmBook = Credentials(
    secretID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", secretKey: "Gu5t9xGARNpq86cd98joQYCN3*******")
  static let cvmBook = Credentials(
    secretID: "AKID" + String(repeating: "*", count: 32), secretKey: String(repeating: "*", count: 32))

  private let request = TC3Signer.Request(
    host: "cvm.tencentcloudapi.com", contentType: "application/json; charset=utf-8",
    payload: Array(#"{"Limit": 1, "Filters": [{"Values": ["unnamed"], "Name": "instance-name"}]}"#.utf8),
    service: "cvm", at: Instant(milliseconds: 1_551_113_065_000))

  @Test func theCanonicalRequestIsTheBooks() {
    #expect(
      TC3Signer.canonicalRequest(request) == """
        POST
        /

        content-type:application/json; charset=utf-8
        host:cvm.tencentcloudapi.com

        content-type;host
        99d58dfbc6745f6747f36bfca17dee5e6881dc0428a0a36f96199342bc5b4907
        """)
  }

  @Test func theStringToSignIsTheBooks() {
    #expect(
      TC3Signer.stringToSign(request) == """
        TC3-HMAC-SHA256
        1551113065
        2019-02-25/cvm/tc3_request
        2815843035062fffda5fd6f2a44ea8a34818b0dc46f024b8b3786976a3adda7a
        """)
  }

  @Test(arguments: [
    (ecmBook, "c492e8e41437e97a620b728c301bb8d17e7dc0c17eeabce80c20cd70fc3a78ff"),
    (cvmBook, "a7b8551448762bd123d6f79e81815e31a92013640a6cef36a08ad4b292a4d2f2"),
  ])
  func theSignatureIsTheBooks(_ credentials: Credentials, _ signature: String) {
    let signer = TC3Signer(credentials)
    #expect(signer.signature(request) == signature)
    #expect(
      signer.authorization(request)
        == "TC3-HMAC-SHA256 Credential=\(credentials.secretID)/2019-02-25/cvm/tc3_request, "
        + "SignedHeaders=content-type;host, Signature=\(signature)")
  }

  @Test func theDayIsTheUTCDayOfTheTimestamp() {
    var late = request
    late.at = Instant(milliseconds: 1_551_139_199_999)
    #expect(TC3Signer.stringToSign(late).contains("\n2019-02-25/cvm/"))
    late.at = Instant(milliseconds: 1_551_139_200_000)
    #expect(TC3Signer.stringToSign(late).contains("\n2019-02-26/cvm/"))
  }

  @Test func aCallHasTheCommonHeaders() {
    let call = CloudCall("cvm.DescribeInstances", region: "ap-guangzhou", [:])
    let headers = TC3Signer(Self.cvmBook).headers(
      for: call, body: request.payload, host: request.host, at: request.at)
    #expect(
      headers.map { "\($0.0): \($0.1)" } == [
        "Host: cvm.tencentcloudapi.com", "Content-Type: application/json; charset=utf-8",
        "Authorization: \(TC3Signer(Self.cvmBook).authorization(request))", "X-TC-Action: DescribeInstances",
        "X-TC-Version: 2017-03-12", "X-TC-Timestamp: 1551113065", "X-TC-Region: ap-guangzhou",
      ])
  }

  @Test func ecmGetsItsRegionAndATemporaryKeyItsToken() {
    let credentials = Credentials(secretID: "id", secretKey: "key", token: "token")
    let call = CloudCall("ecm.DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])
    let headers = TC3Signer(credentials).headers(for: call, body: [], host: "h", at: request.at)
    #expect(headers.contains { $0 == ("X-TC-Region", "ap-hangzhou-ecm") })
    #expect(headers.contains { $0 == ("X-TC-Token", "token") })
    #expect(headers.contains { $0 == ("X-TC-Version", "2019-07-19") })
    let bare = TC3Signer(credentials).headers(
      for: CloudCall("ecm.DescribeNode", [:]), body: [], host: "h", at: request.at)
    #expect(!bare.contains { $0.0 == "X-TC-Region" })
  }
}

@Suite struct FormSignerTests {
  private func fields(_ credentials: Credentials) -> [FormSigner.Field] {
    [
      ("Action", "DescribeInstances"), ("InstanceIds.0", "ins-09dx96dg"), ("Limit", "20"), ("Nonce", "11886"),
      ("Offset", "0"), ("Region", "ap-guangzhou"), ("SecretId", credentials.secretID), ("Timestamp", "1465185768"),
      ("Version", "2017-03-12"),
    ]
  }

  @Test func theSourceStringIsTheBooks() {
    #expect(
      FormSigner.stringToSign(fields(SignerTests.ecmBook), method: "GET", host: "cvm.tencentcloudapi.com")
        == "GETcvm.tencentcloudapi.com/?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886"
        + "&Offset=0&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******&Timestamp=1465185768"
        + "&Version=2017-03-12")
  }

  @Test(arguments: [
    (SignerTests.ecmBook, "zmmjn35mikh6pM3V7sUEuX4wyYM="), (SignerTests.cvmBook, "7RAM2xfNMO9EiVTNmPg06MRnCvQ="),
  ])
  func theSignatureIsTheBooks(_ credentials: Credentials, _ signature: String) {
    let signer = FormSigner(credentials, .sha1)
    #expect(signer.signature(fields(credentials), method: "GET", host: "cvm.tencentcloudapi.com") == signature)
    #expect(FormSigner.encode([("Signature", signature)]) == "Signature=\(signature.dropLast())%3D")
  }

  @Test func aCallsFieldsHoldWhatTheBookSigned() {
    let call = CloudCall(
      "cvm.DescribeInstances", region: "ap-guangzhou", ["InstanceIds": ["ins-09dx96dg"], "Limit": 20, "Offset": 0])
    let made = FormSigner(SignerTests.ecmBook, .sha1).fields(
      for: call, method: "GET", host: "cvm.tencentcloudapi.com", nonce: 11_886,
      at: Instant(milliseconds: 1_465_185_768_000))
    #expect(made.last?.value == "zmmjn35mikh6pM3V7sUEuX4wyYM=")
    let newer = FormSigner(SignerTests.ecmBook).fields(
      for: call, method: "GET", host: "h", nonce: 1, at: .init(milliseconds: 0))
    #expect(newer.contains { $0 == ("SignatureMethod", "HmacSHA256") })
  }

  @Test func namesSortByTheirASCII() {
    let text = FormSigner.stringToSign(
      [("InstanceIds.2", "c"), ("InstanceIds.12", "b"), ("InstanceIds.0", "a")], method: "POST", host: "h")
    #expect(text == "POSTh/?InstanceIds.0=a&InstanceIds.12=b&InstanceIds.2=c")
  }

  @Test func argumentsFlatten() {
    let value: Value = [
      "Filters": [["Name": "zone", "Values": ["a", "b"]]], "DryRun": true, "Nothing": .null, "None": [],
      "Password": .secret(Secret(name: "password", text: "pass word")),
    ]
    #expect(
      FormSigner.encode(FormSigner.flatten(value))
        == "Filters.0.Name=zone&Filters.0.Values.0=a&Filters.0.Values.1=b&DryRun=true&Password=pass%20word")
    #expect(FormSigner.encode([("Name", "网络/~")]) == "Name=%E7%BD%91%E7%BB%9C%2F~")
  }
}
