import Values

/// A port of a load balancer, with what stands behind it.
struct Listener: Codable, Sendable, Equatable {
  let id: String
  var name: String
  let transport: String
  let port: Int
  let endPort: Int?
  var scheduler: String
  var sessionExpireTime: Int
  let sessionType: String
  var healthCheck: HealthCheck
  let createdAt: Instant
  var targets: [Target] = []

  func inventoryLine(_ balancerID: String) -> InventoryLine {
    InventoryLine(
      "Listener", id, name, balancerID, "\(transport) \(port)" + (endPort.map { "-\($0)" } ?? ""), scheduler,
      "session \(sessionExpireTime)", healthCheck.text)
  }
}

/// How a listener finds out which backends live.
struct HealthCheck: Codable, Sendable, Equatable {
  let isOn: Bool
  let timeOut: Int
  let interval: Int
  let healthy: Int
  let unhealthy: Int
  let port: Int?
  let contextType: String?
  let send: String?
  let receive: String?
  let type: String

  init(_ record: Record) {
    isOn = record["HealthSwitch"]?.asInt != 0
    timeOut = record["TimeOut"]?.asInt ?? 2
    interval = record["IntervalTime"]?.asInt ?? 5
    healthy = record["HealthNum"]?.asInt ?? 3
    unhealthy = record["UnHealthyNum"]?.asInt ?? 3
    port = record["CheckPort"]?.asInt
    contextType = record["ContextType"]?.asText
    send = record["SendContext"]?.asText
    receive = record["RecvContext"]?.asText
    type = record["CheckType"]?.asText ?? "TCP"
  }

  var text: String { isOn ? "check \(type) \(timeOut)/\(interval) s \(healthy)/\(unhealthy)" : "no check" }

  var answer: Value {
    [
      "HealthSwitch": .int(isOn ? 1 : 0), "TimeOut": .int(timeOut), "IntervalTime": .int(interval),
      "HealthNum": .int(healthy), "UnHealthyNum": .int(unhealthy), "CheckPort": port.map(Value.int) ?? .null,
      "ContextType": contextType.map(Value.text) ?? .null, "SendContext": send.map(Value.text) ?? .null,
      "RecvContext": receive.map(Value.text) ?? .null, "CheckType": .text(type),
    ]
  }
}

extension World {
  mutating func createListener(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let transport = try call.required("Protocol")
    let ports = call.ints("Ports")
    let names = call.texts("ListenerNames")
    let ends = call.ints("EndPorts")
    guard !ports.isEmpty, names.isEmpty || names.count == ports.count, ends.isEmpty || ends.count == ports.count else {
      throw call.refusal(
        "InvalidParameterValue.Length", because: "ListenerNames and EndPorts must be as many as Ports, at least one.")
    }
    try checkPorts(ports, ends, transport, balancer, call)
    let session = call.int("SessionExpireTime") ?? 0
    guard session == 0 || session >= 30 else {
      throw call.refusal("InvalidParameter.FormatError", because: "SessionExpireTime is 0 or 30 to 3600 seconds.")
    }
    var ids: [Value] = []
    for (index, port) in ports.enumerated() {
      let listener = Listener(
        id: newID("lbl"), name: names.isEmpty ? "" : names[index], transport: transport, port: port,
        endPort: ends.isEmpty ? nil : ends[index], scheduler: call.text("Scheduler") ?? "WRR",
        sessionExpireTime: session,
        sessionType: call.text("SessionType") ?? "NORMAL",
        healthCheck: HealthCheck(call.record("HealthCheck") ?? Record()),
        createdAt: now)
      ids.append(.text(listener.id))
      if !call.failsLater { balancers[balancer.id]?.listeners.append(listener) }
    }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return ["ListenerIds": .list(ids)]
  }

  mutating func deleteListener(_ call: Call) throws(Refusal) -> Record {
    try deleteListeners([try call.required("ListenerId")], try runningBalancer(call), call)
  }

  /// Without ids, all of them go.
  mutating func deleteLoadBalancerListeners(_ call: Call) throws(Refusal) -> Record {
    let balancer = try runningBalancer(call)
    let ids = call.ids("ListenerIds")
    return try deleteListeners(ids.isEmpty ? balancer.listeners.map(\.id) : ids, balancer, call)
  }

  func describeListeners(_ call: Call) throws(Refusal) -> Record {
    let balancer = try balancer(try call.required("LoadBalancerId"), call)
    let rows = balancer.listeners.filter { isWanted($0, call) }
    return ["Listeners": .list(rows.map(answer)), "TotalCount": .int(rows.count)]
  }

  func isWanted(_ listener: Listener, _ call: Call) -> Bool {
    (!call.has("ListenerIds") || call.texts("ListenerIds").contains(listener.id))
      && (call.text("Protocol").map { $0 == listener.transport } ?? true)
      && (call.int("Port").map { $0 == listener.port } ?? true)
  }

  private mutating func deleteListeners(
    _ ids: [String], _ balancer: LoadBalancer, _ call: Call
  ) throws(Refusal) -> Record {
    for id in ids where !balancer.listeners.contains(where: { $0.id == id }) {
      throw call.refusal("InvalidParameter.ListenerIdNotFound", because: "\(balancer.id) has no listener '\(id)'.")
    }
    if !call.failsLater { balancers[balancer.id]?.listeners.removeAll { ids.contains($0.id) } }
    _ = beginBalancerTask(call, Latency.balancerChange, of: balancer.id)
    return [:]
  }

  private func checkPorts(
    _ ports: [Int], _ ends: [Int], _ transport: String, _ balancer: LoadBalancer, _ call: Call
  ) throws(Refusal) {
    var taken = balancer.listeners.filter { $0.transport == transport }.map { $0.port...max($0.port, $0.endPort ?? 0) }
    for (index, port) in ports.enumerated() {
      let end = ends.isEmpty ? port : ends[index]
      guard (1...65_535).contains(port), (port...65_535).contains(end) else {
        throw call.refusal("InvalidParameter.FormatError", because: "\(port) is not a port.")
      }
      guard !taken.contains(where: { $0.overlaps(port...end) }) else {
        throw call.refusal(
          "InvalidParameter.PortCheckFailed", "FailedOperation", because: "\(transport) port \(port) is taken already.")
      }
      taken.append(port...end)
    }
  }

  private func answer(_ listener: Listener) -> Value {
    [
      "ListenerId": .text(listener.id), "Protocol": .text(listener.transport), "Port": .int(listener.port),
      "HealthCheck": listener.healthCheck.answer, "Scheduler": .text(listener.scheduler),
      "SessionExpireTime": .int(listener.sessionExpireTime), "ListenerName": .text(listener.name),
      "CreateTime": .text(listener.createdAt.plainText), "SessionType": .text(listener.sessionType),
      "EndPort": listener.endPort.map(Value.int) ?? .null,
    ]
  }
}
