import Values

extension World {
  mutating func assignPrivateIpAddresses(_ call: Call) throws(Refusal) -> Record {
    let interface = try availableInterface(call)
    guard let subnet = subnets[interface.subnetID] else { throw call.notFound("subnet", interface.subnetID) }
    let plan = try plannedAddresses(call, "PrivateIpAddresses", in: subnet, withPrimary: false)
    guard !plan.isEmpty else {
      throw call.refusal(
        "InvalidParameterValue", because: "Give PrivateIpAddresses or SecondaryPrivateIpAddressCount.")
    }
    try checkRoom(interface, adding: plan.count, "LimitExceeded.PrivateIPQuotaLimitExceeded", call)
    for address in plan { take(address.number, in: subnet.id) }
    interfaces[interface.id]?.addresses += plan
    planAddresses(plan.map(\.number), of: interface.id, call)
    return ["PrivateIpAddressSet": .list(plan.map { answer($0, of: interface) })]
  }

  mutating func removePrivateIpAddresses(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    let indexes = try addressIndexes(call, of: interface)
    for index in indexes {
      let address = interface.addresses[index]
      guard !address.isPrimary else {
        throw call.refusal(
          "UnsupportedOperation", because: "\(address.text) is the primary address of \(interface.id).")
      }
      guard address.state == .available else {
        throw call.refusal(
          "UnsupportedOperation.MutexOperationTaskRunning", because: "\(address.text) is \(address.state.rawValue).")
      }
    }
    for index in indexes { interfaces[interface.id]?.addresses[index].state = .deleting }
    planAddresses(indexes.map { interface.addresses[$0].number }, of: interface.id, call)
    return [:]
  }

  mutating func migratePrivateIpAddress(_ call: Call) throws(Refusal) -> Record {
    let source = try interface(call, "SourceNetworkInterfaceId")
    let destination = try interface(call, "DestinationNetworkInterfaceId")
    let text = try call.required("PrivateIpAddress")
    guard let index = source.addresses.firstIndex(where: { $0.text == text }) else {
      throw call.notFound("private address", text)
    }
    var address = source.addresses[index]
    guard !address.isPrimary, address.state == .available, destination.state == .available else {
      throw call.refusal(
        "UnsupportedOperation",
        because: "\(text) is a primary address or \(address.state.rawValue), or its goal is busy.")
    }
    guard source.subnetID == destination.subnetID, source.id != destination.id else {
      throw call.refusal("InvalidParameterValue", because: "Both interfaces must be different ones of one subnet.")
    }
    try checkRoom(destination, adding: 1, "InvalidParameterValue", call)
    address.state = .migrating
    let goal = call.failsLater ? source.id : destination.id
    interfaces[source.id]?.addresses.remove(at: index)
    interfaces[goal]?.addresses.append(address)
    if let id = address.addressID, let attachment = interfaces[goal].map(\.attachment) {
      addresses[id]?.slot?.interfaceID = goal
      if addresses[id]?.status.isBound == true {
        addresses[id]?.status = attachment == nil ? .boundToInterface : .bound
      }
    }
    planAddresses([address.number], of: goal, call)
    return [:]
  }

  mutating func modifyPrivateIpAddressesAttribute(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    for (index, record) in zip(try addressIndexes(call, of: interface), call.list("PrivateIpAddresses")) {
      guard let about = record.asRecord?["Description"]?.asText else { continue }
      interfaces[interface.id]?.addresses[index].about = about
    }
    return [:]
  }

  /// Addresses on their way to somewhere arrive.
  mutating func settlePrivateAddresses(_ numbers: [UInt32], of id: String, succeeded: Bool) {
    guard let interface = interfaces[id] else { return }
    for address in interface.addresses where numbers.contains(address.number) {
      switch (address.state, succeeded) {
      case (.available, _): break
      case (.migrating, _), (.pending, true), (.deleting, false):
        guard let index = interfaces[id]?.addresses.firstIndex(where: { $0.number == address.number }) else { continue }
        interfaces[id]?.addresses[index].state = .available
      case (.pending, false), (.deleting, true):
        if let elastic = address.addressID { leaveAddress(elastic, destroys: false) }
        interfaces[id]?.addresses.removeAll { $0.number == address.number }
        subnets[interface.subnetID]?.hosts.release(address.number)
      }
    }
  }

  /// The addresses that a call names, and as many more as it counts; still to be taken.
  func plannedAddresses(
    _ call: Call, _ parameter: String, in subnet: Subnet, withPrimary: Bool
  ) throws(Refusal) -> [PrivateAddress] {
    var hosts = subnet.hosts
    var plan: [PrivateAddress] = []
    let named = call.list(parameter).compactMap(\.asRecord)
    let primaries = named.count { $0["Primary"] == .bool(true) }
    guard primaries <= (withPrimary ? 1 : 0) else {
      throw call.refusal("InvalidParameterValue", because: "Too many of the addresses are primary.")
    }
    for record in named {
      let text = record["PrivateIpAddress"]?.asText ?? ""
      guard let number = CIDR.address(text) else {
        throw call.refusal("InvalidParameterValue.Malformed", because: "'\(text)' is not an IPv4 address.")
      }
      guard subnet.cidr.contains(number) else {
        throw call.refusal("InvalidParameterValue.Range", because: "\(text) is outside \(subnet.cidr).")
      }
      guard hosts.isUsable(number) else {
        throw call.refusal(
          "InvalidParameterValue.Reserved", "InvalidParameterValue.Range", because: "\(text) is reserved.")
      }
      guard hosts.take(number) else { throw call.refusal("ResourceInUse", because: "\(text) is taken.") }
      plan.append(
        PrivateAddress(
          number: number, isPrimary: record["Primary"] == .bool(true), about: record["Description"]?.asText ?? "",
          state: .pending))
    }
    let count = call.int("SecondaryPrivateIpAddressCount") ?? 0
    guard (0...hosts.network.size).contains(count) else {
      throw call.refusal("InvalidParameterValue", because: "SecondaryPrivateIpAddressCount is out of range.")
    }
    for index in 0..<count + (withPrimary && primaries == 0 ? 1 : 0) {
      guard let number = hosts.take() else {
        throw call.refusal("ResourceInsufficient", because: "\(subnet.id) has no more free addresses.")
      }
      let isPrimary = withPrimary && primaries == 0 && index == 0
      plan.append(PrivateAddress(number: number, isPrimary: isPrimary, about: "", state: .pending))
    }
    return plan.filter(\.isPrimary) + plan.filter { !$0.isPrimary }
  }

  mutating func take(_ number: UInt32, in subnetID: String) {
    _ = subnets[subnetID]?.hosts.take(number)
  }

  private func availableInterface(_ call: Call) throws(Refusal) -> NetworkInterface {
    let interface = try interface(call)
    guard interface.state == .available else {
      throw call.refusal(
        "UnsupportedOperation.InvalidState", because: "\(interface.id) is \(interface.state.rawValue).")
    }
    return interface
  }

  private func checkRoom(
    _ interface: NetworkInterface, adding count: Int, _ code: String, _ call: Call
  ) throws(Refusal) {
    let instance = interface.attachment.flatMap { instances[$0.instanceID] }
    let limit = instance.map { NetworkLimits.of($0, seeds.hardware).addresses } ?? Limits.addressesPerInterface
    guard interface.addresses.count + count <= limit else {
      throw call.refusal(code, because: "\(interface.id) takes at most \(limit) private addresses.")
    }
  }

  /// Where the addresses of the call stand on the interface, each once and in the call's order.
  private func addressIndexes(_ call: Call, of interface: NetworkInterface) throws(Refusal) -> [Int] {
    var indexes: [Int] = []
    for record in call.list("PrivateIpAddresses") {
      let text = record.asRecord?["PrivateIpAddress"]?.asText ?? ""
      guard CIDR.address(text) != nil else {
        throw call.refusal("InvalidParameterValue.Malformed", because: "'\(text)' is not an IPv4 address.")
      }
      guard let index = interface.addresses.firstIndex(where: { $0.text == text }), !indexes.contains(index) else {
        throw call.notFound("private address", text)
      }
      indexes.append(index)
    }
    return indexes
  }

  private mutating func planAddresses(_ numbers: [UInt32], of id: String, _ call: Call) {
    timeline.plan(
      .privateAddressesSettle(interface: id, numbers: numbers, succeeded: !call.failsLater),
      at: later(Latency.interfaceChange, of: id))
  }
}
