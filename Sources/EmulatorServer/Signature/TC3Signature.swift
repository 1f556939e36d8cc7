import Crypto
import Synchronization
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
    var fields: [String: Substring] = [:]
    for part in header.utf8.dropFirst(TC3Authorization.algorithm.utf8.count).split(separator: UInt8(ascii: ",")) {
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
        throw TC3Authorization.malformed("'\(Substring(part).trimmed)' is not NAME=VALUE")
      }
      fields[String(Substring(part[..<equals]).trimmed)] = Substring(part[part.index(after: equals)...]).trimmed
    }
    let scope = (fields["Credential"] ?? "").utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    guard scope.count == 4, scope[3] == "tc3_request", !scope[0].isEmpty else {
      throw TC3Authorization.malformed("Credential must be SECRETID/DATE/SERVICE/tc3_request")
    }
    guard let signature = TC3Authorization.bytes(hex: fields["Signature"] ?? ""), signature.count == 32 else {
      throw TC3Authorization.malformed("Signature must be 64 hexadecimal digits")
    }
    let names = (fields["SignedHeaders"] ?? "").utf8.split(separator: UInt8(ascii: ";")).map {
      Substring($0).lowercased()
    }
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

  private static func bytes(hex: Substring) -> [UInt8]? {
    guard hex.utf8.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for letter in hex.utf8 {
      guard let digit = digit(letter) else { return nil }
      if let first = high { bytes.append(first << 4 | digit) }
      high = high == nil ? digit : nil
    }
    return bytes
  }

  private static func digit(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): letter - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Checks signatures of version 3. The book: the canonical request, the string to sign, and the chain of keys.
enum TC3Signature {
  /// Whether the request bears the signature that the key gives. Compares in constant time. Clients sign the query of
  /// a GET in the order in which they send it, or sorted by name: the book has one example, which is both.
  static func isValid(
    _ request: WireRequest, _ authorization: TC3Authorization, secretKey: String, keys: SigningKeys = SigningKeys()
  ) -> Bool {
    let key = keys.key(secretKey: secretKey, date: authorization.date, service: authorization.service)
    guard request.method == "GET" else { return isValid(request, query: "", authorization, key) }
    let fields = FormFields(request.query)
    return [request.query, fields?.canonical ?? "", fields?.sorted.canonical ?? ""].contains {
      isValid(request, query: $0, authorization, key)
    }
  }

  private static func isValid(
    _ request: WireRequest, query: String, _ authorization: TC3Authorization, _ key: SymmetricKey
  ) -> Bool {
    var canonical = Array("\(request.method)\n/\n\(query)\n".utf8)
    for name in authorization.signedHeaders {
      canonical += "\(name):\(request.header(name).lowercased())\n".utf8
    }
    canonical += "\n\(authorization.signedHeaders.joined(separator: ";"))\n".utf8
    append(SHA256.hash(data: request.body), to: &canonical)
    var text = Array(
      "\(TC3Authorization.algorithm)\n\(request.header("x-tc-timestamp"))\n\(authorization.scope)\n".utf8)
    append(SHA256.hash(data: canonical), to: &text)
    return HMAC<SHA256>.isValidAuthenticationCode(authorization.signature, authenticating: text, using: key)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// In hexadecimal digits.
  private static func append(_ digest: SHA256.Digest, to text: inout [UInt8]) {
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}

/// The keys with which requests of a day are signed. Each is derived once, not for every request.
final class SigningKeys: Sendable {
  private struct Place: Hashable {
    let secretKey: String
    let date: String
    let service: String
  }

  /// A request may name any service: so that nobody fills the memory, all are forgotten when there are so many.
  private static let limit = 1000
  private let derived = Mutex<[Place: SymmetricKey]>([:])

  func key(secretKey: String, date: String, service: String) -> SymmetricKey {
    let place = Place(secretKey: secretKey, date: date, service: service)
    return derived.withLock { derived in
      if let key = derived[place] { return key }
      var key = SymmetricKey(data: Array("TC3\(secretKey)".utf8))
      for part in [date, service, "tc3_request"] {
        key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
      }
      if derived.count >= SigningKeys.limit { derived = [:] }
      derived[place] = key
      return key
    }
  }
}
