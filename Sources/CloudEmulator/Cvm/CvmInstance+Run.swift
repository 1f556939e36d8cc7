import Values

/// What a call to create instances asks for, checked.
struct CvmLaunch {
  let zone: CvmGeography.Zone
  let count: Int
  let image: CvmImage
  let model: CvmHardware.Model
  let chargeType: String
  let months: Int
  let renewFlag: String?
  let vpcID: String
  let subnetID: String
  /// As many as instances, or none.
  let addresses: [UInt32]
  let internet: CvmInternet
  /// Without ids yet.
  let systemDisk: CvmDisk
  let dataDisks: [CvmDisk]
  let securityGroupIDs: [String]
  let keyIDs: [String]
  let groupID: String?
  let hostIDs: [String]
  let chcIDs: [String]
  let endsAt: Instant?
  let tags: [Tag]
}

extension World {
  mutating func runInstances(_ call: CvmCall) throws(Refusal) -> Record {
    if let answer = try repeated(call) { return answer }
    let asked = try withTemplate(call)
    let launch = try launch(asked)
    try call.endDryRun()
    var names = NamePattern(asked.text("InstanceName") ?? "")
    var hostNames = NamePattern(asked.text("HostName") ?? "")
    var ids: [Value] = []
    for index in 0..<launch.count {
      let name = asked.has("InstanceName") ? names.next(of: launch.count, in: "") : "Unnamed"
      let hostName = asked.has("HostName") ? hostNames.next(of: launch.count, in: "") : nil
      ids.append(.text(make(launch, asked, index, name: name, hostName: hostName)))
    }
    return remember(["InstanceIdSet": .list(ids)], of: call)
  }

  private mutating func make(
    _ launch: CvmLaunch, _ call: CvmCall, _ index: Int, name: String, hostName: String?
  ) -> String {
    let id = newID("ins")
    let address = takeAddress(launch, index)
    let login = call.record("LoginSettings")
    let chcID = launch.chcIDs.isEmpty ? nil : launch.chcIDs[index]
    let hostID = hostWithRoom(launch)
    let instance = CvmInstance(
      id: id, uuid: draws.numbers.uuid(), zone: launch.zone.name, chargeType: launch.chargeType, createdAt: now,
      tags: launch.tags, groupID: launch.groupID, hostID: hostID, chcID: chcID, name: name, hostName: hostName,
      type: launch.model.name, imageID: launch.image.id,
      place: CvmPlace(vpcID: launch.vpcID, subnetID: launch.subnetID, address: address),
      publicAddress: launch.internet.isAssigned ? publicAddresses.next() : nil, internet: launch.internet,
      systemDisk: newDisk(launch.systemDisk), dataDisks: newDisks(launch.dataDisks),
      securityGroupIDs: launch.securityGroupIDs, keyIDs: launch.keyIDs,
      keepsImageLogin: login?["KeepImageLogin"]?.asText?.lowercased() == "true", renewFlag: launch.renewFlag,
      expiresAt: launch.chargeType == "PREPAID" ? now + .seconds(launch.months * 30 * 86_400) : nil,
      camRole: call.text("CamRoleName") ?? "", projectID: call.record("Placement")?["ProjectId"]?.asInt ?? 0,
      userData: call.text("UserData") ?? "", isProtected: call.isTrue("DisableApiTermination"),
      timer: launch.endsAt.map { CvmTimer(id: newID("at"), time: $0) }, state: .running,
      latest: CvmLatest(action: call.action, requestID: call.requestID, outcome: .success))
    cvm[call.region].instances.insert(instance)
    if let hostID { cvm[call.region].hosts[hostID]?.instanceIDs.append(id) }
    if let chcID { cvm[call.region].chcHosts[chcID]?.instanceID = id }
    if let timer = instance.timer {
      timeline.plan(.cvm(.timerComes(region: call.region, id: id, timer: timer.id)), at: timer.time)
    }
    begin(instance, call)
    return id
  }

  /// A new instance is PENDING; one that fails is LAUNCH_FAILED for a while and then gone.
  private mutating func begin(_ instance: CvmInstance, _ call: CvmCall) {
    cvm[call.region].instances[instance.id]?.state = .pending
    cvm[call.region].instances[instance.id]?.latest.outcome = .operating
    plan(
      .operationEnds(
        CvmOperation(
          region: call.region, id: instance.id, requestID: call.requestID, change: CvmChange(), success: .running,
          failure: .launchFailed, succeeds: !call.failsLater)), after: CvmLatency.launch, on: instance.id)
  }

  private mutating func takeAddress(_ launch: CvmLaunch, _ index: Int) -> UInt32 {
    let region = launch.zone.region
    if !launch.addresses.isEmpty {
      let address = launch.addresses[index]
      if cvm[region].subnets[launch.subnetID]?.hosts.take(address) == true { return address }
    }
    return cvm[region].subnets[launch.subnetID]?.hosts.take() ?? 0
  }

  mutating func newDisk(_ disk: CvmDisk) -> CvmDisk {
    CvmDisk(
      id: newID("disk"), type: disk.type, size: disk.size, name: disk.name, isKept: disk.isKept,
      isEncrypted: disk.isEncrypted)
  }

  private mutating func newDisks(_ disks: [CvmDisk]) -> [CvmDisk] {
    var made: [CvmDisk] = []
    for disk in disks { made.append(newDisk(disk)) }
    return made
  }

  /// The call with what its launch template says where it says nothing itself.
  func withTemplate(_ call: CvmCall) throws(Refusal) -> CvmCall {
    guard let wanted = call.record("LaunchTemplate") else { return call }
    guard let id = wanted["LaunchTemplateId"]?.asText else {
      throw call.refusal("MissingParameter", because: "LaunchTemplateId is missing.")
    }
    let template = try launchTemplate(id, call)
    let number = wanted["LaunchTemplateVersion"]?.asInt ?? template.defaultVersion
    guard let version = template.version(number) else {
      throw call.refusal(
        "InvalidParameterValue.LaunchTemplateVersion", "InvalidParameterValue",
        because: "\(id) has no version \(number).")
    }
    var asked = call
    asked.parameters = version.data.record.merging(call.parameters)
    return asked
  }

  mutating func ringTimer(_ timer: String, of id: String, _ region: String) {
    guard let instance = cvm[region].instances[id], instance.timer?.id == timer else { return }
    cvm[region].instances[id]?.timer = nil
    guard instance.state != .terminating, instance.state != .launchFailed else { return }
    cvm[region].instances[id]?.latest = CvmLatest(
      action: "TerminateInstances", requestID: instance.latest.requestID, outcome: .operating)
    cvm[region].instances[id]?.state = .terminating
    plan(.instanceEnds(region: region, id: id), after: CvmLatency.terminate, on: id)
  }
}
