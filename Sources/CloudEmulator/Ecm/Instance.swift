import Values

enum InstanceState: String, Codable, Sendable {
  case pending = "PENDING"
  case launchFailed = "LAUNCH_FAILED"
  case running = "RUNNING"
  case stopped = "STOPPED"
  case starting = "STARTING"
  case stopping = "STOPPING"
  case rebooting = "REBOOTING"
  case shutdown = "SHUTDOWN"
  case terminating = "TERMINATING"

  /// On its way to another state.
  var isTransient: Bool {
    switch self {
    case .pending, .starting, .stopping, .rebooting, .terminating: true
    case .launchFailed, .running, .stopped, .shutdown: false
    }
  }
}

/// An instance with its primary interface.
struct Instance: Row {
  let id: String
  let uuid: String
  let region: String
  let zone: String
  let isp: String
  var name: String
  let moduleID: String?
  var imageID: String
  let instanceType: String
  let vpcID: String
  let subnetID: String
  let interfaceID: String
  /// Plugged in beside the primary one, or on their way.
  var secondaryInterfaceIDs: [String] = []
  let privateAddress: UInt32
  /// Its own; an elastic IP takes its place.
  var publicAddress: String?
  var addressID: String?
  var bandwidth: Int
  var bandwidthIn: Int
  let systemDisk: Disk
  let dataDisks: [Disk]
  var securityGroupIDs: [String]
  var keyIDs: [String]
  let chargeType: Int
  let tags: [Tag]
  let createdAt: Instant
  var state: InstanceState
  var latestOperation: String
  var latestOperationState: String

  var privateText: String { CIDR.text(of: privateAddress) }

  var inventoryLine: InventoryLine {
    InventoryLine(
      "Instance", id, name, tags: tags, state.rawValue, zone, isp, instanceType, imageID, moduleID, subnetID,
      privateText, "\(bandwidth) Mbps", securityGroupIDs.isEmpty ? nil : securityGroupIDs.joined(separator: " "),
      keyIDs.isEmpty ? nil : keyIDs.joined(separator: " "))
  }
}

extension World {
  func describeInstances(_ call: Call) throws(Refusal) -> Record {
    let terms = try call.terms(instanceFilters(call))
    let page = try call.page(instances, terms, newestFirst: call.int("OrderDirection") != 1)
    return ["TotalCount": .int(page.total), "InstanceSet": .list(page.rows.map { .record(answer($0)) })]
  }

  /// What other tables know is found there first, then the instances by it.
  private func instanceFilters(_ call: Call) -> FilterSet<Instance> {
    guard call.has("Filters") else { return FilterSet(fields: []) }
    let (modules, addresses, seeds) = (modules, addresses, seeds)
    let world: [FilterField<Instance>] = [
      .exact(
        "ip-address",
        of: { instance in
          let elastic = instance.addressID.flatMap { addresses[$0]?.ip }
          return [instance.privateText] + [instance.publicAddress, elastic].compactMap { $0 }
        }
      ).found { wanted in
        // Under no text at all stand those that have no public address.
        let ips = wanted.filter { !$0.isEmpty }
        let elastic = ips.flatMap { addresses.rows("address-ip", $0) }.map { ("address-id", $0.id) }
        return (ips.flatMap { [("private-ip", $0), ("public-ip", $0)] } + elastic).map {
          RowPlace(key: $0.0, texts: [$0.1], suffices: true)
        }
      },
      .fuzzy("module-name") { instance in instance.moduleID.flatMap { modules[$0]?.name } ?? "" }.found { names in
        let parts = names.map { $0.lowercased() }
        guard !parts.contains("") else { return nil }
        return modules.all.filter { module in parts.contains { module.name.lowercased().contains($0) } }
          .map { RowPlace(key: "module-id", texts: [$0.id], suffices: true) }
      },
      .fuzzy("zone-name") { seeds.geography.zone($0.zone)?.displayName ?? "" }.found { names in
        let parts = names.map { $0.lowercased() }
        return seeds.geography.regions.flatMap(\.zones)
          .filter { zone in parts.contains { zone.displayName.lowercased().contains($0) } }
          .map { RowPlace(key: "zone", texts: [$0.name], suffices: true) }
      },
      .exact("instance-family") { seeds.hardware.model($0.instanceType)?.family ?? "" }.found { families in
        seeds.hardware.models.filter { families.contains($0.family) }
          .map { RowPlace(key: "instance-type", texts: [$0.name], suffices: true) }
      },
    ]
    return FilterSet(fields: Instance.filters + world, tags: { $0.tags }, indexesTags: true)
  }

  /// The public side of an instance: its elastic IP, else its own address.
  func publicAddress(of instance: Instance) -> String? {
    instance.addressID.flatMap { addresses[$0] }.flatMap { $0.status == .bound ? $0.ip : nil } ?? instance.publicAddress
  }

  private func answer(_ instance: Instance) -> Record {
    let module = instance.moduleID.flatMap { modules[$0] }
    let primary = interfaces[instance.interfaceID]
    let created = Value.text(instance.createdAt.plainText)
    let simpleModule: Value? = module.map { ["ModuleId": .text($0.id), "ModuleName": .text($0.name)] }
    return [
      "InstanceId": .text(instance.id), "InstanceName": .text(instance.name),
      "InstanceState": .text(instance.state.rawValue),
      "Image": image(instance.imageID).map { .record(answer($0)) } ?? .null, "SimpleModule": simpleModule ?? .null,
      "Position": seeds.geography.zone(instance.zone).map { .record(seeds.geography.position($0)) } ?? .null,
      "Internet": internet(instance),
      "InstanceTypeConfig": seeds.hardware.model(instance.instanceType)?.answer ?? .null,
      "CreateTime": created, "TagSet": instance.tags.answer,
      "LatestOperation": .text(instance.latestOperation), "LatestOperationState": .text(instance.latestOperationState),
      "RestrictState": "NORMAL", "SystemDiskSize": .int(instance.systemDisk.size),
      "DataDiskSize": .int(instance.dataDisks.reduce(0) { $0 + $1.size }), "UUID": .text(instance.uuid),
      "PayMode": .int(instance.chargeType), "ExpireTime": created,
      "IsolatedTime": created, "RenewFlag": 0, "ExpireState": "NORMAL",
      "SystemDisk": instance.systemDisk.answer,
      "DataDisks": instance.dataDisks.isEmpty ? .null : .list(instance.dataDisks.map(\.answer)), "NewFlag": 0,
      "SecurityGroupIds": .list(instance.securityGroupIDs.map(Value.text)),
      "VirtualPrivateCloud": [
        "VpcId": .text(instance.vpcID), "SubnetId": .text(instance.subnetID), "AsVpcGateway": false,
        "PrivateIpAddresses": .list(primary?.addresses.map { .text($0.text) } ?? []),
        "Ipv6AddressCount": .int(primary?.ipv6.count ?? 0),
      ],
      "ISP": .text(instance.isp), "PhysicalPosition": .null,
    ]
  }

  private func internet(_ instance: Instance) -> Value {
    let privateSide: Value = ["PrivateIPAddress": .text(instance.privateText)]
    let publicSide: Value? = publicAddress(of: instance).map {
      [
        "ChargeMode": "BANDWIDTH_PACKAGE", "PublicIPAddress": .text($0), "ISP": Geography.carrier(instance.isp),
        "MaxBandwidthOut": .int(instance.bandwidth), "MaxBandwidthIn": .int(instance.bandwidthIn),
      ]
    }
    let first: Value = [
      "PublicIPAddressInfo": publicSide ?? .null, "PrivateIPAddressInfo": privateSide, "PublicIPv6AddressInfo": .null,
    ]
    let networks = interfaces(of: instance).map { interface -> Value in
      let infos = interface.addresses.map { address -> Value in
        address.isPrimary && interface.isPrimary ? first : info(address, instance)
      }
      return [
        "AddressInfoSet": .list(infos), "NetworkInterfaceId": .text(interface.id),
        "NetworkInterfaceName": .text(interface.name), "Primary": .bool(interface.isPrimary),
      ]
    }
    return [
      "PrivateIPAddressSet": [privateSide], "PublicIPAddressSet": publicSide.map { [$0] } ?? .null,
      "InstanceNetworkInfoSet": .list(networks),
    ]
  }

  /// The structure `AddressInfo` of an address other than the instance's own.
  private func info(_ address: PrivateAddress, _ instance: Instance) -> Value {
    let elastic = address.addressID.flatMap { addresses[$0] }
    let publicSide = elastic.map { elastic -> Value in
      [
        "ChargeMode": "BANDWIDTH_PACKAGE", "PublicIPAddress": .text(elastic.ip), "ISP": Geography.carrier(elastic.isp),
        "MaxBandwidthOut": .int(elastic.bandwidth), "MaxBandwidthIn": .int(elastic.bandwidth),
      ]
    }
    return [
      "PublicIPAddressInfo": publicSide ?? .null,
      "PrivateIPAddressInfo": ["PrivateIPAddress": .text(address.text)], "PublicIPv6AddressInfo": .null,
    ]
  }
}

extension Instance {
  static let keys: [RowKey<Instance>] =
    [
      .one("zone", isFixed: true) { $0.zone }, .one("module-id", isFixed: true) { $0.moduleID ?? "" },
      .one("module-zone", isFixed: true) { row in
        row.moduleID.map { Instance.place(module: $0, zone: row.zone) } ?? ""
      },
      .parts("instance-name") { $0.name }, .one("private-ip", isFixed: true) { $0.privateText },
      .one("public-ip") { $0.publicAddress ?? "" }, .one("address-id") { $0.addressID ?? "" },
      .one("instance-uuid", isFixed: true) { $0.uuid }, .one("instance-state") { $0.state.rawValue },
      .one("internet-service-provider", isFixed: true) { $0.isp },
      .one("instance-type", isFixed: true) { $0.instanceType }, .one("image-id") { $0.imageID },
      .one("vpc-id", isFixed: true) { $0.vpcID }, .one("subnet-id", isFixed: true) { $0.subnetID },
      .many("security-group-id") { $0.securityGroupIDs },
    ] + RowKey.tags(isFixed: true) { $0.tags }

  /// Under what the instances of a module in one zone stand.
  static func place(module: String, zone: String) -> String { "\(module) \(zone)" }

  fileprivate static let filters: [FilterField<Instance>] = [
    .key("zone"), .key("module-id"), .key("instance-id", of: "id"), .key("instance-uuid"), .key("instance-state"),
    .key("internet-service-provider"), .key("image-id"), .key("vpc-id"), .key("subnet-id"),
    .fuzzy("instance-name") { $0.name }.found(byPartsOf: "instance-name"),
  ]
}
