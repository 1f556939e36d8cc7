import Crypto
import Foundation
import Values

@testable import EmulatorServer

/// Signed requests as they reach the gate, made apart from the server's own reading of the books.
struct SignedRequests {
  var secretID = "AKIDtest"
  var secretKey = "key-of-the-test"
  var host = "127.0.0.1:9000"
  var timestamp: Int64 = 1_767_323_045
  var version = "2019-07-19"
  /// `HmacSHA1`, `HmacSHA256` or nil, which means the first.
  var method: String?
  var token: String?

  func fields(_ action: String, _ more: [String: String]) -> [String: String] {
    var fields = [
      "Action": action, "Version": version, "Timestamp": "\(timestamp)", "Nonce": "11886", "SecretId": secretID,
    ]
    fields["SignatureMethod"] = method
    fields["Token"] = token
    return fields.merging(more) { $1 }
  }

  func signature(_ verb: String, _ fields: [String: String]) -> String {
    // Names in the order of their bytes.
    let names = fields.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    let source = "\(verb)\(host)/?" + names.map { "\($0)=\(fields[$0] ?? "")" }.joined(separator: "&")
    let key = SymmetricKey(data: Data(secretKey.utf8))
    if method == "HmacSHA256" {
      return Data(HMAC<SHA256>.authenticationCode(for: Data(source.utf8), using: key)).base64EncodedString()
    }
    return Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(source.utf8), using: key)).base64EncodedString()
  }

  func encoded(_ fields: [String: String]) -> String {
    fields.map { "\(SignedRequests.escape($0.key))=\(SignedRequests.escape($0.value))" }.joined(separator: "&")
  }

  static func escape(_ text: String) -> String {
    let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }

  func text(_ verb: String, _ action: String, _ more: [String: String]) -> String {
    var all = fields(action, more)
    all["Signature"] = signature(verb, all)
    return encoded(all)
  }

  func get(_ action: String, _ more: [String: String] = [:]) -> WireRequest {
    WireRequest(method: "GET", path: "/", query: text("GET", action, more), headers: ["host": host], body: [])
  }

  func form(_ action: String, _ more: [String: String] = [:]) -> WireRequest {
    WireRequest(
      method: "POST", path: "/", headers: ["host": host, "content-type": "application/x-www-form-urlencoded"],
      body: Array(text("POST", action, more).utf8))
  }

  /// Signed by version 3, the query as it is given.
  func get(_ action: String, query: String, signing signed: String? = nil, service: String = "ecm") -> WireRequest {
    let type = "application/x-www-form-urlencoded"
    let date = Instant(milliseconds: timestamp * 1000).dateText
    let empty = SHA256.hash(data: Data())
    let canonical =
      "GET\n/\n\(signed ?? query)\ncontent-type:\(type)\nhost:\(host)\n\ncontent-type;host\n\(hex(empty))"
    let scope = "\(date)/\(service)/tc3_request"
    let source = "TC3-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(hex(SHA256.hash(data: Data(canonical.utf8))))"
    var key = Data("TC3\(secretKey)".utf8)
    for part in [date, service, "tc3_request"] {
      key = Data(HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: SymmetricKey(data: key)))
    }
    let mac = HMAC<SHA256>.authenticationCode(for: Data(source.utf8), using: SymmetricKey(data: key))
    return WireRequest(
      method: "GET", path: "/", query: query,
      headers: [
        "host": host, "content-type": type, "x-tc-action": action, "x-tc-version": version,
        "x-tc-timestamp": "\(timestamp)",
        "authorization": "TC3-HMAC-SHA256 Credential=\(secretID)/\(scope), SignedHeaders=content-type;host, "
          + "Signature=\(hex(mac))",
      ], body: [])
  }

  private func hex(_ bytes: some Sequence<UInt8>) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}
