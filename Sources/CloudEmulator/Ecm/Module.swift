import Values

/// A module: the template that instances are created from. Account-wide.
struct Module: Row {
  let id: String
  var name: String
  var imageID: String
  var instanceType: String
  var bandwidth: Int
  var bandwidthIn: Int
  var systemDisk: Disk
  var dataDisks: [Disk]
  var closesDirectAddress: Bool
  var forbidsPublicAddress: Bool
  var securityGroupIDs: [String]
  let tags: [Tag]
  let createdAt: Instant
  /// Instances that use it and are not gone yet.
  var instanceCount = 0

  var dataDiskSize: Int { dataDisks.reduce(0) { $0 + $1.size } }

  var inventoryLine: InventoryLine {
    InventoryLine(
      "Module", id, name, tags: tags, instanceType, imageID, "\(bandwidth) Mbps",
      "disks \(systemDisk.size)+\(dataDiskSize) GB", closesDirectAddress ? "no direct access" : nil,
      forbidsPublicAddress ? "no public address" : nil,
      securityGroupIDs.isEmpty ? nil : securityGroupIDs.joined(separator: " "))
  }
}

struct Disk: Codable, Sendable, Equatable {
  let id: String
  let type: String
  /// In GB.
  let size: Int

  /// The structures `SystemDisk` and `DiskInfo`.
  var answer: Value { ["DiskType": .text(type), "DiskId": .text(id), "DiskSize": .int(size)] }
}

extension World {
  mutating func createModule(_ call: Call) throws(Refusal) -> Record {
    let name = try call.required("ModuleName")
    guard !name.hasPrefix(" "), !name.isEmpty, !modules.all.contains(where: { $0.name == name }) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidModuleName", because: "The module name '\(name)' is taken or begins with a space."
      )
    }
    let image = try usableImage(try call.required("DefaultImageId"), call)
    let model = try model(try call.required("InstanceType"), for: image, call)
    let bandwidth = try bandwidths(call.int("DefaultBandWidth"), call.int("DefaultBandWidthIn"), call)
    let disks = try disks(
      call, systemSize: call.int("DefaultSystemDiskSize"), dataSize: call.int("DefaultDataDiskSize"))
    let groups = try checkedGroups(call.ids("SecurityGroups"), call)
    guard groups.count <= Limits.securityGroupsPerModule else {
      throw call.refusal(
        "LimitExceeded.ModuleSecurityGroupLimitExceeded",
        because: "A module takes at most \(Limits.securityGroupsPerModule) groups.")
    }
    let module = Module(
      id: newID("em"), name: name, imageID: image.id, instanceType: model.name, bandwidth: bandwidth.out,
      bandwidthIn: bandwidth.in, systemDisk: disks.system, dataDisks: disks.data,
      closesDirectAddress: call.bool("CloseIpDirect") ?? false,
      forbidsPublicAddress: call.bool("DisableWanIp") ?? false,
      securityGroupIDs: groups, tags: call.tags(specifiedFor: "module"),
      createdAt: now)
    modules.insert(module)
    return ["ModuleId": .text(module.id)]
  }

  mutating func deleteModule(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    guard module.instanceCount == 0 else {
      throw call.refusal(
        "FailedOperation.InstanceInModule", because: "\(module.instanceCount) instances still use \(module.id).")
    }
    modules.remove(module.id)
    return [:]
  }

  mutating func modifyModuleImage(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    let image = try usableImage(try call.required("DefaultImageId"), call)
    _ = try model(module.instanceType, for: image, call)
    modules[module.id]?.imageID = image.id
    return [:]
  }

  func describeModule(_ call: Call) throws(Refusal) -> Record {
    let hardware = seeds.hardware
    let passes = try call.filter(
      [
        .fuzzy("module-name") { $0.name }, .exact("module-id") { $0.id }, .exact("image-id") { $0.imageID },
        .exact("instance-family") { hardware.model($0.instanceType)?.family ?? "" },
        .exact("security-group-id", of: { $0.securityGroupIDs }),
      ] as [FilterField<Module>], tags: { $0.tags })
    var rows = modules.all.filter(passes)
    switch call.text("OrderByField") {
    case "instance-num": rows.sort { $0.instanceCount < $1.instanceCount }
    case "node-num": rows.sort { nodeCount($0) < nodeCount($1) }
    default: break
    }
    if call.int("OrderDirection") != 1 { rows.reverse() }
    let page = try call.page(rows)
    let items = page.rows.map { module -> Value in
      [
        "NodeInstanceNum": ["NodeNum": .int(nodeCount(module)), "InstanceNum": .int(module.instanceCount)],
        "Module": .record(answer(module)),
      ]
    }
    return ["TotalCount": .int(page.total), "ModuleItemSet": .list(items)]
  }

  func describeModuleDetail(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    let users = instances.rows("module-id", module.id)
    let zones = Set(users.map(\.zone)).compactMap { seeds.geography.zone($0) }
    let regions = zones.compactMap { seeds.geography.region($0.region) }
    let counters = Geography.carriers.compactMap { carrier -> Value? in
      let own = users.filter { $0.isp == carrier.0 }
      guard !own.isEmpty else { return nil }
      let names = Dictionary(grouping: own, by: \.zone)
      let counts = names.keys.sorted().map { zone -> Value in
        [
          "ZoneName": .text(seeds.geography.zone(zone)?.displayName ?? zone),
          "InstanceNum": .int(names[zone]?.count ?? 0),
        ]
      }
      return [
        "ProviderName": .text(carrier.0), "ProviderNodeNum": .int(names.count), "ProvederInstanceNum": .int(own.count),
        "ZoneInstanceInfoSet": .list(counts),
      ]
    }
    let counter: Value = [
      "ISPCounterSet": .list(counters), "ProvinceNum": .int(Set(regions.map(\.province.id)).count),
      "CityNum": .int(Set(regions.map(\.name)).count), "NodeNum": .int(zones.count), "InstanceNum": .int(users.count),
    ]
    return ["Module": .record(answer(module)), "ModuleCounter": counter]
  }

  func module(_ id: String, _ call: Call) throws(Refusal) -> Module {
    guard let module = modules[id] else {
      throw call.refusal("InvalidParameterValue.InvalidModuleID", because: "There is no module '\(id)'.")
    }
    return module
  }

  /// In how many zones the module has instances.
  private func nodeCount(_ module: Module) -> Int {
    seeds.geography.regions.flatMap(\.zones).count { zone in
      instances.count("module-zone", Instance.place(module: module.id, zone: zone.name)) > 0
    }
  }

  private func answer(_ module: Module) -> Record {
    [
      "ModuleId": .text(module.id), "ModuleName": .text(module.name), "ModuleState": "NORMAL",
      "DefaultSystemDiskSize": .int(module.systemDisk.size), "DefaultDataDiskSize": .int(module.dataDiskSize),
      "InstanceTypeConfig": seeds.hardware.model(module.instanceType)?.answer ?? .null,
      "DefaultImage": image(module.imageID).map { .record(answer($0)) } ?? .null,
      "CreateTime": .text(module.createdAt.plainText), "DefaultBandwidth": .int(module.bandwidth),
      "TagSet": module.tags.answer, "CloseIpDirect": .int(module.closesDirectAddress ? 1 : 0),
      "SecurityGroupIds": .list(module.securityGroupIDs.map(Value.text)),
      "DefaultBandwidthIn": .int(module.bandwidthIn),
      "UserData": "", "SystemDisk": module.systemDisk.answer,
      "DataDisks": .list(module.dataDisks.map { ["DiskSize": .int($0.size), "DiskType": .text($0.type)] }),
    ]
  }
}
