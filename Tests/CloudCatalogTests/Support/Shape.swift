import CloudCatalog
import Values

/// What a template or path comes out as, as far as the facts tell.
indirect enum Shape: CustomStringConvertible {
  case fact(FactType)
  case list(Shape)
  case record([(name: String, shape: Shape)])
  /// Anything fits.
  case any

  static func members(_ facts: [MemberFacts]) -> Shape { .record(facts.map { ($0.name, .fact($0.type)) }) }

  init(_ value: Value) {
    switch value {
    case .null, .duration, .quantity, .cidr, .secret: self = .any
    case .bool: self = .fact(.boolean)
    case .int: self = .fact(.integer)
    case .float: self = .fact(.float)
    case .text: self = .fact(.string)
    case .list(let elements): self = .list(elements.first.map(Shape.init) ?? .any)
    case .record(let record): self = .record(record.map { ($0.key, Shape($0.value)) })
    }
  }

  var description: String {
    switch self {
    case .fact(let type): type.description
    case .list(let element): "list of \(element)"
    case .record(let members): "{" + members.map(\.name).joined(separator: ", ") + "}"
    case .any: "anything"
    }
  }

  private func element() -> Shape? {
    switch self {
    case .any: .any
    case .list(let element): element
    case .fact(.array(let element)): .fact(element)
    case .fact, .record: nil
    }
  }

  func members(_ service: ServiceCatalog) -> [(name: String, shape: Shape)]? {
    switch self {
    case .record(let members): members
    case .fact(.structure(let name)): service.structure(name)?.members.map { ($0.name, .fact($0.type)) }
    case .fact, .list, .any: nil
    }
  }

  /// Where a path leads; nil when a member or a list is not there.
  func following(_ path: ValuePath, _ service: ServiceCatalog) -> Shape? {
    var shape = self
    var isEach = false
    for piece in path.description.split(separator: ".") {
      let parts = piece.split(separator: "[", omittingEmptySubsequences: false)
      if let name = parts.first, !name.isEmpty {
        if case .any = shape { return .any }
        guard let next = shape.members(service)?.first(where: { $0.name == name })?.shape else { return nil }
        shape = next
      }
      for index in parts.dropFirst() {
        guard let next = shape.element() else { return nil }
        shape = next
        if index == "]" { isEach = true }
      }
    }
    return isEach ? .list(shape) : shape
  }

  /// Whether it can be sent where a parameter or member of a type is wanted.
  func fits(_ wanted: FactType, _ service: ServiceCatalog) -> Bool {
    if case .any = self { return true }
    switch wanted {
    case .array(let inner): return element()?.fits(inner, service) ?? false
    case .structure(let name):
      if case .fact(.structure(name)) = self { return true }
      guard case .record(let members) = self, let structure = service.structure(name) else { return false }
      let isWhole = structure.members.allSatisfy { member in
        !member.required || members.contains { $0.name == member.name }
      }
      return isWhole
        && members.allSatisfy { member in
          structure.member(member.name).map { member.shape.fits($0.type, service) } ?? false
        }
    case .integer, .float, .boolean, .string, .timestamp:
      if case .fact(wanted) = self { return true }
      if case .fact(.integer) = self, wanted == .float { return true }
      return false
    }
  }
}
