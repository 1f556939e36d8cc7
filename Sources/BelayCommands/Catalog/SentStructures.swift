import CloudCatalog

/// The structures that can be part of a request: their members are required or not; those of the others are nullable or
/// not.
struct SentStructures {
  private(set) var names: Set<String> = []

  init(_ service: ServiceCatalog) {
    for action in service.actionNames.compactMap(service.action) {
      names.formUnion(StructureTree.names(of: action.parameters, service))
    }
  }
}

/// Structures reached from members, directly and through one another.
enum StructureTree {
  /// In the order in which they are met, each once.
  static func names(of members: [MemberFacts], _ service: ServiceCatalog) -> [String] {
    var found: [String] = []
    var waiting = members[...]
    while let member = waiting.popFirst() {
      guard let name = member.type.structureName, !found.contains(name) else { continue }
      found.append(name)
      waiting += service.structure(name)?.members ?? []
    }
    return found
  }
}

extension FactType {
  /// The structure it is, or is an array of.
  var structureName: String? {
    switch self {
    case .structure(let name): name
    case .array(let element): element.structureName
    case .integer, .float, .boolean, .string, .timestamp: nil
    }
  }
}
