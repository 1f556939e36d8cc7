import Values

/// A private address that moves between the instances of a subnet. Which one announces it is beyond the emulator, so it
/// stays UNBIND.
struct HaVip: Row {
  let id: String
  let region: String
  var name: String
  let number: UInt32
  let vpcID: String
  let subnetID: String
  let createdAt: Instant

  var inventoryLine: InventoryLine { InventoryLine("HaVip", id, name, CIDR.text(of: number), subnetID) }

  var answer: Record {
    [
      "HaVipId": .text(id), "HaVipName": .text(name), "Vip": .text(CIDR.text(of: number)), "VpcId": .text(vpcID),
      "SubnetId": .text(subnetID), "NetworkInterfaceId": "", "InstanceId": "", "AddressIp": "", "State": "UNBIND",
      "CreatedTime": .text(createdAt.plainText), "Business": "",
    ]
  }
}

extension World {
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
    return ["HaVip": .record(haVip.answer)]
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
    return ["TotalCount": .int(page.total), "HaVipSet": .list(page.rows.map { .record($0.answer) })]
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
