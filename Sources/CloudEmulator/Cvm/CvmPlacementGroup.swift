import Values

/// Instances that are kept apart: on different hosts, switches or racks.
struct PlacementGroup: Row {
  enum Kind: String, Codable, Sendable {
    case host = "HOST"
    case accessSwitch = "SW"
    case rack = "RACK"

    /// Instances of one group.
    var quota: Int {
      switch self {
      case .host: 50
      case .accessSwitch: 20
      case .rack: 30
      }
    }
  }

  let id: String
  var name: String
  let kind: Kind
  let createdAt: Instant
  let tags: [Tag]

  static let quota = 10

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine("CvmPlacementGroup", id, name, tags: tags, region, kind.rawValue)
  }
}

extension World {
  func members(of group: String, _ region: String) -> [String] {
    cvm[region].instances.rows("group-id", group).map(\.id)
  }

  private func group(_ id: String, _ call: CvmCall) throws(Refusal) -> PlacementGroup {
    guard CvmID.isWellFormed(id, "ps") else {
      throw call.refusal(
        "InvalidParameterValue.DisasterRecoverGroupIdMalformed", "ResourceNotFound.InvalidPlacementSet",
        because: "'\(id)' is no id of a placement group.")
    }
    guard let group = cvm[call.region].groups[id] else {
      throw call.refusal("ResourceNotFound.InvalidPlacementSet", because: "There is no placement group '\(id)'.")
    }
    return group
  }

  mutating func createDisasterRecoverGroup(_ call: CvmCall) throws(Refusal) -> Record {
    if let answer = try repeated(call) { return answer }
    guard cvm[call.region].groups.count < PlacementGroup.quota else {
      throw call.refusal(
        "ResourceInsufficient.InsufficientGroupQuota", because: "There are \(PlacementGroup.quota) groups already.")
    }
    guard let kind = PlacementGroup.Kind(rawValue: try call.required("Type")) else {
      throw call.refusal("InvalidParameterValue", because: "Type must be HOST, SW or RACK.")
    }
    let group = PlacementGroup(
      id: newID("ps"), name: try call.required("Name"), kind: kind, createdAt: now, tags: try call.tags(for: "ps"))
    cvm[call.region].groups.insert(group)
    let answer: Record = [
      "DisasterRecoverGroupId": .text(group.id), "Type": .text(kind.rawValue), "Name": .text(group.name),
      "CvmQuotaTotal": .int(kind.quota), "CurrentNum": 0, "CreateTime": .text(now.plainText),
    ]
    return remember(answer, of: call)
  }

  mutating func deleteDisasterRecoverGroups(_ call: CvmCall) throws(Refusal) -> Record {
    let ids = try call.ids("DisasterRecoverGroupIds", limit: 10)
    for id in ids {
      _ = try group(id, call)
      guard members(of: id, call.region).isEmpty else {
        throw call.refusal("FailedOperation.PlacementSetNotEmpty", because: "There are instances in \(id).")
      }
    }
    for id in ids { cvm[call.region].groups.remove(id) }
    return [:]
  }

  mutating func modifyDisasterRecoverGroupAttribute(_ call: CvmCall) throws(Refusal) -> Record {
    let id = try group(try call.required("DisasterRecoverGroupId"), call).id
    cvm[call.region].groups[id]?.name = try call.required("Name")
    return [:]
  }

  func describeDisasterRecoverGroups(_ call: CvmCall) throws(Refusal) -> Record {
    let passes = try call.filter([] as [FilterField<PlacementGroup>], tags: { $0.tags })
    let all = cvm[call.region].groups
    var rows = Array(all.all.reversed())
    if call.has("DisasterRecoverGroupIds") {
      let ids = try call.ids("DisasterRecoverGroupIds", limit: 10)
      for id in ids where !CvmID.isWellFormed(id, "ps") {
        throw call.refusal(
          "InvalidParameterValue.DisasterRecoverGroupIdMalformed", because: "'\(id)' is no id of a placement group.")
      }
      rows = ids.compactMap { all[$0] }
    }
    // The books call the match by name fuzzy.
    if let name = call.text("Name") { rows = rows.filter { $0.name.contains(name) } }
    if let passes { rows = rows.filter(passes) }
    let page = try call.page(rows)
    return [
      "DisasterRecoverGroupSet": .records(page.rows.map { answer($0, call.region) }), "TotalCount": .int(page.total),
    ]
  }

  /// The structure `DisasterRecoverGroup`.
  private func answer(_ group: PlacementGroup, _ region: String) -> Record {
    let members = members(of: group.id, region)
    return [
      "DisasterRecoverGroupId": .text(group.id), "Name": .text(group.name), "Type": .text(group.kind.rawValue),
      "CvmQuotaTotal": .int(group.kind.quota), "CurrentNum": .int(members.count), "InstanceIds": .texts(members),
      "CreateTime": .text(group.createdAt.cvmText), "Tags": .list(group.tags.map(\.pair)),
    ]
  }

  func describeDisasterRecoverGroupQuota(_ call: CvmCall) throws(Refusal) -> Record {
    [
      "GroupQuota": .int(PlacementGroup.quota), "CurrentNum": .int(cvm[call.region].groups.count),
      "CvmInHostGroupQuota": .int(PlacementGroup.Kind.host.quota),
      "CvmInSwGroupQuota": .int(PlacementGroup.Kind.accessSwitch.quota),
      "CvmInRackGroupQuota": .int(PlacementGroup.Kind.rack.quota),
    ]
  }
}
