import CloudCatalog
import CloudEmulator
import RunEngine
import Values

/// An edge instance that a plan makes and leaves, as the planned world describes it.
struct MadeInstance: Sendable {
  let zone: String
  let isp: String
  let type: String
  /// The price inquiry for one of them, without a count.
  let inquiry: CloudCall

  static func all(_ plan: RunPlan) -> [MadeInstance] {
    let ids = plan.blast.entries(.created).filter { $0.kind == "Instance" }.map { Value.text($0.id) }
    var cloud = plan.outcome.after
    var made: [MadeInstance] = []
    for start in stride(from: 0, to: ids.count, by: 5) {
      let filter: Value = ["Name": "instance-id", "Values": .list(Array(ids[start..<min(start + 5, ids.count)]))]
      let request = CloudRequest(
        account: plan.outcome.account, action: "ecm.DescribeInstances", ["Filters": [filter], "Limit": 100])
      // The reading must not meet the limits of the run.
      cloud.liftRateLimits()
      guard case .answered(let answer, _) = cloud.handle(request, now: plan.outcome.endedAt) else { continue }
      made += (answer["InstanceSet"]?.asList ?? []).compactMap(\.asRecord).compactMap(MadeInstance.init)
    }
    return made
  }

  private init?(_ row: Record) {
    guard let type = row["InstanceTypeConfig"]?.asRecord?["InstanceType"]?.asText,
      let zone = row["Position"]?.asRecord?["ZoneInfo"]?.asRecord?["Zone"]?.asText, let isp = row["ISP"]?.asText
    else { return nil }
    (self.zone, self.isp, self.type) = (zone, isp, type)
    var arguments: Record = ["InstanceType": .text(type), "SystemDisk": MadeInstance.disk(row["SystemDisk"])]
    let disks = (row["DataDisks"]?.asList ?? []).map { MadeInstance.disk($0) }
    if !disks.isEmpty { arguments["DataDisk"] = .list(disks) }
    inquiry = CloudCall("ecm.DescribePriceRunInstance", arguments)
  }

  private static func disk(_ value: Value?) -> Value {
    let disk = value?.asRecord ?? Record()
    return .record(Record(disk.filter { ["DiskType", "DiskSize"].contains($0.key) }.map { ($0.key, $0.value) }))
  }
}
