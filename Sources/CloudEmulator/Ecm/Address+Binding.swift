import Values

extension World {
  /// What an elastic IP is to be bound to: an instance by its id, or an interface and one of its private addresses.
  func bindingGoal(_ call: Call, _ region: String, required: Bool) throws(Refusal) -> BindingGoal? {
    guard !(call.has("InstanceId") && call.has("NetworkInterfaceId")) else {
      throw call.refusal(
        "InvalidParameter.InvalidParameterConflict", "InvalidParameter.Coexist",
        because: "InstanceId and NetworkInterfaceId cannot be given together.")
    }
    let instance: Instance
    if let id = call.text("InstanceId") {
      guard let found = instances[id], found.region == region else {
        throw call.refusal(
          "UnsupportedOperation.InstanceIdNotFound", "ResourceNotFound.InstanceNotExist",
          because: "There is no instance '\(id)' in \(region).")
      }
      instance = found
    } else if let interface = call.text("NetworkInterfaceId") {
      let slot = try slot(of: interface, call, region)
      guard let owner = try owner(of: slot, call) else { return .slot(slot) }
      instance = owner
    } else {
      guard !required else {
        throw call.refusal("MissingParameter.MissingAssociateEntity", because: "Give an instance or an interface.")
      }
      return nil
    }
    try checkBindable(instance, call)
    return .instance(instance.id)
  }

  /// Whether an elastic IP may still be bound there, some time after the call.
  func isFree(_ goal: BindingGoal) -> Bool {
    switch goal {
    case .instance(let id): instances[id].map { $0.addressID == nil && $0.state != .terminating } ?? false
    case .slot(let slot):
      interfaces[slot.interfaceID]?.addresses.contains { $0.number == slot.number && $0.addressID == nil } ?? false
    }
  }

  func carrier(of goal: BindingGoal?) -> String? {
    switch goal {
    case .instance(let id): instances[id]?.isp
    case .slot(let slot): interfaces[slot.interfaceID]?.attachment.flatMap { instances[$0.instanceID]?.isp }
    case nil: nil
    }
  }

  mutating func mark(_ slot: AddressSlot, with addressID: String?) {
    guard let index = interfaces[slot.interfaceID]?.addresses.firstIndex(where: { $0.number == slot.number }) else {
      return
    }
    interfaces[slot.interfaceID]?.addresses[index].addressID = addressID
  }

  private func slot(of interface: String, _ call: Call, _ region: String) throws(Refusal) -> AddressSlot {
    guard let text = call.text("PrivateIpAddress") else {
      throw call.refusal(
        "MissingParameter.MissingPrivateIpAddress", "MissingParameter", because: "PrivateIpAddress is missing.")
    }
    guard interface.hasPrefix("eni-") else {
      throw call.refusal(
        "InvalidParameterValue.InvaildEniID", "ResourceNotFound", because: "'\(interface)' is no id of an interface.")
    }
    guard let found = interfaces[interface], found.region == region,
      let address = found.addresses.first(where: { $0.text == text })
    else {
      throw call.refusal(
        "UnsupportedOperation.InvalidNetworkInterfaceIdNotFound", "ResourceNotFound",
        because: "There is no interface '\(interface)' with the address \(text).")
    }
    guard address.addressID == nil else { throw alreadyBound(text, call) }
    guard address.state == .available, found.state == .available else {
      throw call.refusal(
        "FailedOperation.PrivateIpAddressUnavailable", because: "\(interface) or its address \(text) is busy.")
    }
    if !(found.isPrimary && address.isPrimary) { try checkPublicLimit(found, call) }
    return AddressSlot(interfaceID: interface, number: address.number)
  }

  /// The instance whose primary address this is; nil for another private address.
  private func owner(of slot: AddressSlot, _ call: Call) throws(Refusal) -> Instance? {
    guard let interface = interfaces[slot.interfaceID], interface.isPrimary,
      let instance = interface.attachment.flatMap({ instances[$0.instanceID] }),
      instance.privateAddress == slot.number
    else { return nil }
    guard instance.publicAddress == nil else { throw alreadyBound(instance.privateText, call) }
    return instance
  }

  private func checkPublicLimit(_ interface: NetworkInterface, _ call: Call) throws(Refusal) {
    guard let instance = interface.attachment.flatMap({ instances[$0.instanceID] }) else { return }
    let others = interfaces(of: instance).flatMap(\.addresses)
    let held = others.count { $0.addressID != nil } + (publicAddress(of: instance) == nil ? 0 : 1)
    let limit = NetworkLimits.of(instance, seeds.hardware).publicAddresses
    guard held < limit else {
      throw call.refusal(
        "LimitExceeded.AddressQuotaLimitExceeded", because: "\(instance.id) takes at most \(limit) public addresses.")
    }
  }

  private func alreadyBound(_ text: String, _ call: Call) -> Refusal {
    call.refusal(
      "UnsupportedOperation.InvalidPrivateIpAddressAlreadyBindEip", because: "\(text) has a public address already.")
  }

  private func checkBindable(_ instance: Instance, _ call: Call) throws(Refusal) {
    switch instance.state {
    case .running, .stopped, .starting, .stopping, .rebooting: break
    case .pending:
      throw call.refusal(
        "UnsupportedOperation.StatusNotPermit", "FailedOperation.InvalidStatus",
        because: "\(instance.id) is still being created.")
    case .launchFailed, .shutdown, .terminating:
      throw call.refusal(
        "UnsupportedOperation.InstanceIdNotSupported", "FailedOperation.InvalidStatus",
        because: "\(instance.id) is \(instance.state.rawValue).")
    }
    guard instance.addressID == nil else {
      throw call.refusal(
        "UnsupportedOperation.AlreadyBindEip", "UnsupportedOperation.InvalidPrivateIpAddressAlreadyBindEip",
        because: "\(instance.id) has an elastic IP already.")
    }
  }
}
