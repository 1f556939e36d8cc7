import Crypto

/// Checks signatures of version 1: all parameters sorted by name, their values as they are before any encoding.
enum V1Signature {
  enum Method: Sendable {
    case hmacSHA1
    case hmacSHA256

    /// The book: only the word HmacSHA256 means that; everything else means HmacSHA1.
    init(_ name: String?) { self = name == "HmacSHA256" ? .hmacSHA256 : .hmacSHA1 }
  }

  /// Whether the field `Signature` is what the key gives. Compares digests, in constant time.
  static func isValid(_ fields: FormFields, method: String, host: String, secretKey: String) -> Bool {
    let expected = signature(fields, method: method, host: host, secretKey: secretKey)
    return SHA256.hash(data: Array((fields["Signature"] ?? "").utf8)) == SHA256.hash(data: Array(expected.utf8))
  }

  static func signature(_ fields: FormFields, method: String, host: String, secretKey: String) -> String {
    let text = Array(source(fields, method: method, host: host).utf8)
    let key = SymmetricKey(data: Array(secretKey.utf8))
    return switch Method(fields["SignatureMethod"]) {
    case .hmacSHA1: Base64.text(HMAC<Insecure.SHA1>.authenticationCode(for: text, using: key))
    case .hmacSHA256: Base64.text(HMAC<SHA256>.authenticationCode(for: text, using: key))
    }
  }

  /// `GETcvm.tencentcloudapi.com/?Action=DescribeInstances&…`
  static func source(_ fields: FormFields, method: String, host: String) -> String {
    let signed = fields.sorted.all.filter { $0.name != "Signature" }
    return "\(method)\(host)/?" + signed.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }
}

enum Base64 {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let bytes = Array(bytes)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << UInt32(16 - 8 * $1.offset) }
      for position in 0..<4 {
        let letter = letters[Int(bits >> UInt32(18 - 6 * position) & 63)]
        text.append(position <= group.count ? letter : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
