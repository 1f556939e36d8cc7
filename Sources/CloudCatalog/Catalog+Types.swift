import Values

extension ServiceCatalog {
  /// The type of a parameter or member as runbooks see it: id kinds become nominal, enumerations closed.
  package func type(of member: MemberFacts) -> ValueType {
    let plain = type(of: member.type, member)
    return member.nullable ? .optional(plain) : plain
  }

  private func type(of type: FactType, _ member: MemberFacts) -> ValueType {
    switch type {
    case .integer: .int
    case .float: .float
    case .boolean: .bool
    case .timestamp: .text
    case .array(let element): .list(self.type(of: element, member))
    case .structure(let structure): .structure(service: name, name: structure)
    case .string: textType(member)
    }
  }

  private func textType(_ member: MemberFacts) -> ValueType {
    if let kind = IDKind.ofMember(member.name, service: name) { return .id(service: kind.service, kind: kind.name) }
    guard !member.constraints.enumeration.isEmpty else { return .text }
    return .enumeration(name: "\(name).\(member.name)", values: member.constraints.enumeration)
  }
}

extension Catalog {
  /// The members of a type that has them: a structure, or what a call answers. Nil for other types.
  package static func members(of type: ValueType) -> [(name: String, type: ValueType)]? {
    switch type {
    case .structure(let service, let name):
      guard let catalog = self.service(service), let structure = catalog.structure(name) else { return nil }
      return structure.members.map { ($0.name, catalog.type(of: $0)) }
    case .result(let service, let action):
      guard let catalog = self.service(service), let facts = catalog.action(action) else { return nil }
      return facts.outputs.map { ($0.name, catalog.type(of: $0)) }
    case .record(let fields): return fields.map { ($0.name, $0.type) }
    case .optional(let wrapped), .secret(let wrapped): return members(of: wrapped)
    default: return nil
    }
  }
}
