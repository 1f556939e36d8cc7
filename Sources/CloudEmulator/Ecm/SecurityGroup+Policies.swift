import Values

/// The direction of a call, with its rules as the call carries them.
private struct RuleChange {
  let direction: WritableKeyPath<SecurityGroup, [SecurityRule]>
  let records: [Record]

  var indexes: [Int?] { records.map { $0["PolicyIndex"]?.asInt } }
}

extension World {
  func describeSecurityGroupPolicies(_ call: Call) throws(Refusal) -> Record {
    let group = try securityGroup(try call.required("SecurityGroupId"), call)
    func answer(_ rules: [SecurityRule]) -> Value { .list(rules.enumerated().map { $1.answer($0) }) }
    return [
      "SecurityGroupPolicySet": [
        "Version": .text(String(group.version)), "Egress": answer(group.egress), "Ingress": answer(group.ingress),
      ]
    ]
  }

  /// Without an index, the rules go to the end.
  mutating func createSecurityGroupPolicies(_ call: Call) throws(Refusal) -> Record {
    let group = try versionedGroup(call)
    let change = try oneDirection(call)
    let rules = try rules(change.records, of: group, call)
    var all = group[keyPath: change.direction]
    for (index, rule) in rules.enumerated() where (all + rules[..<index]).contains(where: { $0.matches(rule) }) {
      throw call.refusal(
        "UnsupportedOperation.DuplicatePolicy", "InvalidParameterValue",
        because: "There is the rule '\(rule.text)' already.")
    }
    let place = change.indexes.first ?? nil
    guard change.indexes.allSatisfy({ $0 == place }), place.map({ (0...all.count).contains($0) }) ?? true else {
      throw call.refusal(
        "InvalidParameterValue", because: "All rules of a call take one PolicyIndex, at most the number of rules.")
    }
    all.insert(contentsOf: rules, at: place ?? all.count)
    try store(all, change.direction, group, call)
    return [:]
  }

  /// By index, or by what the rules let through.
  mutating func deleteSecurityGroupPolicies(_ call: Call) throws(Refusal) -> Record {
    let group = try versionedGroup(call)
    let change = try oneDirection(call)
    var all = group[keyPath: change.direction]
    let indexes = change.indexes.compactMap { $0 }
    if indexes.count == change.records.count {
      for index in indexes where !all.indices.contains(index) {
        throw call.refusal("ResourceNotFound", because: "\(group.id) has no rule \(index) in this direction.")
      }
      for index in Set(indexes).sorted().reversed() { all.remove(at: index) }
    } else {
      guard indexes.isEmpty else {
        throw call.refusal("InvalidParameter.Coexist", because: "Give indexes or rules, not both.")
      }
      for record in change.records {
        let rule = try SecurityRule(record, of: group, now, call)
        guard let index = all.firstIndex(where: { $0.matches(rule) }) else {
          throw call.refusal("ResourceNotFound", because: "\(group.id) has no rule '\(rule.text)'.")
        }
        all.remove(at: index)
      }
    }
    try store(all, change.direction, group, call)
    return [:]
  }

  mutating func replaceSecurityGroupPolicy(_ call: Call) throws(Refusal) -> Record {
    let group = try versionedGroup(call)
    let change = try oneDirection(call)
    guard change.records.count == 1, let index = change.indexes.first ?? nil else {
      throw call.refusal("InvalidParameterValue.Malformed", because: "Give one rule with its PolicyIndex.")
    }
    var all = group[keyPath: change.direction]
    guard all.indices.contains(index) else {
      throw call.refusal("ResourceNotFound", because: "\(group.id) has no rule \(index) in this direction.")
    }
    all[index] = try rules(change.records, of: group, call)[0]
    try store(all, change.direction, group, call)
    return [:]
  }

  /// Both directions at once; a direction that is left out is emptied.
  mutating func modifySecurityGroupPolicies(_ call: Call) throws(Refusal) -> Record {
    let group = try versionedGroup(call)
    let set = call.record("SecurityGroupPolicySet") ?? Record()
    let (egress, ingress) = (records(set, "Egress"), records(set, "Ingress"))
    guard (egress + ingress).allSatisfy({ $0["PolicyIndex"] == nil }) else {
      throw call.refusal("InvalidParameterValue.Malformed", because: "PolicyIndex cannot be given here.")
    }
    var changed = group
    changed.egress = try rules(egress, of: group, call)
    changed.ingress = try rules(ingress, of: group, call)
    try checkRules(changed, call)
    changed.version += 1
    securityGroups[group.id] = changed
    return [:]
  }

  private mutating func store(
    _ rules: [SecurityRule], _ direction: WritableKeyPath<SecurityGroup, [SecurityRule]>, _ group: SecurityGroup,
    _ call: Call
  ) throws(Refusal) {
    var changed = group
    changed[keyPath: direction] = rules
    try checkRules(changed, call)
    changed.version += 1
    securityGroups[group.id] = changed
  }

  private func checkRules(_ group: SecurityGroup, _ call: Call) throws(Refusal) {
    guard max(group.egress.count, group.ingress.count) <= Limits.securityRules else {
      throw call.refusal(
        "LimitExceeded.SecurityGroupPolicySet", "LimitExceeded",
        because: "A group has at most \(Limits.securityRules) rules in a direction.")
    }
    guard group.references.count <= Limits.securityReferences else {
      throw call.refusal(
        "LimitExceeded", because: "A group's rules name at most \(Limits.securityReferences) other groups.")
    }
  }

  /// The group of the call; refuses a version that is not the latest.
  private func versionedGroup(_ call: Call) throws(Refusal) -> SecurityGroup {
    let group = try securityGroup(try call.required("SecurityGroupId"), call)
    let version = call.record("SecurityGroupPolicySet")?["Version"]?.asText ?? ""
    guard version.isEmpty || version == String(group.version) else {
      // The page of ModifySecurityGroupPolicies prints no code for it, but its parameter is the same.
      throw Refusal(
        "UnsupportedOperation.VersionMismatch", "The version of \(group.id) is \(group.version), not \(version).")
    }
    return group
  }

  private func records(_ set: Record, _ direction: String) -> [Record] {
    (set[direction]?.asList ?? []).compactMap(\.asRecord)
  }

  private func oneDirection(_ call: Call) throws(Refusal) -> RuleChange {
    let set = call.record("SecurityGroupPolicySet") ?? Record()
    let (egress, ingress) = (records(set, "Egress"), records(set, "Ingress"))
    guard egress.isEmpty != ingress.isEmpty else {
      throw egress.isEmpty
        ? call.refusal("MissingParameter", because: "Give rules in Egress or in Ingress.")
        : call.refusal(
          "InvalidParameter.Coexist", "InvalidParameterValue.Malformed", because: "Give rules of one direction only.")
    }
    return egress.isEmpty
      ? RuleChange(direction: \.ingress, records: ingress) : RuleChange(direction: \.egress, records: egress)
  }

  private func rules(_ records: [Record], of group: SecurityGroup, _ call: Call) throws(Refusal) -> [SecurityRule] {
    var rules: [SecurityRule] = []
    for record in records {
      let rule = try SecurityRule(record, of: group, now, call)
      guard !rule.action.isEmpty else {
        throw call.refusal("MissingParameter", "InvalidParameterValue.Malformed", because: "A rule needs an Action.")
      }
      if !rule.groupID.isEmpty { _ = try securityGroup(rule.groupID, call) }
      rules.append(rule)
    }
    return rules
  }
}
