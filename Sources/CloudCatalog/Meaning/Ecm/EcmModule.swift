import Values

/// Module APIs of the ECM book. Module names are unique in an account.
enum EcmModule {
  static let createModule = ActionMeaning(
    effect: .create, resource: "Module", identity: "ModuleId",
    undo: .inverse(Inverse(.exact, [UndoCall("ecm.DeleteModule", [("ModuleId", .result("ModuleId"))])])),
    completion: .immediate, lost: .probe(
      Probe(
        read: byName, rows: "ModuleItemSet[].Module",
        match: [(path: "ModuleName", equals: .argument("ModuleName"))],
        newSince: (before: byName, id: "ModuleId"),
        adopt: [("ModuleId", .found("row.ModuleId"))])))

  static let deleteModule = ActionMeaning(
    effect: .delete, resource: "Module",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "ecm.CreateModule",
            [
              ("ModuleName", .before("Module.ModuleName")), ("DefaultBandWidth", .before("Module.DefaultBandwidth")),
              ("DefaultImageId", .before("Module.DefaultImage.ImageId")),
              ("InstanceType", .before("Module.InstanceTypeConfig.InstanceType")),
              ("DefaultSystemDiskSize", .before("Module.DefaultSystemDiskSize")),
              ("DefaultDataDiskSize", .before("Module.DefaultDataDiskSize")),
              ("SecurityGroups", .before("Module.SecurityGroupIds")),
            ])
        ], beforeImage: detail)),
    completion: .poll(Poll(
      action: "ecm.DescribeModule", ids: .list([.argument("ModuleId")]), idsPerCall: 5,
      arguments: [("Filters", .list([.filter("module-id", .ids)]))], rows: "ModuleItemSet[].Module",
      rowID: "ModuleId", status: "ModuleState", failed: ["DELETEFAILED"], absent: .done, expected: .seconds(2))),
    lost: .resend, goneCodes: ["InvalidParameterValue.InvalidModuleID"])

  static let modifyModuleImage = ActionMeaning(
    effect: .modify, resource: "Module",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "ecm.ModifyModuleImage",
            [("ModuleId", .argument("ModuleId")), ("DefaultImageId", .before("Module.DefaultImage.ImageId"))])
        ], beforeImage: detail)),
    completion: .immediate, lost: .resend)

  private static let detail = Read("ecm.DescribeModuleDetail", [("ModuleId", .argument("ModuleId"))])
  private static let byName = Read(
    "ecm.DescribeModule",
    [("Filters", .list([.filter("module-name", .list([.argument("ModuleName")]))])), ("Limit", .constant(100))])
}
