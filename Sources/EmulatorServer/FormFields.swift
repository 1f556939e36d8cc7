/// `NAME=VALUE&…`, decoded, in the order in which it was sent.
struct FormFields: Sendable, Hashable {
  struct Field: Sendable, Hashable {
    let name: String
    let value: String
  }

  private(set) var all: [Field] = []

  /// Nil when a percent sign is not followed by two hexadecimal digits, or the text is not UTF-8 when decoded.
  init?(_ text: some StringProtocol) {
    for pair in text.split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = FormFields.decoded(halves[0]), let value = FormFields.decoded(halves.count > 1 ? halves[1] : "")
      else { return nil }
      all.append(Field(name: name, value: value))
    }
  }

  private init(all: [Field]) { self.all = all }

  subscript(name: String) -> String? { all.first { $0.name == name }?.value }

  /// By the bytes of the names, so that `InstanceIds.12` comes before `InstanceIds.2`.
  var sorted: FormFields {
    FormFields(all: all.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
  }

  func without(_ names: Set<String>) -> FormFields { FormFields(all: all.filter { !names.contains($0.name) }) }

  /// A name that stands twice.
  var repeated: String? {
    var seen: Set<String> = []
    return all.first { !seen.insert($0.name).inserted }?.name
  }

  /// Encoded again as RFC 3986 has it, with upper-case hexadecimal digits.
  var canonical: String {
    all.map { "\(FormFields.encoded($0.name))=\(FormFields.encoded($0.value))" }.joined(separator: "&")
  }

  private static func decoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
  }

  private static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
