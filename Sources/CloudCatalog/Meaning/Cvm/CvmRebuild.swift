import Values

/// Instance APIs of the CVM book: what rebuilds an instance, and its rescue mode.
enum CvmRebuild {
  static let resetInstance = ActionMeaning(
    effect: .rebuild, resource: "Instance", undo: .impossible("the system disk is formatted"),
    completion: CvmOperation.ends(.list([.argument("InstanceId")]), expected: .seconds(120)),
    lost: CvmOperation.begun("ResetInstance", CvmOperation.one, count: .one), secrets: ["LoginSettings"],
    conflicts: ["InstanceId"], cascades: [Cascade("SystemDisk", "formatted")])

  static let resetInstancesPassword = ActionMeaning(
    effect: .modify, resource: "Instance", undo: .impossible("the old password cannot be read"),
    completion: CvmOperation.ends(expected: .seconds(30)), lost: CvmOperation.begun("ResetInstancesPassword"),
    secrets: ["Password"], conflicts: ["InstanceIds"],
    cascades: [Cascade("Instance", "stopped", when: "it runs, and ForceStop is true")], doubt: CvmOperation.waitsByKind)

  static let resizeInstanceDisks = ActionMeaning(
    effect: .modify, resource: "Disk", undo: .impossible("a disk can only grow"),
    completion: CvmOperation.ends(.list([.argument("InstanceId")]), expected: .seconds(60)),
    lost: CvmOperation.begun("ResizeInstanceDisks", CvmOperation.one, count: .one), conflicts: ["InstanceId"],
    cascades: [Cascade("Instance", "stopped", when: "it runs, and ForceStop is true")],
    doubt: """
      page ResizeInstanceDisks refuses both a running and a stopped instance, and does not say how its end shows: the \
      instance's latest operation is taken for it
      """)

  static let convertOperatingSystems = ActionMeaning(
    effect: .rebuild, resource: "Instance", undo: .impossible("there is no way back to the old system"),
    completion: CvmOperation.ends(expected: .minutes(15)), lost: CvmOperation.begun("ConvertOperatingSystems"),
    conflicts: ["InstanceIds"],
    doubt: """
      page ConvertOperatingSystems answers a TaskId that nothing in the book takes: the instances' latest operation is \
      taken for the end
      """)

  static let enterRescueMode = ActionMeaning(
    effect: .mode, resource: "Instance",
    undo: .inverse(Inverse(.exact, [UndoCall("cvm.ExitRescueMode", [("InstanceId", .argument("InstanceId"))])])),
    completion: CvmOperation.rescue(["RESCUE_MODE"]), lost: .resend,
    takenCodes: [
      "UnsupportedOperation.InstanceStateEnterRescueMode", "UnsupportedOperation.InstanceStateRescueMode",
    ],
    secrets: ["Password"], conflicts: ["InstanceId"],
    cascades: [Cascade("Instance", "stopped", when: "it runs, and ForceStop is true")],
    doubt: "page EnterRescueMode says nothing of its end: the state RESCUE_MODE of page InstanceStatus is taken for it")

  static let exitRescueMode = ActionMeaning(
    effect: .mode, resource: "Instance",
    undo: .impossible("entering rescue mode again takes a password, and the old one cannot be read"),
    completion: CvmOperation.rescue(["RUNNING", "STOPPED"]), lost: .resend,
    takenCodes: [
      "UnsupportedOperation.InstanceStateExitRescueMode", "UnsupportedOperation.InstanceStateRunning",
      "UnsupportedOperation.InstanceStateStopped",
    ],
    goneCodes: ["UnsupportedOperation.InstanceStateRunning", "UnsupportedOperation.InstanceStateStopped"],
    conflicts: ["InstanceId"],
    doubt: "page ExitRescueMode does not say whether the instance runs afterwards: RUNNING and STOPPED both count")
}
