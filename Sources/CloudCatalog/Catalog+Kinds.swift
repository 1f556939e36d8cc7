extension Catalog {
  /// The kinds of the ids that stand anywhere in what an action answers.
  package static func kinds(shownBy action: ActionID) -> Set<String> {
    guard let catalog = service(action.service), let facts = self.action(action) else { return [] }
    var kinds: Set<String> = []
    var seen: Set<String> = []
    var open = facts.outputs
    while let member = open.popLast() {
      if let kind = IDKind.ofMember(member.name, service: action.service) { kinds.insert(kind.name) }
      guard let name = member.type.structureName, seen.insert(name).inserted else { continue }
      open += catalog.structure(name)?.members ?? []
    }
    return kinds
  }
}

extension FactType {
  /// The structure that it is, or a list of.
  fileprivate var structureName: String? {
    switch self {
    case .structure(let name): name
    case .array(let element): element.structureName
    case .integer, .float, .boolean, .timestamp, .string: nil
    }
  }
}
