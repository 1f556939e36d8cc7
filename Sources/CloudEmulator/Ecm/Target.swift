import Values

/// An instance's port behind a listener.
struct Target: Codable, Sendable, Equatable {
  let instanceID: String
  let port: Int
  let weight: Int
  let registeredAt: Instant

  func with(port: Int? = nil, weight: Int? = nil) -> Target {
    Target(
      instanceID: instanceID, port: port ?? self.port, weight: weight ?? self.weight, registeredAt: registeredAt)
  }

  func isSame(as other: Target) -> Bool { instanceID == other.instanceID && port == other.port }

  func inventoryLine(_ listenerID: String) -> InventoryLine {
    InventoryLine("Target", "\(listenerID)/\(instanceID):\(port)", "", "weight \(weight)")
  }
}

/// The targets of one call for one listener; nil stands for one that cannot be found.
private struct TargetGroup {
  let listenerID: String
  var targets: [Target?]
}

/// Both batch calls do all of a listener's targets or none, and name the listeners left out: then the opposite call
/// with the other listeners' targets brings back exactly what was.
extension World {
  mutating func batchRegisterTargets(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    var failed: [String] = []
    for group in try targetGroups(call, balancer) {
      let known = group.targets.compactMap { $0 }
      guard let index = balancer.listeners.firstIndex(where: { $0.id == group.listenerID }),
        known.count == group.targets.count, areNew(known, balancer.listeners[index].targets)
      else {
        failed.append(group.listenerID)
        continue
      }
      if !call.failsLater { balancers[balancer.id]?.listeners[index].targets += known }
    }
    _ = beginBalancerTask(call, Latency.balancerChange)
    return ["FailListenerIdSet": .list(failed.map(Value.text))]
  }

  mutating func batchDeregisterTargets(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    var failed: [String] = []
    for group in try targetGroups(call, balancer) {
      let known = group.targets.compactMap { $0 }
      guard let index = balancer.listeners.firstIndex(where: { $0.id == group.listenerID }),
        known.count == group.targets.count,
        known.allSatisfy({ target in balancer.listeners[index].targets.contains { $0.isSame(as: target) } })
      else {
        failed.append(group.listenerID)
        continue
      }
      if !call.failsLater {
        balancers[balancer.id]?.listeners[index].targets.removeAll { target in known.contains { $0.isSame(as: target) }
        }
      }
    }
    _ = beginBalancerTask(call, Latency.balancerChange)
    return ["FailListenerIdSet": .list(failed.map(Value.text))]
  }

  func describeTargets(_ call: Call) throws(Refusal) -> Record {
    let balancer = try balancer(try call.required("LoadBalancerId"), call)
    let rows = balancer.listeners.filter { isWanted($0, call) }.map { listener -> Value in
      [
        "ListenerId": .text(listener.id), "Protocol": .text(listener.transport), "Port": .int(listener.port),
        "Targets": .list(listener.targets.map(backend)),
      ]
    }
    return ["Listeners": .list(rows)]
  }

  func describeTargetHealth(_ call: Call) throws(Refusal) -> Record {
    var rows: [Value] = []
    for id in call.ids("LoadBalancerIds") {
      let balancer = try balancer(id, call)
      let listeners = balancer.listeners.map { listener -> Value in
        [
          "ListenerId": .text(listener.id), "ListenerName": .text(listener.name), "Protocol": .text(listener.transport),
          "Port": .int(listener.port), "Rules": [["Targets": .list(listener.targets.map { health($0, listener) })]],
        ]
      }
      rows.append([
        "LoadBalancerId": .text(balancer.id), "LoadBalancerName": .text(balancer.name), "Listeners": .list(listeners),
      ])
    }
    return ["LoadBalancers": .list(rows)]
  }

  private func areNew(_ targets: [Target], _ present: [Target]) -> Bool {
    var seen = present
    for target in targets {
      if seen.contains(where: { $0.isSame(as: target) }) { return false }
      seen.append(target)
    }
    return true
  }

  /// By listener, in the order of the call.
  private func targetGroups(_ call: Call, _ balancer: LoadBalancer) throws(Refusal) -> [TargetGroup] {
    var groups: [TargetGroup] = []
    for value in call.list("Targets") {
      let record = value.asRecord ?? Record()
      guard let listenerID = record["ListenerId"]?.asText, let port = record["Port"]?.asInt else {
        throw call.refusal("InvalidParameter.FormatError", because: "A target needs a ListenerId and a Port.")
      }
      guard (1...65_535).contains(port) else {
        throw call.refusal("InvalidParameter.PortCheckFailed", because: "\(port) is not a port.")
      }
      let found = backendInstance(record, balancer).map { instance in
        Target(
          instanceID: instance.id, port: port, weight: record["Weight"]?.asInt ?? Limits.targetWeight, registeredAt: now
        )
      }
      if let index = groups.firstIndex(where: { $0.listenerID == listenerID }) {
        groups[index].targets.append(found)
      } else {
        groups.append(TargetGroup(listenerID: listenerID, targets: [found]))
      }
    }
    return groups
  }

  func backendInstance(_ target: Record, _ balancer: LoadBalancer) -> Instance? {
    let instance: Instance?
    if let id = target["InstanceId"]?.asText {
      instance = instances[id]
    } else if let ip = target["EniIp"]?.asText {
      instance = instances.rows("private-ip", ip).first { $0.vpcID == balancer.vpcID }
    } else {
      instance = nil
    }
    guard let instance, instance.region == balancer.region, instance.state != .terminating else { return nil }
    return instance
  }

  private func backend(_ target: Target) -> Value {
    let instance = instances[target.instanceID]
    let publicSide = instance.flatMap { publicAddress(of: $0) }.map { [Value.text($0)] } ?? []
    return [
      "InstanceId": .text(target.instanceID), "Port": .int(target.port), "Weight": .int(target.weight),
      "PrivateIpAddresses": .list(instance.map { [.text($0.privateText)] } ?? []),
      "RegisteredTime": .text(target.registeredAt.plainText), "EniId": instance.map { .text($0.interfaceID) } ?? .null,
      "PublicIpAddresses": .list(publicSide), "InstanceName": .text(instance?.name ?? ""),
    ]
  }

  private func health(_ target: Target, _ listener: Listener) -> Value {
    let instance = instances[target.instanceID]
    let report = target.registeredAt + .milliseconds(Int64(Double(Latency.healthReport.upperBound) / settings.speed))
    let detail =
      if !listener.healthCheck.isOn {
        "Close"
      } else if now < report {
        "Unknown"
      } else {
        instance?.state == .running ? "Alive" : "Dead"
      }
    return [
      "IP": instance.map { .text($0.privateText) } ?? .null, "Port": .int(target.port),
      "HealthStatus": .bool(detail == "Alive" || detail == "Close"), "TargetId": .text(target.instanceID),
      "HealthStatusDetail": .text(detail),
    ]
  }
}
