import Values

/// A set of rules for the traffic of what is bound to it. Account-wide.
struct SecurityGroup: Row {
  let id: String
  var name: String
  var about: String
  let isDefault: Bool
  let tags: [Tag]
  let createdAt: Instant
  /// Rises by one with every change of the rules.
  var version = 0
  var egress: [SecurityRule] = []
  var ingress: [SecurityRule] = []

  var rules: [SecurityRule] { egress + ingress }
  /// Other groups that its rules name.
  var references: Set<String> { Set(rules.map(\.groupID).filter { !$0.isEmpty && $0 != id }) }

  var inventoryLine: InventoryLine {
    InventoryLine(
      "SecurityGroup", id, name, isSystem: isDefault, tags: tags, about, egress.isEmpty ? nil : "out \(egress.text)",
      ingress.isEmpty ? nil : "in \(ingress.text)")
  }

  var answer: Record {
    [
      "SecurityGroupId": .text(id), "SecurityGroupName": .text(name), "SecurityGroupDesc": .text(about),
      "IsDefault": .bool(isDefault), "CreatedTime": .text(createdAt.plainText), "TagSet": .list(tags.map(\.pair)),
    ]
  }
}

extension [SecurityRule] {
  fileprivate var text: String { map(\.text).joined(separator: "; ") }
}

extension World {
  mutating func createSecurityGroup(_ call: Call) throws(Refusal) -> Record {
    guard securityGroups.count < Limits.securityGroups else {
      throw call.refusal(
        "InvalidParameterValue.LimitExceeded", because: "An account has at most \(Limits.securityGroups) groups.")
    }
    let group = SecurityGroup(
      id: newID("esg"), name: try call.required("GroupName"), about: try call.required("GroupDescription"),
      isDefault: false, tags: call.tags(), createdAt: now)
    securityGroups.insert(group)
    return ["SecurityGroup": .record(group.answer)]
  }

  mutating func deleteSecurityGroup(_ call: Call) throws(Refusal) -> Record {
    let group = try securityGroup(try call.required("SecurityGroupId"), call)
    guard !group.isDefault else {
      throw call.refusal("ResourceInUse", because: "\(group.id) is the account's default group and stays.")
    }
    let isReferenced = securityGroups.all.contains { $0.references.contains(group.id) }
    guard uses(of: group.id).total == 0, !isReferenced else {
      throw call.refusal("ResourceInUse", because: "\(group.id) is bound, or a rule of another group names it.")
    }
    securityGroups.remove(group.id)
    return [:]
  }

  mutating func modifySecurityGroupAttribute(_ call: Call) throws(Refusal) -> Record {
    let group = try securityGroup(try call.required("SecurityGroupId"), call)
    guard call.has("GroupName") || call.has("GroupDescription") else {
      throw call.refusal("MissingParameter", because: "Give GroupName or GroupDescription.")
    }
    if let name = call.text("GroupName") { securityGroups[group.id]?.name = name }
    if let about = call.text("GroupDescription") { securityGroups[group.id]?.about = about }
    return [:]
  }

  func describeSecurityGroups(_ call: Call) throws(Refusal) -> Record {
    let passes = try call.filter(
      [.exact("security-group-id") { $0.id }, .exact("security-group-name") { $0.name }]
        as [FilterField<SecurityGroup>],
      tags: { $0.tags })
    let wanted = call.has("SecurityGroupIds") ? Set(call.texts("SecurityGroupIds")) : nil
    let page = try call.page(securityGroups.all.filter { (wanted?.contains($0.id) ?? true) && passes($0) })
    return ["TotalCount": .int(page.total), "SecurityGroupSet": .list(page.rows.map { .record($0.answer) })]
  }

  func describeSecurityGroupLimits(_ call: Call) throws(Refusal) -> Record {
    [
      "SecurityGroupLimitSet": [
        "SecurityGroupLimit": .int(Limits.securityGroups), "SecurityGroupPolicyLimit": .int(Limits.securityRules),
        "ReferedSecurityGroupLimit": .int(Limits.securityReferences),
        "SecurityGroupInstanceLimit": .int(Limits.instancesPerSecurityGroup),
        // The limit that the parameters state; the example prints 2000.
        "InstanceSecurityGroupLimit": .int(Limits.securityGroupsPerInstance),
        "SecurityGroupModuleLimit": .int(Limits.modulesPerSecurityGroup),
        "ModuleSecurityGroupLimit": .int(Limits.securityGroupsPerModule),
      ]
    ]
  }

  func describeSecurityGroupAssociationStatistics(_ call: Call) throws(Refusal) -> Record {
    var rows: [Value] = []
    for id in call.ids("SecurityGroupIds") {
      let group = try securityGroup(id, call)
      let uses = uses(of: group.id)
      let references = securityGroups.all.filter { $0.references.contains(group.id) }.count
      let counts = [
        ("ECM", uses.instances), ("Module", uses.modules), ("ENI", uses.interfaces), ("CLB", uses.balancers),
      ]
      rows.append([
        "SecurityGroupId": .text(id), "ECM": .int(uses.instances), "Module": .int(uses.modules),
        "ENI": .int(uses.interfaces), "SG": .int(references), "CLB": .int(uses.balancers),
        "InstanceStatistics": .list(counts.map { ["InstanceType": .text($0.0), "InstanceCount": .int($0.1)] }),
        "TotalCount": .int(uses.total),
      ])
    }
    return ["SecurityGroupAssociationStatisticsSet": .list(rows)]
  }

  mutating func associateSecurityGroups(_ call: Call) throws(Refusal) -> Record {
    let groups = try checkedGroups(call.ids("SecurityGroupIds"), call)
    let chosen = try instances(call, in: "InstanceIds", "InvalidParameterValue.InvalidInstanceID")
    for instance in chosen {
      guard Set(instance.securityGroupIDs + groups).count <= Limits.securityGroupsPerInstance else {
        throw call.refusal(
          "InvalidParameterValue.LimitExceeded", "InvalidParameterValue",
          because: "\(instance.id) takes at most \(Limits.securityGroupsPerInstance) groups.")
      }
    }
    try checkBound(groups, adding: chosen.count, call)
    for instance in chosen {
      let new = groups.filter { !instance.securityGroupIDs.contains($0) }
      instances[instance.id]?.securityGroupIDs += new
    }
    return [:]
  }

  mutating func disassociateSecurityGroups(_ call: Call) throws(Refusal) -> Record {
    let groups = try checkedGroups(call.ids("SecurityGroupIds"), call)
    let chosen = try instances(call, in: "InstanceIds", "InvalidParameterValue.InvalidInstanceID")
    for instance in chosen { instances[instance.id]?.securityGroupIDs.removeAll { groups.contains($0) } }
    return [:]
  }

  func securityGroup(_ id: String, _ call: Call) throws(Refusal) -> SecurityGroup {
    guard let group = securityGroups[id] else {
      throw call.refusal(
        "InvalidParameterValue.InvalidSecurityGroupID", "ResourceNotFound", "InvalidParameterValue",
        because: "There is no security group '\(id)'.")
    }
    return group
  }

  /// The same ids; refuses one that no group bears.
  func checkedGroups(_ ids: [String], _ call: Call) throws(Refusal) -> [String] {
    for id in ids { _ = try securityGroup(id, call) }
    return ids
  }

  func checkBound(_ groups: [String], adding count: Int, _ call: Call) throws(Refusal) {
    for id in groups where uses(of: id).instances + count > Limits.instancesPerSecurityGroup {
      throw call.refusal(
        "LimitExceeded.SecurityGroupInstanceLimitExceeded", "LimitExceeded",
        because: "At most \(Limits.instancesPerSecurityGroup) instances share the group \(id).")
    }
  }

  /// What is bound to a group. Primary interfaces count with their instances.
  struct GroupUses {
    let instances: Int
    let modules: Int
    let interfaces: Int
    let balancers: Int
    var total: Int { instances + modules + interfaces + balancers }
  }

  func uses(of group: String) -> GroupUses {
    GroupUses(
      instances: instances.count("security-group-id", group),
      modules: modules.all.count { $0.securityGroupIDs.contains(group) },
      interfaces: interfaces.count("own-security-group-id", group),
      balancers: balancers.all.count { $0.securityGroupIDs.contains(group) })
  }

  mutating func addDefaultSecurityGroup(_ random: inout SplitMix64) {
    let everything = [SecurityRule.everything(now)]
    securityGroups.insert(
      SecurityGroup(
        id: "esg-\(random.suffix())", name: "default", about: "Default security group", isDefault: true, tags: [],
        createdAt: now, egress: everything, ingress: everything))
  }

  var defaultSecurityGroup: String? { securityGroups.all.first { $0.isDefault }?.id }
}
