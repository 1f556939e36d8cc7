import Values

extension World {
  mutating func modifyModuleName(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    let name = try call.required("ModuleName")
    guard name.count <= 60 else {
      throw call.refusal("InvalidParameterValue.ParameterValueTooLarge", because: "ModuleName takes 60 characters.")
    }
    guard !name.hasPrefix(" "), !name.isEmpty, !modules.all.contains(where: { $0.name == name && $0.id != module.id })
    else {
      throw call.refusal(
        "InvalidParameterValue.InvalidModuleName", because: "The module name '\(name)' is taken or begins with a space."
      )
    }
    modules[module.id]?.name = name
    return [:]
  }

  mutating func modifyModuleNetwork(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    let bandwidth = try bandwidths(call.int("DefaultBandwidth"), call.int("DefaultBandwidthIn"), call)
    modules[module.id]?.bandwidth = bandwidth.out
    modules[module.id]?.bandwidthIn = bandwidth.in
    return [:]
  }

  /// The structures win over the sizes, as on creation.
  mutating func modifyModuleConfig(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    guard module.instanceCount == 0 else {
      throw call.refusal(
        "InvalidParameterValue.ModuleNotAllowChange",
        because: "\(module.instanceCount) instances use \(module.id), so that its configuration stays.")
    }
    let image = try usableImage(module.imageID, call)
    let model = try model(try call.required("InstanceType"), for: image, call)
    let disks = try disks(
      call, systemSize: call.int("DefaultSystemDiskSize") ?? module.systemDisk.size,
      dataSize: call.int("DefaultDataDiskSize"))
    modules[module.id]?.instanceType = model.name
    modules[module.id]?.systemDisk = disks.system
    modules[module.id]?.dataDisks = disks.data
    return [:]
  }

  /// Windows images have no direct access by IP.
  mutating func modifyModuleIpDirect(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    let closes = call.bool("CloseIpDirect") ?? false
    guard closes || image(module.imageID)?.isWindows != true else {
      throw call.refusal(
        "InvalidParameterValue.InvalidEIPDirectService", because: "The image of \(module.id) has no direct access.")
    }
    modules[module.id]?.closesDirectAddress = closes
    return [:]
  }

  mutating func modifyModuleDisableWanIp(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    modules[module.id]?.forbidsPublicAddress = call.bool("DisableWanIp") ?? false
    return [:]
  }

  mutating func modifyModuleSecurityGroups(_ call: Call) throws(Refusal) -> Record {
    let module = try module(try call.required("ModuleId"), call)
    let groups = call.texts("SecurityGroupIdSet")
    guard Set(groups).count == groups.count else {
      throw call.refusal("InvalidParameterValue.Duplicate", because: "A security group occurs twice.")
    }
    for id in try checkedGroups(groups, call) where !module.securityGroupIDs.contains(id) {
      guard uses(of: id).modules < Limits.modulesPerSecurityGroup else {
        throw call.refusal(
          "LimitExceeded.SecurityGroupModuleLimitExceeded",
          because: "At most \(Limits.modulesPerSecurityGroup) modules share the group \(id).")
      }
    }
    modules[module.id]?.securityGroupIDs = groups
    return [:]
  }
}
