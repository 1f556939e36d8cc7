import CJSONC

/// JSON in and out, by json-c behind the checks that it lacks (see ``JSONScan``).
package enum JSON {
  /// How deep a document may nest; one past it is a problem.
  package static let maximumDepth = 128

  /// What is wrong with a text that should be JSON, and where (byte offset, from 0).
  package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package let offset: Int
    package let message: String
    package var description: String { "\(message) (at byte \(offset))" }
  }

  package static func parse(_ text: String) throws(Problem) -> Value { try parse(Array(text.utf8)) }

  /// Integers outside 64 bits, duplicate keys, raw control characters, NaN, bad UTF-8 and lone surrogates are problems.
  package static func parse(_ bytes: [UInt8]) throws(Problem) -> Value {
    var scan = JSONScan(bytes)
    try scan.run()
    let (value, members) = try tree(of: bytes, depth: scan.greatestDepth)
    // A name that stood twice in an object is a member once.
    if members != scan.names { try scan.findRepeated() }
    return value
  }

  /// What json-c makes of it, and how many members its objects have.
  private static func tree(of bytes: [UInt8], depth: Int) throws(Problem) -> (value: Value, members: Int) {
    guard bytes.count < Int32.max - 1 else { throw Problem(offset: 0, message: "the document is larger than 2 GiB") }
    guard let tokener = json_tokener_new_ex(Int32(depth + 1)) else {
      throw Problem(offset: 0, message: "out of memory")
    }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    // One NUL past the end: without it json-c waits for more after a top-level number or null.
    let object = (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { json_tokener_parse_ex(tokener, $0.baseAddress, Int32($0.count)) }
    }
    let error = json_tokener_get_error(tokener)
    guard error == json_tokener_success else {
      let reason = json_tokener_error_desc(error).map { String(cString: $0) } ?? "not JSON"
      throw Problem(offset: Int(json_tokener_get_parse_end(tokener)), message: reason)
    }
    defer { json_object_put(object) }
    var members = 0
    return (value(of: object, &members), members)
  }

  private static func value(of object: OpaquePointer?, _ members: inout Int) -> Value {
    guard let object else { return .null }
    switch json_object_get_type(object) {
    case json_type_boolean: return .bool(json_object_get_boolean(object) != 0)
    case json_type_int: return .int(Int(json_object_get_int64(object)))
    case json_type_double: return .float(json_object_get_double(object))
    case json_type_string: return .text(text(of: object))
    case json_type_array:
      return .list(
        (0..<json_object_array_length(object)).map { value(of: json_object_array_get_idx(object, $0), &members) })
    case json_type_object: return .record(record(of: object, &members))
    default: return .null
    }
  }

  private static func text(of object: OpaquePointer) -> String {
    let count = Int(json_object_get_string_len(object))
    guard count > 0, let start = json_object_get_string(object) else { return "" }
    return start.withMemoryRebound(to: UInt8.self, capacity: count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
    }
  }

  private static func record(of object: OpaquePointer, _ members: inout Int) -> Record {
    var record = Record(capacity: Int(json_object_object_length(object)))
    var iterator = json_object_iter_begin(object)
    var end = json_object_iter_end(object)
    while json_object_iter_equal(&iterator, &end) == 0 {
      if let name = json_object_iter_peek_name(&iterator) {
        record[String(cString: name)] = value(of: json_object_iter_peek_value(&iterator), &members)
      }
      json_object_iter_next(&iterator)
    }
    members += record.count
    return record
  }

  /// One line, members in order. Durations, quantities and CIDRs print as a runbook writes them; a secret prints as
  /// `{"$secret": NAME}`, never as its text.
  package static func print(_ value: Value) -> String { JSONText(value, isPretty: false).text }

  /// The same as UTF-8, where it was written.
  package static func withBytes<R>(of value: Value, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    JSONText(value, isPretty: false).withBytes(body)
  }

  /// The same over several lines, indented by two.
  package static func prettyPrint(_ value: Value) -> String {
    JSONText(value, isPretty: true).text
  }
}
