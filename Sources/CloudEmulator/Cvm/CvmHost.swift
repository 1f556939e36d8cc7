import Values

/// A dedicated host. One is there from the beginning in every region; the books list the calls that allocate and list
/// hosts without a page.
struct DedicatedHost: Row {
  let id: String
  let zone: String
  let type: String
  let createdAt: Instant
  let expiresAt: Instant
  let ip: String
  let isSeed: Bool
  var projectID: Int
  var name: String
  var renewFlag: String
  var instanceIDs: [String] = []

  static let cores = 56
  /// In GB.
  static let memory = 224
  static let disk = 6000

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine(
      "CvmHost", id, name, isSystem: isSeed, zone, type, renewFlag,
      instanceIDs.isEmpty ? nil : "instances \(instanceIDs.joined(separator: " "))")
  }

  static func seeds(_ region: CvmGeography.Region) -> [DedicatedHost] {
    guard let zone = region.zones.last(where: \.isAvailable) else { return [] }
    return [
      DedicatedHost(
        id: CvmID.seeded("host", region.name), zone: zone.name, type: "HS20", createdAt: CvmGeography.opening,
        expiresAt: CvmGeography.opening + .seconds(30 * 365 * 86_400), ip: "100.64.0.1", isSeed: true, projectID: 0,
        name: "host-one",
        renewFlag: "NOTIFY_AND_MANUAL_RENEW")
    ]
  }
}

extension World {
  /// The hosts that a call with CDHPAID names; together they have room for all instances.
  func hosts(
    _ call: CvmCall, _ zone: CvmGeography.Zone, _ chargeType: String, _ model: CvmHardware.Model, _ count: Int
  ) throws(Refusal) -> [String] {
    guard chargeType == "CDHPAID" else { return [] }
    let ids = (call.record("Placement")?["HostIds"]?.asList ?? []).compactMap(\.asText)
    guard !ids.isEmpty else { throw call.refusal("MissingParameter", because: "Placement.HostIds is missing.") }
    var room = 0
    for id in ids {
      guard CvmID.isWellFormed(id, "host") else {
        throw call.refusal("InvalidHostId.Malformed", because: "'\(id)' is no id of a host.")
      }
      guard let host = cvm[call.region].hosts[id], host.zone == zone.name else {
        throw call.refusal("InvalidHostId.NotFound", because: "There is no host '\(id)' in \(zone.name).")
      }
      let left = left(on: host, call.region)
      room += min(left.cores / model.processors, left.memory / model.memory)
    }
    guard room >= count else {
      throw call.refusal(
        "InvalidParameter.InstanceTypeSupportedHostNotFound", "ResourceInsufficient",
        because: "The hosts have room for \(room) instances.")
    }
    return ids
  }

  /// The first of the launch's hosts with room for one more.
  func hostWithRoom(_ launch: CvmLaunch) -> String? {
    launch.hostIDs.first { id in
      guard let host = cvm[launch.zone.region].hosts[id] else { return false }
      let left = left(on: host, launch.zone.region)
      return left.cores >= launch.model.processors && left.memory >= launch.model.memory
    }
  }

  private func left(on host: DedicatedHost, _ region: String) -> (cores: Int, memory: Int) {
    var left = (cores: DedicatedHost.cores, memory: DedicatedHost.memory)
    for id in host.instanceIDs {
      guard let model = cvm[region].instances[id].flatMap({ seeds.cvm.hardware.model($0.type) }) else { continue }
      left = (left.cores - model.processors, left.memory - model.memory)
    }
    return left
  }

  /// Inferred, as its facts are.
  mutating func allocateHosts(_ call: CvmCall) throws(Refusal) -> Record {
    if let answer = try repeated(call) { return answer }
    let place = try call.zone(call.record("Placement")?["Zone"]?.asText ?? "")
    _ = try call.tags(for: "host")
    let prepaid = call.record("HostChargePrepaid")
    let months = prepaid?["Period"]?.asInt ?? 1
    var ids: [Value] = []
    for _ in 0..<(call.int("HostCount") ?? 1) {
      let host = DedicatedHost(
        id: newID("host"), zone: place.name, type: call.text("HostType") ?? "HS20", createdAt: now,
        expiresAt: now + .seconds(months * 30 * 86_400), ip: "100.64.\(draws.numbers.within(1...254)).\(ids.count + 2)",
        isSeed: false, projectID: call.record("Placement")?["ProjectId"]?.asInt ?? 0, name: "Unnamed",
        renewFlag: prepaid?["RenewFlag"]?.asText ?? "NOTIFY_AND_AUTO_RENEW")
      cvm[call.region].hosts.insert(host)
      ids.append(.text(host.id))
    }
    return remember(["HostIdSet": .list(ids)], of: call)
  }

  /// Inferred, as ``allocateHosts(_:)``.
  func describeHosts(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter(
      [
        .exact("zone") { $0.zone }, .exact("project-id") { String($0.projectID) }, .exact("host-id") { $0.id },
        .exact("host-name") { $0.name }, .exact("host-state") { _ in "RUNNING" },
      ] as [FilterField<DedicatedHost>])
    var rows = Array(cvm[call.region].hosts.all.reversed())
    if let passes { rows = rows.filter(passes) }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "HostSet": .records(page.rows.map { answer($0, call.region) })]
  }

  /// Inferred, as ``allocateHosts(_:)``.
  mutating func modifyHostsAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    let ids = try call.ids("HostIds")
    for id in ids {
      guard CvmID.isWellFormed(id, "host") else {
        throw call.refusal("InvalidHostId.Malformed", because: "'\(id)' is no id of a host.")
      }
      guard cvm[call.region].hosts[id] != nil else {
        throw call.refusal("InvalidHostId.NotFound", because: "There is no host '\(id)'.")
      }
    }
    for id in ids {
      if let name = call.text("HostName") { cvm[call.region].hosts[id]?.name = name }
      if let flag = call.text("RenewFlag") { cvm[call.region].hosts[id]?.renewFlag = flag }
      if let project = call.int("ProjectId") { cvm[call.region].hosts[id]?.projectID = project }
    }
    return [:]
  }

  /// The structure `HostItem`.
  private func answer(_ host: DedicatedHost, _ region: String) -> Record {
    let left = left(on: host, region)
    return [
      "Placement": ["Zone": .text(host.zone), "ProjectId": .int(host.projectID)], "HostId": .text(host.id),
      "HostType": .text(host.type), "HostName": .text(host.name), "HostChargeType": "PREPAID",
      "RenewFlag": .text(host.renewFlag), "CreatedTime": .text(host.createdAt.cvmText),
      "ExpiredTime": .text(host.expiresAt.cvmText), "InstanceIds": .texts(host.instanceIDs), "HostState": "RUNNING",
      "HostIp": .text(host.ip), "CageId": .null,
      "HostResource": [
        "CpuTotal": .int(DedicatedHost.cores), "CpuAvailable": .int(left.cores),
        "MemTotal": .float(Double(DedicatedHost.memory)), "MemAvailable": .float(Double(left.memory)),
        "DiskTotal": .int(DedicatedHost.disk), "DiskAvailable": .int(DedicatedHost.disk), "DiskType": "LOCAL_BASIC",
        "GpuTotal": 0, "GpuAvailable": 0,
      ],
    ]
  }
}
