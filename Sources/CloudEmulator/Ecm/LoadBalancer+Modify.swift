import Values

/// As every change of a load balancer: shown at once, its task ends a little later, and nothing is changed when the
/// task is to fail.
extension World {
  mutating func modifyLoadBalancerAttributes(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let bandwidth = call.record("InternetChargeInfo")?["InternetMaxBandwidthOut"]?.asInt
    if let name = call.text("LoadBalancerName") {
      try checkName(name, call)
      guard !balancers.all.contains(where: { $0.name == name && $0.id != balancer.id }) else {
        throw call.refusal("InvalidParameterValue.Duplicate", because: "There is a load balancer '\(name)' already.")
      }
    }
    if let bandwidth, !(1...5000).contains(bandwidth) {
      throw call.refusal("InvalidParameterValue.Length", because: "The bandwidth must be 1 to 5000 Mbps.")
    }
    if !call.failsLater {
      if let name = call.text("LoadBalancerName") { balancers[balancer.id]?.name = name }
      if let bandwidth { balancers[balancer.id]?.bandwidth = bandwidth }
      if let passes = call.bool("LoadBalancerPassToTarget") { balancers[balancer.id]?.passesToTarget = passes }
    }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  mutating func modifyListener(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let index = try listenerIndex(try call.required("ListenerId"), balancer, call)
    var listener = balancer.listeners[index]
    if let name = call.text("ListenerName") { listener.name = name }
    if let session = call.int("SessionExpireTime") {
      guard session == 0 || session >= 30 else {
        throw call.refusal("InvalidParameter.FormatError", because: "SessionExpireTime is 0 or 30 to 3600 seconds.")
      }
      listener.sessionExpireTime = session
    }
    if let scheduler = call.text("Scheduler") { listener.scheduler = scheduler }
    if let check = call.record("HealthCheck") {
      let before = listener.healthCheck.answer.asRecord ?? Record()
      listener.healthCheck = HealthCheck(before.merging(check))
    }
    if !call.failsLater { balancers[balancer.id]?.listeners[index] = listener }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  mutating func modifyTargetPort(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let index = try listenerIndex(try call.required("ListenerId"), balancer, call)
    let port = call.int("NewPort") ?? 0
    guard (1...65_535).contains(port) else {
      throw call.refusal("InvalidParameter.FormatError", because: "\(port) is not a port.")
    }
    var targets = balancer.listeners[index].targets
    for place in try targetIndexes(call.list("Targets"), balancer.listeners[index], balancer, call) {
      let moved = targets[place].with(port: port)
      let isTaken = targets.enumerated().contains { $0.offset != place && $0.element.isSame(as: moved) }
      guard !isTaken else {
        throw call.refusal(
          "InvalidParameterValue.Duplicate", "InvalidParameterValue.Length",
          because: "\(moved.instanceID):\(port) is a target already.")
      }
      targets[place] = moved
    }
    if !call.failsLater { balancers[balancer.id]?.listeners[index].targets = targets }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  /// The weight of a target wins over that of the call.
  mutating func modifyTargetWeight(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let index = try listenerIndex(try call.required("ListenerId"), balancer, call)
    var listener = balancer.listeners[index]
    try weigh(call.list("Targets"), call.int("Weight"), &listener, balancer, call)
    if !call.failsLater { balancers[balancer.id]?.listeners[index] = listener }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  mutating func batchModifyTargetWeight(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    var listeners = balancer.listeners
    for rule in call.list("ModifyList").compactMap(\.asRecord) {
      let index = try listenerIndex(rule["ListenerId"]?.asText ?? "", balancer, call)
      try weigh(rule["Targets"]?.asList ?? [], rule["Weight"]?.asInt, &listeners[index], balancer, call)
    }
    if !call.failsLater { balancers[balancer.id]?.listeners = listeners }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  /// Without groups, all are unbound.
  mutating func setLoadBalancerSecurityGroups(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let groups = try knownGroups(call.ids("SecurityGroups"), call)
    if !call.failsLater { balancers[balancer.id]?.securityGroupIDs = groups }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  mutating func setSecurityGroupForLoadbalancers(_ call: Call) throws(Refusal) -> Record {
    let groups = try knownGroups([try call.required("SecurityGroup")], call)
    let adds = call.text("OperationType") == "ADD"
    let ids = call.ids("LoadBalancerIds")
    for id in ids {
      let balancer = try balancer(id, call)
      guard !adds || Set(balancer.securityGroupIDs + groups).count <= Limits.securityGroupsPerBalancer else {
        throw call.refusal(
          "InvalidParameterValue.Length", because: "\(id) takes at most \(Limits.securityGroupsPerBalancer) groups.")
      }
    }
    if !call.failsLater {
      for id in ids {
        balancers[id]?.securityGroupIDs.removeAll { groups.contains($0) }
        if adds { balancers[id]?.securityGroupIDs += groups }
      }
    }
    _ = beginBalancerTask(call, Latency.balancerChange, of: ids.first ?? "")
    return [:]
  }

  private func knownGroups(_ ids: [String], _ call: Call) throws(Refusal) -> [String] {
    for id in ids where securityGroups[id] == nil {
      throw call.refusal("InvalidParameterValue", because: "There is no security group '\(id)'.")
    }
    return ids
  }

  private func listenerIndex(_ id: String, _ balancer: LoadBalancer, _ call: Call) throws(Refusal) -> Int {
    guard let index = balancer.listeners.firstIndex(where: { $0.id == id }) else {
      throw call.refusal("InvalidParameter.ListenerIdNotFound", because: "\(balancer.id) has no listener '\(id)'.")
    }
    return index
  }

  /// Where the targets of the call stand behind the listener.
  private func targetIndexes(
    _ values: [Value], _ listener: Listener, _ balancer: LoadBalancer, _ call: Call
  ) throws(Refusal) -> [Int] {
    var indexes: [Int] = []
    for value in values {
      let record = value.asRecord ?? Record()
      let backend = backend(record, balancer)
      let port = record["Port"]?.asInt
      guard let index = listener.targets.firstIndex(where: { $0.backend == backend && $0.port == port }) else {
        throw call.refusal(
          "InvalidParameter.FormatError", because: "\(listener.id) has no target \(JSON.print(value)).")
      }
      indexes.append(index)
    }
    return indexes
  }

  private func weigh(
    _ values: [Value], _ common: Int?, _ listener: inout Listener, _ balancer: LoadBalancer, _ call: Call
  ) throws(Refusal) {
    for (index, value) in zip(try targetIndexes(values, listener, balancer, call), values) {
      let weight = value.asRecord?["Weight"]?.asInt ?? common ?? Limits.targetWeight
      listener.targets[index] = listener.targets[index].with(weight: weight)
    }
  }
}
