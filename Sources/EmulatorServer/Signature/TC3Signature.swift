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
    let text = Array(header.utf8)
    guard text.starts(with: TC3Authorization.prefix) else {
      throw TC3Authorization.malformed("it does not begin with \(TC3Authorization.algorithm)")
    }
    var (credential, headers, code): (ArraySlice<UInt8>, ArraySlice<UInt8>, ArraySlice<UInt8>) = ([], [], [])
    var rest = text[TC3Authorization.prefix.count...]
    while let part = rest.popPart(before: UInt8(ascii: ",")) {
      if part.isEmpty { continue }
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
        throw TC3Authorization.malformed("'\(String(decoding: part.trimmed, as: UTF8.self))' is not NAME=VALUE")
      }
      let (name, value) = (part[..<equals].trimmed, part[(equals + 1)...].trimmed)
      if name.spells("Credential") { credential = value }
      if name.spells("SignedHeaders") { headers = value }
      if name.spells("Signature") { code = value }
    }
    let scope = (0..<3).map { _ in String(decoding: credential.popPart(before: UInt8(ascii: "/")) ?? [], as: UTF8.self)
    }
    guard credential.spells("tc3_request"), !scope[0].isEmpty else {
      throw TC3Authorization.malformed("Credential must be SECRETID/DATE/SERVICE/tc3_request")
    }
    guard let signature = TC3Authorization.bytes(hex: code), signature.count == 32 else {
      throw TC3Authorization.malformed("Signature must be 64 hexadecimal digits")
    }
    var names: [String] = []
    while let name = headers.popPart(before: UInt8(ascii: ";")) {
      if !name.isEmpty { names.append(String(decoding: name, as: UTF8.self).lowercased()) }
    }
    guard names.contains("content-type"), names.contains("host") else {
      throw TC3Authorization.malformed("SignedHeaders must name content-type and host")
    }
    (secretID, date, service) = (scope[0], scope[1], scope[2])
    signedHeaders = names
    self.signature = signature
  }

  private static let prefix = Array("\(algorithm) ".utf8)

  private static func malformed(_ reason: String) -> WireRefusal {
    WireRefusal("AuthFailure.InvalidAuthorization", "The Authorization header cannot be read: \(reason).")
  }

  private static func bytes(hex: ArraySlice<UInt8>) -> [UInt8]? {
    guard hex.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hex.count / 2)
    var high: UInt8?
    for letter in hex {
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
    _ request: WireRequest, query: String, _ authorization: TC3Authorization, _ key: HMAC<SHA256>
  ) -> Bool {
    var canonical = SignedText()
    canonical.append(request.method)
    canonical.append("\n/\n")
    canonical.append(query)
    canonical.append("\n")
    for name in authorization.signedHeaders {
      canonical.append(name)
      canonical.append(":")
      canonical.append(lowercasing: request.header(name))
      canonical.append("\n")
    }
    var separator = "\n"
    for name in authorization.signedHeaders {
      canonical.append(separator)
      canonical.append(name)
      separator = ";"
    }
    canonical.append("\n")
    canonical.append(digestOf: request.body)
    var text = SignedText()
    text.append("\(TC3Authorization.algorithm)\n")
    text.append(request.header("x-tc-timestamp"))
    text.append("\n")
    text.append(authorization.date)
    text.append("/")
    text.append(authorization.service)
    text.append("/tc3_request\n")
    text.append(digestOf: canonical.bytes)
    var code = key
    code.update(data: text.bytes)
    return code.finalize() == authorization.signature
  }
}

/// A text that is made to be hashed.
private struct SignedText {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(512) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(lowercasing text: String) {
    // As nearly all are.
    let isLower = text.utf8.allSatisfy { $0 < 128 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    append(isLower ? text : text.lowercased())
  }

  /// In hexadecimal digits.
  mutating func append(digestOf data: [UInt8]) {
    var hash = SHA256()
    data.withUnsafeBytes { hash.update(bufferPointer: $0) }
    hash.finalize().withUnsafeBytes { digest in
      for byte in digest {
        bytes.append(SignedText.digit(byte >> 4))
        bytes.append(SignedText.digit(byte & 15))
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
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
  private let derived = Mutex<[Place: HMAC<SHA256>]>([:])

  /// Ready to take the text.
  func key(secretKey: String, date: String, service: String) -> HMAC<SHA256> {
    let place = Place(secretKey: secretKey, date: date, service: service)
    return derived.withLock { derived in
      if let key = derived[place] { return key }
      var key = SymmetricKey(data: Array("TC3\(secretKey)".utf8))
      for part in [date, service, "tc3_request"] {
        key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
      }
      if derived.count >= SigningKeys.limit { derived = [:] }
      let code = HMAC<SHA256>(key: key)
      derived[place] = code
      return code
    }
  }
}
