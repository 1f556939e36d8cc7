/// Refuses what json-c 0.16 would silently accept or corrupt: integers outside 64 bits, NUL in a key, raw control
/// characters, NaN and Infinity, numbers such as `1.`, bad UTF-8, lone surrogates, duplicate keys, too deep nesting.
/// The grammar itself is json-c's business.
struct JSONScan {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private(set) var greatestDepth = 0
  /// How many names of members there were.
  private(set) var names = 0
  /// When it is looked for names that stand twice: the names, as read, of each open object, and none of an open array.
  private var open: [Set<String>]?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Finds everything but duplicate keys, for which most documents need not be searched.
  mutating func run() throws(JSON.Problem) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw problem(0, "the text is not valid UTF-8") }
    try pass()
  }

  /// Finds the first duplicate key of a document in which nothing else is wrong.
  mutating func findRepeated() throws(JSON.Problem) {
    open = []
    (position, names) = (0, 0)
    try pass()
  }

  private mutating func pass() throws(JSON.Problem) {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""): try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < JSON.maximumDepth else {
          throw problem(position, "nested deeper than \(JSON.maximumDepth) levels")
        }
        depth += 1
        greatestDepth = max(greatestDepth, depth)
        open?.append([])
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth = max(0, depth - 1)
        _ = open?.popLast()
        position += 1
      case UInt8(ascii: "-"), 48...57: try number()
      case 65...90, 97...122: try word()
      case 0x09, 0x0A, 0x0D: position += 1
      // json-c takes a NUL for the end and ignores what follows.
      case 0..<0x20: throw problem(position, "a control character stands outside of a string")
      default: position += 1
      }
    }
  }

  private func problem(_ offset: Int, _ message: String) -> JSON.Problem {
    JSON.Problem(offset: offset, message: message)
  }

  private mutating func word() throws(JSON.Problem) {
    let start = position
    while position < bytes.count, (65...90).contains(bytes[position]) || (97...122).contains(bytes[position]) {
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard ["true", "false", "null"].contains(text) else { throw problem(start, "'\(text)' is not JSON") }
  }

  private mutating func number() throws(JSON.Problem) {
    let start = position
    var isWhole = true
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
      default: return try checkNumber(start, isWhole)
      }
      position += 1
    }
    try checkNumber(start, isWhole)
  }

  private func checkNumber(_ start: Int, _ isWhole: Bool) throws(JSON.Problem) {
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if !isWhole {
      guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
        throw problem(start, "'\(text)' is not a JSON number")
      }
      guard let value = Double(text), value.isFinite else { throw problem(start, "\(text) is too large for a number") }
    } else {
      let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
      let isNumber =
        text.utf8.count - digits.count <= 1 && !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
        && (digits.count == 1 || digits.first != UInt8(ascii: "0"))
      guard isNumber else { throw problem(start, "'\(text)' is not a JSON number") }
      guard Int64(text) != nil else { throw problem(start, "the integer \(text) does not fit 64 bits") }
    }
  }

  private mutating func string() throws(JSON.Problem) {
    let start = position
    var holdsNull = false
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] < 0x20 { throw problem(position, "a control character stands unescaped in a string") }
      if bytes[position] == UInt8(ascii: "\\") {
        holdsNull = try escape() || holdsNull
      } else {
        position += 1
      }
    }
    guard position < bytes.count else { throw problem(start, "a string is not closed") }
    position += 1
    try noteKey(bytes[start..<position], holdsNull: holdsNull)
  }

  /// Passes one escape; returns whether it stands for NUL.
  private mutating func escape() throws(JSON.Problem) -> Bool {
    let start = position
    guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
      position += 2
      return false
    }
    guard let unit = hexUnit(at: position + 2) else { throw problem(start, "'\\u' needs four hexadecimal digits") }
    position += 6
    if (0xD800...0xDBFF).contains(unit) {
      guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u"),
        let low = hexUnit(at: position + 2), (0xDC00...0xDFFF).contains(low)
      else { throw problem(start, "half of a surrogate pair") }
      position += 6
    } else if (0xDC00...0xDFFF).contains(unit) {
      throw problem(start, "half of a surrogate pair")
    }
    return unit == 0
  }

  private func hexUnit(at offset: Int) -> UInt32? {
    guard offset + 4 <= bytes.count else { return nil }
    let digits = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    return digits.allSatisfy(\.isHexDigit) ? UInt32(digits, radix: 16) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  /// A string followed by `:` is a key of the innermost object.
  private mutating func noteKey(_ key: ArraySlice<UInt8>, holdsNull: Bool) throws(JSON.Problem) {
    var next = position
    while next < bytes.count, JSONScan.isBlank(bytes[next]) { next += 1 }
    guard next < bytes.count, bytes[next] == UInt8(ascii: ":") else { return }
    if holdsNull { throw problem(key.startIndex, "a key holds a NUL character") }
    names += 1
    guard let last = open?.indices.last else { return }
    guard open?[last].insert(JSONScan.unescaped(key.dropFirst().dropLast())).inserted == true else {
      throw problem(key.startIndex, "the key \(String(decoding: key, as: UTF8.self)) stands twice in one object")
    }
  }

  /// What a key stands for: two spellings of one key are duplicates, and so are two that a `String` takes for equal.
  /// Its `\u` escapes are known to be whole.
  private static func unescaped(_ key: ArraySlice<UInt8>) -> String {
    guard key.contains(UInt8(ascii: "\\")) else { return String(decoding: key, as: UTF8.self) }
    var units: [UInt16] = []
    var rest = Substring(decoding: key, as: UTF8.self).utf16[...]
    while let unit = rest.popFirst() {
      guard unit == 0x5C, let escape = rest.popFirst() else {
        units.append(unit)
        continue
      }
      switch escape {
      case 0x62: units.append(0x08)
      case 0x66: units.append(0x0C)
      case 0x6E: units.append(0x0A)
      case 0x72: units.append(0x0D)
      case 0x74: units.append(0x09)
      case 0x75:
        units.append(UInt16(String(decoding: rest.prefix(4), as: UTF16.self), radix: 16) ?? 0)
        rest = rest.dropFirst(4)
      default: units.append(escape)
      }
    }
    return String(decoding: units, as: UTF16.self)
  }
}
