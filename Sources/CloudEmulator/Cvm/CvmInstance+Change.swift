import Values

extension World {
  mutating func resetInstancesPassword(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    let region = call.region
    let isWindows = chosen.contains { cvmImage($0.imageID, region)?.isWindows == true }
    let password = try call.required("Password")
    guard CvmLogin.isStrong(password, isWindows: isWindows, classes: 3), !password.hasPrefix("/") else {
      throw call.refusal("InvalidParameterValue.InvalidPassword", because: "The password is too simple.")
    }
    try refuseStates(of: chosen, call, allowing: forceStop(call))
    for instance in chosen { change(instance, call, CvmChange(keyIDs: [])) }
    return [:]
  }

  /// A change for which a running instance is stopped; it runs again afterwards.
  private mutating func change(_ instance: CvmInstance, _ call: CvmCall, _ change: CvmChange) {
    let through: CvmInstanceState? = instance.state == .running ? .stopping : nil
    operate(instance, call, through: through, to: instance.state, CvmLatency.change, change)
  }

  mutating func resetInstancesType(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call, limit: 1)
    let model = try newModel(chosen, call)
    try refuseStates(of: chosen, call, allowing: forceStop(call))
    for instance in chosen {
      if isSmaller(model, than: instance) { cvm[call.region].instances[instance.id]?.degradeCount += 1 }
      change(instance, call, CvmChange(type: model.name))
    }
    return [:]
  }

  /// The type that instances are to become: another one, and sold in their zones.
  func newModel(_ instances: [CvmInstance], _ call: CvmCall) throws(Refusal) -> CvmHardware.Model {
    let model = try call.model(try call.required("InstanceType"))
    for instance in instances {
      guard CvmHardware.isCustomized(model.name) == (instance.chargeType == "CDHPAID"), model.name != instance.type
      else {
        throw call.refusal(
          "InvalidParameterValue", because: "\(instance.id) is \(instance.type) and cannot become \(model.name).")
      }
      guard let zone = seeds.cvm.geography.zone(instance.zone), seeds.cvm.isSold(model, in: zone) else {
        throw call.refusal(
          "ResourcesSoldOut.SpecifiedInstanceType", because: "\(model.name) is sold out in \(instance.zone).")
      }
      guard !isSmaller(model, than: instance) || instance.degradeCount < World.degradeLimit else {
        throw call.refusal(
          "InvalidParameterValue.LimitExceeded", because: "\(instance.id) was made smaller often enough.")
      }
    }
    return model
  }

  private func isSmaller(_ model: CvmHardware.Model, than instance: CvmInstance) -> Bool {
    guard let old = seeds.cvm.hardware.model(instance.type) else { return false }
    return seeds.cvm.prices.hour(model) < seeds.cvm.prices.hour(old)
  }

  mutating func resizeInstanceDisks(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    let change = try resized(instance, call)
    let isOnline = call.isTrue("ResizeOnline")
    try refuseStates(
      of: [instance], call, allowing: isOnline ? [.running, .stopped] : forceStop(call).union([.stopped]))
    if isOnline {
      operate(instance, call, CvmLatency.change, change)
    } else {
      self.change(instance, call, change)
    }
    return [:]
  }

  /// The disks of an instance with the one that the call makes larger.
  func resized(_ instance: CvmInstance, _ call: CvmCall) throws(Refusal) -> CvmChange {
    if let wanted = call.record("SystemDisk") {
      var disk = instance.systemDisk
      try checkGrowth(of: disk, to: wanted, limit: 1024, call)
      disk.size = wanted["DiskSize"]?.asInt ?? disk.size
      return CvmChange(systemDisk: disk)
    }
    guard let wanted = call.list("DataDisks").first?.asRecord else {
      throw call.refusal(
        "MissingParameter.AtLeastOne", "MissingParameter", because: "Give DataDisks or SystemDisk.")
    }
    guard call.list("DataDisks").count == 1 else {
      throw call.refusal("InvalidParameterValue", because: "Only one data disk can be made larger at a time.")
    }
    let id = wanted["DiskId"]?.asText
    guard let index = instance.dataDisks.firstIndex(where: { id == nil || $0.id == id }) else {
      throw call.refusal(
        "UnsupportedOperation.InvalidDataDisk", "UnsupportedOperation.InvalidDisk", "InvalidParameterValue",
        because: "\(instance.id) has no such data disk.")
    }
    try checkGrowth(of: instance.dataDisks[index], to: wanted, limit: 32_000, call)
    var disks = instance.dataDisks
    disks[index].size = wanted["DiskSize"]?.asInt ?? disks[index].size
    return CvmChange(dataDisks: disks)
  }

  private func checkGrowth(of disk: CvmDisk, to wanted: Record, limit: Int, _ call: CvmCall) throws(Refusal) {
    let size = wanted["DiskSize"]?.asInt ?? 0
    guard size > disk.size, size <= limit, size % 10 == 0 else {
      throw call.refusal(
        "InvalidParameterValue",
        because: "A disk can only be made larger, in steps of 10 GB: \(disk.id) has \(disk.size) GB of \(limit).")
    }
  }

  mutating func modifyInstancesAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    let kinds = ["InstanceName", "UserData", "SecurityGroups", "CamRoleName", "HostName", "DisableApiTermination"]
    guard kinds.contains(where: { call.has($0) }) else {
      throw call.refusal("MissingParameter", because: "Nothing is to be changed.")
    }
    if let name = call.text("HostName"), !CvmLogin.isHostName(name.filter { !"{}:".contains($0) }) {
      throw call.refusal("InvalidParameterValue.IllegalHostName", because: "'\(name)' is no host name.")
    }
    let groups = call.has("SecurityGroups") ? try cvmSecurityGroups(call.texts("SecurityGroups"), call) : nil
    try refuseStates(of: chosen, call)
    let reboots = call.has("HostName") && call.bool("AutoReboot") ?? true
    var names = NamePattern(call.text("InstanceName") ?? "")
    for instance in chosen {
      let change = CvmChange(
        name: call.has("InstanceName") ? names.next(of: 1, in: "") : nil, hostName: call.text("HostName"),
        userData: call.text("UserData"), camRole: call.text("CamRoleName"),
        isProtected: call.bool("DisableApiTermination"), securityGroupIDs: groups)
      let through: CvmInstanceState? = reboots && instance.state == .running ? .rebooting : nil
      operate(instance, call, through: through, to: instance.state, CvmLatency.attribute, change)
    }
    return [:]
  }

  mutating func modifyInstancesRenewFlag(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    for instance in chosen where instance.chargeType != "PREPAID" {
      throw call.refusal(
        "UnsupportedOperation.InstanceChargeType", because: "\(instance.id) is \(instance.chargeType), not PREPAID.")
    }
    try refuseStates(of: chosen, call)
    let change = CvmChange(renewFlag: try call.required("RenewFlag"))
    for instance in chosen { operate(instance, call, CvmLatency.attribute, change) }
    return [:]
  }

  mutating func modifyInstancesProject(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    let project = call.int("ProjectId") ?? 0
    guard project >= 0 else {
      throw call.refusal("InvalidProjectId.NotFound", because: "There is no project \(project).")
    }
    try refuseStates(of: chosen, call)
    for instance in chosen { operate(instance, call, CvmLatency.attribute, CvmChange(projectID: project)) }
    return [:]
  }

  mutating func resetInstance(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    let change = try reinstalled(instance, call)
    try refuseStates(of: [instance], call)
    operate(instance, call, to: .running, CvmLatency.reinstall, change)
    return [:]
  }

  /// What an instance is after it was installed anew.
  func reinstalled(_ instance: CvmInstance, _ call: CvmCall) throws(Refusal) -> CvmChange {
    let image = try cvmImage(call.text("ImageId") ?? instance.imageID, call)
    guard image.state == .normal else {
      throw call.refusal(
        "InvalidParameterValue.InvalidImageState", "InvalidParameterValue.InvalidImageId", "InvalidParameterValue",
        because: "\(image.id) is \(image.state.rawValue).")
    }
    let login = call.record("LoginSettings")
    let keys = try login.map { (login) throws(Refusal) in try cvmLogin(login, image, call) }
    if let name = call.text("HostName"), !CvmLogin.isHostName(name) {
      throw call.refusal("InvalidParameterValue.IllegalHostName", because: "'\(name)' is no host name.")
    }
    var disk = instance.systemDisk
    if let size = call.record("SystemDisk")?["DiskSize"]?.asInt {
      guard (20...1024).contains(size), size >= disk.size else {
        throw call.refusal(
          "InvalidParameterValue", because: "A system disk keeps its size or becomes larger, up to 1024 GB.")
      }
      disk.size = size
    }
    return CvmChange(
      hostName: call.text("HostName"), userData: call.text("UserData"), imageID: image.id, systemDisk: disk,
      keyIDs: keys, keepsImageLogin: login.map { $0["KeepImageLogin"]?.asText?.lowercased() == "true" })
  }
}
