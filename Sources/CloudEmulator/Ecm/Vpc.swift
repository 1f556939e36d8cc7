import Values

/// A private network.
struct Vpc: Row {
  let id: String
  let region: String
  var name: String
  let cidr: CIDR
  var about: String
  var tags: [Tag]
  /// Whether the account came with it.
  let isSystem: Bool
  let createdAt: Instant
  let routeTableID: String
  var subnetCount = 0
  var instanceCount = 0

  var inventoryLine: InventoryLine {
    InventoryLine(
      "Vpc", id, name, isSystem: isSystem, tags: tags, region, cidr.description,
      about.isEmpty ? nil : about)
  }

  func answer(_ geography: Geography) -> Record {
    [
      "VpcName": .text(name), "VpcId": .text(id), "CidrBlock": .text(cidr.description), "IsDefault": .bool(isSystem),
      "EnableMulticast": false, "CreatedTime": .text(createdAt.plainText), "DnsServerSet": [], "DomainName": "",
      "DhcpOptionsId": "", "EnableDhcp": true, "Ipv6CidrBlock": "", "TagSet": tags.answer, "AssistantCidrSet": .null,
      "Region": .text(region), "Description": .text(about),
      "RegionName": .text(geography.region(region)?.displayName ?? region), "SubnetCount": .int(subnetCount),
      "InstanceCount": .int(instanceCount),
    ]
  }

  static let filters: [FilterField<Vpc>] = [
    .fuzzy("vpc-name") { $0.name }, .exact("vpc-id") { $0.id }, .fuzzy("cidr-block") { $0.cidr.description },
    .exact("region") { $0.region },
  ]
}

extension Call {
  /// The region that `EcmRegion` names; nil when it is not given.
  func region() throws(Refusal) -> Geography.Region? {
    guard let name = text("EcmRegion") else { return nil }
    guard let region = seeds.geography.region(name) else {
      throw refusal(
        "InvalidParameterValue.InvalidRegion", "InvalidParameterValue.InvalidEcmRegion",
        "InvalidParameter.RegionNotFound", "InvalidParameterValue", because: "There is no region '\(name)'.")
    }
    return region
  }

  /// The name of a region that the page requires.
  func requiredRegion() throws(Refusal) -> String {
    guard let region = try region() else { throw Refusal("MissingParameter", "The parameter EcmRegion is missing.") }
    return region.name
  }

  func notFound(_ kind: String, _ id: String) -> Refusal {
    refusal("ResourceNotFound", because: "There is no \(kind) '\(id)' here.")
  }
}

extension World {
  /// The ranges in which a network may lie.
  private static let privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].compactMap { CIDR($0) }

  mutating func createVpc(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let text = try call.required("CidrBlock")
    guard let cidr = CIDR(text), (16...28).contains(cidr.prefix),
      World.privateRanges.contains(where: { $0.contains(cidr) })
    else {
      throw call.refusal(
        "InvalidParameterValue.Malformed", "InvalidParameterValue",
        because: "\(text) is not a network of /16 to /28 within 10.*.0.0/16, 172.[16-31].0.0/16 or 192.168.0.0/16.")
    }
    let vpc = Vpc(
      id: newID("vpc"), region: region, name: try call.newName("VpcName"), cidr: cidr,
      about: call.text("Description") ?? "", tags: call.tags(), isSystem: false, createdAt: now,
      routeTableID: newID("rtb"))
    vpcs.insert(vpc)
    addMainRouteTable(of: vpc)
    return ["Vpc": .record(vpc.answer(seeds.geography))]
  }

  mutating func deleteVpc(_ call: Call) throws(Refusal) -> Record {
    let vpc = try vpc(try call.required("VpcId"), in: try call.requiredRegion(), call)
    guard vpc.subnetCount == 0, vpc.instanceCount == 0, !vpc.isSystem,
      !balancers.all.contains(where: { $0.vpcID == vpc.id }),
      !routeTables.all.contains(where: { $0.vpcID == vpc.id && !$0.isMain })
    else {
      throw call.refusal(
        "ResourceInUse",
        because: "The network \(vpc.id) still has subnets, route tables of its own, instances or load balancers.")
    }
    vpcs.remove(vpc.id)
    routeTables.remove(vpc.routeTableID)
    return [:]
  }

  mutating func modifyVpcAttribute(_ call: Call) throws(Refusal) -> Record {
    let vpc = try vpc(try call.required("VpcId"), in: try call.requiredRegion(), call)
    if let name = call.text("VpcName") { vpcs[vpc.id]?.name = name }
    if let about = call.text("Description") { vpcs[vpc.id]?.about = about }
    if call.has("Tags") { vpcs[vpc.id]?.tags = call.tags() }
    return [:]
  }

  func describeVpcs(_ call: Call) throws(Refusal) -> Record {
    let region = try call.region()
    var terms = try call.terms(FilterSet(fields: Vpc.filters, tags: { $0.tags }))
    if let region { terms.append(RowTerm(places: nil) { $0.region == region.name }) }
    if call.has("VpcIds") { terms.append(.ids(call.texts("VpcIds"))) }
    let page = try call.page(vpcs, terms)
    return ["TotalCount": .int(page.total), "VpcSet": .list(page.rows.map { .record($0.answer(seeds.geography)) })]
  }

  func vpc(_ id: String, in region: String, _ call: Call) throws(Refusal) -> Vpc {
    guard let vpc = vpcs[id], vpc.region == region else { throw call.notFound("network", id) }
    return vpc
  }

  /// What every account has in a region from the start.
  mutating func addSystemNetwork(_ region: Geography.Region) {
    guard let cidr = CIDR("172.16.0.0/16") else { return }
    let vpc = Vpc(
      id: newID("vpc"), region: region.name, name: "Default-VPC", cidr: cidr, about: "", tags: [], isSystem: true,
      createdAt: now, routeTableID: newID("rtb"), subnetCount: region.zones.count)
    vpcs.insert(vpc)
    addMainRouteTable(of: vpc)
    for (index, zone) in region.zones.enumerated() {
      guard let network = cidr.subnet(index, prefix: 20) else { continue }
      let subnet = Subnet(
        id: newID("subnet"), vpcID: vpc.id, zone: zone.name, region: region.name, name: "Default-Subnet", tags: [],
        isSystem: true, createdAt: now, hosts: AddressPool(network), routeTableID: vpc.routeTableID)
      subnets.insert(subnet)
      defaultSubnets[zone.name] = subnet.id
    }
  }
}
