import Values

/// Changes other than of power. Each shows in LatestOperation, and in LatestOperationState when it is done.
extension World {
  /// The image changes at once; the instance is busy until it runs again.
  mutating func resetInstances(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(
      call, in: "InstanceIdSet", "ResourceNotFound.InstanceNotExist", "InvalidParameterValue.InvalidInstanceID")
    try refuseTransient(chosen, call, "OperationDenied.InstanceOperationInProgress")
    try requireSettled(chosen, call)
    for instance in chosen {
      let image = try usableImage(call.text("ImageId") ?? instance.imageID, call)
      _ = try model(instance.instanceType, for: image, call)
      if let password = call.text("Password") { try checkPassword(password, isWindows: image.isWindows, call) }
      if !call.failsLater { instances[instance.id]?.imageID = image.id }
      move(instance.id, through: .rebooting, to: .running, call, Latency.reset)
    }
    return [:]
  }

  mutating func resetInstancesPassword(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(call, in: "InstanceIdSet", "InvalidParameterValue.InvalidInstanceID")
    for instance in chosen {
      try checkPassword(
        try call.required("Password"), isWindows: image(instance.imageID)?.isWindows == true, call)
      guard instance.state == .stopped || instance.state == .running && call.isTrue("ForceStop") else {
        throw instance.state == .running
          ? call.refusal(
            "FailedOperation.InstanceNotAllStopped",
            because: "\(instance.id) must be shut down, or forced with ForceStop.")
          : call.refusal("FailedOperation.OperationNotAllow", because: "\(instance.id) is \(instance.state.rawValue).")
      }
    }
    for instance in chosen { restart(instance, call) }
    return [:]
  }

  mutating func resetInstancesMaxBandwidth(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(
      call, in: "InstanceIdSet", "ResourceNotFound.InstanceNotExist", "InvalidParameterValue.InvalidInstanceID")
    let bandwidth = try bandwidths(call.int("MaxBandwidthOut"), call.int("MaxBandwidthIn"), call)
    try requireSettled(chosen, call)
    for instance in chosen {
      if !call.failsLater {
        instances[instance.id]?.bandwidth = bandwidth.out
        instances[instance.id]?.bandwidthIn = bandwidth.in
      }
      move(instance.id, through: instance.state, to: instance.state, call, Latency.reconfigure)
    }
    return [:]
  }

  mutating func modifyInstancesAttribute(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(call, in: "InstanceIdSet", "InvalidParameterValue.InvalidInstanceID")
    let groups = call.ids("SecurityGroups")
    for id in groups where securityGroups[id] == nil {
      throw call.refusal(
        "InvalidParameterValue", "FailedOperation.OperationNotAllow", because: "There is no security group '\(id)'.")
    }
    try checkBound(groups, adding: chosen.count, call)
    for instance in chosen {
      if let name = call.text("InstanceName") { instances[instance.id]?.name = name }
      if call.has("SecurityGroups") { instances[instance.id]?.securityGroupIDs = groups }
    }
    return [:]
  }

  /// An instance that is shut down stays so; a running one is shut down and started again.
  mutating func restart(_ instance: Instance, _ call: Call) {
    let isRunning = instance.state == .running
    move(
      instance.id, through: isRunning ? .rebooting : instance.state, to: instance.state, call,
      isRunning ? Latency.reboot : Latency.reconfigure)
  }

  private func requireSettled(_ chosen: [Instance], _ call: Call) throws(Refusal) {
    for instance in chosen where instance.state != .running && instance.state != .stopped {
      throw call.refusal(
        "FailedOperation.OperationNotAllow", because: "\(instance.id) is \(instance.state.rawValue).")
    }
  }
}
