import Values

/// A server of the account that the cloud hosts. The books have no call that registers one, so two are there from the
/// beginning.
struct ChcHost: Row {
  enum State: String, Sendable {
    case registered = "REGISTERED"
    /// Its out-of-band network is set.
    case vpcReady = "VPC_READY"
    /// Its deployment network is set too.
    case prepared = "PREPARED"
    /// It runs an instance.
    case online = "ONLINE"
  }

  struct Network: Codable, Sendable, Equatable {
    let place: CvmPlace
    var securityGroupIDs: [String]

    var answer: Value { ["VpcId": .text(place.vpcID), "SubnetId": .text(place.subnetID)] }
  }

  let id: String
  let zone: String
  let serialNumber: String
  let createdAt: Instant
  var name: String
  var deviceType: String
  var management: Network?
  var deployment: Network?
  var instanceID: String?

  var state: State {
    if instanceID != nil { return .online }
    if management == nil { return .registered }
    return deployment == nil ? .vpcReady : .prepared
  }

  /// What may not be done now.
  var denied: [String] {
    ["ConfigureChcAssistVpc", "ConfigureChcDeployVpc", "RemoveChcAssistVpc", "RemoveChcDeployVpc", "RunInstances"]
      .filter { !allows($0) }
  }

  func allows(_ action: String) -> Bool {
    switch (action, state) {
    case ("ConfigureChcAssistVpc", .registered), ("ConfigureChcDeployVpc", .vpcReady): true
    case ("RemoveChcAssistVpc", .vpcReady), ("RemoveChcAssistVpc", .prepared): true
    case ("RemoveChcDeployVpc", .prepared), ("RunInstances", .prepared): true
    default: false
    }
  }

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine(
      "CvmChcHost", id, name, isSystem: true, zone, state.rawValue, deviceType,
      management.map { "management \($0.place.subnetID) \($0.securityGroupIDs.joined(separator: " "))" },
      deployment.map { "deployment \($0.place.subnetID) \($0.securityGroupIDs.joined(separator: " "))" }, instanceID)
  }

  static func seeds(_ region: CvmGeography.Region) -> [ChcHost] {
    guard let zone = region.zones.last(where: \.isAvailable) else { return [] }
    return ["one", "two"].map { number in
      let id = CvmID.seeded("chc", "\(region.name) \(number)")
      return ChcHost(
        id: id, zone: zone.name, serialNumber: "sn\(id.dropFirst(4))", createdAt: CvmGeography.opening,
        name: "server-\(number)",
        deviceType: "CHC_HS1")
    }
  }

  /// The structure `ChcHost`.
  fileprivate var answer: Record {
    [
      "ChcId": .text(id), "InstanceName": .text(name), "SerialNumber": .text(serialNumber),
      "InstanceState": .text(state.rawValue), "DeviceType": .text(deviceType), "Placement": ["Zone": .text(zone)],
      "BmcVirtualPrivateCloud": management?.answer ?? .null, "BmcIp": ip(management),
      "BmcSecurityGroupIds": management.map { .texts($0.securityGroupIDs) } ?? .null,
      "DeployVirtualPrivateCloud": deployment?.answer ?? .null, "DeployIp": ip(deployment),
      "DeploySecurityGroupIds": deployment.map { .texts($0.securityGroupIDs) } ?? .null,
      "CvmInstanceId": .text(orNull: instanceID), "CreatedTime": .text(createdAt.cvmText),
      "HardwareDescription": "50C 128G 12*4T", "CPU": 50, "Memory": 128, "Disk": "12*4T",
      "BmcMAC": "52:54:00:68:CC:01", "DeployMAC": "52:54:00:68:CC:00", "TenantType": "LEASE",
      "DeployExtraConfig": .null,
    ]
  }

  private func ip(_ network: Network?) -> Value { .text(orNull: network.map { CIDR.text(of: $0.place.address) }) }
}

extension World {
  private func chosenChcHosts(_ call: CvmCall) throws(Refusal) -> [ChcHost] {
    var chosen: [ChcHost] = []
    for id in try call.ids("ChcIds") {
      guard CvmID.isWellFormed(id, "chc") else {
        throw call.refusal(
          "InvalidParameterValue.IncorrectFormat", "InvalidParameterValue.ChcHostsNotFound",
          because: "'\(id)' is no id of a hosted server.")
      }
      guard let host = cvm[call.region].chcHosts[id] else {
        throw call.refusal("InvalidParameterValue.ChcHostsNotFound", because: "There is no hosted server '\(id)'.")
      }
      chosen.append(host)
    }
    return chosen
  }

  /// Refuses what the servers' states deny.
  private func allow(_ hosts: [ChcHost], _ call: CvmCall, exists code: String? = nil) throws(Refusal) {
    for host in hosts where !host.allows(call.action) {
      let codes = host.deployment == nil ? [] : [code].compactMap { $0 }
      throw call.refusal(
        anyOf: codes + ["InvalidHost.NotSupported"], "\(host.id) is \(host.state.rawValue).")
    }
  }

  func describeChcHosts(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("zone") { $0.zone }, .exact("instance-name") { $0.name },
        .exact("instance-state") { $0.state.rawValue }, .exact("device-type") { $0.deviceType },
        .exact("vpc-id", of: { [$0.management, $0.deployment].compactMap { $0?.place.vpcID } }),
        .exact("subnet-id", of: { [$0.management, $0.deployment].compactMap { $0?.place.subnetID } }),
      ] as [FilterField<ChcHost>])
    let rows = call.has("ChcIds") ? try chosenChcHosts(call) : Array(cvm[call.region].chcHosts.all)
    let page = try call.page(passes.map { rows.filter($0) } ?? rows)
    return ["TotalCount": .int(page.total), "ChcHostSet": .records(page.rows.map(\.answer))]
  }

  func describeChcDeniedActions(_ call: CvmCall) throws(Refusal) -> Record {
    [
      "ChcHostDeniedActionSet": .records(
        try chosenChcHosts(call).map {
          ["ChcId": .text($0.id), "State": .text($0.state.rawValue), "DenyActions": .texts($0.denied)]
        })
    ]
  }

  mutating func modifyChcAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    let hosts = try chosenChcHosts(call)
    let names = ["InstanceName", "DeviceType", "BmcUser", "Password", "BmcSecurityGroupIds"]
    guard names.contains(where: { call.has($0) }) else {
      throw call.refusal("InvalidParameterValue.NotEmpty", because: "Nothing is to be changed.")
    }
    if let user = call.text("BmcUser"), !CvmLogin.isUserName(user) {
      throw call.refusal(
        "InvalidParameterValue.IncorrectFormat", because: "BmcUser is of letters, digits, '_' and '-'.")
    }
    let groups = try cvmSecurityGroups(call.texts("BmcSecurityGroupIds"), call)
    for host in hosts where !groups.isEmpty && host.management == nil {
      throw call.refusal("InvalidParameterValue.ChcNetworkEmpty", because: "\(host.id) has no out-of-band network.")
    }
    for host in hosts {
      cvm[call.region].chcHosts[host.id]?.name = call.text("InstanceName") ?? host.name
      cvm[call.region].chcHosts[host.id]?.deviceType = call.text("DeviceType") ?? host.deviceType
      if !groups.isEmpty { cvm[call.region].chcHosts[host.id]?.management?.securityGroupIDs = groups }
    }
    return [:]
  }

  mutating func configureChcAssistVpc(_ call: CvmCall) throws(Refusal) -> Record {
    let hosts = try chosenChcHosts(call)
    try allow(hosts, call)
    let management = try plan(networks: "BmcVirtualPrivateCloud", "BmcSecurityGroupIds", hosts, [], call)
    let deployment =
      call.has("DeployVirtualPrivateCloud")
      ? try plan(networks: "DeployVirtualPrivateCloud", "DeploySecurityGroupIds", hosts, management, call) : []
    for (index, host) in hosts.enumerated() {
      take(management[index], call.region)
      cvm[call.region].chcHosts[host.id]?.management = management[index]
      guard !deployment.isEmpty else { continue }
      take(deployment[index], call.region)
      cvm[call.region].chcHosts[host.id]?.deployment = deployment[index]
    }
    return [:]
  }

  mutating func configureChcDeployVpc(_ call: CvmCall) throws(Refusal) -> Record {
    let hosts = try chosenChcHosts(call)
    try allow(hosts, call, exists: "InvalidParameterValue.DeployVpcAlreadyExists")
    let deployment = try plan(networks: "DeployVirtualPrivateCloud", "DeploySecurityGroupIds", hosts, [], call)
    for (index, host) in hosts.enumerated() {
      take(deployment[index], call.region)
      cvm[call.region].chcHosts[host.id]?.deployment = deployment[index]
    }
    return [:]
  }

  /// One network a server, with the named addresses or free ones; `others` are about to be taken.
  private func plan(
    networks name: String, _ groupsName: String, _ hosts: [ChcHost], _ others: [ChcHost.Network], _ call: CvmCall
  ) throws(Refusal) -> [ChcHost.Network] {
    let wanted = call.record(name) ?? Record()
    guard let zone = hosts.first?.zone else { return [] }
    var subnet = try cvmSubnet(wanted, in: zone, call)
    for other in others where other.place.subnetID == subnet.id { _ = subnet.hosts.take(other.place.address) }
    let named = try cvmAddresses(wanted, hosts.count, of: subnet, call)
    let groups = try cvmSecurityGroups(call.texts(groupsName), call)
    var networks: [ChcHost.Network] = []
    for index in hosts.indices {
      guard let address = named.isEmpty ? subnet.hosts.take() : named[index] else {
        throw call.refusal("InvalidParameterValue.LimitExceeded", because: "\(subnet.id) has no free address.")
      }
      let place = CvmPlace(vpcID: subnet.vpcID, subnetID: subnet.id, address: address)
      networks.append(ChcHost.Network(place: place, securityGroupIDs: groups))
    }
    return networks
  }

  private mutating func take(_ network: ChcHost.Network, _ region: String) {
    _ = cvm[region].subnets[network.place.subnetID]?.hosts.take(network.place.address)
  }

  private mutating func release(_ network: ChcHost.Network?, _ region: String) {
    guard let place = network?.place else { return }
    cvm[region].subnets[place.subnetID]?.hosts.release(place.address)
  }

  /// Clears both networks.
  mutating func removeChcAssistVpc(_ call: CvmCall) throws(Refusal) -> Record {
    let hosts = try chosenChcHosts(call)
    try allow(hosts, call)
    for host in hosts {
      release(host.management, call.region)
      release(host.deployment, call.region)
      cvm[call.region].chcHosts[host.id]?.management = nil
      cvm[call.region].chcHosts[host.id]?.deployment = nil
    }
    return [:]
  }

  mutating func removeChcDeployVpc(_ call: CvmCall) throws(Refusal) -> Record {
    let hosts = try chosenChcHosts(call)
    try allow(hosts, call)
    for host in hosts {
      release(host.deployment, call.region)
      cvm[call.region].chcHosts[host.id]?.deployment = nil
    }
    return [:]
  }

  /// The servers that RunInstances is to install: as many as instances, all PREPARED.
  func chcHosts(_ call: CvmCall, _ count: Int) throws(Refusal) -> [String] {
    guard call.has("ChcIds") else { return [] }
    let hosts = try chosenChcHosts(call)
    guard hosts.count == count else {
      throw call.refusal("InvalidParameterValue", because: "There are \(hosts.count) servers for \(count) instances.")
    }
    for host in hosts where host.state != .prepared {
      throw call.refusal(
        "OperationDenied.ChcInstallCloudImageWithoutDeployNetwork", because: "\(host.id) is \(host.state.rawValue).")
    }
    return hosts.map(\.id)
  }
}
