import Crypto
import Values

/// What an `Authorization` header of TC3-HMAC-SHA256 says.
struct TC3Authorization: Sendable, Hashable {
  static let algorithm = "TC3-HMAC-SHA256"

  let secretID: String
  /// `YYYY-MM-DD`
  let date: String
  let service: String
  let signedHeaders: [String]
  let signature: [UInt8]

  var scope: String { "\(date)/\(service)/tc3_request" }

  init(parsing header: String) throws(WireRefusal) {
    guard header.hasPrefix(TC3Authorization.algorithm + " ") else {
      throw TC3Authorization.malformed("it does not begin with \(TC3Authorization.algorithm)")
    }
    var fields: [String: String] = [:]
    for part in header.dropFirst(TC3Authorization.algorithm.count).split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { throw TC3Authorization.malformed("'\(part.trimmed)' is not NAME=VALUE") }
      fields[pair[0].trimmed] = pair[1].trimmed
    }
    let scope = (fields["Credential"] ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard scope.count == 4, scope[3] == "tc3_request", !scope[0].isEmpty else {
      throw TC3Authorization.malformed("Credential must be SECRETID/DATE/SERVICE/tc3_request")
    }
    guard let signature = TC3Authorization.bytes(hex: fields["Signature"] ?? ""), signature.count == 32 else {
      throw TC3Authorization.malformed("Signature must be 64 hexadecimal digits")
    }
    let names = (fields["SignedHeaders"] ?? "").split(separator: ";").map { $0.lowercased() }
    guard names.contains("content-type"), names.contains("host") else {
      throw TC3Authorization.malformed("SignedHeaders must name content-type and host")
    }
    (secretID, date, service) = (scope[0], scope[1], scope[2])
    signedHeaders = names
    self.signature = signature
  }

  private static func malformed(_ reason: String) -> WireRefusal {
    WireRefusal("AuthFailure.InvalidAuthorization", "The Authorization header cannot be read: \(reason).")
  }

  private static func bytes(hex: String) -> [UInt8]? {
    let digits = hex.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high * 16 + low))
    }
    return bytes
  }
}

/// Checks signatures of version 3. The book: the canonical request, the string to sign, and the chain of keys.
enum TC3Signature {
  /// Whether the request bears the signature that the key gives. Compares in constant time. Clients sign the query of
  /// a GET in the order in which they send it, or sorted by name: the book has one example, which is both.
  static func isValid(_ request: WireRequest, _ authorization: TC3Authorization, secretKey: String) -> Bool {
    var queries = [""]
    if request.method == "GET" {
      let fields = FormFields(request.query)
      queries = [request.query, fields?.canonical ?? "", fields?.sorted.canonical ?? ""]
    }
    return queries.contains { isValid(request, query: $0, authorization, secretKey) }
  }

  private static func isValid(
    _ request: WireRequest, query: String, _ authorization: TC3Authorization, _ secretKey: String
  ) -> Bool {
    let headers = authorization.signedHeaders.map { "\($0):\(request.header($0).trimmed.lowercased())\n" }.joined()
    let canonical = [
      request.method, "/", query, headers, authorization.signedHeaders.joined(separator: ";"),
      hex(SHA256.hash(data: request.body)),
    ].joined(separator: "\n")
    let text = [
      TC3Authorization.algorithm, request.header("x-tc-timestamp"), authorization.scope,
      hex(SHA256.hash(data: Array(canonical.utf8))),
    ].joined(separator: "\n")
    var key = SymmetricKey(data: Array("TC3\(secretKey)".utf8))
    for part in [authorization.date, authorization.service, "tc3_request"] {
      key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
    return HMAC<SHA256>.isValidAuthenticationCode(
      authorization.signature, authenticating: Array(text.utf8), using: key)
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
