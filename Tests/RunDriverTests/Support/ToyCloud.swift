import CloudCatalog
import RunDriver
import RunEngine
import Values

/// What may go wrong with one call.
enum ToyFault: CaseIterable {
  case throttled, busy, lostBefore, lostAfter, serverAfter, serverBefore, unreachable, refused
}

/// A cloud that only remembers what exists: private networks, subnets, modules, instances, addresses.
struct ToyCloud: SimulatedCloud {
  struct Row: Equatable {
    let kind: String
    var mark = ""
    var name = ""
    var parent = ""
    var bornAt: Instant
  }
  /// By action, and how many-th call of it.
  var faults: [ActionID: [Int: ToyFault]] = [:]
  var latency = Duration.milliseconds(20)
  /// When set, latencies and arrivals are drawn.
  var random: SplitMix?
  private(set) var rows: [String: Row] = [:]
  private(set) var defaults: [String: String] = [:]
  private(set) var calls: [CloudCall] = []
  private(set) var bornByMark: [String: Int] = [:]
  private(set) var arrivals: [String: [Instant]] = [:]
  private var counts: [ActionID: Int] = [:]
  private var nextID = 0

  var living: [String] { rows.keys.sorted() }
  func living(_ kind: String) -> Int { rows.values.count { $0.kind == kind } }
  func count(_ action: ActionID) -> Int { counts[action] ?? 0 }

  mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration) {
    calls.append(call)
    counts[call.action, default: 0] += 1
    let latency = random == nil ? self.latency : .milliseconds(random?.below(180) ?? 0)
    let arrival = now + .milliseconds(random?.below(Int(min(latency.milliseconds, 50)) + 1) ?? 0)
    arrivals["\(call.action)/\(call.limitRegion)", default: []].append(arrival)
    return (reply(call, at: now), latency)
  }

  private mutating func reply(_ call: CloudCall, at now: Instant) -> Reply {
    switch faults[call.action]?[counts[call.action] ?? 0] {
    case .throttled?: return ToyCloud.refusal("RequestLimitExceeded")
    case .busy?: return ToyCloud.refusal("FailedOperation.OperationConflict")
    case .refused?: return ToyCloud.refusal("InvalidParameterValue")
    case .unreachable?: return .unreachable("no route")
    case .lostBefore?: return .outcome(.unknown("the answer was lost"))
    case .serverBefore?: return ToyCloud.refusal("InternalError")
    case .lostAfter?:
      _ = carryOut(call, at: now)
      return .outcome(.unknown("the answer was lost"))
    case .serverAfter?:
      _ = carryOut(call, at: now)
      return ToyCloud.refusal("InternalError")
    case nil:
      switch carryOut(call, at: now) {
      case .success(let result): return .outcome(.done(result, requestID: "q-\(calls.count)"))
      case .failure(let error): return .outcome(.refused(error))
      }
    }
  }

  private static func refusal(_ code: String) -> Reply {
    .outcome(.refused(CloudError(code: code, message: "no", requestID: "q")))
  }

  private func error(_ code: String) -> Result<Record, CloudError> {
    .failure(CloudError(code: code, message: "no", requestID: "q"))
  }

  private mutating func carryOut(_ call: CloudCall, at now: Instant) -> Result<Record, CloudError> {
    let arguments = call.arguments
    let text = { (name: String) in arguments[name]?.asText ?? "" }
    switch call.action.name {
    case "CreateVpc": return .success(["Vpc": ["VpcId": .text(make("vpc", call, now))]])
    case "CreateSubnet":
      guard rows[text("VpcId")] != nil else { return error("ResourceNotFound") }
      let id = make("subnet", call, now, parent: text("VpcId"))
      defaults[text("Zone")] = id
      return .success(["Subnet": ["SubnetId": .text(id)]])
    case "CreateModule":
      guard !rows.values.contains(where: { $0.name == text("ModuleName") }) else {
        return error("InvalidParameterValue.InvalidModuleName")
      }
      return .success(["ModuleId": .text(make("em", call, now, name: text("ModuleName")))])
    case "RunInstances":
      let wanted = ValuePath("ZoneInstanceCountISPSet[].InstanceCount").value(in: .record(arguments))?.asList ?? []
      let ids = (0..<wanted.reduce(0) { $0 + ($1.asInt ?? 0) }).map { _ in Value.text(make("ein", call, now)) }
      return .success(["InstanceIdSet": .list(ids)])
    case "AllocateAddresses":
      let ids = (0..<(arguments["AddressCount"]?.asInt ?? 1)).map { _ in Value.text(make("eip", call, now)) }
      return .success(["AddressSet": .list(ids), "TaskId": .text("\(now.milliseconds)")])
    case "DescribeTaskResult":
      let began = Int64(text("TaskId")) ?? 0
      return .success(["Result": now.milliseconds >= began + 900 ? "SUCCESS" : "RUNNING"])
    case "DescribeDefaultSubnet":
      guard let id = defaults[text("Zone")] else { return .success(["Subnet": .null]) }
      return .success(["Subnet": ["SubnetId": .text(id), "VpcId": .text(rows[id]?.parent ?? "")]])
    case "ModifyDefaultSubnet":
      defaults[text("Zone")] = text("SubnetId")
      return .success([:])
    case let name where name.hasPrefix("Describe"): return .success(describe(name, arguments, at: now))
    case "DeleteVpc": return delete([text("VpcId")])
    case "DeleteSubnet": return delete([text("SubnetId")])
    case "DeleteModule": return delete([text("ModuleId")])
    case "TerminateInstances": return delete(arguments["InstanceIdSet"]?.asList?.compactMap(\.asText) ?? [])
    case "ReleaseAddresses": return delete(arguments["AddressIds"]?.asList?.compactMap(\.asText) ?? [])
    default: return error("InvalidAction")
    }
  }

  private mutating func make(
    _ kind: String, _ call: CloudCall, _ now: Instant, parent: String = "", name: String = ""
  ) -> String {
    nextID += 1
    let tags = (call.arguments["Tags"] ?? ValuePath("TagSpecification[0].Tags").value(in: .record(call.arguments)))
    let mark = tags?.asList?.first { $0.asRecord?["Key"] == .text(Mark.key) }?.asRecord?["Value"]?.asText ?? ""
    rows["\(kind)-\(nextID)"] = Row(kind: kind, mark: mark, name: name, parent: parent, bornAt: now)
    if !mark.isEmpty { bornByMark[mark, default: 0] += 1 }
    return "\(kind)-\(nextID)"
  }

  private mutating func delete(_ ids: [String]) -> Result<Record, CloudError> {
    guard ids.allSatisfy({ rows[$0] != nil }), !ids.isEmpty else { return error("ResourceNotFound") }
    guard !rows.values.contains(where: { ids.contains($0.parent) }) else { return error("ResourceInUse") }
    for id in ids { rows[id] = nil }
    defaults = defaults.filter { !ids.contains($0.value) }
    return .success([:])
  }

  private func describe(_ name: String, _ arguments: Record, at now: Instant) -> Record {
    let filter = ValuePath("Filters[0]").value(in: .record(arguments))?.asRecord
    let wanted = filter?["Values"]?.asList ?? arguments["AddressIds"]?.asList
    let (kind, list, id) =
      switch name {
      case "DescribeVpcs": ("vpc", "VpcSet", "VpcId")
      case "DescribeSubnets": ("subnet", "SubnetSet", "SubnetId")
      case "DescribeModule": ("em", "ModuleItemSet", "ModuleId")
      case "DescribeInstances": ("ein", "InstanceSet", "InstanceId")
      default: ("eip", "AddressSet", "AddressId")
      }
    let found = rows.sorted { $0.key < $1.key }.filter { row in
      guard row.value.kind == kind else { return false }
      guard let wanted else { return true }
      return wanted.contains(.text(row.value.mark)) || wanted.contains(.text(row.key))
        || wanted.contains(.text(row.value.name))
    }
    let all = found.map { entry -> Value in
      let isDone = now >= entry.value.bornAt + .seconds(3)
      let record: Record = [
        id: .text(entry.key), "ModuleName": .text(entry.value.name), "InstanceState": isDone ? "RUNNING" : "PENDING",
        "AddressStatus": isDone ? "UNBIND" : "CREATING",
      ]
      return kind == "em" ? ["Module": .record(record)] : .record(record)
    }
    let offset = arguments["Offset"]?.asInt ?? 0
    let page = all.dropFirst(offset).prefix(arguments["Limit"]?.asInt ?? 20)
    return [list: .list(Array(page)), "TotalCount": .int(all.count)]
  }
}
