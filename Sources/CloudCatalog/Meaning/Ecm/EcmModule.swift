import Values

/// Module APIs of the ECM book. Module names are unique in an account.
enum EcmModule {
  static let createModule = ActionMeaning(
    effect: .create, resource: "Module", identity: "ModuleId",
    undo: .inverse(Inverse(.exact, [UndoCall("ecm.DeleteModule", [("ModuleId", .result("ModuleId"))])])),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: byName, rows: "ModuleItemSet[].Module",
        match: [(path: "ModuleName", equals: .argument("ModuleName"))],
        newSince: (before: byName, id: "ModuleId"),
        adopt: [("ModuleId", .found("row.ModuleId"))])),
    condition: "no instance of the module is left")

  static let deleteModule = ActionMeaning(
    effect: .delete, resource: "Module",
    undo: .inverse(Inverse(.recreate, [UndoCall("ecm.CreateModule", recreated)], beforeImage: detail)),
    completion: .poll(
      Poll(
        action: "ecm.DescribeModule", ids: .list([.argument("ModuleId")]), idsPerCall: 5,
        arguments: [("Filters", .list([.filter("module-id", .ids)]))], rows: "ModuleItemSet[].Module",
        rowID: "ModuleId", status: "ModuleState", failed: ["DELETEFAILED"], absent: .done, expected: .seconds(2))),
    lost: .resend, goneCodes: unknownModule, conflicts: ["ModuleId"],
    condition: "the new module has another id, and neither the UserData nor the DisableWanIp of the old one")

  static let modifyModuleName = modify([("ModuleName", .before("Module.ModuleName"))], "ecm.ModifyModuleName")

  static let modifyModuleImage = modify(
    [("DefaultImageId", .before("Module.DefaultImage.ImageId"))], "ecm.ModifyModuleImage",
    condition: "the old image still exists")

  static let modifyModuleNetwork = modify(
    [
      ("DefaultBandwidth", .before("Module.DefaultBandwidth")),
      ("DefaultBandwidthIn", .before("Module.DefaultBandwidthIn")),
    ], "ecm.ModifyModuleNetwork")

  static let modifyModuleConfig = modify(
    [
      ("InstanceType", .before("Module.InstanceTypeConfig.InstanceType")),
      ("DefaultDataDiskSize", .before("Module.DefaultDataDiskSize")),
      ("DefaultSystemDiskSize", .before("Module.DefaultSystemDiskSize")),
      ("SystemDisk", .given("SystemDisk", systemDisk)), ("DataDisks", .given("DataDisks", dataDisks)),
    ], "ecm.ModifyModuleConfig", condition: "no instance of the module exists by then")

  static let modifyModuleIpDirect = modify([("CloseIpDirect", closeIpDirect)], "ecm.ModifyModuleIpDirect")

  static let modifyModuleSecurityGroups = modify(
    [("SecurityGroupIdSet", .before("Module.SecurityGroupIds[]"))], "ecm.ModifyModuleSecurityGroups",
    condition: "an empty list is taken where the module had no groups")

  static let modifyModuleDisableWanIp = ActionMeaning(
    effect: .modify, resource: "Module",
    undo: .impossible(
      "no read tells the module's old DisableWanIp; who knows it writes it into an 'undo { … }' of the call"),
    completion: .immediate, lost: .resend, conflicts: ["ModuleId"],
    doubt: "the page of ModifyModuleDisableWanIp says true for no and false for yes; the value is passed on as it is")

  private static func modify(
    _ old: [(String, Template)], _ action: ActionID, condition: String? = nil
  ) -> ActionMeaning {
    ActionMeaning(
      effect: .modify, resource: "Module", undo: Ecm.restore(action, Ecm.same("ModuleId") + old, before: detail),
      completion: .immediate, lost: .resend, conflicts: ["ModuleId"], condition: condition)
  }

  private static let recreated: [(String, Template)] = [
    ("ModuleName", .before("Module.ModuleName")), ("DefaultBandWidth", .before("Module.DefaultBandwidth")),
    ("DefaultBandWidthIn", .before("Module.DefaultBandwidthIn")),
    ("DefaultImageId", .before("Module.DefaultImage.ImageId")),
    ("InstanceType", .before("Module.InstanceTypeConfig.InstanceType")),
    ("DefaultSystemDiskSize", .before("Module.DefaultSystemDiskSize")),
    ("DefaultDataDiskSize", .before("Module.DefaultDataDiskSize")),
    ("SecurityGroups", .before("Module.SecurityGroupIds")), ("CloseIpDirect", closeIpDirect),
    ("SystemDisk", .unlessEmpty(systemDisk)), ("DataDisks", .unlessEmpty(dataDisks)),
  ]

  /// A number where it is read, a truth where it is written.
  private static let closeIpDirect = Template.choosing(.before("Module.CloseIpDirect"), Ecm.numberAsBool)

  /// Without the id of the old disk.
  private static let systemDisk = Template.record([
    ("DiskType", .unlessEmpty(.before("Module.SystemDisk.DiskType"))),
    ("DiskSize", .unlessEmpty(.before("Module.SystemDisk.DiskSize"))),
  ])
  private static let dataDisks = Template.before("Module.DataDisks")

  private static let unknownModule = ["InvalidParameterValue.InvalidModuleID"]
  private static let detail = Read("ecm.DescribeModuleDetail", [("ModuleId", .argument("ModuleId"))])
  private static let byName = Read(
    "ecm.DescribeModule",
    [("Filters", .list([.filter("module-name", .list([.argument("ModuleName")]))])), ("Limit", .constant(100))])
}
