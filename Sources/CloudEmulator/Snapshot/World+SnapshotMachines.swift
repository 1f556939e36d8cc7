import Values

/// Instances and what hangs on them, out of a snapshot's rows.
extension World {
  mutating func takeInstances(_ snapshot: AccountSnapshot) {
    let interfaces = snapshot.rows("DescribeNetworkInterfaces")
    let elastic = snapshot.rows("DescribeAddresses")
    // The newest come first in the answer.
    for row in snapshot.rows("DescribeInstances").reversed() {
      guard let id = row.id("InstanceId"), let state = World.settled(row.text("InstanceState")) else { continue }
      let own = interfaces.filter { $0.text("Attachment.InstanceId") == id }
      let primary = own.first { $0.flag("Primary") }
      let local = row.rows("Internet.PrivateIPAddressSet").first?.address("PrivateIPAddress") ?? 0
      let localText = CIDR.text(of: local)
      let address = elastic.first { $0.text("InstanceId") == id && $0.text("PrivateAddressIp") == localText }
      let network = row.rows("Internet.PublicIPAddressSet").first
      let zone = row.text("Position.ZoneInfo.Zone")
      instances.insert(
        Instance(
          id: id, uuid: row.text("UUID"), region: seeds.geography.zone(zone)?.region ?? "", zone: zone,
          isp: row.text("ISP"),
          name: row.text("InstanceName"), moduleID: row.id("SimpleModule.ModuleId"), imageID: row.text("Image.ImageId"),
          instanceType: row.text("InstanceTypeConfig.InstanceType"), vpcID: row.text("VirtualPrivateCloud.VpcId"),
          subnetID: row.text("VirtualPrivateCloud.SubnetId"),
          interfaceID: primary?.text("NetworkInterfaceId") ?? newID("eni"),
          secondaryInterfaceIDs: own.filter { !$0.flag("Primary") }.map { $0.text("NetworkInterfaceId") },
          privateAddress: local, publicAddress: address == nil ? network?.id("PublicIPAddress") : nil,
          addressID: address?.id("AddressId"), bandwidth: network?.int("MaxBandwidthOut") ?? 0,
          bandwidthIn: network?.int("MaxBandwidthIn") ?? 0, systemDisk: World.disk(row, "SystemDisk"),
          dataDisks: row.rows("DataDisks").map(World.disk), securityGroupIDs: row.texts("SecurityGroupIds"), keyIDs: [],
          chargeType: row.int("PayMode") ?? 0, tags: row.tags("TagSet"),
          createdAt: row.instant("CreateTime", else: now), state: state,
          latestOperation: row.text("LatestOperation"), latestOperationState: "SUCCESS"))
    }
  }

  /// Where a state that does not stay leads; nil for what goes.
  private static func settled(_ text: String) -> InstanceState? {
    switch InstanceState(rawValue: text) {
    case .pending, .starting, .rebooting, .running: .running
    case .stopping, .stopped: .stopped
    case .launchFailed: .launchFailed
    case .shutdown: .shutdown
    case .terminating, nil: nil
    }
  }

  mutating func takeInterfaces(_ snapshot: AccountSnapshot) {
    for row in snapshot.rows("DescribeNetworkInterfaces") {
      guard let id = row.id("NetworkInterfaceId"), let subnet = subnets[row.text("SubnetId")] else { continue }
      let isPrimary = row.flag("Primary")
      let owner = row.id("Attachment.InstanceId").flatMap { instances[$0] }
      let addresses = row.rows("PrivateIpAddressSet").compactMap { address -> PrivateAddress? in
        guard let number = address.address("PrivateIpAddress") else { return nil }
        let isOwn = isPrimary && address.flag("Primary")
        return PrivateAddress(
          number: number, isPrimary: address.flag("Primary"), about: address.text("Description"), state: .available,
          addressID: isOwn ? nil : address.id("AddressId"))
      }
      var interface = NetworkInterface(
        id: id, region: subnet.region, zone: subnet.zone, vpcID: subnet.vpcID, subnetID: subnet.id,
        name: row.text("NetworkInterfaceName"), about: row.text("NetworkInterfaceDescription"), isPrimary: isPrimary,
        securityGroupIDs: isPrimary ? [] : row.texts("GroupSet"), tags: row.tags("TagSet"),
        createdAt: row.instant("CreatedTime", else: now), state: .available, addresses: addresses)
      interface.ipv6 = row.rows("Ipv6AddressSet").map {
        .init(address: $0.text("Address"), about: $0.text("Description"), state: .available)
      }
      interface.attachment = owner.map {
        .init(
          instanceID: $0.id, deviceIndex: row.int("Attachment.DeviceIndex") ?? 0,
          attachedAt: row.instant("Attachment.AttachTime", else: now))
      }
      interfaces.insert(interface)
      for address in addresses { _ = subnets[subnet.id]?.hosts.take(address.number) }
    }
    for instance in instances.all where interfaces[instance.interfaceID] == nil {
      addPrimaryInterface(of: instance)
      _ = subnets[instance.subnetID]?.hosts.take(instance.privateAddress)
    }
  }

  mutating func takeAddresses(_ snapshot: AccountSnapshot) {
    for answer in snapshot.answers where answer.action == "ecm.DescribeAddresses" {
      for row in answer.rows.compactMap(SnapshotRow.init) { takeAddress(row, in: answer.of ?? "") }
    }
  }

  private mutating func takeAddress(_ row: SnapshotRow, in region: String) {
    guard let id = row.id("AddressId"), let status = World.settledAddress(row.text("AddressStatus")) else { return }
    var address = Address(
      id: id, region: region, ip: row.text("AddressIp"), isp: row.text("InternetServiceProvider"),
      bandwidth: row.int("Bandwidth") ?? 0, tags: row.tags("TagSet"), createdAt: row.instant("CreatedTime", else: now),
      status: status)
    address.name = row.text("AddressName")
    address.isDirect = row.flag("IsEipDirectConnection")
    if status.isBound {
      let owner = row.id("InstanceId").flatMap { instances[$0] }
      if let owner, owner.addressID == id {
        address.instanceID = owner.id
      } else if let interface = row.id("NetworkInterfaceId"), let number = row.address("PrivateAddressIp") {
        address.slot = AddressSlot(interfaceID: interface, number: number)
      }
    }
    addresses.insert(address)
  }

  private static func settledAddress(_ text: String) -> AddressStatus? {
    switch AddressStatus(rawValue: text) {
    case .creating, .unbound, .unbinding: .unbound
    case .binding, .bound: .bound
    case .boundToInterface: .boundToInterface
    case .offlining, nil: nil
    }
  }

  mutating func takeHaVips(_ snapshot: AccountSnapshot) {
    for row in snapshot.rows("DescribeHaVips") {
      guard let id = row.id("HaVipId"), let number = row.address("Vip"), let subnet = subnets[row.text("SubnetId")]
      else { continue }
      haVips.insert(
        HaVip(
          id: id, region: subnet.region, name: row.text("HaVipName"), number: number, vpcID: subnet.vpcID,
          subnetID: subnet.id, createdAt: row.instant("CreatedTime", else: now),
          holderID: row.id("NetworkInterfaceId")))
      _ = subnets[subnet.id]?.hosts.take(number)
    }
  }

  mutating func takeBalancers(_ snapshot: AccountSnapshot) {
    for row in snapshot.rows("DescribeLoadBalancers") {
      guard let id = row.id("LoadBalancerId") else { continue }
      let targets = snapshot.rows("DescribeTargets", of: id)
      var balancer = LoadBalancer(
        id: id, region: row.text("Region"), name: row.text("LoadBalancerName"), vpcID: row.text("VpcId"),
        isp: row.text("VipIsp"), ip: row.texts("LoadBalancerVips").first ?? "",
        isIPv6: row.id("AddressIPv6") != nil, bandwidth: row.int("NetworkAttributes.InternetMaxBandwidthOut") ?? 0,
        securityGroupIDs: row.texts("SecureGroups"), tags: row.tags("Tags"),
        createdAt: row.instant("CreateTime", else: now), runningSince: row.instant("StatusTime", else: now))
      balancer.isRunning = true
      balancer.passesToTarget = row.flag("LoadBalancerPassToTarget")
      balancer.listeners = snapshot.rows("DescribeListeners", of: id).map { listener in
        let own = targets.first { $0.text("ListenerId") == listener.text("ListenerId") }
        return self.listener(listener, targets: own?.rows("Targets") ?? [])
      }
      balancers.insert(balancer)
    }
  }

  private func listener(_ row: SnapshotRow, targets: [SnapshotRow]) -> Listener {
    var listener = Listener(
      id: row.text("ListenerId"), name: row.text("ListenerName"), transport: row.text("Protocol"),
      port: row.int("Port") ?? 0, endPort: row.int("EndPort"), scheduler: row.text("Scheduler", else: "WRR"),
      sessionExpireTime: row.int("SessionExpireTime") ?? 0, sessionType: row.text("SessionType", else: "NORMAL"),
      healthCheck: HealthCheck(ValuePath("HealthCheck").value(in: row.value)?.asRecord ?? Record()),
      createdAt: row.instant("CreateTime", else: now))
    listener.targets = targets.compactMap { target -> Target? in
      guard let id = target.id("InstanceId") else { return nil }
      let ip = target.texts("PrivateIpAddresses").first
      let other = ip == instances[id]?.privateText ? nil : ip
      return Target(
        Backend(instanceID: id, address: other), port: target.int("Port") ?? 0, weight: target.int("Weight") ?? 10,
        registeredAt: target.instant("RegisteredTime", else: now))
    }
    return listener
  }
}
