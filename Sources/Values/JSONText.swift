import CJSONC

/// A value as JSON text. What has to be escaped in a string is json-c's business; the rest of the text needs no second
/// tree: to build json-c's objects from a value and to print those takes several times as long as this.
struct JSONText: ~Copyable {
  /// Grown by hand: nearly all that is appended is a few bytes, and an array looks at itself each time.
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity = 256
  private var count = 0
  /// Over several lines, indented by two.
  private let isPretty: Bool
  /// json-c's string, made when a text first needs it.
  private var string: OpaquePointer?

  init(_ value: Value, isPretty: Bool) {
    self.isPretty = isPretty
    memory = .allocate(capacity: capacity)
    append(value, 0)
  }

  deinit {
    memory.deallocate()
    json_object_put(string)
  }

  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    body(UnsafeBufferPointer(start: memory, count: count))
  }

  var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  private mutating func append(_ value: Value, _ depth: Int) {
    switch value {
    case .null: appendPlain("null")
    case .bool(let value): appendPlain(value ? "true" : "false")
    case .int(let value): appendPlain(String(value))
    // The shortest text that reads back the same.
    case .float(let value): appendPlain(value.isFinite ? "\(value)" : "null")
    case .text(let value): appendString(value)
    case .duration, .quantity, .cidr: appendString(value.display)
    case .secret(let secret): appendRecord(["$secret": .text(secret.name)], depth)
    case .list(let elements): appendList(elements, depth)
    case .record(let record): appendRecord(record, depth)
    }
  }

  private mutating func appendList(_ elements: [Value], _ depth: Int) {
    append(UInt8(ascii: "["))
    for index in elements.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      breakLine(depth + 1)
      append(elements[index], depth + 1)
    }
    if !elements.isEmpty { breakLine(depth) }
    append(UInt8(ascii: "]"))
  }

  private mutating func appendRecord(_ record: Record, _ depth: Int) {
    append(UInt8(ascii: "{"))
    var isFirst = true
    record.visit { name, value in
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      breakLine(depth + 1)
      appendString(name)
      append(UInt8(ascii: ":"))
      if isPretty { append(UInt8(ascii: " ")) }
      append(value, depth + 1)
    }
    if !isFirst { breakLine(depth) }
    append(UInt8(ascii: "}"))
  }

  private mutating func breakLine(_ depth: Int) {
    guard isPretty else { return }
    append(UInt8(ascii: "\n"))
    for _ in 0..<depth { appendPlain("  ") }
  }

  private mutating func append(_ byte: UInt8) {
    makeRoom(1)
    memory[count] = byte
    count += 1
  }

  private mutating func appendPlain(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  private mutating func append(_ utf8: UnsafeBufferPointer<UInt8>) {
    guard let start = utf8.baseAddress else { return }
    makeRoom(utf8.count)
    (memory + count).update(from: start, count: utf8.count)
    count += utf8.count
  }

  private mutating func appendString(_ text: String) {
    // Where it stands, as nearly every text lies in memory.
    if text.utf8.withContiguousStorageIfAvailable({ appendString($0) }) != nil { return }
    var copy = text
    copy.withUTF8 { appendString($0) }
  }

  private mutating func appendString(_ utf8: UnsafeBufferPointer<UInt8>) {
    if !JSONText.isPlain(UnsafeRawBufferPointer(utf8)) { return appendEscaped(utf8) }
    makeRoom(utf8.count + 2)
    memory[count] = UInt8(ascii: "\"")
    if let start = utf8.baseAddress { (memory + count + 1).update(from: start, count: utf8.count) }
    memory[count + utf8.count + 1] = UInt8(ascii: "\"")
    count += utf8.count + 2
  }

  /// Whether nothing in it has to be escaped. Looks at eight bytes at a time, at the last eight whether or not some of
  /// them have been looked at.
  private static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 8 else { return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C } }
    let last = bytes.count - 8
    var place = 0
    while place < last {
      if !isPlain(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) { return false }
      place += 8
    }
    return isPlain(bytes.loadUnaligned(fromByteOffset: last, as: UInt64.self))
  }

  private static func isPlain(_ word: UInt64) -> Bool {
    let (ones, highs) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
    // The high bit of a byte is set where the byte is less than a blank, where it is a quote, where a backslash.
    let quotes = word ^ (ones &* 0x22)
    let slashes = word ^ (ones &* 0x5C)
    let found = ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
    return found & highs == 0
  }

  private mutating func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>) {
    utf8.withMemoryRebound(to: CChar.self) { text in
      if let string {
        json_object_set_string_len(string, text.baseAddress, Int32(text.count))
      } else {
        string = json_object_new_string_len(text.baseAddress, Int32(text.count))
      }
    }
    var length = 0
    let start = json_object_to_json_string_length(
      string, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length)
    guard let start else { preconditionFailure("json-c has no memory left for a string") }
    start.withMemoryRebound(to: UInt8.self, capacity: length) {
      append(UnsafeBufferPointer(start: $0, count: length))
    }
  }

  @inline(__always)
  private mutating func makeRoom(_ more: Int) {
    if count + more > capacity { grow(by: more) }
  }

  private mutating func grow(by more: Int) {
    capacity = max(2 * capacity, count + more)
    let wider = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    wider.update(from: memory, count: count)
    memory.deallocate()
    memory = wider
  }
}
