import Values

/// A subnet: a part of a network in one zone.
struct Subnet: Row {
  let id: String
  let vpcID: String
  let zone: String
  let region: String
  var name: String
  var tags: [Tag]
  /// Whether the account came with it.
  let isSystem: Bool
  let createdAt: Instant
  var hosts: AddressPool
  var routeTableID: String
  var allowsBroadcast = false
  var instanceCount = 0

  var cidr: CIDR { hosts.network }

  static let keys: [RowKey<Subnet>] =
    [
      .one("vpc-id", isFixed: true) { $0.vpcID }, .one("region", isFixed: true) { $0.region },
      .one("zone", isFixed: true) { $0.zone }, .one("route-table-id") { $0.routeTableID },
    ] + RowKey.tags(isFixed: false) { $0.tags }

  /// `isAside` when its route table is not the main one of its network.
  func inventoryLine(isDefault: Bool, isAside: Bool) -> InventoryLine {
    InventoryLine(
      "Subnet", id, name, isSystem: isSystem, tags: tags, zone, cidr.description, vpcID, isDefault ? "default" : nil,
      allowsBroadcast ? "broadcast" : nil, isAside ? routeTableID : nil)
  }
}

extension World {
  mutating func createSubnet(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let vpc = try vpc(try call.required("VpcId"), in: region, call)
    let zone = try zone(try call.required("Zone"), in: region, call)
    let cidr = try freeNetwork(try call.required("CidrBlock"), in: vpc, call)
    let subnet = Subnet(
      id: newID("subnet"), vpcID: vpc.id, zone: zone.name, region: region, name: try call.newName("SubnetName"),
      tags: call.tags(), isSystem: false, createdAt: now, hosts: AddressPool(cidr),
      routeTableID: vpc.routeTableID)
    subnets.insert(subnet)
    vpcs[vpc.id]?.subnetCount += 1
    // The description of the action says so; its example shows the opposite.
    defaultSubnets[zone.name] = subnet.id
    return ["Subnet": .record(answer(subnet))]
  }

  mutating func deleteSubnet(_ call: Call) throws(Refusal) -> Record {
    let subnet = try subnet(try call.required("SubnetId"), in: try call.requiredRegion(), call)
    guard !subnet.isSystem else {
      throw call.refusal(
        "FailedOperation.OperationNotAllow", because: "The subnet \(subnet.id) came with the account and stays.")
    }
    guard subnet.hosts.isEmpty else {
      throw call.refusal(
        "ResourceInUse", because: "The subnet \(subnet.id) still has instances, interfaces or virtual IPs.")
    }
    subnets.remove(subnet.id)
    vpcs[subnet.vpcID]?.subnetCount -= 1
    if defaultSubnets[subnet.zone] == subnet.id {
      defaultSubnets[subnet.zone] = subnets.all.first { $0.isSystem && $0.zone == subnet.zone }?.id
    }
    return [:]
  }

  func describeSubnets(_ call: Call) throws(Refusal) -> Record {
    let region = try call.region()
    let networks = vpcs
    let filters = FilterSet<Subnet>(
      fields: [
        .key("subnet-id", of: "id"), .fuzzy("subnet-name") { $0.name }, .fuzzy("cidr-block") { $0.cidr.description },
        .key("vpc-id"), .fuzzy("vpc-cidr-block") { networks[$0.vpcID]?.cidr.description ?? "" }, .key("region"),
        .key("zone"),
      ], tags: { $0.tags }, indexesTags: true)
    var terms = try call.terms(filters)
    if let region { terms.append(.key("region", region.name)) }
    if call.has("SubnetIds") { terms.append(.ids(call.texts("SubnetIds"))) }
    let page = try call.page(subnets, terms)
    return ["TotalCount": .int(page.total), "SubnetSet": .list(page.rows.map { .record(answer($0)) })]
  }

  mutating func modifySubnetAttribute(_ call: Call) throws(Refusal) -> Record {
    let subnet = try subnet(try call.required("SubnetId"), in: try call.requiredRegion(), call)
    if let text = call.text("EnableBroadcast"), !["true", "false"].contains(text.lowercased()) {
      throw call.refusal("InvalidParameterValue", because: "EnableBroadcast must be TRUE or FALSE, and is '\(text)'.")
    }
    if let name = call.text("SubnetName") { subnets[subnet.id]?.name = name }
    if call.has("EnableBroadcast") { subnets[subnet.id]?.allowsBroadcast = call.isTrue("EnableBroadcast") }
    if call.has("Tags") { subnets[subnet.id]?.tags = call.tags() }
    return [:]
  }

  func describeDefaultSubnet(_ call: Call) throws(Refusal) -> Record {
    let zone = try zone(try call.required("Zone"), in: try call.requiredRegion(), call)
    guard let subnet = defaultSubnet(zone.name) else { throw call.notFound("default subnet", zone.name) }
    return ["Subnet": .record(answer(subnet))]
  }

  mutating func modifyDefaultSubnet(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let zone = try zone(try call.required("Zone"), in: region, call)
    let vpc = try vpc(try call.required("VpcId"), in: region, call)
    let subnet = try subnet(try call.required("SubnetId"), in: region, call)
    guard subnet.vpcID == vpc.id, subnet.zone == zone.name else { throw call.notFound("subnet", subnet.id) }
    defaultSubnets[zone.name] = subnet.id
    return [:]
  }

  func subnet(_ id: String, in region: String, _ call: Call) throws(Refusal) -> Subnet {
    guard let subnet = subnets[id], subnet.region == region else { throw call.notFound("subnet", id) }
    return subnet
  }

  func defaultSubnet(_ zone: String) -> Subnet? { defaultSubnets[zone].flatMap { subnets[$0] } }

  private func zone(_ name: String, in region: String, _ call: Call) throws(Refusal) -> Geography.Zone {
    guard let zone = seeds.geography.zone(name), zone.region == region else {
      throw call.refusal(
        "InvalidParameterValue.InvalidZone", "InvalidParameterValue.Malformed", "InvalidParameterValue",
        because: "There is no zone '\(name)' in \(region).")
    }
    return zone
  }

  private func freeNetwork(_ text: String, in vpc: Vpc, _ call: Call) throws(Refusal) -> CIDR {
    guard let cidr = CIDR(text), vpc.cidr.contains(cidr), cidr.prefix <= 29 else {
      throw call.refusal(
        "InvalidParameterValue.SubnetRange", because: "\(text) is not a network up to /29 within \(vpc.cidr).")
    }
    if let other = subnets.rows("vpc-id", vpc.id).first(where: { $0.cidr.overlaps(cidr) }) {
      throw call.refusal(
        "InvalidParameterValue.SubnetConflict", because: "\(cidr) overlaps \(other.id), \(other.cidr).")
    }
    return cidr
  }

  private func answer(_ subnet: Subnet) -> Record {
    let vpc = vpcs[subnet.vpcID]
    return [
      "VpcId": .text(subnet.vpcID), "SubnetId": .text(subnet.id), "SubnetName": .text(subnet.name),
      "CidrBlock": .text(subnet.cidr.description), "IsDefault": .bool(defaultSubnets[subnet.zone] == subnet.id),
      "EnableBroadcast": .bool(subnet.allowsBroadcast), "RouteTableId": .text(subnet.routeTableID),
      "CreatedTime": .text(subnet.createdAt.plainText), "AvailableIpAddressCount": .int(subnet.hosts.available),
      "Ipv6CidrBlock": "", "NetworkAclId": "", "IsRemoteVpcSnat": false, "TagSet": subnet.tags.answer,
      "Zone": .text(subnet.zone), "ZoneName": .text(seeds.geography.zone(subnet.zone)?.displayName ?? subnet.zone),
      "InstanceCount": .int(subnet.instanceCount), "VpcCidrBlock": .text(vpc?.cidr.description ?? ""),
      "VpcIpv6CidrBlock": "", "Region": .text(subnet.region),
    ]
  }
}
