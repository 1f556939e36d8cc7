import CloudCatalog
import Values

/// Compares an answer with the catalog's tables.
enum Shape {
  /// Structures that calls take too: the books say of their members whether they are required, not whether they may be
  /// null or left out.
  private static let shared: [String: Set<String>] = [
    "ecm": [
      "Tag", "TagInfo", "SystemDisk", "DataDisk", "HealthCheck", "LoadBalancerInternetAccessible",
      "VirtualPrivateCloud",
    ],
    "cvm": [
      "ActionTimer", "Attribute", "DataDisk", "EnhancedService", "Externals", "InstanceChargePrepaid",
      "InstanceMarketOptionsRequest", "InternetAccessible", "InternetChargeTypeConfig", "LoginSettings", "Placement",
      "RunAutomationServiceEnabled", "RunMonitorServiceEnabled", "RunSecurityServiceEnabled", "SpotMarketOptions",
      "SystemDisk", "Tag", "TagSpecification", "VirtualPrivateCloud",
    ],
  ]

  /// Structures that the books leave without a table.
  private static let unstated: [String: Set<String>] = [
    "InstanceTypeConfig": ["Zone", "InstanceFamily", "InstanceType", "CPU", "GPU", "FPGA", "Memory"]
  ]

  static func problems(_ answer: Record, of action: ActionID) -> [String] {
    guard let facts = Catalog.action(action), let service = Catalog.service(action.service) else {
      return ["no facts for \(action)"]
    }
    return problems(answer, facts.outputs, action.name, in: service, isShared: false)
  }

  private static func problems(
    _ record: Record, _ members: [MemberFacts], _ path: String, in service: ServiceCatalog, isShared: Bool
  ) -> [String] {
    let extra = record.names.filter { name in !members.contains { $0.name == name } }.map { "\(path).\($0) is extra" }
    return members.reduce(into: extra) { found, member in
      let place = "\(path).\(member.name)"
      switch record[member.name] {
      case nil: found += isShared ? [] : ["\(place) is missing"]
      case .null?: found += member.nullable || isShared ? [] : ["\(place) is null"]
      case let value?: found += problems(value, member.type, place, in: service)
      }
    }
  }

  private static func problems(
    _ value: Value, _ type: FactType, _ path: String, in service: ServiceCatalog
  ) -> [String] {
    switch (type, value) {
    case (.integer, .int), (.float, .int), (.float, .float), (.boolean, .bool), (.string, .text), (.timestamp, .text):
      return []
    case (.array(let element), .list(let values)):
      return values.enumerated().flatMap { problems($1, element, "\(path)[\($0)]", in: service) }
    case (.structure(let name), .record(let record)):
      guard let structure = service.structure(name) else {
        return unstated[name] == Set(record.names) ? [] : ["\(path): no structure \(name), and \(record.names)"]
      }
      let isShared = shared[service.name]?.contains(name) == true
      return problems(record, structure.members, path, in: service, isShared: isShared)
    default: return ["\(path) is a \(value.kindName) and should be \(type)"]
    }
  }
}
