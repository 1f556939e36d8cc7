/// A way into a value, such as `Vpc.VpcId` or `Addresses[].InstanceId`: member names, with `[]` for "of each element"
/// and `[0]` for one element.
package struct ValuePath: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  fileprivate enum Part: Hashable, Sendable {
    case member(String)
    case each
    case element(Int)
  }
  fileprivate let parts: [Part]
  package let description: String

  package init(_ text: String) {
    description = text
    var parts: [Part] = []
    for piece in text.split(separator: ".") {
      let pieces = piece.split(separator: "[", omittingEmptySubsequences: false)
      if let name = pieces.first, !name.isEmpty { parts.append(.member(String(name))) }
      for index in pieces.dropFirst() { parts.append(Int(index.dropLast()).map(Part.element) ?? .each) }
    }
    self.parts = parts
  }

  package init(stringLiteral value: String) { self.init(value) }

  /// The value at the path; nil where a member or element is missing. After `[]` the answer is a list, flattened once
  /// for each further `[]`; null lists count as empty.
  package func value(in root: Value) -> Value? { ValuePath.follow(parts[...], root) }

  /// The value with whatever stands at the path replaced; unchanged where nothing stands there.
  package func replacing(in root: Value, _ replace: (Value) -> Value) -> Value {
    ValuePath.replace(parts[...], root, replace)
  }

  private static func replace(_ parts: ArraySlice<Part>, _ value: Value, _ replace: (Value) -> Value) -> Value {
    guard let part = parts.first else { return replace(value) }
    let rest = parts.dropFirst()
    switch (part, value) {
    case (.member(let name), .record(var record)):
      guard let next = record[name] else { return value }
      record[name] = ValuePath.replace(rest, next, replace)
      return .record(record)
    case (.each, .list(let elements)): return .list(elements.map { ValuePath.replace(rest, $0, replace) })
    case (.element(let index), .list(var elements)) where elements.indices.contains(index):
      elements[index] = ValuePath.replace(rest, elements[index], replace)
      return .list(elements)
    case (.member, _), (.each, _), (.element, _): return value
    }
  }

  private static func follow(_ parts: ArraySlice<Part>, _ value: Value) -> Value? {
    guard let part = parts.first else { return value }
    let rest = parts.dropFirst()
    switch part {
    case .member(let name):
      guard let next = value.asRecord?[name] else { return nil }
      return follow(rest, next)
    case .element(let index):
      guard let elements = value.asList, elements.indices.contains(index) else { return nil }
      return follow(rest, elements[index])
    case .each:
      guard let elements = value.asList else { return nil }
      let found = elements.compactMap { follow(rest, $0) }
      return .list(rest.contains(.each) ? found.flatMap { $0.asList ?? [$0] } : found)
    }
  }
}

/// Several paths as one tree, for the many values of which only what stands on them is kept.
package struct ValuePaths: Sendable {
  private final class Node: Sendable {
    /// Whether a path ends here: all below is kept.
    let isWhole: Bool
    let members: [(name: String, node: Node)]
    let elements: [(index: Int, node: Node)]
    /// Of the elements that are not named by their index.
    let each: Node?

    init(_ ways: [ArraySlice<ValuePath.Part>]) {
      isWhole = ways.contains(where: \.isEmpty)
      var members: [(name: String, node: Node)] = []
      var elements: [(index: Int, node: Node)] = []
      let all = Node.onward(ways, .each)
      for part in ways.compactMap(\.first) {
        switch part {
        case .member(let name) where !members.contains { $0.name == name }:
          members.append((name, Node(Node.onward(ways, part))))
        case .element(let index) where !elements.contains { $0.index == index }:
          elements.append((index, Node(Node.onward(ways, part) + all)))
        case .member, .element, .each: break
        }
      }
      (self.members, self.elements) = (members, elements)
      each = all.isEmpty ? nil : Node(all)
    }

    private static func onward(
      _ ways: [ArraySlice<ValuePath.Part>], _ part: ValuePath.Part
    ) -> [ArraySlice<ValuePath.Part>] {
      ways.filter { $0.first == part }.map { $0.dropFirst() }
    }

    func kept(of value: Value) -> Value {
      if isWhole { return value }
      switch value {
      case .record(let record):
        var kept = Record(capacity: members.count)
        for (name, node) in members { if let member = record[name] { kept[name] = node.kept(of: member) } }
        return .record(kept)
      case .list(let elements):
        return .list(elements.indices.map { node(at: $0)?.kept(of: elements[$0]) ?? .null })
      case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .secret: return value
      }
    }

    private func node(at index: Int) -> Node? { elements.first { $0.index == index }?.node ?? each }
  }
  private let root: Node

  package init(_ paths: [ValuePath]) { root = Node(paths.map { $0.parts[...] }) }

  /// The value with nothing in it but what stands at the paths, so that each of them finds the same: members that are
  /// on none are left out, and elements are null.
  package func kept(of value: Value) -> Value { root.kept(of: value) }
}
