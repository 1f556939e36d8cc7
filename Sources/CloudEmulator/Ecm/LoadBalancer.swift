import Values

/// A load balancer with its listeners.
struct LoadBalancer: Row {
  let id: String
  let region: String
  var name: String
  let vpcID: String
  let isp: String
  let ip: String
  let isIPv6: Bool
  var bandwidth: Int
  var securityGroupIDs: [String]
  let tags: [Tag]
  let createdAt: Instant
  var isRunning = false
  var passesToTarget = false
  var runningSince: Instant
  var listeners: [Listener] = []

  var inventoryLine: InventoryLine {
    InventoryLine(
      "LoadBalancer", id, name, tags: tags, region, isp, vpcID, "\(bandwidth) Mbps", isRunning ? "running" : "creating",
      securityGroupIDs.isEmpty ? nil : securityGroupIDs.joined(separator: " "),
      passesToTarget ? "passes to target" : nil)
  }

  mutating func dropTargets(of instanceID: String) {
    for index in listeners.indices { listeners[index].targets.removeAll { $0.instanceID == instanceID } }
  }
}

/// The calls that change a load balancer answer at once and show at once; only their task, which goes by the RequestId,
/// takes its time. What the books leave open is decided so because a poller of the task then never sees a half-made
/// change. When the task is to fail, nothing is changed at all.
extension World {
  mutating func createLoadBalancer(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let isIPv6 = call.text("AddressIPVersion") == "IPv6FullChain"
    let number = call.int("Number") ?? 1
    guard (1...20).contains(number) else {
      throw call.refusal("InvalidParameterValue.InvalidLoadBalancerNum", because: "Number must be 1 to 20.")
    }
    let vpcID =
      try call.text("VpcId").map { id throws(Refusal) in try checkedVpc(id, region, call) } ?? systemVpc(region)
    guard !isIPv6 || call.has("SubnetId") else {
      throw call.refusal("MissingParameter", because: "SubnetId is missing; an IPv6 load balancer needs it.")
    }
    if let id = call.text("SubnetId"), subnets[id]?.vpcID != vpcID {
      throw call.refusal(
        "InvalidParameterValue.InvalidSubnetInZone", because: "There is no subnet '\(id)' in \(vpcID).")
    }
    let groups = call.ids("SecurityGroups")
    for id in groups where securityGroups[id] == nil {
      throw call.refusal("InvalidParameterValue", because: "There is no security group '\(id)'.")
    }
    let given = call.text("LoadBalancerName")
    if let given { try checkName(given, call) }
    let isFree = number == 1 && !balancers.all.contains { $0.name == given }
    var ids: [String] = []
    for _ in 0..<number { ids.append(newID("lb")) }
    let ready = beginBalancerTask(call, Latency.balancerCreate, of: ids.first ?? "")
    for id in ids where !call.failsLater {
      let balancer = LoadBalancer(
        id: id, region: region, name: isFree ? given ?? id : id, vpcID: vpcID, isp: try call.required("VipIsp"),
        ip: publicAddresses.next(), isIPv6: isIPv6,
        bandwidth: call.record("InternetAccessible")?["InternetMaxBandwidthOut"]?.asInt ?? 1,
        securityGroupIDs: groups, tags: call.tagInfos(), createdAt: now, runningSince: now)
      balancers.insert(balancer)
      timeline.plan(.balancerRuns(id: id), at: ready)
    }
    return ["LoadBalancerIds": .list(ids.map(Value.text))]
  }

  mutating func runBalancer(_ id: String) {
    guard balancers[id]?.isRunning == false else { return }
    balancers[id]?.isRunning = true
    balancers[id]?.runningSince = now
  }

  mutating func deleteLoadBalancer(_ call: Call) throws(Refusal) -> Record {
    let ids = call.ids("LoadBalancerIds")
    for id in ids { _ = try balancer(id, call) }
    if !call.failsLater { for id in ids { balancers.remove(id) } }
    _ = beginBalancerTask(call, Latency.balancerChange, of: ids.first ?? "")
    return [:]
  }

  func describeLoadBalancers(_ call: Call) throws(Refusal) -> Record {
    let region = try call.region()
    let passes = try call.filter([] as [FilterField<LoadBalancer>], tags: { $0.tags }, maximumValues: 100)
    let rows = balancers.all.filter { balancer in
      (region == nil || balancer.region == region?.name) && isWanted(balancer, call) && passes(balancer)
    }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "LoadBalancerSet": .list(page.rows.map { .record(answer($0)) })]
  }

  func balancer(_ id: String, _ call: Call) throws(Refusal) -> LoadBalancer {
    guard let balancer = balancers[id] else {
      throw call.refusal("InvalidParameter.LBIdNotFound", because: "There is no load balancer '\(id)'.")
    }
    return balancer
  }

  /// One whose creation has ended: others take no changes but their deletion.
  func runningBalancer(_ call: Call) throws(Refusal) -> LoadBalancer {
    let balancer = try balancer(try call.required("LoadBalancerId"), call)
    guard balancer.isRunning else {
      throw call.refusal("FailedOperation", because: "The load balancer \(balancer.id) is still being created.")
    }
    return balancer
  }

  private func isWanted(_ balancer: LoadBalancer, _ call: Call) -> Bool {
    let targets = balancer.listeners.flatMap(\.targets)
    func isListed(_ name: String, _ values: [String]) -> Bool {
      !call.has(name) || call.texts(name).contains { values.contains($0) }
    }
    let backends = call.has("BackendPrivateIps") ? targets.compactMap { instances[$0.instanceID]?.privateText } : []
    return isListed("LoadBalancerIds", [balancer.id]) && isListed("LoadBalancerVips", [balancer.ip])
      && isListed("BackendPrivateIps", backends) && (call.text("LoadBalancerName").map { $0 == balancer.name } ?? true)
      && (call.text("VpcId").map { $0 == balancer.vpcID } ?? true)
      && (call.text("SecurityGroup").map { balancer.securityGroupIDs.contains($0) } ?? true)
      && [nil, -1, targets.isEmpty ? 0 : 1].contains(call.int("WithBackend"))
  }

  private func checkedVpc(_ id: String, _ region: String, _ call: Call) throws(Refusal) -> String {
    guard let vpc = vpcs[id], vpc.region == region else {
      throw call.refusal(
        "ResourceNotFound", "InvalidParameterValue", because: "There is no network '\(id)' in \(region).")
    }
    return vpc.id
  }

  private func systemVpc(_ region: String) -> String { vpcs.all.first { $0.isSystem && $0.region == region }?.id ?? "" }

  func checkName(_ name: String, _ call: Call) throws(Refusal) {
    let isPlain = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95
    }
    guard isPlain else {
      throw call.refusal("InvalidParameterValue", because: "A name has letters, digits, hyphens and underscores.")
    }
  }

  private func answer(_ balancer: LoadBalancer) -> Record {
    let zone = seeds.geography.region(balancer.region)?.zones.first
    return [
      "Region": .text(balancer.region), "Position": zone.map { .record(seeds.geography.position($0)) } ?? .null,
      "LoadBalancerId": .text(balancer.id), "LoadBalancerName": .text(balancer.name), "LoadBalancerType": "OPEN",
      "LoadBalancerVips": balancer.isIPv6 ? [] : [.text(balancer.ip)], "Status": .int(balancer.isRunning ? 1 : 0),
      "CreateTime": .text(balancer.createdAt.plainText), "StatusTime": .text(balancer.runningSince.plainText),
      "VpcId": .text(balancer.vpcID), "Tags": balancer.tags.isEmpty ? .null : .list(balancer.tags.map(\.infoValue)),
      "VipIsp": .text(balancer.isp), "NetworkAttributes": ["InternetMaxBandwidthOut": .int(balancer.bandwidth)],
      "SecureGroups": .list(balancer.securityGroupIDs.map(Value.text)),
      "LoadBalancerPassToTarget": .bool(balancer.passesToTarget),
      "AddressIPv6": balancer.isIPv6 ? .text("2001:db8::\(balancer.id.dropFirst(3).prefix(4))") : .null,
    ]
  }
}
