import Values

/// A private address that moves between the instances of a subnet. No action binds it: an instance does, by announcing
/// it in its network, which ``EmulatedCloud/announce(_:by:account:)`` stands for.
struct HaVip: Row {
  let id: String
  let region: String
  var name: String
  let number: UInt32
  let vpcID: String
  let subnetID: String
  let createdAt: Instant
  /// The interface that announced it last.
  var holderID: String?

  var inventoryLine: InventoryLine { InventoryLine("HaVip", id, name, CIDR.text(of: number), subnetID) }

  /// `holder` is where it is bound to.
  fileprivate func answer(_ holder: (interfaceID: String, instanceID: String)?) -> Record {
    [
      "HaVipId": .text(id), "HaVipName": .text(name), "Vip": .text(CIDR.text(of: number)), "VpcId": .text(vpcID),
      "SubnetId": .text(subnetID), "NetworkInterfaceId": .text(holder?.interfaceID ?? ""),
      "InstanceId": .text(holder?.instanceID ?? ""), "AddressIp": "",
      "State": holder == nil ? "UNBIND" : "AVAILABLE", "CreatedTime": .text(createdAt.plainText), "Business": "",
    ]
  }
}

extension World {
  /// Who announced it last, while it runs and has that interface: what is stopped announces nothing, and does so again
  /// when it has started.
  private func holder(of haVip: HaVip) -> (interfaceID: String, instanceID: String)? {
    guard let id = haVip.holderID, let interface = interfaces[id], interface.state == .available,
      let instanceID = interface.attachment?.instanceID, instances[instanceID]?.state == .running
    else { return nil }
    return (id, instanceID)
  }

  /// From now on the instance holds the address, or nobody does. What is wrong otherwise.
  mutating func announce(_ haVipID: String, by instanceID: String?) -> String? {
    guard let haVip = haVips[haVipID] else { return "There is no virtual IP '\(haVipID)'." }
    guard let instanceID else {
      haVips[haVipID]?.holderID = nil
      return nil
    }
    guard let instance = instances[instanceID] else { return "There is no instance '\(instanceID)'." }
    guard instance.state == .running else {
      return "'\(instanceID)' is \(instance.state.rawValue); only a running instance announces addresses."
    }
    guard let interface = interfaces(of: instance).first(where: { $0.subnetID == haVip.subnetID }) else {
      return "'\(instanceID)' has no interface in \(haVip.subnetID), the subnet of '\(haVipID)'."
    }
    haVips[haVipID]?.holderID = interface.id
    return nil
  }

  mutating func createHaVip(_ call: Call) throws(Refusal) -> Record {
    let (vpcID, subnetID, name) = (
      try call.required("VpcId"), try call.required("SubnetId"), try call.required("HaVipName")
    )
    guard let vpc = vpcs[vpcID] else { throw call.notFound("network", vpcID) }
    guard var subnet = subnets[subnetID] else { throw call.notFound("subnet", subnetID) }
    guard subnet.vpcID == vpc.id else {
      throw call.refusal("ResourceNotFound", because: "\(vpcID) has no subnet '\(subnetID)'.")
    }
    guard name.count <= 60 else {
      throw call.refusal("InvalidParameterValue.TooLong", because: "HaVipName takes at most 60 characters.")
    }
    guard haVips.all.count(where: { $0.vpcID == vpcID }) < Limits.haVipsPerVpc else {
      throw call.refusal("LimitExceeded", because: "A network has at most \(Limits.haVipsPerVpc) virtual IPs.")
    }
    let number = try vip(call, &subnet)
    subnets[subnetID] = subnet
    let haVip = HaVip(
      id: newID("havip"), region: subnet.region, name: name, number: number, vpcID: vpcID, subnetID: subnetID,
      createdAt: now)
    haVips.insert(haVip)
    return ["HaVip": .record(haVip.answer(nil))]
  }

  mutating func deleteHaVip(_ call: Call) throws(Refusal) -> Record {
    let haVip = try haVip(call)
    subnets[haVip.subnetID]?.hosts.release(haVip.number)
    haVips.remove(haVip.id)
    return [:]
  }

  mutating func modifyHaVipAttribute(_ call: Call) throws(Refusal) -> Record {
    let haVip = try haVip(call)
    haVips[haVip.id]?.name = try call.required("HaVipName")
    return [:]
  }

  func describeHaVips(_ call: Call) throws(Refusal) -> Record {
    let region = try call.region()
    let passes = try call.filter(
      [
        .exact("havip-id") { $0.id }, .exact("havip-name") { $0.name }, .exact("vpc-id") { $0.vpcID },
        .exact("subnet-id") { $0.subnetID },
      ] as [FilterField<HaVip>])
    let wanted = call.has("HaVipIds") ? Set(call.texts("HaVipIds")) : nil
    let rows = haVips.all.filter { haVip in
      (region == nil || haVip.region == region?.name) && (wanted?.contains(haVip.id) ?? true) && passes(haVip)
    }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "HaVipSet": .records(page.rows.map { $0.answer(holder(of: $0)) })]
  }

  private func haVip(_ call: Call) throws(Refusal) -> HaVip {
    let id = try call.required("HaVipId")
    guard let haVip = haVips[id] else { throw call.notFound("virtual IP", id) }
    return haVip
  }

  /// The address that the call names, or the lowest free one; taken.
  private func vip(_ call: Call, _ subnet: inout Subnet) throws(Refusal) -> UInt32 {
    guard let text = call.text("Vip") else {
      guard let number = subnet.hosts.take() else {
        throw call.refusal("ResourceInsufficient", because: "\(subnet.id) has no free address.")
      }
      return number
    }
    guard let number = CIDR.address(text) else {
      throw call.refusal("InvalidParameterValue.Malformed", because: "'\(text)' is not an IPv4 address.")
    }
    guard subnet.hosts.isUsable(number) else {
      throw call.refusal(
        "InvalidParameterValue.ObjectNotCurrentSubnet", because: "\(text) is no address of \(subnet.cidr).")
    }
    guard subnet.hosts.take(number) else {
      throw call.refusal("InvalidParameterValue.Duplicate", because: "\(text) is taken.")
    }
    return number
  }
}
