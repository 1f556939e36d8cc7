import Values

/// Reads what is `Decodable` back from a value. Errors name the place: `worlds[2].vpcs[0].cidr`.
enum ValueDecoder {
  static func decode<T: Decodable>(_ type: T.Type, from value: Value, at place: String) throws(DamagedState) -> T {
    do {
      return try read(type, value, [])
    } catch let error as DecodingError {
      throw DamagedState(place: place, error)
    } catch {
      throw DamagedState(description: "\(place): \(error)")
    }
  }

  private struct ValueNode: Decoder {
    let value: Value
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
      guard let record = value.asRecord else { throw mismatch("a record", value, codingPath) }
      return KeyedDecodingContainer(Keyed<Key>(record: record, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
      guard case .list(let elements) = value else { throw mismatch("a list", value, codingPath) }
      return Unkeyed(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
      Single(value: value, codingPath: codingPath)
    }
  }

  private static func mismatch(_ wanted: String, _ value: Value, _ path: [any CodingKey]) -> DecodingError {
    .typeMismatch(
      Value.self, .init(codingPath: path, debugDescription: "\(wanted) is wanted, \(value.kindName) stands there"))
  }

  private static func read<T: Decodable>(_ type: T.Type, _ value: Value, _ path: [any CodingKey]) throws -> T {
    let plain: T? =
      switch type {
      case is Bool.Type: value.asBool as? T
      case is Int.Type: value.asInt as? T
      case is Int64.Type: value.asInt.map(Int64.init) as? T
      case is UInt32.Type: value.asInt.flatMap(UInt32.init(exactly:)) as? T
      case is Double.Type: value.asDouble as? T
      case is String.Type: value.asText as? T
      default: try type.init(from: ValueNode(value: value, codingPath: path))
      }
    guard let plain else { throw mismatch("\(type)", value, path) }
    return plain
  }

  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let record: Record
    let codingPath: [any CodingKey]
    var allKeys: [Key] { record.names.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { record[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { record[key.stringValue]?.isNull ?? true }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      try read(type, try member(key), codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      try ValueNode(value: try member(key), codingPath: codingPath + [key]).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try ValueNode(value: try member(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { ValueNode(value: record["super"] ?? .null, codingPath: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder {
      ValueNode(value: try member(key), codingPath: codingPath + [key])
    }

    private func member(_ key: Key) throws -> Value {
      guard let value = record[key.stringValue] else {
        throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "it is missing"))
      }
      return value
    }
  }

  private struct Unkeyed: UnkeyedDecodingContainer {
    let elements: [Value]
    let codingPath: [any CodingKey]
    var currentIndex = 0
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    init(elements: [Value], codingPath: [any CodingKey]) {
      self.elements = elements
      self.codingPath = codingPath
    }

    mutating func decodeNil() throws -> Bool {
      guard !isAtEnd, elements[currentIndex].isNull else { return false }
      currentIndex += 1
      return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
      let (value, path) = try take()
      return try read(type, value, path)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
      let (value, path) = try take()
      return try ValueNode(value: value, codingPath: path).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      let (value, path) = try take()
      return try ValueNode(value: value, codingPath: path).unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
      let (value, path) = try take()
      return ValueNode(value: value, codingPath: path)
    }

    private mutating func take() throws -> (Value, [any CodingKey]) {
      let path = codingPath + [IndexKey(intValue: currentIndex)]
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(
          Value.self, .init(codingPath: path, debugDescription: "the list ends too early"))
      }
      defer { currentIndex += 1 }
      return (elements[currentIndex], path)
    }
  }

  private struct Single: SingleValueDecodingContainer {
    let value: Value
    let codingPath: [any CodingKey]

    func decodeNil() -> Bool { value.isNull }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try read(type, value, codingPath) }
  }

  private struct IndexKey: CodingKey {
    let intValue: Int?
    var stringValue: String { intValue.map { "[\($0)]" } ?? "" }
    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { return nil }
  }
}

extension Value {
  /// A number as a Double; whole numbers count.
  fileprivate var asDouble: Double? {
    if case .float(let value) = self { return value }
    return asInt.map(Double.init)
  }
}

/// The document of a cloud's state cannot be used, and why.
package struct DamagedState: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(description: String) { self.description = "the emulator's state is damaged: \(description)" }

  init(place: String, _ error: DecodingError) {
    let (context, last): (DecodingError.Context, String) =
      switch error {
      case .keyNotFound(let key, let context): (context, key.stringValue)
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): (context, "")
      @unknown default: (.init(codingPath: [], debugDescription: "\(error)"), "")
      }
    let names = [place] + context.codingPath.map(\.stringValue) + (last.isEmpty ? [] : [last])
    let path = names.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : "\($0).\($1)" }
    self.init(description: "\(path): \(context.debugDescription)")
  }
}
