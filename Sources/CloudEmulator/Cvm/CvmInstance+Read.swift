import Values

extension World {
  func describeInstances(_ call: CvmCall) throws(Refusal) -> Record {
    let terms = try call.terms(CvmInstance.filters)
    // An id that is not there leaves no row, as the page lists no code for it.
    let page =
      call.has("InstanceIds")
      ? try call.page(try known(call)) : try call.newestFirst(cvm[call.region].instances, terms)
    return ["TotalCount": .int(page.total), "InstanceSet": .records(page.rows.map { answer($0, call.region) })]
  }

  func describeInstancesStatus(_ call: CvmCall) throws(Refusal) -> Record {
    let page =
      call.has("InstanceIds")
      ? try call.page(try known(call)) : try call.newestFirst(cvm[call.region].instances.all)
    return [
      "TotalCount": .int(page.total),
      "InstanceStatusSet": .records(
        page.rows.map { ["InstanceId": .text($0.id), "InstanceState": .text($0.state.rawValue)] }),
    ]
  }

  private func known(_ call: CvmCall) throws(Refusal) -> [CvmInstance] {
    var rows: [CvmInstance] = []
    for id in try call.ids("InstanceIds") {
      guard CvmID.isWellFormed(id, "ins") else { throw notAnID(id, call) }
      if let instance = cvm[call.region].instances[id] { rows.append(instance) }
    }
    return rows
  }

  private func notAnID(_ id: String, _ call: CvmCall) -> Refusal {
    call.refusal(
      "InvalidInstanceId.Malformed", "InvalidParameterValue.InstanceIdMalformed",
      because: "'\(id)' is no id of an instance.")
  }

  /// The structure `Instance`.
  private func answer(_ instance: CvmInstance, _ region: String) -> Record {
    let image = cvmImage(instance.imageID, region)
    let model = seeds.cvm.hardware.model(instance.type)
    let isIsolated = instance.state == .shutdown
    let stops = instance.state == .stopped && instance.chargeType == "POSTPAID_BY_HOUR"
    return [
      "Placement": [
        "Zone": .text(instance.zone), "ProjectId": .int(instance.projectID), "HostIds": [],
        "HostId": .text(orNull: instance.hostID),
      ],
      "InstanceId": .text(instance.id), "InstanceType": .text(instance.type), "CPU": .int(model?.processors ?? 0),
      "Memory": .int(model?.memory ?? 0), "RestrictState": isIsolated ? "PROTECTIVELY_ISOLATED" : "NORMAL",
      "InstanceName": .text(instance.name), "InstanceChargeType": .text(instance.chargeType),
      "SystemDisk": instance.systemDisk.systemAnswer, "DataDisks": .list(instance.dataDisks.map(\.dataAnswer)),
      "PrivateIpAddresses": [.text(instance.privateText)],
      "PublicIpAddresses": instance.publicAddress.map { [.text($0)] } ?? .null,
      "InternetAccessible": instance.internet.answer,
      "VirtualPrivateCloud": [
        "VpcId": .text(instance.place.vpcID), "SubnetId": .text(instance.place.subnetID), "AsVpcGateway": false,
        "PrivateIpAddresses": [.text(instance.privateText)], "Ipv6AddressCount": 0,
      ],
      "ImageId": .text(instance.imageID), "RenewFlag": .text(orNull: instance.renewFlag),
      "CreatedTime": .text(instance.createdAt.cvmText), "ExpiredTime": .text(orNull: instance.expiresAt?.cvmText),
      "OsName": .text(image?.osName ?? ""), "SecurityGroupIds": .texts(instance.securityGroupIDs),
      "LoginSettings": ["KeyIds": instance.keyIDs.isEmpty ? .null : .texts(instance.keyIDs)],
      "InstanceState": .text(instance.state.rawValue), "Tags": .list(instance.tags.map(\.pair)),
      "StopChargingMode": stops ? instance.stopsCharging ? "STOP_CHARGING" : "KEEP_CHARGING" : "NOT_APPLICABLE",
      "Uuid": .text(instance.uuid), "LatestOperation": .text(instance.latest.action),
      "LatestOperationState": .text(instance.latest.outcome.rawValue),
      "LatestOperationRequestId": .text(instance.latest.requestID),
      "DisasterRecoverGroupId": .text(instance.groupID ?? ""), "IPv6Addresses": .null,
      "CamRoleName": .text(instance.camRole), "HpcClusterId": "", "RdmaIpAddresses": .null, "DedicatedClusterId": "",
      "IsolatedSource": isIsolated ? "MANMADE" : "NOTISOLATED",
      "GPUInfo": model.flatMap { $0.graphics == 0 ? nil : graphics($0) } ?? .null, "LicenseType": "TencentCloud",
      "DisableApiTermination": .bool(instance.isProtected), "DefaultLoginUser": .text(image?.loginUser ?? "root"),
      "DefaultLoginPort": image?.isWindows == true ? 3389 : 22,
      "LatestOperationErrorMsg": .text(orNull: instance.latest.message),
    ]
  }

  private func graphics(_ model: CvmHardware.Model) -> Value {
    ["GPUCount": .float(Double(model.graphics)), "GPUId": .null, "GPUType": .text(model.family)]
  }

  func describeInstancesAttributes(_ call: CvmCall) throws(Refusal) -> Record {
    for name in call.texts("Attributes") where name != "UserData" {
      throw call.refusal("InvalidParameterValue", because: "There is no attribute '\(name)' to be read.")
    }
    let wants = call.texts("Attributes").contains("UserData")
    var rows: [Record] = []
    for instance in try cvmInstances(call) {
      let attributes: Record = wants ? ["UserData": .text(instance.userData)] : [:]
      rows.append(["InstanceId": .text(instance.id), "Attributes": .record(attributes)])
    }
    return ["InstanceSet": .records(rows)]
  }

  func describeInstancesOperationLimit(_ call: CvmCall) throws(Refusal) -> Record {
    let operation = try call.required("Operation")
    guard operation == "INSTANCE_DEGRADE" else {
      throw call.refusal("InvalidParameterValue", because: "There is no operation '\(operation)' with a limit.")
    }
    return [
      "InstanceOperationLimitSet": .records(
        try cvmInstances(call).map {
          [
            "Operation": .text(operation), "InstanceId": .text($0.id), "CurrentCount": .int($0.degradeCount),
            "LimitCount": .int(World.degradeLimit),
          ]
        })
    ]
  }

  /// How often an instance may be given a smaller type.
  static let degradeLimit = 5

  /// The link names the instance and works for nothing: the emulator has no screens.
  mutating func describeInstanceVncUrl(_ call: CvmCall) throws(Refusal) -> Record {
    let instance = try cvmInstance(try call.required("InstanceId"), call)
    try refuseStates(of: [instance], call)
    guard instance.state == .running || instance.state == .rescue else {
      throw call.refusal("InvalidInstanceState", because: "\(instance.id) is \(instance.state.rawValue).")
    }
    return ["InstanceVncUrl": .text("wss%3A%2F%2Fvnc.invalid%3A26789%2Fvnc%3Fs%3D\(draws.numbers.uuid())")]
  }
}

extension CvmInstance {
  static let keys: [RowKey<CvmInstance>] =
    [
      .one("zone", isFixed: true) { $0.zone }, .one("project-id") { String($0.projectID) },
      .one("host-id", isFixed: true) { $0.hostID ?? "" }, .one("group-id", isFixed: true) { $0.groupID ?? "" },
      .one("vpc-id") { $0.place.vpcID }, .one("subnet-id") { $0.place.subnetID },
      .many("security-group-id") { $0.securityGroupIDs }, .many("key-id") { $0.keyIDs },
      .one("image-id") { $0.imageID }, .one("instance-name") { $0.name },
      .one("instance-charge-type", isFixed: true) { $0.chargeType }, .one("private-ip-address") { $0.privateText },
      .one("public-ip-address") { $0.publicAddress ?? "" }, .one("instance-uuid", isFixed: true) { $0.uuid },
      .one("instance-state") { $0.state.rawValue },
    ] + RowKey.tags(isFixed: true) { $0.tags }

  fileprivate static let filters = FilterSet<CvmInstance>(
    fields: [
      .key("zone"), .key("project-id"), .key("host-id"), .key("vpc-id"), .key("subnet-id"),
      .key("instance-id", of: "id"), .key("security-group-id"), .key("instance-name"), .key("instance-charge-type"),
      .key("private-ip-address"), .key("public-ip-address"), .key("instance-uuid"), .key("instance-state"),
    ], tags: { $0.tags }, indexesTags: true, hasTagValue: true)
}
