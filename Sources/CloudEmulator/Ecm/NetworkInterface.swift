import Values

enum InterfaceState: String, Codable, Sendable {
  case pending = "PENDING"
  case available = "AVAILABLE"
  case attaching = "ATTACHING"
  case detaching = "DETACHING"
  case deleting = "DELETING"
}

/// An elastic network interface. Every instance has a primary one, which comes and goes with it and shares its groups.
struct NetworkInterface: Row {
  let id: String
  let region: String
  let zone: String
  let vpcID: String
  let subnetID: String
  let name: String
  let about: String
  let isPrimary: Bool
  let securityGroupIDs: [String]
  let tags: [Tag]
  let createdAt: Instant
  var state: InterfaceState
  /// The primary one first.
  var addresses: [PrivateAddress]
  var ipv6: [Ipv6] = []
  /// Set from the moment at which the attaching begins until the detaching has ended.
  var attachment: Attachment?

  struct Attachment: Codable, Sendable, Equatable {
    let instanceID: String
    let deviceIndex: Int
    let attachedAt: Instant
  }

  struct Ipv6: Codable, Sendable, Equatable {
    let address: String
    var about: String
    var state: PrivateAddress.State

    var answer: Value {
      [
        "Address": .text(address), "Primary": false, "AddressId": "", "Description": .text(about),
        "IsWanIpBlocked": false, "State": .text(state.rawValue),
      ]
    }
  }

  static let keys: [RowKey<NetworkInterface>] =
    [
      .one("region", isFixed: true) { $0.region }, .one("vpc-id", isFixed: true) { $0.vpcID },
      .one("subnet-id", isFixed: true) { $0.subnetID },
      .one("attachment.instance-id") { $0.attachment?.instanceID ?? "" },
      // A primary one has those of its instance.
      .many("own-security-group-id", isFixed: true) { $0.isPrimary ? [] : $0.securityGroupIDs },
      .many("address-ip") { $0.addresses.map(\.text) + $0.ipv6.map(\.address) },
      .one("is-primary", isFixed: true) { $0.isPrimary ? "true" : "false" },
    ] + RowKey.tags(isFixed: true) { $0.tags }

  /// A primary interface is part of its instance's line; what was added to it has lines of its own.
  var inventoryLines: [InventoryLine] {
    let own = InventoryLine(
      "NetworkInterface", id, name, tags: tags, state.rawValue, subnetID, addresses.first?.text,
      attachment.map { "on \($0.instanceID)" },
      securityGroupIDs.isEmpty ? nil : securityGroupIDs.joined(separator: " "),
      about.isEmpty ? nil : about)
    let secondary = addresses.filter { !$0.isPrimary || !$0.about.isEmpty }.map { address in
      InventoryLine(
        "PrivateIpAddress", "\(id)/\(address.text)", "", address.state.rawValue,
        address.about.isEmpty ? nil : address.about)
    }
    let sixes = ipv6.map { six in
      InventoryLine("Ipv6Address", "\(id)/\(six.address)", "", six.state.rawValue, six.about.isEmpty ? nil : six.about)
    }
    return (isPrimary ? [] : [own]) + secondary + sixes
  }

  /// Like those of the books' examples, and the same for the same id.
  var macAddress: String {
    let mixed = SplitMix64.mix(0, id)
    let pairs = (0..<3).map { index -> String in
      let text = String(mixed >> UInt64(8 * index) & 0xFF, radix: 16, uppercase: true)
      return text.count == 1 ? "0\(text)" : text
    }
    return "20:90:6F:\(pairs.joined(separator: ":"))"
  }
}

struct PrivateAddress: Codable, Sendable, Equatable {
  enum State: String, Codable, Sendable {
    case pending = "PENDING"
    case migrating = "MIGRATING"
    case deleting = "DELETING"
    case available = "AVAILABLE"
  }

  let number: UInt32
  let isPrimary: Bool
  var about: String
  var state: State
  /// The elastic IP that is bound to it, or on its way; for the primary address of a primary interface, its instance
  /// knows.
  var addressID: String?

  var text: String { CIDR.text(of: number) }
}

extension World {
  mutating func createNetworkInterface(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let vpc = try vpc(try call.required("VpcId"), in: region, call)
    let subnet = try subnet(try call.required("SubnetId"), in: region, call)
    guard subnet.vpcID == vpc.id else { throw call.notFound("subnet", subnet.id) }
    let groups = try checkedGroups(call.ids("SecurityGroupIds"), call)
    let plan = try plannedAddresses(call, "PrivateIpAddresses", in: subnet, withPrimary: true)
    guard plan.count <= Limits.addressesPerInterface else {
      throw call.refusal(
        "LimitExceeded", because: "An interface has at most \(Limits.addressesPerInterface) private addresses.")
    }
    for address in plan { take(address.number, in: subnet.id) }
    let interface = NetworkInterface(
      id: newID("eni"), region: region, zone: subnet.zone, vpcID: vpc.id, subnetID: subnet.id,
      name: try call.newName("NetworkInterfaceName"), about: call.text("NetworkInterfaceDescription") ?? "",
      isPrimary: false, securityGroupIDs: groups, tags: call.tags(), createdAt: now, state: .pending, addresses: plan)
    interfaces.insert(interface)
    planInterface(interface.id, from: .pending, call.failsLater ? .goes : .settles(attachment: nil))
    return ["NetworkInterface": .record(answer(interface))]
  }

  mutating func deleteNetworkInterface(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    try requireSecondary(interface, call)
    let isBound = interface.addresses.contains { $0.addressID != nil }
    guard interface.attachment == nil, interface.state == .available, !isBound else {
      throw call.refusal(
        "ResourceInUse", because: "\(interface.id) is attached, bound to an elastic IP, or \(interface.state.rawValue)."
      )
    }
    interfaces[interface.id]?.state = .deleting
    planInterface(interface.id, from: .deleting, call.failsLater ? .settles(attachment: nil) : .goes)
    return [:]
  }

  func describeNetworkInterfaces(_ call: Call) throws(Refusal) -> Record {
    let region = try call.region()
    var terms = try call.terms(interfaceFilters(call))
    if call.has("NetworkInterfaceIds") { terms = [.ids(call.texts("NetworkInterfaceIds"))] }
    if let region { terms.append(.key("region", region.name)) }
    let page = try call.page(interfaces, terms)
    return ["TotalCount": .int(page.total), "NetworkInterfaceSet": .list(page.rows.map { .record(answer($0)) })]
  }

  private func interfaceFilters(_ call: Call) -> FilterSet<NetworkInterface> {
    guard call.has("Filters") else { return FilterSet(fields: []) }
    let instances = instances
    return FilterSet(
      fields: [
        .key("vpc-id"), .key("subnet-id"), .key("network-interface-id", of: "id"), .key("attachment.instance-id"),
        .exact(
          "groups.security-group-id",
          of: { interface in
            guard interface.isPrimary else { return interface.securityGroupIDs }
            return interface.attachment.flatMap { instances[$0.instanceID] }?.securityGroupIDs ?? []
          }
        ).found { groups in
          let primary = groups.flatMap { instances.rows("security-group-id", $0) }.map { ("id", $0.interfaceID) }
          return (primary + groups.map { ("own-security-group-id", $0) }).map {
            RowPlace(key: $0.0, texts: [$0.1], suffices: true)
          }
        },
        .fuzzy("network-interface-name") { $0.name }, .fuzzy("network-interface-description") { $0.about },
        .key("address-ip"), .key("is-primary"),
      ], tags: { $0.tags }, indexesTags: true)
  }

  func interface(_ call: Call, _ parameter: String = "NetworkInterfaceId") throws(Refusal) -> NetworkInterface {
    let region = try call.requiredRegion()
    let id = try call.required(parameter)
    guard let interface = interfaces[id], interface.region == region else { throw call.notFound("interface", id) }
    return interface
  }

  func requireSecondary(_ interface: NetworkInterface, _ call: Call) throws(Refusal) {
    guard !interface.isPrimary else {
      throw call.refusal(
        "UnsupportedOperation", "InvalidParameterValue",
        because: "\(interface.id) is the primary interface of its instance.")
    }
  }

  /// The structure `NetworkInterface`.
  func answer(_ interface: NetworkInterface) -> Record {
    let owner = interface.attachment.flatMap { instances[$0.instanceID] }
    let groups = interface.isPrimary ? owner?.securityGroupIDs ?? [] : interface.securityGroupIDs
    let attachment = interface.attachment.map { attachment -> Value in
      [
        "InstanceId": .text(attachment.instanceID), "DeviceIndex": .int(attachment.deviceIndex),
        "InstanceAccountId": .text(account), "AttachTime": .text(attachment.attachedAt.plainText),
      ]
    }
    return [
      "NetworkInterfaceId": .text(interface.id), "NetworkInterfaceName": .text(interface.name),
      "NetworkInterfaceDescription": .text(interface.about), "SubnetId": .text(interface.subnetID),
      "VpcId": .text(interface.vpcID), "GroupSet": .list(groups.map(Value.text)),
      "Primary": .bool(interface.isPrimary), "MacAddress": .text(interface.macAddress),
      "State": .text(interface.state.rawValue),
      "PrivateIpAddressSet": .list(interface.addresses.map { answer($0, of: interface) }),
      "Attachment": attachment ?? .null, "Zone": .text(interface.zone),
      "CreatedTime": .text(interface.createdAt.plainText), "Ipv6AddressSet": .list(interface.ipv6.map(\.answer)),
      "TagSet": .list(interface.tags.map(\.pair)), "EniType": 0, "EcmRegion": .text(interface.region), "Business": "",
    ]
  }

  /// The structure `PrivateIpAddressSpecification`.
  func answer(_ address: PrivateAddress, of interface: NetworkInterface) -> Value {
    let owner = interface.isPrimary ? interface.attachment.flatMap { instances[$0.instanceID] } : nil
    let elastic = address.isPrimary && interface.isPrimary ? owner?.addressID : address.addressID
    let ip = elastic.flatMap { addresses[$0]?.ip } ?? (address.isPrimary ? owner?.publicAddress : nil)
    return [
      "PrivateIpAddress": .text(address.text), "Primary": .bool(address.isPrimary), "PublicIpAddress": .text(ip ?? ""),
      "AddressId": .text(elastic ?? ""), "Description": .text(address.about), "IsWanIpBlocked": false,
      "State": .text(address.state.rawValue),
    ]
  }

  /// The interface that an instance is made with.
  mutating func addPrimaryInterface(of instance: Instance) {
    let address = PrivateAddress(number: instance.privateAddress, isPrimary: true, about: "", state: .available)
    let attachment = NetworkInterface.Attachment(instanceID: instance.id, deviceIndex: 0, attachedAt: now)
    interfaces.insert(
      NetworkInterface(
        id: instance.interfaceID, region: instance.region, zone: instance.zone, vpcID: instance.vpcID,
        subnetID: instance.subnetID, name: "\(instance.id) Primary ENI", about: "", isPrimary: true,
        securityGroupIDs: [], tags: [], createdAt: now, state: .available, addresses: [address], attachment: attachment)
    )
  }
}
