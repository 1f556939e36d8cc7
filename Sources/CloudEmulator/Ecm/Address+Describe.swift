import Values

extension World {
  func checkQuota(_ count: Int, _ region: String, _ call: Call) throws(Refusal) {
    let held = addresses.count("region", region)
    guard held + count <= settings.eipQuota else {
      throw call.refusal(
        "LimitExceeded.AddressQuotaLimitExceeded", because: "A region holds at most \(settings.eipQuota) elastic IPs.")
    }
    guard budgets.spent("DAILY_EIP_APPLY \(region)", on: now.dateText) + count <= 2 * settings.eipQuota else {
      throw call.refusal(
        "LimitExceeded.AddressQuotaLimitExceededDailyAllocate",
        because: "At most \(2 * settings.eipQuota) elastic IPs are allocated a day and region.")
    }
  }

  func describeAddressQuota(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let held = addresses.count("region", region)
    func quota(_ name: String, _ current: Int, _ limit: Int) -> Value {
      ["QuotaId": .text(name), "QuotaCurrent": .int(current), "QuotaLimit": .int(limit)]
    }
    func spent(_ name: String) -> Int { budgets.spent("\(name) \(region)", on: now.dateText) }
    return [
      "QuotaSet": [
        quota("TOTAL_EIP_QUOTA", held, settings.eipQuota),
        quota("DAILY_EIP_APPLY", spent("DAILY_EIP_APPLY"), 2 * settings.eipQuota),
        // The type table's name; the example prints DAILY_EIP_ASSIGN.
        quota("DAILY_PUBLIC_IP_ASSIGN", spent("DAILY_PUBLIC_IP_ASSIGN"), 10),
      ]
    ]
  }

  func describeAddresses(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    guard !(call.has("AddressIds") && call.has("Filters")) else {
      throw call.refusal(
        "InvalidParameter.Coexist", "InvalidParameter", because: "Give AddressIds or Filters, not both.")
    }
    let (instances, interfaces) = (instances, interfaces)
    let filters = FilterSet<Address>(
      fields: [
        .key("address-id", of: "id"), .key("address-name"), .key("address-ip"), .key("address-status"),
        .exact("instance-id") {
          $0.instanceID ?? $0.slot.flatMap { interfaces[$0.interfaceID]?.attachment?.instanceID } ?? ""
        },
        .exact("private-ip-address") { address in
          address.slot.map { CIDR.text(of: $0.number) } ?? address.instanceID.flatMap { instances[$0]?.privateText }
            ?? ""
        },
        .exact("network-interface-id") { address in
          address.slot?.interfaceID ?? address.instanceID.flatMap { instances[$0]?.interfaceID } ?? ""
        },
        .exact("is-arrears") { _ in "FALSE" },
      ], tags: { $0.tags }, indexesTags: true)
    var terms = try call.terms(filters)
    if call.has("AddressIds") { terms = [.ids(call.texts("AddressIds"))] }
    terms.append(.key("region", region))
    let page = try call.page(addresses, terms)
    return ["TotalCount": .int(page.total), "AddressSet": .list(page.rows.map { .record(answer($0)) })]
  }

  private func answer(_ address: Address) -> Record {
    let instance = address.instanceID.flatMap { instances[$0] }
    let owner = instance?.id ?? address.slot.flatMap { interfaces[$0.interfaceID]?.attachment?.instanceID }
    let interface = instance?.interfaceID ?? address.slot?.interfaceID
    let local = instance?.privateText ?? address.slot.map { CIDR.text(of: $0.number) }
    let created = address.createdAt.plainText.split(separator: " ").joined(separator: "T") + "Z"
    return [
      "AddressId": .text(address.id), "AddressName": .text(address.name),
      "AddressStatus": .text(address.status.rawValue), "AddressIp": .text(address.ip),
      "InstanceId": owner.map(Value.text) ?? .null, "CreatedTime": .text(created),
      "NetworkInterfaceId": interface.map(Value.text) ?? .null, "PrivateAddressIp": local.map(Value.text) ?? .null,
      "IsArrears": false, "IsBlocked": false, "IsEipDirectConnection": .bool(address.isDirect), "AddressType": "EIP",
      "CascadeRelease": false, "InternetServiceProvider": .text(address.isp), "Bandwidth": .int(address.bandwidth),
      "PayMode": .null,
    ]
  }

  mutating func modifyAddressesBandwidth(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let bandwidth = call.int("InternetMaxBandwidthOut") ?? 0
    guard (1...5000).contains(bandwidth) else {
      throw call.refusal(
        "InvalidParameterValue.BandwidthOutOfRange", "InvalidParameterValue.InvalidBandwidth",
        because: "The bandwidth must be 1 to 5000 Mbps.")
    }
    let ids = call.ids("AddressIds")
    for id in ids {
      let address = try address(id, in: region, call)
      guard address.status == .unbound || address.status.isBound else {
        throw call.refusal("UnsupportedOperation.StatusNotPermit", because: "\(id) is \(address.status.rawValue).")
      }
    }
    let task = beginTask("ModifyAddressesBandwidth")
    let change = AddressChange.widen(bandwidth: call.failsLater ? nil : bandwidth)
    timeline.plan(
      .addressesSettle(task: task, ids: ids, change: change), at: later(Latency.addressWiden, of: ids.first ?? ""))
    return ["TaskId": .text(task)]
  }

  mutating func modifyAddressAttribute(_ call: Call) throws(Refusal) -> Record {
    let address = try address(try call.required("AddressId"), in: try call.requiredRegion(), call)
    guard call.has("AddressName") || call.has("EipDirectConnection") else {
      throw call.refusal("InvalidParameter", because: "Give AddressName or EipDirectConnection.")
    }
    guard [.unbound, .bound, .boundToInterface].contains(address.status) else {
      throw call.refusal(
        "UnsupportedOperation.StatusNotPermit", because: "\(address.id) is \(address.status.rawValue).")
    }
    if let name = call.text("AddressName") { addresses[address.id]?.name = name }
    if call.has("EipDirectConnection") { addresses[address.id]?.isDirect = call.isTrue("EipDirectConnection") }
    return [:]
  }
}
