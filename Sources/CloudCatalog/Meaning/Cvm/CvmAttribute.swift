import Values

/// Instance APIs of the CVM book: what an instance is called, belongs to and is made of.
enum CvmAttribute {
  /// A call changes one kind of attribute, so each that was given is put back by a call of its own.
  static let modifyInstancesAttribute = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          restoring("InstanceName", "InstanceName"), restoring("SecurityGroups", "SecurityGroupIds"),
          restoring("CamRoleName", "CamRoleName"), restoring("DisableApiTermination", "DisableApiTermination"),
        ], beforeImage: CvmOperation.named, leaves: ["HostName", "UserData", "CamRoleType"])),
    completion: CvmOperation.ends(expected: .seconds(10)), lost: CvmOperation.begun("ModifyInstancesAttribute"),
    conflicts: ["InstanceIds"],
    cascades: [Cascade("Instance", "rebooted", when: "HostName is given and AutoReboot is not false")],
    doubt: """
      page ModifyInstancesAttribute says that only the name and the security groups can be modified, and lists more; \
      and that the role is unbound where CamRoleName is not given, which is taken to hold for a call that gives \
      nothing else
      """)

  private static func restoring(_ parameter: String, _ member: String) -> UndoCall {
    UndoCall(
      "cvm.ModifyInstancesAttribute",
      [("InstanceIds", CvmOperation.group), (parameter, .row(ValuePath("row.\(member)")))],
      when: .argument(ValuePath(parameter)), forEach: CvmOperation.alike(in: ValuePath(member)))
  }

  static let modifyInstancesRenewFlag = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyInstancesRenewFlag",
            [("InstanceIds", CvmOperation.group), ("RenewFlag", .row("row.RenewFlag"))],
            when: .row("row.RenewFlag"), forEach: CvmOperation.alike(in: "RenewFlag"))
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(10)), lost: .resend, conflicts: ["InstanceIds"],
    condition: "the instances are prepaid")

  static let modifyInstancesProject = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyInstancesProject",
            [("InstanceIds", CvmOperation.group), ("ProjectId", .row("row.Placement.ProjectId"))],
            forEach: CvmOperation.alike(in: "Placement.ProjectId"))
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(10)), lost: .resend, conflicts: ["InstanceIds"],
    condition: "no load balancer has the instances among its targets")

  static let resetInstancesType = ActionMeaning(
    effect: .modify, resource: "Instance",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ResetInstancesType",
            [
              ("InstanceIds", .argument("InstanceIds")), ("InstanceType", .before("InstanceSet[0].InstanceType")),
              ("ForceStop", .argument("ForceStop")),
            ])
        ], beforeImage: CvmOperation.named)),
    completion: CvmOperation.ends(expected: .seconds(60)), lost: CvmOperation.begun("ResetInstancesType"),
    conflicts: ["InstanceIds"],
    cascades: [Cascade("Instance", "stopped", when: "it runs, and ForceStop is true")],
    budget: Budget(
      "downgrades of an instance", per: .ever, units: .one,
      limit: "INSTANCE_DEGRADE of DescribeInstancesOperationLimit"),
    condition: "the old type is in stock, and the instance may be downgraded once more",
    doubt: "page ResetInstancesType says nothing of its end: the instance's latest operation is taken for it")

  /// Those that had the group before keep it.
  static let associateSecurityGroups = ActionMeaning(
    effect: .attach, resource: "SecurityGroup",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.DisassociateSecurityGroups",
            [("SecurityGroupIds", .argument("SecurityGroupIds")), ("InstanceIds", newcomers)], when: newcomers)
        ], beforeImage: members)),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: members, rows: "InstanceSet[]", match: [(path: "InstanceId", equals: .argument("InstanceIds"))],
        count: .elements("InstanceIds"), adopt: [])),
    conflicts: ["InstanceIds"])

  static let disassociateSecurityGroups = ActionMeaning(
    effect: .detach, resource: "SecurityGroup",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.AssociateSecurityGroups",
            [("SecurityGroupIds", .argument("SecurityGroupIds")), ("InstanceIds", leavers)], when: leavers)
        ], beforeImage: members)),
    completion: .immediate, lost: .resend, conflicts: ["InstanceIds"],
    doubt: """
      page DisassociateSecurityGroups does not say what happens where the group is not bound: sending it again is \
      taken to be harmless
      """)

  /// The instances that have the group of the call.
  private static let members = Read(
    "cvm.DescribeInstances",
    [
      ("Filters", .list([.filter("security-group-id", .argument("SecurityGroupIds"))])), ("Limit", .constant(100)),
    ])

  private static let newcomers = Template.subtracting(
    .argument("InstanceIds"), .before("InstanceSet[].InstanceId"), by: nil)

  private static let leavers = Template.selecting(
    "InstanceId", from: .before("InstanceSet[]"), where: "InstanceId", isOneOf: .argument("InstanceIds"))
}
