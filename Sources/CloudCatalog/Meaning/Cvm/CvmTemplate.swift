import Values

/// Instance Launch Template APIs of the CVM book. All answer when they are done.
enum CvmTemplate {
  static let createLaunchTemplate = ActionMeaning(
    effect: .create, resource: "LaunchTemplate", identity: "LaunchTemplateId",
    undo: .inverse(
      Inverse(.exact, [UndoCall("cvm.DeleteLaunchTemplate", [("LaunchTemplateId", .result("LaunchTemplateId"))])])),
    completion: .immediate, lost: .resend, secrets: ["LoginSettings"], clientToken: "ClientToken")

  static let deleteLaunchTemplate = ActionMeaning(
    effect: .delete, resource: "LaunchTemplate",
    undo: .impossible("a new template gets another id, and its versions count from 1 again"),
    completion: .immediate, lost: .resend, goneCodes: templateGone, conflicts: ["LaunchTemplateId"],
    cascades: [Cascade("LaunchTemplateVersion", "destroyed")])

  static let createLaunchTemplateVersion = ActionMeaning(
    effect: .create, resource: "LaunchTemplateVersion", identity: "LaunchTemplateVersionNumber",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.DeleteLaunchTemplateVersions",
            [
              ("LaunchTemplateId", .argument("LaunchTemplateId")),
              ("LaunchTemplateVersions", .list([.result("LaunchTemplateVersionNumber")])),
            ])
        ])),
    completion: .immediate, lost: .resend, secrets: ["LoginSettings"], clientToken: "ClientToken",
    conflicts: ["LaunchTemplateId"], condition: "the version is not its template's default")

  /// What a version holds is made again; its number is not.
  static let deleteLaunchTemplateVersions = ActionMeaning(
    effect: .delete, resource: "LaunchTemplateVersion",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "cvm.CreateLaunchTemplateVersion",
            [
              ("LaunchTemplateId", .argument("LaunchTemplateId")),
              ("LaunchTemplateVersionDescription", .unlessEmpty(.row("LaunchTemplateVersionDescription"))),
            ]
              + settings.map { name in
                (name, .unlessEmpty(.row(ValuePath("LaunchTemplateVersionData.\(name)"))))
              },
            forEach: .before("LaunchTemplateVersionSet[]"))
        ],
        beforeImage: Read(
          "cvm.DescribeLaunchTemplateVersions",
          [
            ("LaunchTemplateId", .argument("LaunchTemplateId")),
            ("LaunchTemplateVersions", .argument("LaunchTemplateVersions")), ("Limit", .constant(100)),
          ]))),
    completion: .immediate, lost: .resend,
    goneCodes: templateGone + ["InvalidParameterValue.LaunchTemplateIdVerNotExisted"],
    conflicts: ["LaunchTemplateId"],
    condition: "the versions get new numbers, and what the cloud does not show of them, such as passwords, is lost")

  static let modifyLaunchTemplateDefaultVersion = ActionMeaning(
    effect: .modify, resource: "LaunchTemplate",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "cvm.ModifyLaunchTemplateDefaultVersion",
            [
              ("LaunchTemplateId", .argument("LaunchTemplateId")),
              ("DefaultVersion", .before("LaunchTemplateSet[0].DefaultVersionNumber")),
            ], when: .before("LaunchTemplateSet[0].DefaultVersionNumber"))
        ],
        beforeImage: Read(
          "cvm.DescribeLaunchTemplates", [("LaunchTemplateIds", .list([.argument("LaunchTemplateId")]))]))),
    completion: .immediate, lost: .resend, takenCodes: ["InvalidParameterValue.LaunchTemplateIdVerSetAlready"],
    conflicts: ["LaunchTemplateId"])

  private static let templateGone = [
    "InvalidParameterValue.LaunchTemplateIdNotExisted", "InvalidParameterValue.LaunchTemplateNotFound",
  ]

  /// What a version shows and a new one takes, except the token of the call that made it.
  private static let settings = [
    "Placement", "InstanceType", "ImageId", "SystemDisk", "DataDisks", "VirtualPrivateCloud", "InternetAccessible",
    "InstanceCount", "InstanceName", "LoginSettings", "SecurityGroupIds", "EnhancedService", "HostName", "ActionTimer",
    "DisasterRecoverGroupIds", "TagSpecification", "InstanceMarketOptions", "UserData", "CamRoleName", "HpcClusterId",
    "InstanceChargeType", "InstanceChargePrepaid", "DisableApiTermination",
  ]
}
