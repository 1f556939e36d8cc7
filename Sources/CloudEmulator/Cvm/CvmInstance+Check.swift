import Values

extension World {
  /// What a call to create instances asks for: RunInstances, its price inquiry.
  func launch(_ call: CvmCall) throws(Refusal) -> CvmLaunch {
    guard let placement = call.record("Placement"), let zoneName = placement["Zone"]?.asText else {
      throw call.refusal("MissingParameter", because: "Placement is missing.")
    }
    let zone = try call.zone(zoneName)
    guard zone.isAvailable else {
      throw call.refusal(
        "InvalidParameterValue.ZoneNotSupported", "InvalidParameterValue", because: "\(zoneName) takes no instances.")
    }
    let count = call.int("InstanceCount") ?? 1
    guard (1...100).contains(count) else {
      throw call.refusal("InvalidParameterValue.Range", because: "InstanceCount must be 1 to 100.")
    }
    let image = try image(call)
    let charge = try charge(call)
    let model = try model(call, zone, charge.type)
    let subnet = try cvmSubnet(call.record("VirtualPrivateCloud"), in: zone.name, call)
    let addresses = try cvmAddresses(call.record("VirtualPrivateCloud"), count, of: subnet, call)
    guard subnet.hosts.available >= count else {
      throw call.refusal(
        "FailedOperation.NoAvailableIpAddressCountInSubnet", "ResourceInsufficient",
        because: "\(subnet.id) has fewer than \(count) free addresses.")
    }
    let groups = call.texts("SecurityGroupIds")
    let standard = [CvmSecurityGroup.id(call.region, CvmSecurityGroup.names[0])]
    try checkTexts(call)
    return CvmLaunch(
      zone: zone, count: count, image: image, model: model, chargeType: charge.type, months: charge.months,
      renewFlag: charge.renewFlag, vpcID: subnet.vpcID, subnetID: subnet.id, addresses: addresses,
      internet: try call.internet(),
      systemDisk: try call.systemDisk(), dataDisks: try call.dataDisks(),
      securityGroupIDs: groups.isEmpty ? standard : try cvmSecurityGroups(groups, call),
      keyIDs: try login(call, image), groupID: try group(call, count),
      hostIDs: try hosts(call, zone, charge.type, model, count), chcIDs: try chcHosts(call, count),
      endsAt: try endTime(call), tags: try call.tags(for: "instance"))
  }

  private func image(_ call: CvmCall) throws(Refusal) -> CvmImage {
    let image = try cvmImage(try call.required("ImageId"), call)
    guard image.state == .normal else {
      throw call.refusal(
        "InvalidParameterValue.InvalidImageState", "InvalidParameterValue",
        because: "\(image.id) is \(image.state.rawValue).")
    }
    return image
  }

  private func charge(_ call: CvmCall) throws(Refusal) -> (type: String, months: Int, renewFlag: String?) {
    let type = call.text("InstanceChargeType") ?? "POSTPAID_BY_HOUR"
    switch type {
    case "PREPAID":
      guard let prepaid = call.record("InstanceChargePrepaid"), let months = prepaid["Period"]?.asInt else {
        throw call.refusal("MissingParameter", because: "InstanceChargePrepaid is missing.")
      }
      return (type, months, prepaid["RenewFlag"]?.asText ?? "NOTIFY_AND_MANUAL_RENEW")
    case "SPOTPAID":
      guard call.has("InstanceMarketOptions") else {
        throw call.refusal("MissingParameter", because: "InstanceMarketOptions is missing.")
      }
      return (type, 1, nil)
    default: return (type, 1, nil)
    }
  }

  private func model(
    _ call: CvmCall, _ zone: CvmGeography.Zone, _ chargeType: String
  ) throws(Refusal) -> CvmHardware.Model {
    let model = try call.model(call.text("InstanceType") ?? "S1.SMALL1")
    guard CvmHardware.isCustomized(model.name) == (chargeType == "CDHPAID") else {
      throw call.refusal(
        "InvalidParameter.HostIdCustomizedInstanceTypeNotSupport", "InvalidParameterCombination",
        because: "\(model.name) and \(chargeType) do not go together.")
    }
    guard seeds.cvm.isSold(model, in: zone) else {
      throw call.refusal(
        "ResourcesSoldOut.SpecifiedInstanceType", "ResourceInsufficient",
        because: "\(model.name) is sold out in \(zone.name).")
    }
    let offer = call.record("InstanceMarketOptions")?["SpotOptions"]?.asRecord?["MaxPrice"]?.asText
    if chargeType == "SPOTPAID", let offer {
      guard let price = Double(offer), price >= CvmPrice.dollars(seeds.cvm.prices.hour(model) / 5) else {
        throw call.refusal(
          "InvalidParameterValue.InsufficientPrice", "InvalidParameterValue",
          because: "\(offer) is less than the price of \(model.name).")
      }
    }
    return model
  }

  private func login(_ call: CvmCall, _ image: CvmImage) throws(Refusal) -> [String] {
    guard let login = call.record("LoginSettings") else { return [] }
    return try cvmLogin(login, image, call)
  }

  /// The keys of `LoginSettings`; a password must be strong, and only one way may be given.
  func cvmLogin(_ login: Record, _ image: CvmImage, _ call: CvmCall) throws(Refusal) -> [String] {
    let keys = (login["KeyIds"]?.asList ?? []).compactMap(\.asText)
    let keeps = login["KeepImageLogin"]?.asText?.lowercased() == "true"
    guard [login["Password"] != nil, !keys.isEmpty, keeps].filter({ $0 }).count <= 1 else {
      throw call.refusal(
        "InvalidParameter.ParameterConflict", "InvalidParameterCombination", "InvalidParameterValue",
        because: "Only one of Password, KeyIds and KeepImageLogin may be given.")
    }
    if let password = login["Password"]?.asText, !CvmLogin.isStrong(password, isWindows: image.isWindows) {
      throw call.refusal(
        "InvalidParameterValue.InvalidPassword", "InvalidPassword", "InvalidParameterValue",
        because: "The password is too simple.")
    }
    if keeps, image.isPublic {
      throw call.refusal(
        "InvalidParameterCombination", "InvalidParameterValue", because: "A public image has no login to keep.")
    }
    for id in keys {
      guard CvmID.isWellFormed(id, "skey") else {
        throw call.refusal(
          "InvalidKeyPairId.Malformed", "InvalidParameterValue", because: "'\(id)' is no id of a key pair.")
      }
      guard cvm[call.region].keys[id] != nil else {
        throw call.refusal(
          "InvalidParameterValue.KeyPairNotFound", "ResourceNotFound.KeyPairNotFound",
          because: "There is no key pair '\(id)'.")
      }
    }
    if !keys.isEmpty, image.isWindows {
      throw call.refusal("UnsupportedOperation.KeyPairUnsupportedWindows", because: "\(image.id) is a Windows image.")
    }
    return keys
  }

  private func group(_ call: CvmCall, _ count: Int) throws(Refusal) -> String? {
    guard let id = call.texts("DisasterRecoverGroupIds").first else { return nil }
    guard let group = cvm[call.region].groups[id] else {
      throw call.refusal(
        "FailedOperation.DisasterRecoverGroupNotFound", because: "There is no placement group '\(id)'.")
    }
    guard members(of: id, call.region).count + count <= group.kind.quota else {
      throw call.refusal(
        "ResourceInsufficient.DisasterRecoverGroupCvmQuota",
        because: "\(id) takes at most \(group.kind.quota) instances.")
    }
    return id
  }

  private func endTime(_ call: CvmCall) throws(Refusal) -> Instant? {
    guard let timer = call.record("ActionTimer") else { return nil }
    guard let text = timer["ActionTime"]?.asText, let time = Instant(cvmText: text), time > now + .minutes(5) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidTimeFormat", "InvalidParameterValue",
        because: "ActionTime must be an ISO 8601 time, more than 5 minutes ahead.")
    }
    return time
  }

  private func checkTexts(_ call: CvmCall) throws(Refusal) {
    if let name = call.text("HostName"), !CvmLogin.isHostName(name.filter { !"{}:".contains($0) }) {
      throw call.refusal(
        "InvalidParameterValue.IllegalHostName", "InvalidParameterValue", because: "'\(name)' is no host name.")
    }
    if let id = call.text("HpcClusterId"), !id.isEmpty {
      throw call.refusal("ResourceNotFound.HpcCluster", because: "There is no HPC cluster '\(id)'.")
    }
    if let id = call.text("DedicatedClusterId"), !id.isEmpty {
      throw call.refusal("InvalidParameter.CdcNotSupported", because: "There is no dedicated cluster '\(id)'.")
    }
  }
}

extension CvmCall {
  func systemDisk() throws(Refusal) -> CvmDisk {
    let wanted = record("SystemDisk")
    let size = wanted?["DiskSize"]?.asInt ?? 50
    guard (20...1024).contains(size) else {
      throw refusal(
        "InvalidParameterValue.Range", "InvalidParameterValue", because: "A system disk has 20 to 1024 GB.")
    }
    return CvmDisk(
      id: "", type: wanted?["DiskType"]?.asText ?? "CLOUD_PREMIUM", size: size, name: wanted?["DiskName"]?.asText)
  }

  func dataDisks() throws(Refusal) -> [CvmDisk] {
    var disks: [CvmDisk] = []
    for value in list("DataDisks") {
      guard let wanted = value.asRecord else { continue }
      let type = wanted["DiskType"]?.asText ?? "LOCAL_BASIC"
      let size = wanted["DiskSize"]?.asInt ?? 0
      guard (10...32_000).contains(size), size % 10 == 0 else {
        throw refusal(
          "InvalidParameterValue.Range", "InvalidParameterValue",
          because: "A data disk has 10 to 32000 GB, in steps of 10.")
      }
      guard type != "CLOUD_SSD" || size >= 100 else {
        throw refusal(
          "InvalidParameterValue.CloudSsdDataDiskSizeTooSmall", "InvalidParameterValue",
          because: "A data disk of CLOUD_SSD has at least 100 GB.")
      }
      if let snapshot = wanted["SnapshotId"]?.asText, !snapshot.isEmpty {
        guard CvmID.isWellFormed(snapshot, "snap") else {
          throw refusal(
            "InvalidParameterValue.SnapshotIdMalformed", "InvalidParameter.SnapshotNotFound",
            because: "'\(snapshot)' is no id of a snapshot.")
        }
        throw refusal("InvalidParameter.SnapshotNotFound", because: "There is no snapshot '\(snapshot)'.")
      }
      disks.append(
        CvmDisk(
          id: "", type: type, size: size, name: wanted["DiskName"]?.asText,
          isKept: wanted["DeleteWithInstance"] == .bool(false), isEncrypted: wanted["Encrypt"] == .bool(true)))
    }
    guard disks.filter({ $0.type.hasPrefix("LOCAL") }).count <= 1 else {
      throw refusal(
        "InvalidParameterCombination", "InvalidParameterValue", because: "An instance has at most one local data disk.")
    }
    return disks
  }

  /// What `InternetAccessible` says; for the rest, what `old` is.
  func internet(old: CvmInternet? = nil) throws(Refusal) -> CvmInternet {
    let wanted = record("InternetAccessible")
    let type = wanted?["InternetChargeType"]?.asText ?? old?.chargeType ?? "TRAFFIC_POSTPAID_BY_HOUR"
    guard World.internetChargeTypes.contains(where: { $0.name == type }) else {
      throw refusal(
        "InvalidParameterValue", "InvalidParameter", because: "'\(type)' is no way to bill bandwidth.")
    }
    let bandwidth = wanted?["InternetMaxBandwidthOut"]?.asInt ?? old?.bandwidth ?? 0
    guard (0...200).contains(bandwidth) else {
      throw refusal(
        "InvalidParameterValue.Range", "InvalidParameterValue", because: "The bandwidth must be 0 to 200 Mbps.")
    }
    let package = wanted?["BandwidthPackageId"]?.asText ?? old?.packageID
    guard type != "BANDWIDTH_PACKAGE" || package.map({ CvmID.isWellFormed($0, "bwp") }) == true else {
      throw refusal(
        "InvalidParameterValue.BandwidthPackageIdMalformed", "InvalidParameterValue",
        because: "BandwidthPackageId is needed.")
    }
    return CvmInternet(
      chargeType: type, bandwidth: bandwidth,
      isAssigned: old?.isAssigned ?? wanted?["PublicIpAssigned"]?.asBool ?? (bandwidth > 0), packageID: package)
  }
}
