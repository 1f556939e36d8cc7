import Values

extension World {
  /// The bandwidth changes at once.
  mutating func resetInstancesInternetMaxBandwidth(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    var changes: [CvmChange] = []
    for instance in chosen {
      let internet = try call.internet(old: instance.internet)
      guard instance.publicAddress != nil || internet.bandwidth == 0 else {
        throw call.refusal("FailedOperation.NotFoundEIP", because: "\(instance.id) has no public address.")
      }
      changes.append(CvmChange(internet: internet))
    }
    try refuseStates(of: chosen, call)
    for (instance, change) in zip(chosen, changes) { operateAtOnce(instance, call, change) }
    return [:]
  }

  /// The instance is stopped for the move and runs again; its address changes when the move is over.
  mutating func modifyInstancesVpcAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    let wanted = call.record("VirtualPrivateCloud") ?? Record()
    var subnets: [CvmSubnet] = []
    for instance in chosen { subnets.append(try cvmSubnet(wanted, in: instance.zone, call)) }
    guard let subnet = subnets.first, subnets.allSatisfy({ $0.id == subnet.id }) else {
      throw call.refusal("InvalidParameterValue", because: "The instances are in different zones.")
    }
    let addresses = try cvmAddresses(wanted, chosen.count, of: subnet, call)
    guard subnet.hosts.available >= chosen.count else {
      throw call.refusal("InvalidParameterValue.LimitExceeded", because: "\(subnet.id) has too few free addresses.")
    }
    try refuseStates(of: chosen, call, allowing: forceStop(call, default: true))
    for (index, instance) in chosen.enumerated() {
      var hosts = subnet.hosts
      if let known = cvm[call.region].subnets[subnet.id]?.hosts { hosts = known }
      let named = addresses.isEmpty ? nil : addresses[index]
      guard let address = named.flatMap({ hosts.take($0) ? $0 : nil }) ?? hosts.take() else { continue }
      cvm[call.region].subnets[subnet.id]?.hosts = hosts
      let place = CvmPlace(vpcID: subnet.vpcID, subnetID: subnet.id, address: address)
      let through: CvmInstanceState? = instance.state == .running ? .stopping : nil
      operate(instance, call, through: through, to: instance.state, CvmLatency.change, CvmChange(place: place))
    }
    return [:]
  }

  mutating func associateSecurityGroups(_ call: CvmCall) throws(Refusal) -> Record {
    try bind(call) { old, group in old.contains(group) ? old : old + [group] }
  }

  mutating func disassociateSecurityGroups(_ call: CvmCall) throws(Refusal) -> Record {
    try bind(call) { old, group in old.filter { $0 != group } }
  }

  private mutating func bind(_ call: CvmCall, _ change: ([String], String) -> [String]) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    guard let group = try cvmSecurityGroups(try call.ids("SecurityGroupIds", limit: 1), call).first else { return [:] }
    var sets: [[String]] = []
    for instance in chosen {
      let groups = change(instance.securityGroupIDs, group)
      guard groups.count <= CvmSecurityGroup.quota else {
        throw call.refusal(
          "LimitExceeded.SingleUSGQuota", because: "\(instance.id) has \(CvmSecurityGroup.quota) security groups.")
      }
      sets.append(groups)
    }
    try refuseStates(of: chosen, call)
    for (instance, groups) in zip(chosen, sets) {
      operateAtOnce(instance, call, CvmChange(securityGroupIDs: groups))
    }
    return [:]
  }

  /// The new keys take the place of the old ones and of the password.
  mutating func associateInstancesKeyPairs(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try instancesForKeys(call)
    let keys = try keyPairs(call).map(\.id)
    try refuseStates(of: chosen, call, allowing: forceStop(call))
    for instance in chosen { changeKeys(instance, call, keys) }
    return [:]
  }

  mutating func disassociateInstancesKeyPairs(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try instancesForKeys(call)
    let keys = try keyPairs(call).map(\.id)
    try refuseStates(of: chosen, call, allowing: forceStop(call))
    for instance in chosen { changeKeys(instance, call, instance.keyIDs.filter { !keys.contains($0) }) }
    return [:]
  }

  private func instancesForKeys(_ call: CvmCall) throws(Refusal) -> [CvmInstance] {
    let chosen = try cvmInstances(call)
    for instance in chosen where cvmImage(instance.imageID, call.region)?.isWindows == true {
      throw call.refusal("UnsupportedOperation.InstanceOsWindows", because: "\(instance.id) runs Windows.")
    }
    return chosen
  }

  private mutating func changeKeys(_ instance: CvmInstance, _ call: CvmCall, _ keys: [String]) {
    let through: CvmInstanceState? = instance.state == .running ? .stopping : nil
    operate(instance, call, through: through, to: instance.state, CvmLatency.change, CvmChange(keyIDs: keys))
  }

  /// Needs RUNNING, whatever else the matrix says.
  mutating func convertOperatingSystems(_ call: CvmCall) throws(Refusal) -> Record {
    let chosen = try cvmInstances(call)
    for instance in chosen {
      guard let image = cvmImage(instance.imageID, call.region), !image.isWindows else {
        throw call.refusal("UnsupportedOperation.InstanceOsWindows", because: "\(instance.id) runs Windows.")
      }
      guard image.platform == "CentOS" else {
        throw call.refusal(
          "UnsupportedOperation.InstanceOsConvertOsNotSupport", because: "\(image.osName) cannot be converted.")
      }
      guard instance.state == .running, !instance.isBusy else {
        throw call.refusal(
          "UnsupportedOperation.InstanceStateNotRunning", because: "\(instance.id) is \(instance.state.rawValue).")
      }
    }
    try call.endDryRun()
    for instance in chosen {
      let change = CvmChange(imageID: seeds.cvm.images.conversionTarget)
      operate(instance, call, CvmLatency.reinstall, change)
    }
    return [
      "SupportTargetOSList": [["TargetOSType": "TencentOS", "TargetOSVersion": "2.4"]],
      "TaskId": .text(String(newCvmTask())),
    ]
  }
}
