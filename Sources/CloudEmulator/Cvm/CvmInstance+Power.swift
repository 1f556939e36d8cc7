import Values

extension World {
  mutating func startInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    try refuseStates(of: chosen, call, allowing: [.stopped])
    for instance in chosen { operate(instance, call, through: .starting, to: .running, CvmLatency.power) }
    return [:]
  }

  mutating func stopInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    if call.isTrue("ForceStop"), let type = call.text("StopType"), type != "SOFT" {
      throw call.refusal("InvalidParameterCombination", because: "Give ForceStop or StopType, not both.")
    }
    try refuseStates(of: chosen, call)
    let stops = call.text("StoppedMode") == "STOP_CHARGING"
    for instance in chosen {
      operate(instance, call, through: .stopping, to: .stopped, CvmLatency.power)
      // Only what is billed by the hour, with disks that can be left alone, can be left unbilled.
      let mayStop =
        instance.chargeType == "POSTPAID_BY_HOUR"
        && !([instance.systemDisk] + instance.dataDisks).contains { $0.type.hasPrefix("LOCAL") }
      cvm[call.region].instances[instance.id]?.stopsCharging = stops && mayStop
    }
    return [:]
  }

  mutating func rebootInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    try refuseStates(of: chosen, call)
    for instance in chosen { operate(instance, call, through: .rebooting, to: .running, CvmLatency.power) }
    return [:]
  }

  /// Prepaid instances are given back first and destroyed by a second call; the others are destroyed at once.
  mutating func terminateInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    try refuseStates(of: chosen, call)
    for instance in chosen where instance.isProtected {
      throw call.refusal(
        "UnsupportedOperation.InstancesProtected", because: "\(instance.id) is protected from termination.")
    }
    for instance in chosen {
      if instance.chargeType == "PREPAID", instance.state != .shutdown {
        operate(instance, call, through: .stopping, to: .shutdown, CvmLatency.power)
      } else if call.failsLater {
        operate(instance, call, through: .terminating, CvmLatency.terminate)
      } else {
        cvm[call.region].instances[instance.id]?.state = .terminating
        cvm[call.region].instances[instance.id]?.latest = CvmLatest(
          action: call.action, requestID: call.requestID, outcome: .operating)
        plan(.instanceEnds(region: call.region, id: instance.id), after: CvmLatency.terminate, on: instance.id)
      }
    }
    return [:]
  }

  /// The instance goes, with its disks and its public address, from its subnet, host and placement group.
  mutating func removeCvmInstance(_ id: String, _ region: String) {
    guard let instance = cvm[region].instances[id], [.terminating, .launchFailed].contains(instance.state) else {
      return
    }
    cvm[region].instances.remove(id)
    cvm[region].subnets[instance.place.subnetID]?.hosts.release(instance.place.address)
    if let host = instance.hostID { cvm[region].hosts[host]?.instanceIDs.removeAll { $0 == id } }
    if let host = instance.chcID { cvm[region].chcHosts[host]?.instanceID = nil }
  }

  mutating func enterRescueMode(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    guard CvmLogin.isStrong(try call.required("Password"), isWindows: false) else {
      throw call.refusal(
        "InvalidParameterValue.InvalidPassword", "InvalidPassword", because: "The password is too simple.")
    }
    try refuseStates(of: [instance], call)
    operate(instance, call, through: .entersRescue, to: .rescue, CvmLatency.rescue)
    return [:]
  }

  mutating func exitRescueMode(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    try refuseStates(of: [instance], call)
    guard instance.state == .rescue else {
      throw call.refusal("InvalidInstance.NotSupported", because: "\(instance.id) is \(instance.state.rawValue).")
    }
    operate(instance, call, through: .leavesRescue, to: .running, CvmLatency.rescue)
    return [:]
  }
}
