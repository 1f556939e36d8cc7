import CloudCatalog
import Crypto
import Foundation
import Values

/// The older signatures HmacSHA1 and HmacSHA256 of both books' chapter "Signature v1": parameters in a query or a form,
/// the signature among them.
package struct FormSigner: Sendable {
  package enum Algorithm: String, Sendable {
    case sha1 = "HmacSHA1"
    case sha256 = "HmacSHA256"
  }
  package typealias Field = (name: String, value: String)

  package let credentials: Credentials
  package let algorithm: Algorithm

  package init(_ credentials: Credentials, _ algorithm: Algorithm = .sha256) {
    self.credentials = credentials
    self.algorithm = algorithm
  }

  /// All fields of a call with the signature last, not yet encoded; `nonce` is positive and differs from call to call.
  package func fields(for call: CloudCall, method: String, host: String, nonce: Int, at: Instant) -> [Field] {
    var fields = FormSigner.flatten(.record(call.arguments))
    fields += [
      ("Action", call.action.name), ("Version", Catalog.service(call.action.service)?.version ?? ""),
      ("Timestamp", String(at.seconds)), ("Nonce", String(nonce)), ("SecretId", credentials.secretID),
    ]
    if !call.limitRegion.isEmpty { fields.append(("Region", call.limitRegion)) }
    if let token = credentials.token { fields.append(("Token", token)) }
    // Without the field the cloud verifies by HmacSHA1.
    if algorithm == .sha256 { fields.append(("SignatureMethod", algorithm.rawValue)) }
    return fields + [("Signature", signature(fields, method: method, host: host))]
  }

  /// Method, host, path and the fields sorted by the ASCII order of their names, values not encoded.
  package static func stringToSign(_ fields: [Field], method: String, host: String) -> String {
    let sorted = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return "\(method)\(host)/?" + sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// Base64.
  package func signature(_ fields: [Field], method: String, host: String) -> String {
    let text = Array(FormSigner.stringToSign(fields, method: method, host: host).utf8)
    let key = SymmetricKey(data: Array(credentials.secretKey.utf8))
    switch algorithm {
    case .sha1: return Data(HMAC<Insecure.SHA1>.authenticationCode(for: text, using: key)).base64EncodedString()
    case .sha256: return Data(HMAC<SHA256>.authenticationCode(for: text, using: key)).base64EncodedString()
    }
  }

  /// The body of a POST or the query of a GET: values encoded as RFC 3986 says, with upper-case digits.
  package static func encode(_ fields: [Field]) -> String {
    fields.map { "\($0.name)=\(encode($0.value))" }.joined(separator: "&")
  }

  private static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let bytes = text.utf8.flatMap { byte in
      isUnreserved(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || "-._~".utf8.contains(byte)
  }

  /// Lists and records as `Filters.0.Values.1`, counted from 0. Nulls and empty lists have no form and are left out.
  /// Secrets are revealed.
  package static func flatten(_ value: Value, prefix: String = "") -> [Field] {
    func joined(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }
    switch value {
    case .null: return []
    case .bool, .int, .float, .text, .duration, .quantity, .cidr: return [(prefix, value.display)]
    case .secret(let secret): return [(prefix, secret.text)]
    case .list(let elements):
      return elements.enumerated().flatMap { flatten($0.element, prefix: joined(String($0.offset))) }
    case .record(let record): return record.flatMap { flatten($0.value, prefix: joined($0.key)) }
    }
  }
}
