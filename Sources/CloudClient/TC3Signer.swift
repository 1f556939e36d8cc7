import CloudCatalog
import Crypto
import Values

/// The signature TC3-HMAC-SHA256 of both books' chapter "Signature v3". Pure: the time comes with each request.
package struct TC3Signer: Sendable {
  /// What a signature covers.
  package struct Request: Sendable {
    package var method = "POST"
    package var host: String
    /// Exactly as sent, charset included.
    package var contentType: String
    /// What follows the question mark of a GET, encoded; empty for a POST.
    package var query = ""
    /// Empty for a GET.
    package var payload: [UInt8]
    /// The product, such as `cvm`.
    package var service: String
    package var at: Instant

    package init(
      method: String = "POST", host: String, contentType: String, query: String = "", payload: [UInt8],
      service: String, at: Instant
    ) {
      self.method = method
      self.host = host
      self.contentType = contentType
      self.query = query
      self.payload = payload
      self.service = service
      self.at = at
    }
  }

  package static let contentType = "application/json; charset=utf-8"
  private static let algorithm = "TC3-HMAC-SHA256"
  private static let signedHeaders = "content-type;host"

  package let credentials: Credentials

  package init(_ credentials: Credentials) { self.credentials = credentials }

  package static func canonicalRequest(_ request: Request) -> String {
    let headers = "content-type:\(request.contentType.lowercased())\nhost:\(request.host.lowercased())\n"
    return [request.method, "/", request.query, headers, signedHeaders, digest(request.payload)]
      .joined(separator: "\n")
  }

  package static func stringToSign(_ request: Request) -> String {
    let canonical = digest(Array(canonicalRequest(request).utf8))
    return "\(algorithm)\n\(request.at.seconds)\n\(scope(request))\n\(canonical)"
  }

  /// Lower-case hexadecimal digits.
  package func signature(_ request: Request) -> String {
    let day = TC3Signer.code(request.at.dateText, Array("TC3\(credentials.secretKey)".utf8))
    let signing = TC3Signer.code("tc3_request", TC3Signer.code(request.service, day))
    return TC3Signer.code(TC3Signer.stringToSign(request), signing).hexadecimal
  }

  /// The value of the header Authorization.
  package func authorization(_ request: Request) -> String {
    "\(TC3Signer.algorithm) Credential=\(credentials.secretID)/\(TC3Signer.scope(request)), "
      + "SignedHeaders=\(TC3Signer.signedHeaders), Signature=\(signature(request))"
  }

  /// All headers of a call that is sent as JSON by POST. `host` is what the header Host says; the service's version
  /// comes from the catalog. ECM ignores X-TC-Region although its common parameters ask for it: it gets its EcmRegion.
  package func headers(for call: CloudCall, body: [UInt8], host: String, at: Instant) -> [(String, String)] {
    let request = Request(
      host: host, contentType: TC3Signer.contentType, payload: body, service: call.action.service, at: at)
    var headers = [
      ("Host", host), ("Content-Type", TC3Signer.contentType), ("Authorization", authorization(request)),
      ("X-TC-Action", call.action.name), ("X-TC-Version", Catalog.service(call.action.service)?.version ?? ""),
      ("X-TC-Timestamp", String(at.seconds)),
    ]
    if !call.limitRegion.isEmpty { headers.append(("X-TC-Region", call.limitRegion)) }
    if let token = credentials.token { headers.append(("X-TC-Token", token)) }
    return headers
  }

  private static func scope(_ request: Request) -> String { "\(request.at.dateText)/\(request.service)/tc3_request" }

  private static func digest(_ bytes: [UInt8]) -> String { Array(SHA256.hash(data: bytes)).hexadecimal }

  private static func code(_ text: String, _ key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
