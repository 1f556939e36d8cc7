import Values

/// Instance APIs of the CVM book: birth, death and power.
enum CvmInstance {
  static let runInstances = ActionMeaning(
    effect: .create, resource: "Instance", identity: "InstanceIdSet",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.ModifyInstancesAttribute",
            [("InstanceIds", protected), ("DisableApiTermination", .constant(false))], when: protected),
          UndoCall("cvm.TerminateInstances", [("InstanceIds", alive)], when: alive),
        ], lookup: CvmOperation.read(.result("InstanceIdSet")))),
    completion: CvmOperation.reaches(
      ["RUNNING"], .result("InstanceIdSet"), failed: ["LAUNCH_FAILED"], expected: .seconds(60)),
    lost: .resend, secrets: ["LoginSettings"], clientToken: "ClientToken",
    conflicts: ["ChcIds"],
    condition: """
      prepaid instances go to the recycle bin, and how often they may be returned is limited; protection that a launch \
      template gives is not taken away
      """,
    doubt: """
      page RunInstances calls the states Creating and Running, page Instance PENDING and RUNNING: the latter are \
      taken; its examples answer two ids for a count of one
      """,
    mark: .specification(parameter: "TagSpecification", resourceType: "instance"))

  /// Those of the step that are there to be terminated: what failed at launch or is on its way out refuses it.
  private static let alive = CvmOperation.ids(
    .rows(.found("InstanceSet[]"), where: "InstanceId", isOneOf: .result("InstanceIdSet")), where: "InstanceState",
    isOneOf: ["PENDING", "RUNNING", "STOPPED", "STARTING", "STOPPING", "REBOOTING", "RESCUE_MODE"])

  /// What the call itself protected. Protection that came later is somebody's wish, and stops the undo.
  private static let protected = Template.selecting(
    "InstanceId", from: .rows(.found("InstanceSet[]"), where: "InstanceId", isOneOf: alive),
    where: "DisableApiTermination", isOneOf: .list([.argument("DisableApiTermination")]))

  static let terminateInstances = ActionMeaning(
    effect: .delete, resource: "Instance",
    undo: .impossible("a terminated instance and its disks are gone for good"),
    completion: CvmOperation.reaches(["SHUTDOWN"], absent: .done, expected: .seconds(30)),
    lost: .resend,
    takenCodes: [
      "UnsupportedOperation.InstanceStateTerminating", "UnsupportedOperation.InstanceStateTerminated",
      "UnsupportedOperation.InstanceStateIsolating",
    ],
    goneCodes: ["UnsupportedOperation.InstanceStateTerminating", "UnsupportedOperation.InstanceStateTerminated"],
    conflicts: ["InstanceIds"],
    cascades: [
      Cascade("SystemDisk", "destroyed"),
      Cascade("DataDisk", "destroyed", when: "its DeleteWithInstance is true, which is the default"),
      Cascade("DataDisk", "destroyed", when: "it is prepaid and ReleasePrepaidDataDisks is true"),
      Cascade("PublicIpAddress", "released"),
    ],
    doubt: """
      page TerminateInstances does not say how the end shows: it is taken to be that the instance is not listed, or \
      SHUTDOWN for one in the recycle bin
      """)

  /// Those that were stopped without charge are stopped so again.
  static let startInstances = ActionMeaning(
    effect: .power, resource: "Instance",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "cvm.StopInstances", [("InstanceIds", started(.free)), ("StoppedMode", .constant("STOP_CHARGING"))],
            when: started(.free)),
          UndoCall("cvm.StopInstances", [("InstanceIds", started(.charged))], when: started(.charged)),
          // What still starts after all the waiting: the refusal says that it is not undone.
          UndoCall("cvm.StopInstances", [("InstanceIds", inState("STARTING"))], when: inState("STARTING")),
        ], beforeImage: CvmOperation.named, lookup: CvmOperation.named)),
    completion: CvmOperation.reaches(["RUNNING"], expected: .seconds(20)),
    lost: moved(["RUNNING", "STARTING"]), conflicts: ["InstanceIds"],
    doubt: "page StartInstances lists InstanceStateStopped among its refusals, the one state that it needs: ignored")

  static let stopInstances = ActionMeaning(
    effect: .power, resource: "Instance",
    undo: .inverse(
      Inverse(
        .exact,
        // What still stops after all the waiting comes last: the refusal says that it is not undone.
        ["STOPPED", "STOPPING"].map { state in
          UndoCall("cvm.StartInstances", [("InstanceIds", inState(state))], when: inState(state))
        }, lookup: CvmOperation.named)),
    completion: CvmOperation.reaches(["STOPPED"], expected: .seconds(20)),
    lost: moved(["STOPPED", "STOPPING"]), conflicts: ["InstanceIds"],
    condition: "what was stopped with STOP_CHARGING finds room to start again only while its zone has some")

  static let rebootInstances = ActionMeaning(
    effect: .power, resource: "Instance", undo: .nothing("the instance comes back by itself"),
    completion: CvmOperation.ends(expected: .seconds(20)), lost: CvmOperation.begun("RebootInstances"),
    conflicts: ["InstanceIds"], doubt: CvmOperation.waitsByKind)

  private enum Charging { case free, charged }

  private static func started(_ charging: Charging) -> Template {
    let running = inState("RUNNING")
    let free = CvmOperation.ids(.before("InstanceSet[]"), where: "StopChargingMode", isOneOf: ["STOP_CHARGING"])
    return switch charging {
    case .free:
      .selecting(
        "InstanceId", from: .rows(.found("InstanceSet[]"), where: "InstanceId", isOneOf: running), where: "InstanceId",
        isOneOf: free)
    case .charged: .subtracting(running, free, by: nil)
    }
  }

  private static func inState(_ state: Value) -> Template {
    CvmOperation.ids(.found("InstanceSet[]"), where: "InstanceState", isOneOf: [state])
  }

  private static func moved(_ states: [Value]) -> LostRule {
    .probe(
      Probe(
        read: CvmOperation.named, rows: "InstanceSet[]",
        match: [(path: "InstanceState", equals: .constant(.list(states)))], count: .elements("InstanceIds"),
        adopt: []))
  }
}
