import Values

extension EmulatedCloud {
  /// The world of an account at the time of its snapshot. Work that was under way there counts as done. Throws what the
  /// emulator cannot have.
  package init(
    _ snapshot: AccountSnapshot, account: String, seed: UInt64, speed: Double
  ) throws(WorldFile.Problem) {
    let file = try WorldFile(decoding: snapshot.worldFile)
    let configuration = Configuration(
      seed: seed, speed: speed, startedAt: snapshot.takenAt, eipQuota: snapshot.eipQuota, world: file)
    let world = World(snapshot, account: account, configuration: configuration)
    self.init(configuration: configuration, now: snapshot.takenAt, worlds: [world])
  }
}

extension AccountSnapshot {
  /// The least of what the regions allow; 100 when none was asked.
  fileprivate var eipQuota: Int {
    rows("DescribeAddressQuota").filter { $0.text("QuotaId") == "TOTAL_EIP_QUOTA" }.compactMap { $0.int("QuotaLimit") }
      .min() ?? 100
  }
}

extension World {
  fileprivate init(_ snapshot: AccountSnapshot, account: String, configuration: Configuration) {
    self.init(account: account, configuration: configuration, now: snapshot.takenAt)
    // The account's own take the place of what every new account has.
    (vpcs, subnets, routeTables, securityGroups) = (Table(), Table(), Table(), Table())
    (snapshots, interfaces, defaultSubnets) = (Table(), Table(), [:])
    takeNetworks(snapshot)
    takeSecurityGroups(snapshot)
    takeImages(snapshot)
    takeModules(snapshot)
    takeInstances(snapshot)
    takeInterfaces(snapshot)
    takeAddresses(snapshot)
    takeHaVips(snapshot)
    takeBalancers(snapshot)
    takeDiskSnapshots(snapshot)
    countUses()
    takeCvm(snapshot)
  }

  // MARK: Networks

  private mutating func takeNetworks(_ snapshot: AccountSnapshot) {
    let tables = snapshot.rows("DescribeRouteTables")
    for row in snapshot.rows("DescribeVpcs") {
      guard let id = row.id("VpcId"), let cidr = row.cidr("CidrBlock") else { continue }
      let main = tables.first { $0.text("VpcId") == id && $0.flag("Main") }?.id("RouteTableId")
      vpcs.insert(
        Vpc(
          id: id, region: row.text("Region"), name: row.text("VpcName"), cidr: cidr, about: row.text("Description"),
          tags: row.tags("TagSet"), isSystem: row.flag("IsDefault"), createdAt: row.instant("CreatedTime", else: now),
          routeTableID: main ?? newID("rtb")))
    }
    for row in tables {
      guard let id = row.id("RouteTableId"), let vpc = vpcs[row.text("VpcId")] else { continue }
      routeTables.insert(
        RouteTable(
          id: id, region: vpc.region, vpcID: vpc.id, name: row.text("RouteTableName"), isMain: row.flag("Main"),
          createdAt: row.instant("CreatedTime", else: now), routes: row.rows("RouteSet").compactMap(World.route)))
    }
    for vpc in vpcs.all where routeTables[vpc.routeTableID] == nil { addMainRouteTable(of: vpc) }
    lastRoute = routeTables.all.flatMap(\.routes).map(\.number).max() ?? 0
    for row in snapshot.rows("DescribeSubnets") { takeSubnet(row) }
  }

  private static func route(_ row: SnapshotRow) -> Route? {
    guard let destination = row.cidr("DestinationCidrBlock"), row.text("RouteType", else: "USER") == "USER" else {
      return nil
    }
    return Route(
      itemID: row.text("RouteItemId"), number: row.int("RouteId") ?? 0, destination: destination,
      gatewayType: row.text("GatewayType"), gatewayID: row.text("GatewayId"), about: row.text("RouteDescription"),
      isEnabled: row.flag("Enabled"))
  }

  private mutating func takeSubnet(_ row: SnapshotRow) {
    guard let id = row.id("SubnetId"), let cidr = row.cidr("CidrBlock"), let vpc = vpcs[row.text("VpcId")] else {
      return
    }
    let zone = row.text("Zone")
    subnets.insert(
      Subnet(
        id: id, vpcID: vpc.id, zone: zone, region: vpc.region, name: row.text("SubnetName"), tags: row.tags("TagSet"),
        isSystem: vpc.isSystem, createdAt: row.instant("CreatedTime", else: now), hosts: AddressPool(cidr),
        routeTableID: row.text("RouteTableId", else: vpc.routeTableID), allowsBroadcast: row.flag("EnableBroadcast")))
    if row.flag("IsDefault") { defaultSubnets[zone] = id }
  }

  // MARK: Groups, images, modules

  private mutating func takeSecurityGroups(_ snapshot: AccountSnapshot) {
    for row in snapshot.rows("DescribeSecurityGroups") {
      guard let id = row.id("SecurityGroupId") else { continue }
      var group = SecurityGroup(
        id: id, name: row.text("SecurityGroupName"), about: row.text("SecurityGroupDesc"),
        isDefault: row.flag("IsDefault"), tags: row.tags("TagSet"), createdAt: row.instant("CreatedTime", else: now))
      if let policies = snapshot.rows("DescribeSecurityGroupPolicies", of: id).first {
        group.version = policies.int("Version") ?? 0
        group.egress = policies.rows("Egress").map { SecurityRule($0, now) }
        group.ingress = policies.rows("Ingress").map { SecurityRule($0, now) }
      }
      securityGroups.insert(group)
    }
  }

  private mutating func takeImages(_ snapshot: AccountSnapshot) {
    // The newest come first in the answer.
    for row in snapshot.rows("DescribeImage").reversed() where row.text("ImageType") != "PUBLIC_IMAGE" {
      guard let id = row.id("ImageId") else { continue }
      let source = ImageSource(
        imageID: row.text("SrcImage.ImageId"), region: row.text("SrcImage.Region"),
        instanceID: row.text("SrcImage.InstanceId"), instanceName: row.text("SrcImage.InstanceName"))
      images.insert(
        Image(
          id: id, name: row.text("ImageName"), osName: row.text("ImageOsName"), about: row.text("ImageDescription"),
          architecture: row.text("Architecture"), osType: row.text("OsType"), osVersion: row.text("OsVersion"),
          platform: row.text("Platform"), size: row.int("ImageSize") ?? 50, isPublic: false,
          createdAt: row.instant("ImageCreateTime", else: now), source: source, taskID: row.text("TaskId"),
          tags: row.tags("TagSet")))
    }
  }

  private mutating func takeModules(_ snapshot: AccountSnapshot) {
    for row in snapshot.rows("DescribeModule").reversed() {
      guard let id = row.id("ModuleId") else { continue }
      modules.insert(
        Module(
          id: id, name: row.text("ModuleName"), imageID: row.text("DefaultImage.ImageId"),
          instanceType: row.text("InstanceTypeConfig.InstanceType"), bandwidth: row.int("DefaultBandwidth") ?? 0,
          bandwidthIn: row.int("DefaultBandwidthIn") ?? 0, systemDisk: World.disk(row, "SystemDisk"),
          dataDisks: row.rows("DataDisks").map(World.disk), closesDirectAddress: row.flag("CloseIpDirect"),
          forbidsPublicAddress: false, securityGroupIDs: row.texts("SecurityGroupIds"), tags: row.tags("TagSet"),
          createdAt: row.instant("CreateTime", else: now)))
    }
  }

  static func disk(_ row: SnapshotRow, _ path: String) -> Disk {
    Disk(
      id: row.text("\(path).DiskId"), type: row.text("\(path).DiskType", else: "LOCAL_BASIC"),
      size: row.int("\(path).DiskSize") ?? 0)
  }

  static func disk(_ row: SnapshotRow) -> Disk {
    Disk(
      id: row.text("DiskId"), type: row.text("DiskType", else: "LOCAL_BASIC"), size: row.int("DiskSize") ?? 0)
  }

  private mutating func takeDiskSnapshots(_ snapshot: AccountSnapshot) {
    for row in snapshot.rows("DescribeSnapshots") {
      guard let id = row.id("SnapshotId") else { continue }
      snapshots.insert(
        Snapshot(
          id: id, name: row.text("SnapshotName"), zone: row.text("Placement.Zone"), diskID: row.text("DiskId"),
          diskUsage: row.text("DiskUsage"), size: row.int("DiskSize") ?? 0,
          createdAt: row.instant("CreateTime", else: now), shares: row.int("ShareReference") ?? 0,
          imageID: row.rows("Images").first?.id("ImageId")))
    }
  }

  /// What tables count of each other.
  private mutating func countUses() {
    for subnet in subnets.all { vpcs[subnet.vpcID]?.subnetCount += 1 }
    for instance in instances.all {
      vpcs[instance.vpcID]?.instanceCount += 1
      subnets[instance.subnetID]?.instanceCount += 1
      if let module = instance.moduleID { modules[module]?.instanceCount += 1 }
    }
  }
}

extension SecurityRule {
  fileprivate init(_ row: SnapshotRow, _ now: Instant) {
    self.init(
      transport: row.text("Protocol"), port: row.text("Port"), serviceID: row.text("ServiceTemplate.ServiceId"),
      serviceGroupID: row.text("ServiceTemplate.ServiceGroupId"), cidr: row.text("CidrBlock"),
      ipv6: row.text("Ipv6CidrBlock"), groupID: row.text("SecurityGroupId"),
      addressID: row.text("AddressTemplate.AddressId"), addressGroupID: row.text("AddressTemplate.AddressGroupId"),
      action: row.text("Action"), about: row.text("PolicyDescription"),
      modifiedAt: row.instant("ModifyTime", else: now))
  }
}
