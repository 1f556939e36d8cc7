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
    let passes = try call.filter(instanceFilters, tags: { $0.tags })
    let rows: [Instance]
    if let ids = try call.filteredIDs("instance-id") {
      rows = ids.compactMap { instances[$0] }.filter(passes)
    } else if call.int("OrderDirection") == 1 {
      rows = instances.all.filter(passes)
    } else {
      rows = instances.all.reversed().filter(passes)
    }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "InstanceSet": .list(page.rows.map { .record(answer($0)) })]
  }

  private var instanceFilters: [FilterField<Instance>] {
    let (modules, addresses) = (modules, addresses)
    return [
      .exact("zone") { $0.zone }, .fuzzy("zone-name") { Geography.zone($0.zone)?.displayName ?? "" },
      .exact("module-id") { $0.moduleID ?? "" }, .exact("instance-id") { $0.id }, .fuzzy("instance-name") { $0.name },
      .exact(
        "ip-address",
        of: { instance in
          let elastic = instance.addressID.flatMap { addresses[$0]?.ip }
          return [instance.privateText] + [instance.publicAddress, elastic].compactMap { $0 }
        }),
      .exact("instance-uuid") { $0.uuid }, .exact("instance-state") { $0.state.rawValue },
      .exact("internet-service-provider") { $0.isp },
      .exact("instance-family") { Hardware.model($0.instanceType)?.family ?? "" },
      .fuzzy("module-name") { instance in instance.moduleID.flatMap { modules[$0]?.name } ?? "" },
      .exact("image-id") { $0.imageID }, .exact("vpc-id") { $0.vpcID }, .exact("subnet-id") { $0.subnetID },
    ]
  }

  /// The public side of an instance: its elastic IP, else its own address.
  func publicAddress(of instance: Instance) -> String? {
    instance.addressID.flatMap { addresses[$0] }.flatMap { $0.status == .bound ? $0.ip : nil } ?? instance.publicAddress
  }

  private func answer(_ instance: Instance) -> Record {
    let module = instance.moduleID.flatMap { modules[$0] }
    let primary = interfaces[instance.interfaceID]
    let simpleModule: Value? = module.map { ["ModuleId": .text($0.id), "ModuleName": .text($0.name)] }
    return [
      "InstanceId": .text(instance.id), "InstanceName": .text(instance.name),
      "InstanceState": .text(instance.state.rawValue),
      "Image": image(instance.imageID).map { .record(answer($0)) } ?? .null, "SimpleModule": simpleModule ?? .null,
      "Position": Geography.zone(instance.zone).map { .record(Geography.position($0)) } ?? .null,
      "Internet": internet(instance), "InstanceTypeConfig": Hardware.model(instance.instanceType)?.answer ?? .null,
      "CreateTime": .text(instance.createdAt.plainText), "TagSet": instance.tags.answer,
      "LatestOperation": .text(instance.latestOperation), "LatestOperationState": .text(instance.latestOperationState),
      "RestrictState": "NORMAL", "SystemDiskSize": .int(instance.systemDisk.size),
      "DataDiskSize": .int(instance.dataDisks.reduce(0) { $0 + $1.size }), "UUID": .text(instance.uuid),
      "PayMode": .int(instance.chargeType), "ExpireTime": .text(instance.createdAt.plainText),
      "IsolatedTime": .text(instance.createdAt.plainText), "RenewFlag": 0, "ExpireState": "NORMAL",
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
