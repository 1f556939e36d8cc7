import Values

extension World {
  mutating func startInstances(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(
      call, in: "InstanceIdSet", "InvalidParameterValue.InvalidInstanceID", "ResourceNotFound.InstanceNotExist")
    try refuseTransient(chosen, call, "OperationDenied.InstanceOperationInProgress")
    for instance in chosen where instance.state != .stopped {
      throw call.refusal(
        "FailedOperation.InstanceNotAllStopped", because: "\(instance.id) is \(instance.state.rawValue), not STOPPED.")
    }
    for instance in chosen {
      move(instance.id, through: .starting, to: .running, call, Latency.start)
    }
    return [:]
  }

  mutating func stopInstances(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(
      call, in: "InstanceIdSet", "InvalidParameterValue.InvalidInstanceID", "ResourceNotFound.InstanceNotExist")
    try refuseUnlessRunning(chosen, call)
    for instance in chosen {
      move(instance.id, through: .stopping, to: .stopped, call, Latency.stop)
    }
    return [:]
  }

  mutating func rebootInstances(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(
      call, in: "InstanceIdSet", "ResourceNotFound.InstanceNotExist", "InvalidParameterValue.InvalidInstanceID")
    try refuseTransient(chosen, call, "OperationDenied.InstanceOperationInProgress")
    try refuseUnlessRunning(chosen, call)
    for instance in chosen {
      move(instance.id, through: .rebooting, to: .running, call, Latency.reboot)
    }
    return [:]
  }

  mutating func terminateInstances(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(
      call, in: "InstanceIdSet", "ResourceNotFound.InstanceNotExist", "InvalidParameterValue.InvalidInstanceID")
    for instance in chosen where instance.state == .terminating {
      throw call.refusal("FailedOperation.OperationNotAllow", because: "\(instance.id) is being terminated already.")
    }
    let withResources = call.bool("AssociatedResourceDestroy") ?? true
    if call.bool("TerminateDelay") == true {
      let time = try terminationTime(call)
      for instance in chosen {
        instances[instance.id]?.state = .shutdown
        timeline.plan(.terminationBegins(id: instance.id, withResources: withResources), at: time)
      }
      return [:]
    }
    for instance in chosen {
      if call.failsLater {
        move(instance.id, through: .terminating, to: instance.state, call, Latency.terminate)
      } else {
        beginTermination(instance.id, withResources: withResources)
      }
    }
    return [:]
  }

  mutating func settleInstance(_ id: String, from: InstanceState, to: InstanceState, succeeded: Bool) {
    instances[id]?.settle(from: from, to: to, succeeded: succeeded)
  }

  mutating func beginTermination(_ id: String, withResources: Bool) {
    guard let instance = instances[id], instance.state != .terminating else { return }
    instances[id]?.state = .terminating
    instances[id]?.latestOperation = "TerminateInstances"
    instances[id]?.latestOperationState = "OPERATING"
    timeline.plan(.instanceEnds(id: id, withResources: withResources), at: later(Latency.terminate, of: id))
  }

  /// The instance goes, from its subnet, from its module's count, from behind the listeners; its elastic IP goes with
  /// it or is left unbound.
  mutating func endInstance(_ id: String, withResources: Bool) {
    guard let instance = instances[id], instance.state == .terminating else { return }
    instances.remove(id)
    leaveInterfaces(of: instance, destroys: withResources)
    subnets[instance.subnetID]?.hosts.release(instance.privateAddress)
    subnets[instance.subnetID]?.instanceCount -= 1
    vpcs[instance.vpcID]?.instanceCount -= 1
    if let module = instance.moduleID { modules[module]?.instanceCount -= 1 }
    if let address = instance.addressID { leaveAddress(address, destroys: withResources) }
    for balancer in balancers.all where balancer.region == instance.region {
      balancers[balancer.id]?.dropTargets(of: id)
    }
  }

  mutating func move(
    _ id: String, through: InstanceState, to: InstanceState, _ call: Call, _ work: Work
  ) {
    guard let before = instances[id]?.state else { return }
    instances[id]?.state = through
    instances[id]?.latestOperation = call.facts.id.name
    instances[id]?.latestOperationState = "OPERATING"
    let end = WorldEvent.instanceSettles(
      id: id, from: through, to: call.failsLater ? before : to, succeeded: !call.failsLater)
    timeline.plan(end, at: later(work, of: id))
  }

  /// The instances that the call names, each once; the first printed of the codes says that one is not there.
  func instances(_ call: Call, in parameter: String, _ codes: String...) throws(Refusal) -> [Instance] {
    let ids = call.ids(parameter)
    guard !ids.isEmpty, ids.count <= Limits.instancesPerCall else {
      throw call.refusal(
        "InvalidParameterValue.ParameterValueTooLarge", "InvalidParameterValue", because: "Give 1 to 100 instances.")
    }
    var chosen: [Instance] = []
    for id in ids {
      guard let instance = instances[id] else {
        let code = codes.first { call.facts.errors.contains($0) } ?? codes[0]
        throw Refusal(code, "There is no instance '\(id)'.")
      }
      chosen.append(instance)
    }
    return chosen
  }

  func refuseTransient(_ chosen: [Instance], _ call: Call, _ code: String) throws(Refusal) {
    for instance in chosen where instance.state.isTransient {
      throw call.refusal(code, because: "\(instance.id) is \(instance.state.rawValue).")
    }
  }

  private func refuseUnlessRunning(_ chosen: [Instance], _ call: Call) throws(Refusal) {
    for instance in chosen where instance.state != .running {
      throw call.refusal(
        "ResourceUnavailable.InstanceNotRunning", because: "\(instance.id) is \(instance.state.rawValue), not RUNNING.")
    }
  }

  private func terminationTime(_ call: Call) throws(Refusal) -> Instant {
    guard let text = call.text("TerminateTime"), let time = Instant(plainText: text) else {
      throw call.refusal("InvalidParameterValue.InvalidTime", because: "TerminateTime must be YYYY-MM-DD hh:mm:ss.")
    }
    guard time > now else {
      throw call.refusal("InvalidParameterValue.TerminateTimeSmaller", because: "\(text) is not in the future.")
    }
    return time
  }
}

extension Instant {
  /// From `YYYY-MM-DD hh:mm:ss`, UTC; nil when it is not that.
  init?(plainText: String) {
    let shape = plainText.utf8.map { (48...57).contains($0) ? UInt8(ascii: "9") : $0 }
    guard shape == Array("9999-99-99 99:99:99".utf8) else { return nil }
    let parts = plainText.split { !$0.isNumber }.compactMap { Int64($0) }
    guard (1...12).contains(parts[1]), (1...31).contains(parts[2]), parts[3] < 24, parts[4] < 60, parts[5] < 60 else {
      return nil
    }
    // Days from civil, the other way round than in Values; the year begins in March.
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let month = (parts[1] + 9) % 12
    let era = year / 400
    let dayOfEra = (year % 400) * 365 + year % 400 / 4 - year % 400 / 100 + (153 * month + 2) / 5 + parts[2] - 1
    let days = era * 146_097 + dayOfEra - 719_468
    self.init(milliseconds: (days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]) * 1000)
    guard self.plainText == plainText else { return nil }
  }
}

extension Instance {
  /// At one go, since the table looks after every change where the row belongs now.
  fileprivate mutating func settle(from: InstanceState, to: InstanceState, succeeded: Bool) {
    guard state == from else { return }
    state = to
    latestOperationState = succeeded ? "SUCCESS" : "FAILED"
  }
}
