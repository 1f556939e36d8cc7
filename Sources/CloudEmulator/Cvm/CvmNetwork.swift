import Values

/// A subnet of a VPC. The books have no network service for CVM, so every account comes with the same ones.
struct CvmSubnet: Row {
  let id: String
  let vpcID: String
  let zone: String
  let isDefault: Bool
  var hosts: AddressPool

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine(
      "CvmSubnet", id, isDefault ? "default" : "second", isSystem: true, zone, vpcID, hosts.network.description)
  }

  /// In every zone one of the default VPC and one of a second VPC.
  static func seeds(_ region: CvmGeography.Region) -> [CvmSubnet] {
    var seeds: [CvmSubnet] = []
    for (isDefault, second) in [(true, 172 << 24 | 16 << 16), (false, 10 << 24)] as [(Bool, UInt32)] {
      let vpc = isDefault ? defaultVpc(region.name) : secondVpc(region.name)
      for (index, zone) in region.zones.enumerated() {
        guard let network = CIDR(address: second + UInt32(index) << 12, prefix: 20) else { continue }
        seeds.append(
          CvmSubnet(
            id: subnet(zone.name, isDefault: isDefault), vpcID: vpc, zone: zone.name, isDefault: isDefault,
            hosts: AddressPool(network)))
      }
    }
    return seeds
  }

  static func defaultVpc(_ region: String) -> String { CvmID.seeded("vpc", "\(region) default") }
  static func secondVpc(_ region: String) -> String { CvmID.seeded("vpc", "\(region) second") }
  static func subnet(_ zone: String, isDefault: Bool) -> String {
    CvmID.seeded("subnet", "\(zone) \(isDefault ? "default" : "second")")
  }
}

/// A security group; like the subnets, it is there from the beginning.
struct CvmSecurityGroup: Row {
  let id: String
  let name: String

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine("CvmSecurityGroup", id, name, isSystem: true, region)
  }

  static func seeds(_ region: CvmGeography.Region) -> [CvmSecurityGroup] {
    names.map { CvmSecurityGroup(id: id(region.name, $0), name: $0) }
  }

  static let names = ["default", "web", "database", "bastion", "monitoring", "backup"]
  static func id(_ region: String, _ name: String) -> String { CvmID.seeded("sg", "\(region) \(name)") }

  /// Of an instance.
  static let quota = 5
}

/// Where an instance stands in the network.
struct CvmPlace: Codable, Sendable, Equatable {
  var vpcID: String
  var subnetID: String
  var address: UInt32
}

extension World {
  /// The subnet that a `VirtualPrivateCloud` names; `DEFAULT` and nothing mean the zone's own.
  func cvmSubnet(_ wanted: Record?, in zone: String, _ call: CvmCall) throws(Refusal) -> CvmSubnet {
    let vpcID = wanted?["VpcId"]?.asText ?? "DEFAULT"
    let subnetID = wanted?["SubnetId"]?.asText ?? "DEFAULT"
    if vpcID == "DEFAULT" || subnetID == "DEFAULT" {
      guard vpcID == subnetID, let subnet = cvm[call.region].subnets[CvmSubnet.subnet(zone, isDefault: true)] else {
        throw call.refusal("InvalidParameterValue", because: "VpcId and SubnetId are both DEFAULT or neither.")
      }
      return subnet
    }
    guard CvmID.isWellFormed(vpcID, "vpc") else {
      throw call.refusal(
        "InvalidParameterValue.VpcIdMalformed", "InvalidParameterValue", because: "'\(vpcID)' is no id of a VPC.")
    }
    guard CvmID.isWellFormed(subnetID, "subnet") else {
      throw call.refusal(
        "InvalidParameterValue.SubnetIdMalformed", "InvalidParameterValue",
        because: "'\(subnetID)' is no id of a subnet.")
    }
    guard cvm[call.region].subnets.all.contains(where: { $0.vpcID == vpcID }) else {
      throw call.refusal(
        "InvalidParameterValue.VpcIdNotExist", "InvalidParameterValue", because: "There is no VPC '\(vpcID)'.")
    }
    guard let subnet = cvm[call.region].subnets[subnetID], subnet.vpcID == vpcID else {
      throw call.refusal(
        "InvalidParameterValue.SubnetNotExist", "InvalidParameterValue",
        because: "\(vpcID) has no subnet '\(subnetID)'.")
    }
    guard subnet.zone == zone else {
      throw call.refusal(
        "InvalidParameterValue.VpcIdZoneIdNotMatch", "InvalidParameterValue",
        because: "\(subnetID) is in \(subnet.zone), not in \(zone).")
    }
    return subnet
  }

  /// The addresses that a `VirtualPrivateCloud` names: none, or one for each of `count`, all free.
  func cvmAddresses(_ wanted: Record?, _ count: Int, of subnet: CvmSubnet, _ call: CvmCall) throws(Refusal) -> [UInt32]
  {
    let texts = (wanted?["PrivateIpAddresses"]?.asList ?? []).compactMap(\.asText)
    guard !texts.isEmpty else { return [] }
    guard texts.count == count else {
      throw call.refusal(
        "InvalidParameterValue.AmountNotEqual", "InvalidParameterValue",
        because: "There are \(texts.count) addresses for \(count).")
    }
    guard texts.count <= 20 else {
      throw call.refusal("InvalidParameterValue.LimitExceeded", because: "At most 20 addresses may be named.")
    }
    var addresses: [UInt32] = []
    for text in texts {
      guard let address = CIDR.address(text) else {
        throw call.refusal(
          "InvalidParameterValue.InvalidIpFormat", "InvalidParameterValue.IPAddressMalformed", "InvalidParameterValue",
          because: "'\(text)' is no address.")
      }
      guard !addresses.contains(address) else {
        throw call.refusal(
          "InvalidParameterValue.Duplicate", "InvalidParameterValue", because: "\(text) is named twice.")
      }
      guard subnet.hosts.isUsable(address) else {
        throw call.refusal("VpcAddrNotInSubNet", because: "\(text) is no usable address of \(subnet.id).")
      }
      guard subnet.hosts.isFree(address) else { throw call.refusal("VpcIpIsUsed", because: "\(text) is taken.") }
      addresses.append(address)
    }
    return addresses
  }

  /// Security groups that there are, at most five.
  func cvmSecurityGroups(_ ids: [String], _ call: CvmCall) throws(Refusal) -> [String] {
    for id in ids {
      guard CvmID.isWellFormed(id, "sg") else {
        throw call.refusal(
          "InvalidSgId.Malformed", "InvalidSecurityGroupId.NotFound", "InvalidParameterValue",
          because: "'\(id)' is no id of a security group.")
      }
      guard cvm[call.region].securityGroups[id] != nil else {
        throw call.refusal(
          "InvalidSecurityGroupId.NotFound", "InvalidParameterValue", because: "There is no security group '\(id)'.")
      }
    }
    guard ids.count <= CvmSecurityGroup.quota else {
      throw call.refusal(
        "LimitExceeded.SingleUSGQuota", "LimitExceeded", because: "An instance has at most 5 security groups.")
    }
    return ids
  }
}
