/// A way into a value, such as `Vpc.VpcId` or `Addresses[].InstanceId`: member names, with `[]` for "of each element"
/// and `[0]` for one element.
package struct ValuePath: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  private enum Part: Hashable, Sendable {
    case member(String)
    case each
    case element(Int)
  }
  private let parts: [Part]
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

  /// The value with nothing in it but what stands at these paths, so that each of them finds the same: members that are
  /// on none are left out, and elements are null.
  package static func kept(_ paths: [ValuePath], of root: Value) -> Value { keep(paths.map { $0.parts[...] }, root) }

  private static func keep(_ ways: [ArraySlice<Part>], _ value: Value) -> Value {
    if ways.contains(where: \.isEmpty) { return value }
    switch value {
    case .record(let record):
      var kept = Record()
      for way in ways {
        guard case .member(let name)? = way.first, kept[name] == nil, let member = record[name] else { continue }
        kept[name] = keep(onward(ways, .member(name)), member)
      }
      return .record(kept)
    case .list(let elements):
      return .list(
        elements.enumerated().map { index, element in
          let onward = onward(ways, .element(index)) + onward(ways, .each)
          return onward.isEmpty ? .null : keep(onward, element)
        })
    case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .secret: return value
    }
  }

  private static func onward(_ ways: [ArraySlice<Part>], _ part: Part) -> [ArraySlice<Part>] {
    var onward: [ArraySlice<Part>] = []
    for way in ways where way.first == part { onward.append(way.dropFirst()) }
    return onward
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
