import Values

/// What becomes of an interface when its change ends.
enum InterfaceChange: Codable, Sendable, Equatable {
  case settles(attachment: NetworkInterface.Attachment?)
  case goes
}

extension World {
  mutating func attachNetworkInterface(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    guard interface.attachment == nil else {
      throw call.refusal(
        "UnsupportedOperation.AttachmentAlreadyExists", because: "\(interface.id) is attached already.")
    }
    try requireAvailable(interface, call)
    let instance = try attachableInstance("InstanceId", for: interface, call)
    let attachment = newAttachment(to: instance.id)
    interfaces[interface.id]?.state = .attaching
    plug(interface.id, attachment)
    planInterface(interface.id, from: .attaching, .settles(attachment: call.failsLater ? nil : attachment))
    return [:]
  }

  mutating func detachNetworkInterface(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    try requireSecondary(interface, call)
    let attachment = try attachment(of: interface, to: "InstanceId", call)
    try requireAvailable(interface, call)
    interfaces[interface.id]?.state = .detaching
    planInterface(interface.id, from: .detaching, .settles(attachment: call.failsLater ? attachment : nil))
    return [:]
  }

  mutating func migrateNetworkInterface(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    try requireSecondary(interface, call)
    let source = try attachment(of: interface, to: "SourceInstanceId", call)
    try requireAvailable(interface, call)
    let instance = try attachableInstance("DestinationInstanceId", for: interface, call)
    guard instance.id != source.instanceID else {
      throw call.refusal("InvalidParameterValue", because: "Source and destination are one instance.")
    }
    let attachment = newAttachment(to: instance.id)
    interfaces[interface.id]?.state = .attaching
    if !call.failsLater { plug(interface.id, attachment) }
    planInterface(interface.id, from: .attaching, .settles(attachment: call.failsLater ? source : attachment))
    return [:]
  }

  mutating func planInterface(_ id: String, from state: InterfaceState, _ change: InterfaceChange) {
    timeline.plan(.interfaceSettles(id: id, from: state, change: change), at: later(Latency.interfaceChange, of: id))
  }

  mutating func settleInterface(_ id: String, from: InterfaceState, _ change: InterfaceChange) {
    guard let interface = interfaces[id], interface.state == from else { return }
    switch change {
    case .goes:
      for address in interface.addresses { subnets[interface.subnetID]?.hosts.release(address.number) }
      interfaces.remove(id)
    case .settles(let attachment):
      interfaces[id]?.state = .available
      // An instance that has gone meanwhile has taken the attachment with it.
      plug(id, interface.attachment == nil ? nil : attachment)
      for index in interface.addresses.indices where interface.addresses[index].state == .pending {
        interfaces[id]?.addresses[index].state = .available
      }
      restateAddresses(of: id)
    }
  }

  /// The instance is gone: its secondary interfaces go with it or stay, detached.
  mutating func leaveInterfaces(of instance: Instance, destroys: Bool) {
    for interface in interfaces(of: instance) {
      if interface.isPrimary || destroys {
        for address in interface.addresses {
          if let id = address.addressID { leaveAddress(id, destroys: destroys) }
          // The instance's own address is released with it.
          if !(interface.isPrimary && address.isPrimary) {
            subnets[interface.subnetID]?.hosts.release(address.number)
          }
        }
        interfaces.remove(interface.id)
      } else {
        plug(interface.id, nil)
        interfaces[interface.id]?.state = .available
        restateAddresses(of: interface.id)
      }
    }
  }

  /// Elastic IPs of an interface are BIND while it is plugged in, else BIND_ENI.
  private mutating func restateAddresses(of id: String) {
    guard let interface = interfaces[id] else { return }
    for address in interface.addresses.compactMap(\.addressID) {
      guard let status = addresses[address]?.status, status.isBound else { continue }
      addresses[address]?.status = interface.attachment == nil ? .boundToInterface : .bound
    }
  }

  private func newAttachment(to instanceID: String) -> NetworkInterface.Attachment {
    let present = instances[instanceID].map { interfaces(of: $0) } ?? []
    let taken = Set(present.compactMap { $0.attachment?.deviceIndex })
    let index = (0...taken.count).first { !taken.contains($0) } ?? taken.count
    return NetworkInterface.Attachment(instanceID: instanceID, deviceIndex: index, attachedAt: now)
  }

  /// The primary one first.
  func interfaces(of instance: Instance) -> [NetworkInterface] {
    ([instance.interfaceID] + instance.secondaryInterfaceIDs).compactMap { interfaces[$0] }
  }

  private mutating func plug(_ id: String, _ attachment: NetworkInterface.Attachment?) {
    if let old = interfaces[id]?.attachment?.instanceID {
      instances[old]?.secondaryInterfaceIDs.removeAll { $0 == id }
    }
    interfaces[id]?.attachment = attachment
    if let new = attachment?.instanceID { instances[new]?.secondaryInterfaceIDs.append(id) }
  }

  private func requireAvailable(_ interface: NetworkInterface, _ call: Call) throws(Refusal) {
    guard interface.state == .available else {
      throw call.refusal(
        "UnsupportedOperation.InvalidState", "UnsupportedOperation", "InvalidParameterValue",
        because: "\(interface.id) is \(interface.state.rawValue).")
    }
  }

  private func attachment(
    of interface: NetworkInterface, to parameter: String, _ call: Call
  ) throws(Refusal) -> NetworkInterface.Attachment {
    let id = try call.required(parameter)
    guard let attachment = interface.attachment, attachment.instanceID == id else {
      throw call.refusal(
        "UnsupportedOperation.AttachmentNotFound", "UnsupportedOperation.InvalidState", "ResourceNotFound",
        because: "\(interface.id) is not attached to '\(id)'.")
    }
    return attachment
  }

  private func attachableInstance(
    _ parameter: String, for interface: NetworkInterface, _ call: Call
  ) throws(Refusal) -> Instance {
    let id = try call.required(parameter)
    guard let instance = instances[id], instance.region == interface.region else {
      throw call.notFound("instance", id)
    }
    guard instance.vpcID == interface.vpcID else {
      throw call.refusal(
        "UnsupportedOperation.VpcMismatch", "InvalidParameterValue",
        because: "\(id) and \(interface.id) belong to different networks.")
    }
    guard instance.zone == interface.zone, instance.state == .running || instance.state == .stopped else {
      throw call.refusal(
        "UnsupportedOperation.InvalidState", "InvalidParameterValue",
        because: "\(id) is \(instance.state.rawValue) in \(instance.zone).")
    }
    let limits = NetworkLimits.of(instance, seeds.hardware)
    guard interfaces(of: instance).count < limits.interfaces else {
      throw call.refusal(
        "LimitExceeded.EniQuotaLimitExceeded", "InvalidParameterValue",
        because: "\(instance.instanceType) takes at most \(limits.interfaces) interfaces.")
    }
    guard interface.addresses.count <= limits.addresses else {
      throw call.refusal(
        "LimitExceeded.PrivateIPQuotaLimitExceeded", "InvalidParameterValue",
        because: "An interface of \(instance.instanceType) takes at most \(limits.addresses) private addresses.")
    }
    return instance
  }
}

/// What an instance may have on its network side, by its number of processors.
struct NetworkLimits {
  let processors: Int
  let interfaces: Int
  let addresses: Int
  let publicAddresses: Int

  static let all = [
    (1, 2, 2, 1), (2, 2, 10, 1), (4, 3, 10, 3), (8, 4, 10, 3), (16, 6, 10, 4), (24, 6, 10, 4), (32, 8, 20, 4),
    (48, 8, 20, 4), (64, 8, 20, 4), (96, 8, 20, 4), (128, 8, 20, 4), (256, 8, 20, 4),
  ].map { NetworkLimits(processors: $0.0, interfaces: $0.1, addresses: $0.2, publicAddresses: $0.3) }

  static func of(_ instance: Instance, _ hardware: Hardware) -> NetworkLimits {
    let processors = hardware.model(instance.instanceType)?.processors ?? 1
    return all.last { $0.processors <= processors } ?? all[0]
  }

  var answer: Value {
    [
      "CpuNum": .int(processors), "NetworkInterfaceLimit": .int(interfaces),
      "InnerIpPerNetworkInterface": .int(addresses), "PublicIpPerInstance": .int(publicAddresses),
    ]
  }
}
