/// A value in few bytes, for what is written and read back often. It says what the value's JSON says and no more:
/// durations, quantities and networks are texts, a secret is its name.
///
/// A tag, then what belongs to it. Counts and lengths are LEB128; an integer is zigzag before that.
///
///     0 null   1 false   2 true   3 integer   4 IEEE 754 binary64, little-endian
///     5 text: length, UTF-8   6 list: count, values   7 record: count, then length, UTF-8 and value of each member
///
/// These bytes lie in journals, so they mean the same for ever: what is new takes a new tag.
package enum PackedValue {
  /// What is wrong with the bytes, and where (offset, from 0).
  package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package let offset: Int
    package let message: String
    package var description: String { "\(message) (at byte \(offset))" }
  }

  fileprivate enum Tag: UInt8 { case null, no, yes, int, float, text, list, record }

  package static func bytes(of value: Value) -> [UInt8] {
    withUnsafeTemporaryAllocation(byteCount: usualSize, alignment: 1) { scratch in
      var writer = PackedWriter(scratch)
      writer.append(value)
      let size = writer.count
      if size <= scratch.count { return [UInt8](scratch.prefix(size)) }
      return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        var writer = PackedWriter(UnsafeMutableRawBufferPointer(buffer))
        writer.append(value)
        precondition(writer.count == size, "a value has the size that was told")
        count = size
      }
    }
  }

  /// Nearly all records of a journal are smaller, in bytes: they are written without being measured first.
  private static let usualSize = 1024

  /// Takes what ``bytes(of:)`` gives; any other bytes are a value or a problem.
  package static func value(of bytes: [UInt8]) throws(Problem) -> Value {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(Problem) in
        var reader = PackedReader(bytes)
        let value = try reader.value(0)
        guard reader.position == bytes.count else { throw reader.problem("there is more than one value") }
        return value
      }
    }
    return try result.get()
  }
}

/// Writes into memory as far as there is room; counts all the same.
private struct PackedWriter {
  private let memory: UnsafeMutableRawBufferPointer
  /// How many bytes the values take.
  private(set) var count = 0

  init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

  mutating func append(_ value: Value) {
    switch value {
    case .null: append(tag: .null)
    case .bool(let value): append(tag: value ? .yes : .no)
    case .int(let value):
      append(tag: .int)
      append(UInt64(bitPattern: Int64(value << 1 ^ value >> (Int.bitWidth - 1))))
    case .float(let value):
      guard value.isFinite else { return append(tag: .null) }
      append(tag: .float)
      withUnsafeBytes(of: value.bitPattern.littleEndian) { append($0) }
    case .text(let text):
      append(tag: .text)
      append(text)
    case .duration, .quantity, .cidr:
      append(tag: .text)
      append(value.display)
    case .secret(let secret): append(secret.named)
    case .list(let elements):
      append(tag: .list)
      append(UInt64(elements.count))
      for element in elements { append(element) }
    case .record(let record): append(record)
    }
  }

  private mutating func append(_ record: Record) {
    append(tag: .record)
    append(UInt64(record.count))
    for (name, value) in record {
      append(name)
      append(value)
    }
  }

  private mutating func append(_ byte: UInt8) {
    if count < memory.count { memory[count] = byte }
    count += 1
  }

  private mutating func append(tag: PackedValue.Tag) { append(tag.rawValue) }

  private mutating func append(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if bytes.count <= memory.count - count {
      UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
    }
    count += bytes.count
  }

  private mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      append(UInt64(utf8.count))
      append(UnsafeRawBufferPointer(utf8))
    }
  }
}

extension Secret {
  /// As it stands where it must not be seen.
  fileprivate var named: Record { ["$secret": .text(name)] }
}

private struct PackedReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func problem(_ message: String) -> PackedValue.Problem { .init(offset: position, message: message) }

  mutating func value(_ depth: Int) throws(PackedValue.Problem) -> Value {
    guard let tag = PackedValue.Tag(rawValue: try byte()) else { throw problem("there is no such kind of value") }
    switch tag {
    case .null: return .null
    case .no: return .bool(false)
    case .yes: return .bool(true)
    case .int:
      let number = try number()
      return .int(Int(bitPattern: UInt(number >> 1)) ^ -Int(number & 1))
    case .float:
      guard bytes.count - position >= 8 else { throw problem("a number is cut off") }
      let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      position += 8
      let value = Double(bitPattern: UInt64(littleEndian: bits))
      guard value.isFinite else { throw problem("a number is not finite") }
      return .float(value)
    case .text: return .text(try text())
    case .list, .record:
      guard depth < JSON.maximumDepth else { throw problem("nested deeper than \(JSON.maximumDepth) levels") }
      return tag == .list ? .list(try list(depth + 1)) : .record(try record(depth + 1))
    }
  }

  private mutating func list(_ depth: Int) throws(PackedValue.Problem) -> [Value] {
    let count = try count(eachAtLeast: 1)
    var elements: [Value] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try value(depth)) }
    return elements
  }

  private mutating func record(_ depth: Int) throws(PackedValue.Problem) -> Record {
    let count = try count(eachAtLeast: 2)
    var record = Record(capacity: count)
    for _ in 0..<count {
      let name = try text()
      guard record.insert(try value(depth), named: name) else { throw problem("a name stands twice in one record") }
    }
    return record
  }

  private mutating func byte() throws(PackedValue.Problem) -> UInt8 {
    guard position < bytes.count else { throw problem("the value is cut off") }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func number() throws(PackedValue.Problem) -> UInt64 {
    let first = try byte()
    if first < 0x80 { return UInt64(first) }
    var number = UInt64(first & 0x7F)
    for shift: UInt64 in stride(from: 7, through: 63, by: 7) {
      let next = try byte()
      guard shift < 63 || next < 2 else { break }
      number |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return number }
    }
    throw problem("a number does not fit 64 bits")
  }

  /// No more than what is left has room for.
  private mutating func count(eachAtLeast size: Int) throws(PackedValue.Problem) -> Int {
    let count = try number()
    guard count <= UInt64((bytes.count - position) / size) else { throw problem("the value is cut off") }
    return Int(count)
  }

  private mutating func text() throws(PackedValue.Problem) -> String {
    let count = try count(eachAtLeast: 1)
    let utf8 = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    // Nearly all are ASCII, which needs no look at what its bytes come to.
    if utf8.allSatisfy({ $0 < 0x80 }) {
      position += count
      return utf8.withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
    }
    guard let text = String(validating: utf8, as: UTF8.self) else { throw problem("a text is not valid UTF-8") }
    position += count
    return text
  }
}
