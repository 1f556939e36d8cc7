import Values

/// Instance APIs of the ECM book that change what an instance has: names, security groups, bandwidth, passwords. Old
/// values differ from instance to instance, so the undo makes a call for each group that shares them.
enum EcmInstanceAttribute {
  static let modifyInstancesAttribute = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "ecm.ModifyInstancesAttribute",
            [
              ("InstanceIdSet", .row("rows[].InstanceId")), ("InstanceName", .row("row.InstanceName")),
              ("SecurityGroups", .given("SecurityGroups", .row("row.SecurityGroupIds[]"))),
            ],
            forEach: .grouping(
              Ecm.namedBefore("InstanceIdSet"),
              by: [.row("InstanceName"), .given("SecurityGroups", .row("SecurityGroupIds"))]))
        ], beforeImage: Ecm.allInstances)),
    completion: .immediate, lost: .resend, conflicts: ["InstanceIdSet"],
    doubt: "the page of ModifyInstancesAttribute says that a name left out is shown empty, "
      + "so the undo gives the old name in any case")

  static let resetInstancesMaxBandwidth = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "ecm.ResetInstancesMaxBandwidth",
            [
              ("InstanceIdSet", .row("rows[].InstanceId")), ("MaxBandwidthOut", .row(out("row."))),
              ("MaxBandwidthIn", .row(into("row."))),
            ], when: .row(out("row.")),
            forEach: .grouping(Ecm.namedBefore("InstanceIdSet"), by: [.row(out("")), .row(into(""))]))
        ], beforeImage: Ecm.allInstances)),
    completion: .poll(
      Ecm.operation("ResetInstancesMaxBandwidth", of: .argument("InstanceIdSet"), expected: .seconds(5))),
    lost: .resend, conflicts: ["InstanceIdSet"],
    condition: "the instance has a public address, and all its public addresses had the bandwidth of the first",
    doubt: Ecm.operationDoubt)

  static let resetInstancesPassword = ActionMeaning(
    effect: .modify, resource: "Instance", undo: .impossible("the old password cannot be read"),
    completion: .poll(
      Ecm.operation("ResetInstancesPassword", of: .argument("InstanceIdSet"), expected: .seconds(20))),
    lost: .resend, secrets: ["Password"], conflicts: ["InstanceIdSet"],
    cascades: [Cascade("Instance", "restarted", when: "when it runs and ForceStop is true")],
    doubt: Ecm.operationDoubt)

  /// Instances that had the group already keep it when the call is undone.
  static let associateSecurityGroups = ActionMeaning(
    effect: .attach, resource: "SecurityGroup",
    undo: Ecm.restore(
      "ecm.DisassociateSecurityGroups",
      Ecm.same("SecurityGroupIds") + [("InstanceIds", newlyBound)], when: newlyBound, before: Ecm.allInstances, .exact),
    completion: .immediate, lost: .resend, conflicts: ["InstanceIds", "SecurityGroupIds"],
    merge: Merge("InstanceIds", limit: 100))

  static let disassociateSecurityGroups = ActionMeaning(
    effect: .detach, resource: "SecurityGroup",
    undo: Ecm.restore(
      "ecm.AssociateSecurityGroups",
      Ecm.same("SecurityGroupIds") + [("InstanceIds", bound)], when: bound, before: Ecm.allInstances, .exact),
    completion: .immediate, lost: .resend, conflicts: ["InstanceIds", "SecurityGroupIds"],
    merge: Merge("InstanceIds", limit: 100))

  private static let bound = Template.selecting(
    "InstanceId",
    from: .matching(
      .before("InstanceSet[]"), to: .argument("SecurityGroupIds"), by: [("SecurityGroupIds", "")]),
    where: "InstanceId", isOneOf: .argument("InstanceIds"))

  private static let newlyBound = Template.subtracting(.argument("InstanceIds"), bound, by: nil)

  private static func out(_ row: String) -> ValuePath {
    ValuePath("\(row)Internet.PublicIPAddressSet[0].MaxBandwidthOut")
  }

  private static func into(_ row: String) -> ValuePath {
    ValuePath("\(row)Internet.PublicIPAddressSet[0].MaxBandwidthIn")
  }
}
