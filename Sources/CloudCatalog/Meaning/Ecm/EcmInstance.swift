import Values

/// Instance APIs of the ECM book that make, end and run instances.
enum EcmInstance {
  static let runInstances = ActionMeaning(
    effect: .create, resource: "Instance", identity: "InstanceIdSet",
    undo: .inverse(
      Inverse(.exact, [UndoCall("ecm.TerminateInstances", [("InstanceIdSet", .result("InstanceIdSet"))])])),
    completion: .poll(
      Ecm.state(
        of: .result("InstanceIdSet"), done: ["RUNNING"], failed: ["LAUNCH_FAILED"], expected: .seconds(30))),
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeInstances",
          [("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))])), ("Limit", .constant(100))]),
        rows: "InstanceSet[]", count: .sum("ZoneInstanceCountISPSet[].InstanceCount"),
        adopt: [("InstanceIdSet", .found("rows[].InstanceId"))])),
    secrets: ["Password"],
    doubt: "the page of RunInstances has a ClientToken but reserves it, so a lost call is told by its tag",
    mark: .specification(parameter: "TagSpecification", resourceType: "instance"))

  static let terminateInstances = ActionMeaning(
    effect: .delete, resource: "Instance",
    undo: .impossible("a terminated instance and its disks are gone for good"),
    // A scheduled termination is done when it is written down.
    completion: .poll(
      Ecm.state(
        of: .unless(isDelayed, .argument("InstanceIdSet")), done: [], absent: .done, expected: .seconds(10))),
    lost: .resend, takenCodes: ["FailedOperation.OperationNotAllow"], conflicts: ["InstanceIdSet"],
    cascades: [
      Cascade("NetworkInterface", "destroyed", when: "unless AssociatedResourceDestroy is false"),
      Cascade("Address", "destroyed", when: "unless AssociatedResourceDestroy is false"),
    ],
    doubt: "the page of TerminateInstances names no call that takes back a scheduled termination")

  static let startInstances = power(
    .init("ecm.StopInstances"), done: "RUNNING", underWay: "STARTING", expected: .seconds(12))

  static let stopInstances = power(
    .init("ecm.StartInstances"), done: "STOPPED", underWay: "STOPPING", expected: .seconds(12))

  static let rebootInstances = ActionMeaning(
    effect: .power, resource: "Instance", undo: .nothing("the instance comes back by itself"),
    completion: .poll(Ecm.state(of: .argument("InstanceIdSet"), done: ["RUNNING"], expected: .seconds(10))),
    lost: .resend, conflicts: ["InstanceIdSet"])

  /// A second reinstallation ends where the first one did.
  static let resetInstances = ActionMeaning(
    effect: .rebuild, resource: "Instance",
    undo: .impossible("what was on the system disk is gone for good, whatever image is installed next"),
    completion: .poll(
      Ecm.operation("ResetInstances", of: .argument("InstanceIdSet"), expected: .seconds(60))),
    lost: .resend, secrets: ["Password"], conflicts: ["InstanceIdSet"],
    cascades: [Cascade("DataDisk", "erased", when: "when KeepData is false")], doubt: Ecm.operationDoubt)

  private static let isDelayed = Template.choosing(.argument("TerminateDelay"), [(true, true)])

  /// A power call is undone for those instances that it brought where they are, and then for those that are still on
  /// their way after all the waiting: the cloud's refusal of these says that they are not undone. When its answer was
  /// lost, it took effect if they are there or on their way.
  private static func power(_ inverse: ActionID, done: Value, underWay: Value, expected: Duration) -> ActionMeaning {
    let calls = [done, underWay].map { state in
      let moved = Template.selecting(
        "InstanceId", from: .rows(.found("InstanceSet[]"), where: "InstanceId", isOneOf: .argument("InstanceIdSet")),
        where: "InstanceState", isOneOf: .constant(.list([state])))
      return UndoCall(inverse, [("InstanceIdSet", moved)], when: moved)
    }
    return ActionMeaning(
      effect: .power, resource: "Instance",
      undo: .inverse(Inverse(.exact, calls, lookup: Ecm.allInstances)),
      completion: .poll(Ecm.state(of: .argument("InstanceIdSet"), done: [done], expected: expected)),
      lost: .probe(
        Probe(
          read: Ecm.allInstances, rows: "InstanceSet[]",
          match: [
            (path: "InstanceId", equals: .argument("InstanceIdSet")),
            (path: "InstanceState", equals: .constant(.list([done, underWay]))),
          ],
          count: .elements("InstanceIdSet"), adopt: [])),
      conflicts: ["InstanceIdSet"])
  }
}
