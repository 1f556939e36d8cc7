import Values

/// Turns what is `Encodable` into a value. Nil members are left out.
enum ValueEncoder {
  static func encode(_ subject: some Encodable) throws -> Value {
    let node = Node()
    try subject.encode(to: NodeEncoder(node: node, codingPath: []))
    return node.value
  }

  /// A place in the tree that is being built. A class, since containers write into it after they were handed out.
  fileprivate final class Node {
    private enum Content {
      case plain(Value)
      case list([Node])
      case record([(String, Node)])
    }

    private var content = Content.plain(.null)

    var value: Value {
      switch content {
      case .plain(let value): value
      case .list(let nodes): .list(nodes.map(\.value))
      case .record(let members): .record(Record(members.map { ($0.0, $0.1.value) }))
      }
    }

    var count: Int {
      switch content {
      case .plain: 0
      case .list(let nodes): nodes.count
      case .record(let members): members.count
      }
    }

    func set(_ value: Value) { content = .plain(value) }
    func beList() { if case .plain = content { content = .list([]) } }
    func beRecord() { if case .plain = content { content = .record([]) } }

    func append() -> Node {
      let node = Node()
      if case .list(var nodes) = content {
        content = .plain(.null)
        nodes.append(node)
        content = .list(nodes)
      }
      return node
    }

    func member(_ name: String) -> Node {
      let node = Node()
      if case .record(var members) = content {
        content = .plain(.null)
        members.append((name, node))
        content = .record(members)
      }
      return node
    }
  }

  private struct NodeEncoder: Encoder {
    let node: Node
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
      node.beRecord()
      return KeyedEncodingContainer(Keyed<Key>(node: node, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
      node.beList()
      return Unkeyed(node: node, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node, codingPath: codingPath) }
  }

  private static func write(_ subject: some Encodable, to node: Node, _ path: [any CodingKey]) throws {
    switch subject {
    case let value as Bool: node.set(.bool(value))
    case let value as Int: node.set(.int(value))
    case let value as Int64: node.set(.int(Int(value)))
    case let value as UInt32: node.set(.int(Int(value)))
    case let value as Double: node.set(.float(value))
    case let value as String: node.set(.text(value))
    default: try subject.encode(to: NodeEncoder(node: node, codingPath: path))
    }
  }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) throws { node.member(key.stringValue).set(.null) }

    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
      try write(value, to: node.member(key.stringValue), codingPath + [key])
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy keyType: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      NodeEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key]).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      NodeEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key]).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { NodeEncoder(node: node.member("super"), codingPath: codingPath) }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
      NodeEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key])
    }
  }

  private struct Unkeyed: UnkeyedEncodingContainer {
    let node: Node
    let codingPath: [any CodingKey]
    var count: Int { node.count }

    mutating func encodeNil() throws { node.append().set(.null) }

    mutating func encode(_ value: some Encodable) throws { try write(value, to: node.append(), codingPath) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
      NodeEncoder(node: node.append(), codingPath: codingPath).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      NodeEncoder(node: node.append(), codingPath: codingPath).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { NodeEncoder(node: node.append(), codingPath: codingPath) }
  }

  private struct Single: SingleValueEncodingContainer {
    let node: Node
    let codingPath: [any CodingKey]

    mutating func encodeNil() throws { node.set(.null) }
    mutating func encode(_ value: some Encodable) throws { try write(value, to: node, codingPath) }
  }
}
