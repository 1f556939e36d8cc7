import CJSONC

/// A value as JSON text. What has to be escaped in a string is json-c's business; the rest of the text needs no second
/// tree: to build json-c's objects from a value and to print those takes several times as long as the value itself.
struct JSONText: ~Copyable {
  private(set) var bytes: [UInt8] = []
  /// Over several lines, indented by two.
  private let isPretty: Bool
  /// json-c's string, made when a text first needs it.
  private var string: OpaquePointer?

  init(_ value: Value, isPretty: Bool) {
    self.isPretty = isPretty
    bytes.reserveCapacity(1024)
    append(value, 0)
  }

  deinit { json_object_put(string) }

  private mutating func append(_ value: Value, _ depth: Int) {
    switch value {
    case .null: appendPlain("null")
    case .bool(let value): appendPlain(value ? "true" : "false")
    case .int(let value): appendPlain(String(value))
    // The shortest text that reads back the same.
    case .float(let value): appendPlain(value.isFinite ? "\(value)" : "null")
    case .text(let value): appendString(value)
    case .duration, .cidr: appendString(value.display)
    case .secret(let secret): appendRecord(["$secret": .text(secret.name)], depth)
    case .list(let elements): appendList(elements, depth)
    case .record(let record): appendRecord(record, depth)
    }
  }

  private mutating func appendList(_ elements: [Value], _ depth: Int) {
    bytes.append(UInt8(ascii: "["))
    for index in elements.indices {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(depth + 1)
      append(elements[index], depth + 1)
    }
    if !elements.isEmpty { breakLine(depth) }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func appendRecord(_ record: Record, _ depth: Int) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for (name, value) in record {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      breakLine(depth + 1)
      appendString(name)
      bytes.append(UInt8(ascii: ":"))
      if isPretty { bytes.append(UInt8(ascii: " ")) }
      append(value, depth + 1)
    }
    if !isFirst { breakLine(depth) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func breakLine(_ depth: Int) {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { appendPlain("  ") }
  }

  private mutating func appendPlain(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func appendString(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      let isPlain = utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      guard isPlain else { return appendEscaped(utf8) }
      bytes.append(UInt8(ascii: "\""))
      bytes.append(contentsOf: utf8)
      bytes.append(UInt8(ascii: "\""))
    }
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
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: length))
  }
}
