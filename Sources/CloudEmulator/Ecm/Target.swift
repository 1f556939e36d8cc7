import Values

/// What a listener sends to: an instance, at one of its private addresses.
struct Backend: Sendable, Equatable {
  let instanceID: String
  /// Of another than its own: `EniIp` of an interface that is plugged in.
  var address: String?
}

/// A port of an instance behind a listener.
struct Target: Codable, Sendable, Equatable {
  let instanceID: String
  /// As ``Backend`` has it.
  let address: String?
  let port: Int
  let weight: Int
  let registeredAt: Instant

  init(_ backend: Backend, port: Int, weight: Int, registeredAt: Instant) {
    (instanceID, address) = (backend.instanceID, backend.address)
    (self.port, self.weight, self.registeredAt) = (port, weight, registeredAt)
  }

  var backend: Backend { Backend(instanceID: instanceID, address: address) }

  func with(port: Int? = nil, weight: Int? = nil) -> Target {
    Target(backend, port: port ?? self.port, weight: weight ?? self.weight, registeredAt: registeredAt)
  }

  func isSame(as other: Target) -> Bool { backend == other.backend && port == other.port }

  func inventoryLine(_ listenerID: String) -> InventoryLine {
    let place = address.map { "\(instanceID)/\($0)" } ?? instanceID
    return InventoryLine("Target", "\(listenerID)/\(place):\(port)", "", "weight \(weight)")
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
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
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
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return ["FailListenerIdSet": .list(failed.map(Value.text))]
  }

  func describeTargets(_ call: Call) throws(Refusal) -> Record {
    let balancer = try balancer(try call.required("LoadBalancerId"), call)
    let rows = balancer.listeners.filter { isWanted($0, call) }.map { listener -> Value in
      [
        "ListenerId": .text(listener.id), "Protocol": .text(listener.transport), "Port": .int(listener.port),
        "Targets": .list(listener.targets.map(answer)),
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
      let found = backend(record, balancer).map { backend in
        Target(backend, port: port, weight: record["Weight"]?.asInt ?? Limits.targetWeight, registeredAt: now)
      }
      if let index = groups.firstIndex(where: { $0.listenerID == listenerID }) {
        groups[index].targets.append(found)
      } else {
        groups.append(TargetGroup(listenerID: listenerID, targets: [found]))
      }
    }
    return groups
  }

  /// What a target of a call names by `InstanceId` or `EniIp`; nil when the balancer can have no such one.
  func backend(_ target: Record, _ balancer: LoadBalancer) -> Backend? {
    let backend: Backend?
    if let id = target["InstanceId"]?.asText {
      backend = Backend(instanceID: id)
    } else if let ip = target["EniIp"]?.asText {
      let interface = interfaces.rows("address-ip", ip).first { $0.vpcID == balancer.vpcID }
      backend = interface?.attachment.map { attachment in
        let isItsOwn = instances[attachment.instanceID]?.privateText == ip
        return Backend(instanceID: attachment.instanceID, address: isItsOwn ? nil : ip)
      }
    } else {
      backend = nil
    }
    guard let backend, let instance = instances[backend.instanceID], instance.region == balancer.region,
      instance.state != .terminating
    else { return nil }
    return backend
  }

  /// The interface with the target's address; nil when there is none any more.
  private func interface(behind target: Target, of instance: Instance) -> NetworkInterface? {
    guard let ip = target.address else { return interfaces[instance.interfaceID] }
    return interfaces.rows("address-ip", ip).first { $0.attachment?.instanceID == instance.id }
  }

  private func answer(_ target: Target) -> Value {
    let instance = instances[target.instanceID]
    let interface = instance.flatMap { self.interface(behind: target, of: $0) }
    let publicSide = instance.flatMap { publicAddress(of: $0) }.map { [Value.text($0)] } ?? []
    let privateSide = (target.address ?? instance?.privateText).map { [Value.text($0)] } ?? []
    return [
      "InstanceId": .text(target.instanceID), "Port": .int(target.port), "Weight": .int(target.weight),
      "PrivateIpAddresses": .list(privateSide),
      "RegisteredTime": .text(target.registeredAt.plainText), "EniId": interface.map { .text($0.id) } ?? .null,
      "PublicIpAddresses": .list(publicSide), "InstanceName": .text(instance?.name ?? ""),
    ]
  }

  private func health(_ target: Target, _ listener: Listener) -> Value {
    let instance = instances[target.instanceID]
    let isReached = instance.map { interface(behind: target, of: $0) != nil } ?? false
    let report = target.registeredAt + delay(Latency.healthReport, of: "\(listener.id) \(target.instanceID)")
    let detail =
      if !listener.healthCheck.isOn {
        "Close"
      } else if now < report {
        "Unknown"
      } else {
        instance?.state == .running && isReached ? "Alive" : "Dead"
      }
    return [
      "IP": (target.address ?? instance?.privateText).map(Value.text) ?? .null, "Port": .int(target.port),
      "HealthStatus": .bool(detail == "Alive" || detail == "Close"), "TargetId": .text(target.instanceID),
      "HealthStatusDetail": .text(detail),
    ]
  }
}
