import CloudCatalog

/// Plausible literals of the language for parameters and members.
struct SampleValues {
  let service: String

  func text(_ member: MemberFacts) -> String { text(member, member.type, depth: 0) }

  private func text(_ member: MemberFacts, _ type: FactType, depth: Int) -> String {
    switch type {
    case .integer: integer(member.constraints)
    case .float: "1.0"
    case .boolean: "true"
    case .timestamp: "\"2030-01-01T00:00:00Z\""
    case .array(let element): "[\(text(member, element, depth: depth))]"
    case .structure(let name): record(name, depth: depth)
    case .string: string(member)
    }
  }

  private func integer(_ stated: Constraints) -> String {
    if let first = stated.enumeration.first { return first }
    if let standard = stated.defaultValue, let number = Int(standard) { return String(number) }
    return String(Int(max(stated.minimum ?? 1, 1)))
  }

  /// The required members; where none is, the first one.
  private func record(_ name: String, depth: Int) -> String {
    let members = Catalog.service(service)?.structure(name)?.members ?? []
    let required = members.filter(\.required)
    let chosen = required.isEmpty ? Array(members.prefix(1)) : required
    guard depth < 8, !chosen.isEmpty else { return "{}" }
    let parts = chosen.map { "\($0.name): \(text($0, $0.type, depth: depth + 1))" }
    return "{ \(parts.joined(separator: ", ")) }"
  }

  private func string(_ member: MemberFacts) -> String {
    let stated = member.constraints
    if let first = stated.enumeration.first { return "\"\(first)\"" }
    switch stated.format {
    case "cidr": return "10.20.0.0/16"
    case "base64": return "\"ZWNobyByZWFkeQ==\""
    case "date": return "\"2030-01-01\""
    case "month": return "\"2030-01\""
    case "datetime": return "\"2030-01-01 00:00:00\""
    case "iso8601": return "\"2030-01-01T00:00:00Z\""
    default: break
    }
    if let kind = IDKind.ofMember(member.name, service: service) { return "\"\(id(kind))\"" }
    return "\"\(SampleValues.fitted(word(member.name), stated))\""
  }

  private func id(_ kind: IDKind) -> String {
    if let word = kind.vocabulary.first { return word }
    let isEdge = service == "ecm"
    switch kind.name {
    case "Region": return isEdge ? "ap-hangzhou-ecm" : "ap-guangzhou"
    case "Zone": return isEdge ? "ap-hangzhou-ecm-1" : "ap-guangzhou-3"
    case "InstanceType": return "S5.MEDIUM4"
    case "TaskId": return "1528611"
    default: break
    }
    // CVM's own prefix stands behind ECM's.
    let prefix = (isEdge ? kind.prefixes.first : kind.prefixes.last) ?? ""
    return "\(prefix)0a1b2c3d"
  }

  private func word(_ name: String) -> String {
    if let word = SampleValues.words[name] { return word }
    let isEdge = service == "ecm"
    if name.hasSuffix("Region") || name.hasSuffix("Regions") { return isEdge ? "ap-hangzhou-ecm" : "ap-beijing" }
    if name.contains("CidrBlock") { return "10.30.0.0/16" }
    if name.hasSuffix("InstanceId") || name.hasSuffix("InstanceIds") {
      return isEdge ? "ein-0a1b2c3d" : "ins-0a1b2c3d"
    }
    if name.hasSuffix("NetworkInterfaceId") { return "eni-0a1b2c3d" }
    if name.contains("SecurityGroup") { return isEdge ? "esg-0a1b2c3d" : "sg-0a1b2c3d" }
    if name.contains("IpAddress") { return "10.20.0.5" }
    if name.hasPrefix("Ipv6") { return "2402:4e00::5" }
    return "example"
  }

  private static let words = [
    "Name": "example", "Values": "example", "ImageUrl": "https://example.com/disk.qcow2", "OsType": "CentOS",
    "OsVersion": "7", "LaunchTemplateId": "lt-0a1b2c3d", "DisasterRecoverGroupId": "ps-0a1b2c3d",
    "DisasterRecoverGroupIds": "ps-0a1b2c3d", "ChcIds": "chc-0a1b2c3d", "DiskType": "CLOUD_PREMIUM",
    "PublicKey": "ssh-rsa AAAAB3Nza example", "ReservedInstancesOfferingId": "650c138f-ae7e-4750-952a-96841d6e9fc1",
    "Operation": "CreateImage", "GatewayId": "10.20.0.5", "ImageIds": "img-0a1b2c3d", "BucketName": "images-1250000000",
    "AccountIds": "100000000001", "Attributes": "InstanceName", "Address": "10.20.0.5",
  ]

  private static func fitted(_ word: String, _ stated: Constraints) -> String {
    var text = word
    if let maximum = stated.maximumLength { text = String(text.prefix(maximum)) }
    while let minimum = stated.minimumLength, text.count < minimum { text += "1" }
    return text
  }
}
