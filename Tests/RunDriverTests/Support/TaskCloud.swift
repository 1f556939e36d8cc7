import CloudCatalog
import RunDriver
import RunEngine
import Values

/// A cloud of instances and balancers whose work takes exactly as long as it says, and which sees whether a limit or a
/// lock is broken.
struct TaskCloud: SimulatedCloud {
  static let durations: [String: Duration] = [
    "RunInstances": .seconds(30), "StopInstances": .seconds(12), "StartInstances": .seconds(12),
    "BatchRegisterTargets": .seconds(2), "ModifyLoadBalancerAttributes": .seconds(2),
  ]
  private static let ends = ["RunInstances": "RUNNING", "StopInstances": "STOPPED", "StartInstances": "RUNNING"]

  private struct Instance {
    var state: Value
    var until: Instant
  }
  let latency: Duration
  /// A target of this port makes the whole call be refused.
  var badPort: Int?
  private var instances: [Value: Instance] = [:]
  private var order: [Value] = []
  /// When a balancer is free again.
  private var busyUntil: [Value: Instant] = [:]
  private var tasks: [Value: Instant] = [:]
  private(set) var targets: [Int] = []
  private(set) var arrivals: [String: [Instant]] = [:]
  private(set) var collisions = 0

  init(latency: Duration) { self.latency = latency }

  func count(_ action: String) -> Int { arrivals[action]?.count ?? 0 }

  /// The most calls of one action in any second.
  var densest: Int {
    arrivals.values.map { times in
      var first = 0
      return times.indices.reduce(0) { most, last in
        while times[first] + .seconds(1) <= times[last] { first += 1 }
        return max(most, last - first + 1)
      }
    }.max() ?? 0
  }

  mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration) {
    arrivals[call.action.name, default: []].append(now + latency / 2)
    let requestID = "q-\(arrivals.values.reduce(0) { $0 + $1.count })"
    return (answer(call, requestID, at: now), latency)
  }

  private mutating func answer(_ call: CloudCall, _ requestID: String, at now: Instant) -> Reply {
    let arguments = call.arguments
    switch call.action.name {
    case "RunInstances":
      let id = Value.text("ein-\(order.count)")
      order.append(id)
      begin("RunInstances", id, at: now)
      return .outcome(.done(["InstanceIdSet": [id]], requestID: requestID))
    case "StopInstances", "StartInstances":
      for id in arguments["InstanceIdSet"]?.asList ?? [] { begin(call.action.name, id, at: now) }
      return .outcome(.done([:], requestID: requestID))
    case "DescribeInstances": return .outcome(.done(describe(arguments, at: now), requestID: requestID))
    case "DescribeLoadBalanceTaskStatus":
      let end = tasks[arguments["TaskId"] ?? .null] ?? now
      return .outcome(.done(["Status": .int(now >= end ? 0 : 2)], requestID: requestID))
    case "DescribeTargets", "DescribeLoadBalancers": return .outcome(.done([:], requestID: requestID))
    default: return change(call, requestID, at: now)
    }
  }

  private mutating func begin(_ action: String, _ id: Value, at now: Instant) {
    let end = now + (TaskCloud.durations[action] ?? .zero)
    instances[id] = Instance(state: .text(TaskCloud.ends[action] ?? ""), until: end)
  }

  private func describe(_ arguments: Record, at now: Instant) -> Record {
    let wanted = ValuePath("Filters[0].Values").value(in: .record(arguments))?.asList ?? order
    let rows = wanted.compactMap { id -> Value? in
      guard let instance = instances[id] else { return nil }
      return ["InstanceId": id, "InstanceState": now >= instance.until ? instance.state : "PENDING"]
    }
    let page = rows.dropFirst(arguments["Offset"]?.asInt ?? 0).prefix(arguments["Limit"]?.asInt ?? 20)
    return ["InstanceSet": .list(Array(page)), "TotalCount": .int(rows.count)]
  }

  /// Two changes of one balancer at a time are refused.
  private mutating func change(_ call: CloudCall, _ requestID: String, at now: Instant) -> Reply {
    let balancer = call.arguments["LoadBalancerId"] ?? .null
    if now < busyUntil[balancer] ?? now {
      collisions += 1
      return refusal("FailedOperation.OperationConflict")
    }
    let ports = ValuePath("Targets[].Port").value(in: .record(call.arguments))?.asList?.compactMap(\.asInt) ?? []
    if let badPort, ports.contains(badPort) { return refusal("InvalidParameter.PortCheckFailed") }
    targets += ports
    busyUntil[balancer] = now + (TaskCloud.durations[call.action.name] ?? .zero)
    tasks[.text(requestID)] = busyUntil[balancer]
    let failed = Set(ValuePath("Targets[].ListenerId").value(in: .record(call.arguments))?.asList ?? [])
    return .outcome(
      .done(["FailListenerIdSet": .list(failed.contains("lbl-bad") ? ["lbl-bad"] : [])], requestID: requestID))
  }

  private func refusal(_ code: String) -> Reply {
    .outcome(.refused(CloudError(code: code, message: "no", requestID: "q")))
  }
}
