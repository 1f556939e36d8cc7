import Values

/// What `RunInstances` makes in one zone.
private struct Batch {
  let zone: Geography.Zone
  let isp: String
  let count: Int
  let subnetID: String
  /// As many as instances, or none.
  let addresses: [UInt32]
}

/// What all instances of one call have in common.
private struct Blueprint {
  let module: Module?
  let image: Image
  let model: Hardware.Model
  let bandwidth: (out: Int, in: Int)
  let disks: (system: Disk, data: [Disk])
  let securityGroupIDs: [String]
  let keyIDs: [String]
  let tags: [Tag]
  let chargeType: Int
}

extension World {
  mutating func runInstances(_ call: Call) throws(Refusal) -> Record {
    let blueprint = try blueprint(call)
    try checkLogin(call, blueprint.image)
    let batches = try batches(call)
    try checkRoom(batches, call)
    var numbers = NamePattern(call.text("InstanceName") ?? "")
    var ids: [Value] = []
    for batch in batches {
      let total = batches.filter { $0.isp == batch.isp && $0.zone.region == batch.zone.region }.reduce(0) {
        $0 + $1.count
      }
      for index in 0..<batch.count {
        let name = numbers.next(of: total, in: "\(batch.zone.region) \(batch.isp)")
        let wanted = batch.addresses.isEmpty ? nil : batch.addresses[index]
        if let id = launch(blueprint, batch, name: name, address: wanted, fails: call.failsLater) {
          ids.append(.text(id))
        }
      }
    }
    return ["InstanceIdSet": .list(ids)]
  }

  private mutating func launch(
    _ blueprint: Blueprint, _ batch: Batch, name: String, address: UInt32?, fails: Bool
  ) -> String? {
    // In its place: a copy of the subnet would copy all that is taken.
    guard let taken = subnets[batch.subnetID]?.admitInstance(wishing: address), let subnet = subnets[batch.subnetID]
    else { return nil }
    vpcs[subnet.vpcID]?.instanceCount += 1
    if let module = blueprint.module { modules[module.id]?.instanceCount += 1 }
    let instance = Instance(
      id: newID("ein"), uuid: draws.numbers.uuid(), region: batch.zone.region, zone: batch.zone.name, isp: batch.isp,
      name: name, moduleID: blueprint.module?.id, imageID: blueprint.image.id, instanceType: blueprint.model.name,
      vpcID: subnet.vpcID, subnetID: subnet.id, interfaceID: newID("eni"), privateAddress: taken,
      publicAddress: blueprint.module?.forbidsPublicAddress == true ? nil : publicAddresses.next(),
      bandwidth: blueprint.bandwidth.out, bandwidthIn: blueprint.bandwidth.in,
      systemDisk: newDisk(blueprint.disks.system),
      dataDisks: newDisks(blueprint.disks.data), securityGroupIDs: blueprint.securityGroupIDs, keyIDs: blueprint.keyIDs,
      chargeType: blueprint.chargeType, tags: blueprint.tags, createdAt: now, state: .pending,
      latestOperation: "RunInstances", latestOperationState: "OPERATING")
    instances.insert(instance)
    addPrimaryInterface(of: instance)
    let outcome = WorldEvent.instanceSettles(
      id: instance.id, from: .pending, to: fails ? .launchFailed : .running, succeeded: !fails)
    timeline.plan(outcome, at: later(Latency.launch, of: instance.id))
    return instance.id
  }

  private mutating func newDisk(_ disk: Disk) -> Disk { Disk(id: newID("ldisk"), type: disk.type, size: disk.size) }

  private mutating func newDisks(_ disks: [Disk]) -> [Disk] {
    var result: [Disk] = []
    for disk in disks { result.append(newDisk(disk)) }
    return result
  }

  /// What the call says, and for the rest what its module says; 0 counts as not said.
  private mutating func blueprint(_ call: Call) throws(Refusal) -> Blueprint {
    let module = call.has("ModuleId") ? try self.module(try call.required("ModuleId"), call) : nil
    guard let type = call.text("InstanceType") ?? module?.instanceType else {
      throw call.refusal(
        "InvalidParameterValue.InvalidModuleIDAndInstanceTypeConfigID", because: "Give a module or an instance type.")
    }
    guard let imageID = call.text("ImageId") ?? module?.imageID else {
      throw call.refusal("InvalidParameterValue.InvalidImageID", because: "Give a module or an image.")
    }
    if module == nil, !call.has("DataDiskSize"), !call.has("DataDisks") {
      throw call.refusal("InvalidParameterValue.InvalidDataDiskSize", because: "Give a module or the data disk's size.")
    }
    let image = try usableImage(imageID, call)
    let model = try model(type, for: image, call)
    let asked = [call.int("InternetMaxBandwidthOut"), call.int("InternetMaxBandwidthIn")]
    let isAsked = asked.contains { ($0 ?? 0) != 0 }
    let bandwidth =
      isAsked
      ? try bandwidths(asked[0], asked[1], call) : try bandwidths(module?.bandwidth, module?.bandwidthIn, call)
    let dataSize = (call.int("DataDiskSize") ?? 0) == 0 ? module?.dataDiskSize : call.int("DataDiskSize")
    let systemSize = (call.int("SystemDiskSize") ?? 0) == 0 ? module?.systemDisk.size : call.int("SystemDiskSize")
    let asModule = !call.has("DataDiskSize") && !call.has("DataDisks")
    var disks = try disks(call, systemSize: systemSize, dataSize: dataSize)
    if asModule, let module { disks.data = module.dataDisks }
    guard disks.system.size >= image.size else {
      throw call.refusal(
        "InvalidParameterValue.ImageSizeLargeThanSysDiskSize",
        because: "\(image.id) needs a system disk of \(image.size) GB.")
    }
    let groups = try checkedGroups(call.ids("SecurityGroupIds"), call)
    let own = groups.isEmpty ? module?.securityGroupIDs ?? [] : groups
    guard groups.count <= Limits.securityGroupsPerInstance else {
      throw call.refusal(
        "LimitExceeded.InstanceSecurityGroupLimitExceeded",
        because: "An instance takes at most \(Limits.securityGroupsPerInstance) groups.")
    }
    return Blueprint(
      module: module, image: image, model: model, bandwidth: bandwidth, disks: disks,
      securityGroupIDs: own.isEmpty ? [defaultSecurityGroup].compactMap { $0 } : own, keyIDs: call.ids("KeyIds"),
      tags: call.tags(specifiedFor: "instance"), chargeType: call.int("InstanceChargeType") ?? 0)
  }

  private func batches(_ call: Call) throws(Refusal) -> [Batch] {
    var batches: [Batch] = []
    for value in call.list("ZoneInstanceCountISPSet") {
      batches.append(try batch(value.asRecord ?? Record(), call))
    }
    let total = batches.reduce(0) { $0 + $1.count }
    guard total > 0 else {
      throw call.refusal("InvalidParameterValue.InvalidZoneInstanceCount", because: "No instances are asked for.")
    }
    guard total <= Limits.instancesPerCall else {
      throw call.refusal(
        "InvalidParameterValue.ParameterValueTooLarge", because: "At most 100 instances a call; these are \(total).")
    }
    return batches
  }

  private func batch(_ wanted: Record, _ call: Call) throws(Refusal) -> Batch {
    let zoneName = wanted["Zone"]?.asText ?? ""
    guard let zone = seeds.geography.zone(zoneName) else {
      throw call.refusal("InvalidParameterValue.InvalidZone", because: "There is no zone '\(zoneName)'.")
    }
    let isp = wanted["ISP"]?.asText ?? ""
    guard Geography.isCarrier(isp) else {
      throw call.refusal("InvalidParameterValue.InvalidISPInNode", because: "\(zone.name) has no carrier '\(isp)'.")
    }
    guard let count = wanted["InstanceCount"]?.asInt, (1...Limits.instancesPerCall).contains(count) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidZoneInstanceCount", because: "The number of instances must be 1 to 100.")
    }
    let subnet = try subnet(wanted, zone, call)
    let addresses = (wanted["PrivateIpAddresses"]?.asList ?? []).compactMap(\.asText)
    guard addresses.isEmpty || addresses.count == count && wanted["SubnetId"] != nil else {
      throw call.refusal(
        "InvalidParameterValue", because: "PrivateIpAddresses needs a SubnetId and one address an instance.")
    }
    var numbers: [UInt32] = []
    for text in addresses {
      guard let number = CIDR.address(text), subnet.hosts.isUsable(number), !numbers.contains(number) else {
        throw call.refusal("InvalidParameterValue", because: "\(text) is no usable address of \(subnet.cidr).")
      }
      guard subnet.hosts.isFree(number) else { throw call.refusal("ResourceInUse", because: "\(text) is taken.") }
      numbers.append(number)
    }
    return Batch(zone: zone, isp: isp, count: count, subnetID: subnet.id, addresses: numbers)
  }

  private func subnet(_ wanted: Record, _ zone: Geography.Zone, _ call: Call) throws(Refusal) -> Subnet {
    switch (wanted["VpcId"]?.asText, wanted["SubnetId"]?.asText) {
    case (nil, nil):
      guard let subnet = defaultSubnet(zone.name) else { throw call.notFound("default subnet", zone.name) }
      return subnet
    case (let vpcID?, let subnetID?):
      let vpc = try vpc(vpcID, in: zone.region, call)
      guard let subnet = subnets[subnetID], subnet.vpcID == vpc.id, subnet.zone == zone.name else {
        throw call.refusal(
          "InvalidParameterValue.SubnetNotExist", because: "\(vpc.id) has no subnet '\(subnetID)' in \(zone.name).")
      }
      return subnet
    case (nil, _), (_, nil):
      throw call.refusal("InvalidParameterValue", because: "Give both VpcId and SubnetId, or neither.")
    }
  }

  /// Instances are made all or none, so room for all is looked for first.
  private func checkRoom(_ batches: [Batch], _ call: Call) throws(Refusal) {
    var wanted: [String: Int] = [:]
    for batch in batches { wanted[batch.subnetID, default: 0] += batch.count }
    for (id, count) in wanted where subnets[id]?.hosts.available ?? 0 < count {
      throw call.refusal(
        "ResourceInsufficient.PrivateIPQuotaNotEnough", because: "A subnet of the call has no room for \(count) more.")
    }
    let explicit = batches.flatMap { batch in batch.addresses.map { [batch.subnetID, String($0)] } }
    guard explicit.count < 2 || Set(explicit).count == explicit.count else {
      throw call.refusal("InvalidParameterValue.Duplicate", because: "A private address occurs twice.")
    }
  }

  private func checkLogin(_ call: Call, _ image: Image) throws(Refusal) {
    let ways = [call.has("Password"), call.has("KeyIds"), call.isTrue("KeepImageLogin")].filter { $0 }
    guard ways.count <= 1 else {
      throw call.refusal(
        "InvalidParameter.ParameterConflict", because: "Only one of Password, KeyIds and KeepImageLogin may be given.")
    }
    for id in call.ids("KeyIds") where keyPairs[id] == nil {
      throw call.refusal("InvalidParameterValue", because: "There is no key pair '\(id)'.")
    }
    if let password = call.text("Password") { try checkPassword(password, isWindows: image.isWindows, call) }
  }

  func checkPassword(_ password: String, isWindows: Bool, _ call: Call) throws(Refusal) {
    let classes = [
      password.contains { $0.isLowercase }, password.contains { $0.isUppercase }, password.contains { $0.isNumber },
      password.contains { !$0.isLetter && !$0.isNumber },
    ].filter { $0 }.count
    // Letters of either case are one class for the shorter rule and the books do not say which for the longer.
    guard isWindows ? password.count >= 12 && classes >= 3 : password.count >= 8 && classes >= 2 else {
      throw call.refusal("InvalidParameterValue.InvaildPassword", because: "The password is too simple.")
    }
  }
}

extension Subnet {
  /// The address of one more instance; nil when there is no room.
  fileprivate mutating func admitInstance(wishing address: UInt32?) -> UInt32? {
    guard let taken = hosts.take(wishing: address) else { return nil }
    instanceCount += 1
    return taken
  }
}

/// The display names of the instances of one call, numbered in each region and carrier for itself.
struct NamePattern {
  private let pattern: String
  private var made: [String: Int] = [:]

  init(_ pattern: String) { self.pattern = pattern }

  /// The next name of `total` in the group: `{R:x}` becomes x, x+1, …; without it, several get 1, 2, … at their end.
  mutating func next(of total: Int, in group: String) -> String {
    let index = made[group, default: 0]
    made[group] = index + 1
    if pattern.isEmpty { return "Not named" }
    var name = ""
    var rest = pattern[...]
    var hasPattern = false
    while let open = rest.firstIndex(of: "{") {
      name += rest[..<open]
      let body = rest[open...].dropFirst()
      if body.hasPrefix("R:"), let close = body.firstIndex(of: "}"), let start = Int(body.dropFirst(2)[..<close]),
        start >= 0
      {
        name += String(start &+ index)
        rest = body[body.index(after: close)...]
        hasPattern = true
      } else {
        name += "{"
        rest = body
      }
    }
    name += rest
    return hasPattern || total == 1 ? name : "\(name)\(index + 1)"
  }
}
