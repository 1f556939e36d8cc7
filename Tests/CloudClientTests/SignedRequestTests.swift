import CloudCatalog
import Testing
import Values

@testable import CloudClient

/// What leaves for each way of signing.
@Suite struct SignedRequestTests {
  private static let call = CloudCall(
    "ecm.DescribeVpcs",
    ["EcmRegion": "ap-hangzhou-ecm", "Filters": [["Name": "vpc-name", "Values": ["a b"]]]])
  private static let credentials = Credentials(secretID: "id", secretKey: "key")
  private static let now = Instant(milliseconds: 1_551_113_065_000)

  private static func request(_ signing: Signing) -> SignedRequest {
    SignedRequest(call, signing, credentials, host: "ecm.tencentcloudapi.com", nonce: 7, at: now)
  }

  @Test func tc3PostsJSON() throws {
    let request = Self.request(.tc3)
    #expect(request.method == .post && request.path == "/")
    #expect(try JSON.parse(request.body) == .record(Self.call.arguments))
    #expect(
      request.headers.contains { $0.name == "Authorization" && $0.value.hasPrefix("TC3-HMAC-SHA256 Credential=id/") })
  }

  @Test(arguments: [FormSigner.Algorithm.sha1, .sha256])
  func formsCarryTheSameFieldsInBodyAndQuery(algorithm: FormSigner.Algorithm) {
    let post = Self.request(.form(algorithm, .post))
    let get = Self.request(.form(algorithm, .get))
    let body = String(decoding: post.body, as: UTF8.self)
    #expect(get.body.isEmpty && get.path.hasPrefix("/?") && post.path == "/")
    for field in [
      "Filters.0.Name=vpc-name", "Filters.0.Values.0=a%20b", "Action=DescribeVpcs", "Nonce=7", "Signature=",
    ] {
      #expect(body.contains(field) && get.path.contains(field), "\(field)")
    }
    #expect(body.contains("SignatureMethod=HmacSHA256") == (algorithm == .sha256))
    // The method is signed, so the two signatures differ.
    #expect(body.split(separator: "Signature=").last != get.path.split(separator: "Signature=").last)
  }
}
