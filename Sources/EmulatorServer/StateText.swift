import Crypto
import Values

/// A cloud's document as a file keeps it: a first line with the length and the digest of what follows, so that a torn,
/// cut or edited file never passes for a whole one.
package enum StateText {
  private static let mark = "belay-emulator-state 1"

  /// Why a file is not taken.
  package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
  }

  package static func sealed(_ document: Value) -> [UInt8] {
    let body = Array((JSON.print(document) + "\n").utf8)
    return Array("\(mark) bytes=\(body.count) sha256=\(digest(body))\n".utf8) + body
  }

  package static func open(_ bytes: [UInt8]) throws(Problem) -> Value {
    let head = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard head.hasPrefix(mark + " ") else {
      throw Problem(description: bytes.isEmpty ? "it is empty" : "it does not begin with '\(mark)'")
    }
    let fields = FormFields(head.dropFirst(mark.count + 1).split(separator: " ").joined(separator: "&"))
    guard let length = fields?["bytes"].flatMap({ Int($0) }), let expected = fields?["sha256"] else {
      throw Problem(description: "its first line is cut off or changed")
    }
    let body = Array(bytes.dropFirst(head.utf8.count + 1))
    guard body.count == length else {
      throw Problem(description: "its first line promises \(length) bytes, and \(body.count) follow")
    }
    guard digest(body) == expected else {
      throw Problem(description: "its checksum does not fit: it was changed after it was written")
    }
    do {
      return try JSON.parse(body)
    } catch {
      throw Problem(description: "\(error)")
    }
  }

  /// SHA-256, in hexadecimal.
  package static func digest(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
