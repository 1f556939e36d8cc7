import Values

/// What an account holds in CVM, out of a snapshot's rows.
extension World {
  mutating func takeCvm(_ snapshot: AccountSnapshot) {
    for region in snapshot.cvmRegions {
      // What no read tells of, the networks, is as every account has it.
      cvm[region].images = Table()
      cvm[region].hosts = Table()
      cvm[region].chcHosts = Table()
      takeCvmImages(snapshot, region)
      takeKeyPairs(snapshot, region)
      takeTemplates(snapshot, region)
      takePlacementGroups(snapshot, region)
      takeHosts(snapshot, region)
      takeCvmInstances(snapshot, region)
      takeChcHosts(snapshot, region)
      takeReservations(snapshot, region)
    }
  }

  // MARK: What instances are made of

  private mutating func takeCvmImages(_ snapshot: AccountSnapshot, _ region: String) {
    // The newest come first in the answer.
    for row in snapshot.cvmRows("DescribeImages", of: region).reversed() {
      guard let id = row.id("ImageId"), row.text("ImageType") != "PUBLIC_IMAGE",
        let state = World.settledImage(row.text("ImageState"))
      else { continue }
      let disks = row.rows("SnapshotSet").map {
        CvmSnapshot(
          id: $0.text("SnapshotId"), isSystem: $0.text("DiskUsage") == "SYSTEM_DISK", size: $0.int("DiskSize") ?? 0)
      }
      var image = CvmImage(
        id: id, name: row.text("ImageName"), about: row.text("ImageDescription"), osName: row.text("OsName"),
        platform: row.text("Platform"), architecture: row.text("Architecture", else: "x86_64"),
        size: row.int("ImageSize") ?? 50, isPublic: false, source: row.text("ImageSource", else: "CREATE_IMAGE"),
        license: row.text("LicenseType", else: "TencentCloud"), createdAt: row.instant("CreatedTime", else: now),
        state: state, family: row.text("ImageFamily"), isDeprecated: row.flag("ImageDeprecated"), snapshots: disks,
        tags: row.tags("Tags"))
      image.shares = snapshot.cvmRows("DescribeImageSharePermission", of: id).compactMap { share in
        share.id("AccountId").map { .init(account: $0, since: share.instant("CreatedTime", else: now)) }
      }
      cvm[region].images.insert(image)
    }
  }

  /// Where a state that does not stay leads.
  private static func settledImage(_ text: String) -> CvmImage.State? {
    switch CvmImage.State(rawValue: text) {
    case .normal, .creating, .importing, .syncing: .normal
    case .createFailed: .createFailed
    case .importFailed: .importFailed
    case nil: nil
    }
  }

  private mutating func takeKeyPairs(_ snapshot: AccountSnapshot, _ region: String) {
    for row in snapshot.cvmRows("DescribeKeyPairs", of: region).reversed() {
      guard let id = row.id("KeyId") else { continue }
      cvm[region].keys.insert(
        CvmKeyPair(
          id: id, name: row.text("KeyName"), projectID: row.int("ProjectId") ?? 0, about: row.text("Description"),
          publicKey: row.text("PublicKey"), createdAt: row.instant("CreatedTime", else: now), tags: row.tags("Tags")))
    }
  }

  private mutating func takeTemplates(_ snapshot: AccountSnapshot, _ region: String) {
    for row in snapshot.cvmRows("DescribeLaunchTemplates", of: region).reversed() {
      guard let id = row.id("LaunchTemplateId") else { continue }
      let versions = snapshot.cvmRows("DescribeLaunchTemplateVersions", of: id).compactMap { version in
        version.int("LaunchTemplateVersion").map { number in
          let data = ValuePath("LaunchTemplateVersionData").value(in: version.value)?.asRecord ?? Record()
          return CvmLaunchTemplate.Version(
            number: number, about: version.text("LaunchTemplateVersionDescription"),
            createdAt: version.instant("CreationTime", else: now),
            data: KeptRecord(Record(data.filter { !$0.value.isNull }.map { ($0.key, $0.value) })))
        }
      }
      cvm[region].templates.insert(
        CvmLaunchTemplate(
          id: id, name: row.text("LaunchTemplateName"), createdAt: row.instant("CreationTime", else: now),
          versions: versions, latestVersion: row.int("LatestVersionNumber") ?? versions.map(\.number).max() ?? 1,
          defaultVersion: row.int("DefaultVersionNumber") ?? 1))
    }
  }

  private mutating func takePlacementGroups(_ snapshot: AccountSnapshot, _ region: String) {
    for row in snapshot.cvmRows("DescribeDisasterRecoverGroups", of: region).reversed() {
      guard let id = row.id("DisasterRecoverGroupId"), let kind = PlacementGroup.Kind(rawValue: row.text("Type"))
      else { continue }
      cvm[region].groups.insert(
        PlacementGroup(
          id: id, name: row.text("Name"), kind: kind, createdAt: row.instant("CreateTime", else: now),
          tags: row.tags("Tags")))
    }
  }

  private mutating func takeHosts(_ snapshot: AccountSnapshot, _ region: String) {
    for row in snapshot.cvmRows("DescribeHosts", of: region).reversed() {
      guard let id = row.id("HostId") else { continue }
      var host = DedicatedHost(
        id: id, zone: row.text("Placement.Zone"), type: row.text("HostType"),
        createdAt: row.instant("CreatedTime", else: now), expiresAt: row.instant("ExpiredTime", else: now),
        ip: row.text("HostIp"), isSeed: seeds.cvm.state(region).hosts[id] != nil,
        projectID: row.int("Placement.ProjectId") ?? 0, name: row.text("HostName"), renewFlag: row.text("RenewFlag"))
      host.instanceIDs = row.texts("InstanceIds")
      cvm[region].hosts.insert(host)
    }
  }

  // MARK: Instances

  private mutating func takeCvmInstances(_ snapshot: AccountSnapshot, _ region: String) {
    let servers = snapshot.cvmRows("DescribeChcHosts", of: region)
    var degrades: [String: Int] = [:]
    for row in snapshot.cvmRows("DescribeInstancesOperationLimit", of: region) {
      degrades[row.text("InstanceId")] = row.int("CurrentCount")
    }
    for row in snapshot.cvmRows("DescribeInstances", of: region).reversed() {
      guard let id = row.id("InstanceId"), let state = World.settledCvm(row.text("InstanceState")) else { continue }
      let place = cvmPlace(
        row.text("VirtualPrivateCloud.VpcId"), row.text("VirtualPrivateCloud.SubnetId"),
        row.texts("PrivateIpAddresses").first, in: row.text("Placement.Zone"), region)
      var instance = CvmInstance(
        row, place, state, chcID: servers.first { $0.text("CvmInstanceId") == id }?.id("ChcId"), now)
      instance.degradeCount = degrades[id] ?? 0
      for group in instance.securityGroupIDs where cvm[region].securityGroups[group] == nil {
        cvm[region].securityGroups.insert(CvmSecurityGroup(id: group, name: group))
      }
      cvm[region].instances.insert(instance)
    }
  }

  /// Where a state that does not stay leads; nil for what goes.
  private static func settledCvm(_ text: String) -> CvmInstanceState? {
    switch CvmInstanceState(rawValue: text) {
    case .pending, .starting, .rebooting, .leavesRescue, .running: .running
    case .stopping, .stopped: .stopped
    case .entersRescue, .rescue: .rescue
    case .launchFailed: .launchFailed
    case .shutdown: .shutdown
    case .terminating, nil: nil
    }
  }

  /// The book has no read of networks: a subnet is known by what stands in it, and taken for the 4,096 addresses around
  /// that.
  private mutating func cvmPlace(
    _ vpc: String, _ subnet: String, _ address: String?, in zone: String, _ region: String
  ) -> CvmPlace {
    let number = address.flatMap { CIDR.address($0) } ?? 0
    if cvm[region].subnets[subnet] == nil, !subnet.isEmpty, let network = CIDR(address: number & ~0xFFF, prefix: 20) {
      cvm[region].subnets.insert(
        CvmSubnet(id: subnet, vpcID: vpc, zone: zone, isDefault: false, hosts: AddressPool(network)))
    }
    _ = cvm[region].subnets[subnet]?.hosts.take(number)
    return CvmPlace(vpcID: vpc, subnetID: subnet, address: number)
  }

  private mutating func takeChcHosts(_ snapshot: AccountSnapshot, _ region: String) {
    for row in snapshot.cvmRows("DescribeChcHosts", of: region).reversed() {
      guard let id = row.id("ChcId") else { continue }
      let zone = row.text("Placement.Zone")
      cvm[region].chcHosts.insert(
        ChcHost(
          id: id, zone: zone, serialNumber: row.text("SerialNumber"), createdAt: row.instant("CreatedTime", else: now),
          name: row.text("InstanceName"), deviceType: row.text("DeviceType"),
          management: chcNetwork(row, "Bmc", zone, region), deployment: chcNetwork(row, "Deploy", zone, region),
          instanceID: row.id("CvmInstanceId")))
    }
  }

  private mutating func chcNetwork(
    _ row: SnapshotRow, _ kind: String, _ zone: String, _ region: String
  ) -> ChcHost.Network? {
    guard let subnet = row.id("\(kind)VirtualPrivateCloud.SubnetId") else { return nil }
    let place = cvmPlace(
      row.text("\(kind)VirtualPrivateCloud.VpcId"), subnet, row.id("\(kind)Ip"), in: zone, region)
    return ChcHost.Network(place: place, securityGroupIDs: row.texts("\(kind)SecurityGroupIds"))
  }

  /// The answer does not name the offering, but what tells it from others.
  private mutating func takeReservations(_ snapshot: AccountSnapshot, _ region: String) {
    let offerings = Offering.all(region, seeds.cvm)
    for row in snapshot.cvmRows("DescribeReservedInstances", of: region).reversed() {
      let offering = offerings.first {
        $0.zone == row.text("Zone") && $0.model.name == row.text("InstanceType")
          && $0.duration == row.int("Duration") && $0.kind == row.text("OfferingType")
      }
      guard let id = row.id("ReservedInstanceId"), let offering,
        let state = Reservation.State(rawValue: row.text("State"))
      else { continue }
      cvm[region].reservations.insert(
        Reservation(
          id: id, name: row.text("ReservedInstanceName"), offering: offering.id, count: row.int("InstanceCount") ?? 1,
          startsAt: row.instant("StartTime", else: now), state: state == .pending ? .active : state))
    }
  }
}

extension CvmInstance {
  /// Its user data is not read, since it may hold what nobody else should see.
  fileprivate init(_ row: SnapshotRow, _ place: CvmPlace, _ state: CvmInstanceState, chcID: String?, _ now: Instant) {
    let internet = CvmInternet(
      chargeType: row.text("InternetAccessible.InternetChargeType"),
      bandwidth: row.int("InternetAccessible.InternetMaxBandwidthOut") ?? 0,
      isAssigned: row.flag("InternetAccessible.PublicIpAssigned"),
      packageID: row.id("InternetAccessible.BandwidthPackageId"))
    self.init(
      id: row.text("InstanceId"), uuid: row.text("Uuid"), zone: row.text("Placement.Zone"),
      chargeType: row.text("InstanceChargeType"), createdAt: row.instant("CreatedTime", else: now),
      tags: row.tags("Tags"), groupID: row.id("DisasterRecoverGroupId"), hostID: row.id("Placement.HostId"),
      chcID: chcID, name: row.text("InstanceName"), type: row.text("InstanceType"), imageID: row.text("ImageId"),
      place: place, publicAddress: row.texts("PublicIpAddresses").first, internet: internet,
      systemDisk: CvmDisk(row, "SystemDisk"), dataDisks: row.rows("DataDisks").map { CvmDisk($0) },
      securityGroupIDs: row.texts("SecurityGroupIds"), keyIDs: row.texts("LoginSettings.KeyIds"),
      keepsImageLogin: false, renewFlag: row.id("RenewFlag"),
      expiresAt: row.id("ExpiredTime").map { _ in
        row.instant("ExpiredTime", else: now)
      }, camRole: row.text("CamRoleName"), projectID: row.int("Placement.ProjectId") ?? 0, userData: "",
      isProtected: row.flag("DisableApiTermination"), timer: nil,
      stopsCharging: row.text("StopChargingMode") == "STOP_CHARGING", degradeCount: 0, state: state,
      latest: CvmLatest(
        action: row.text("LatestOperation"), requestID: row.text("LatestOperationRequestId"), outcome: .success,
        message: nil))
  }
}

extension CvmDisk {
  fileprivate init(_ row: SnapshotRow, _ path: String) {
    self.init(
      id: row.text("\(path).DiskId"), type: row.text("\(path).DiskType"), size: row.int("\(path).DiskSize") ?? 0,
      name: row.id("\(path).DiskName"))
  }

  fileprivate init(_ row: SnapshotRow) {
    self.init(
      id: row.text("DiskId"), type: row.text("DiskType"), size: row.int("DiskSize") ?? 0, name: row.id("DiskName"),
      isKept: ValuePath("DeleteWithInstance").value(in: row.value)?.asBool == false, isEncrypted: row.flag("Encrypt"))
  }
}
