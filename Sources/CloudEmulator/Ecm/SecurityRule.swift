import Values

/// One rule of a security group, without its place among the others.
struct SecurityRule: Codable, Sendable, Equatable {
  /// Lower case, as the answers carry it; empty with a template.
  let transport: String
  let port: String
  let serviceID: String
  let serviceGroupID: String
  let cidr: String
  let ipv6: String
  let groupID: String
  let addressID: String
  let addressGroupID: String
  let action: String
  let about: String
  let modifiedAt: Instant

  var text: String {
    let service = [transport, port, serviceID, serviceGroupID].filter { !$0.isEmpty }
    let peer = [cidr, ipv6, groupID, addressID, addressGroupID].filter { !$0.isEmpty }
    return (service + peer + [action, about].filter { !$0.isEmpty }).joined(separator: " ")
  }

  /// Whether both let the same traffic through; what is written about them and when does not count.
  func matches(_ other: SecurityRule) -> Bool {
    [transport, port, serviceID, serviceGroupID, cidr, ipv6, groupID, addressID, addressGroupID, action]
      == [
        other.transport, other.port, other.serviceID, other.serviceGroupID, other.cidr, other.ipv6, other.groupID,
        other.addressID, other.addressGroupID, other.action,
      ]
  }

  func answer(_ index: Int) -> Value {
    [
      "PolicyIndex": .int(index), "Protocol": .text(transport), "Port": .text(port),
      "ServiceTemplate": ["ServiceId": .text(serviceID), "ServiceGroupId": .text(serviceGroupID)],
      "CidrBlock": .text(cidr), "SecurityGroupId": .text(groupID),
      "AddressTemplate": ["AddressId": .text(addressID), "AddressGroupId": .text(addressGroupID)],
      "Action": .text(action), "PolicyDescription": .text(about), "ModifyTime": .text(modifiedAt.plainText),
      "Ipv6CidrBlock": .text(ipv6),
    ]
  }

  /// As a rule that lets everything through, for the account's default group.
  static func everything(_ now: Instant) -> SecurityRule {
    SecurityRule(
      transport: "all", port: "", serviceID: "", serviceGroupID: "", cidr: "0.0.0.0/0", ipv6: "", groupID: "",
      addressID: "", addressGroupID: "", action: "ACCEPT", about: "", modifiedAt: now)
  }
}

extension SecurityRule {
  /// From the structure `SecurityGroupPolicy`, in which empty texts count as left out, as the answers carry them.
  init(_ record: Record, of group: SecurityGroup, _ now: Instant, _ call: Call) throws(Refusal) {
    func text(_ name: String) -> String { record[name]?.asText ?? "" }
    let service = record["ServiceTemplate"]?.asRecord ?? Record()
    let address = record["AddressTemplate"]?.asRecord ?? Record()
    transport = text("Protocol").lowercased()
    port = text("Port")
    serviceID = service["ServiceId"]?.asText ?? ""
    serviceGroupID = service["ServiceGroupId"]?.asText ?? ""
    cidr = text("CidrBlock")
    ipv6 = text("Ipv6CidrBlock")
    groupID = text("SecurityGroupId")
    addressID = address["AddressId"]?.asText ?? ""
    addressGroupID = address["AddressGroupId"]?.asText ?? ""
    action = text("Action").uppercased()
    about = text("PolicyDescription")
    modifiedAt = now
    try checkService(call)
    try checkPeer(call)
  }

  private func checkService(_ call: Call) throws(Refusal) {
    let hasTemplate = !serviceID.isEmpty || !serviceGroupID.isEmpty
    guard !(hasTemplate && !(transport.isEmpty && port.isEmpty)) else {
      throw coexist("Protocol and Port cannot be given with ServiceTemplate.", call)
    }
    guard port.isEmpty || transport == "tcp" || transport == "udp" else {
      throw coexist("Port goes with TCP and UDP only.", call)
    }
    guard port.isEmpty || SecurityRule.isPort(port) else {
      throw malformed("'\(port)' is no port, list or range of ports.", call)
    }
  }

  private func checkPeer(_ call: Call) throws(Refusal) {
    let hasTemplate = !addressID.isEmpty || !addressGroupID.isEmpty
    guard [!cidr.isEmpty, !ipv6.isEmpty, !groupID.isEmpty, hasTemplate].count(where: { $0 }) <= 1 else {
      throw coexist("Only one of CidrBlock, Ipv6CidrBlock, SecurityGroupId and AddressTemplate may be given.", call)
    }
    guard cidr.isEmpty || SecurityRule.isBlock(cidr) else { throw malformed("'\(cidr)' is no IPv4 range.", call) }
  }

  private func coexist(_ message: String, _ call: Call) -> Refusal {
    call.refusal("InvalidParameter.Coexist", "InvalidParameterValue.Malformed", because: message)
  }

  private func malformed(_ message: String, _ call: Call) -> Refusal {
    call.refusal("InvalidParameterValue.Malformed", "InvalidParameterValue", because: message)
  }

  /// `80`, `80,443`, `8000-8010`, `all`
  private static func isPort(_ text: String) -> Bool {
    if text.lowercased() == "all" { return true }
    return text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else { return false }
      return (0...65_535).contains(first) && (first...65_535).contains(max(first, last)) && last >= first
    }
  }

  /// An address, or one with the length of a prefix; its host bits may be set, as in the examples.
  private static func isBlock(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), CIDR.address(String(parts[0])) != nil else { return false }
    return parts.count == 1 || Int(parts[1]).map { (0...32).contains($0) } == true
  }
}
