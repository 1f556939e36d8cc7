import Values

/// Placement Group APIs of the CVM book. All answer when they are done.
enum CvmPlacement {
  static let createDisasterRecoverGroup = ActionMeaning(
    effect: .create, resource: "DisasterRecoverGroup", identity: "DisasterRecoverGroupId",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.DeleteDisasterRecoverGroups",
            [("DisasterRecoverGroupIds", .list([.result("DisasterRecoverGroupId")]))])
        ])),
    completion: .immediate, lost: .resend, clientToken: "ClientToken", condition: "the group is empty",
    doubt: "page TagSpecification names no type for placement groups, so the group carries no mark")

  static let deleteDisasterRecoverGroups = ActionMeaning(
    effect: .delete, resource: "DisasterRecoverGroup",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "cvm.CreateDisasterRecoverGroup", [("Name", .row("Name")), ("Type", .row("Type"))],
            forEach: .before("DisasterRecoverGroupSet[]"))
        ],
        beforeImage: Read(
          "cvm.DescribeDisasterRecoverGroups", [("DisasterRecoverGroupIds", .argument("DisasterRecoverGroupIds"))]))),
    completion: .immediate, lost: .resend, conflicts: ["DisasterRecoverGroupIds"],
    condition: "the groups get new ids; their affinity and tags are not put back",
    doubt: "page DeleteDisasterRecoverGroups does not say whether one group that is not empty keeps the others")

  static let modifyDisasterRecoverGroupAttribute = ActionMeaning(
    effect: .modify, resource: "DisasterRecoverGroup",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyDisasterRecoverGroupAttribute",
            [
              ("DisasterRecoverGroupId", .argument("DisasterRecoverGroupId")),
              ("Name", .before("DisasterRecoverGroupSet[0].Name")),
            ])
        ],
        beforeImage: Read(
          "cvm.DescribeDisasterRecoverGroups",
          [("DisasterRecoverGroupIds", .list([.argument("DisasterRecoverGroupId")]))]))),
    completion: .immediate, lost: .resend, conflicts: ["DisasterRecoverGroupId"])
}
