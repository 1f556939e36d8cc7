import Values

extension World {
  /// The instance that an elastic IP is to be bound to: by its id, or by its interface and private address.
  func instanceToBind(_ call: Call, _ region: String, required: Bool) throws(Refusal) -> Instance? {
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
      instance = try owner(of: interface, call, region)
    } else {
      guard !required else {
        throw call.refusal("MissingParameter.MissingAssociateEntity", because: "Give an instance or an interface.")
      }
      return nil
    }
    try checkBindable(instance, call)
    return instance
  }

  private func owner(of interface: String, _ call: Call, _ region: String) throws(Refusal) -> Instance {
    guard let address = call.text("PrivateIpAddress") else {
      throw call.refusal(
        "MissingParameter.MissingPrivateIpAddress", "MissingParameter", because: "PrivateIpAddress is missing.")
    }
    let found = instances.all.first { $0.interfaceID == interface && $0.region == region && $0.privateText == address }
    guard let found else {
      throw call.refusal(
        "UnsupportedOperation.InvalidNetworkInterfaceIdNotFound", "ResourceNotFound",
        because: "There is no interface '\(interface)' with the address \(address).")
    }
    guard found.publicAddress == nil else {
      throw call.refusal(
        "UnsupportedOperation.InvalidPrivateIpAddressAlreadyBindEip",
        because: "\(address) has a public address already.")
    }
    return found
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

  func checkQuota(_ count: Int, _ region: String, _ call: Call) throws(Refusal) {
    let held = addresses.all.filter { $0.region == region }.count
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
    let held = addresses.all.filter { $0.region == region }.count
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
    let instances = instances
    let passes = try call.filter(
      [
        .exact("address-id") { $0.id }, .exact("address-name") { _ in "" }, .exact("address-ip") { $0.ip },
        .exact("address-status") { $0.status.rawValue }, .exact("instance-id") { $0.instanceID ?? "" },
        .exact("private-ip-address") { address in address.instanceID.flatMap { instances[$0]?.privateText } ?? "" },
        .exact("network-interface-id") { address in address.instanceID.flatMap { instances[$0]?.interfaceID } ?? "" },
        .exact("is-arrears") { _ in "FALSE" },
      ] as [FilterField<Address>], tags: { $0.tags })
    let rows: [Address]
    if call.has("AddressIds") {
      rows = call.ids("AddressIds").compactMap { addresses[$0] }.filter { $0.region == region }
    } else {
      rows = addresses.all.filter { $0.region == region && passes($0) }
    }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "AddressSet": .list(page.rows.map { .record(answer($0)) })]
  }

  private func answer(_ address: Address) -> Record {
    let instance = address.instanceID.flatMap { instances[$0] }
    let created = address.createdAt.plainText.split(separator: " ").joined(separator: "T") + "Z"
    return [
      "AddressId": .text(address.id), "AddressName": "", "AddressStatus": .text(address.status.rawValue),
      "AddressIp": .text(address.ip), "InstanceId": address.instanceID.map(Value.text) ?? .null,
      "CreatedTime": .text(created), "NetworkInterfaceId": instance.map { .text($0.interfaceID) } ?? .null,
      "PrivateAddressIp": instance.map { .text($0.privateText) } ?? .null, "IsArrears": false, "IsBlocked": false,
      "IsEipDirectConnection": false, "AddressType": "EIP", "CascadeRelease": false,
      "InternetServiceProvider": .text(address.isp), "Bandwidth": .int(address.bandwidth), "PayMode": .null,
    ]
  }
}
