import Values

/// Instance APIs of the ECM book.
enum EcmInstance {
  static let runInstances = ActionMeaning(
    effect: .create, resource: "Instance", identity: "InstanceIdSet",
    undo: .inverse(
      Inverse(.exact, [UndoCall("ecm.TerminateInstances", [("InstanceIdSet", .result("InstanceIdSet"))])])),
    completion: .poll(state(of: .result("InstanceIdSet"), done: "RUNNING", failed: ["LAUNCH_FAILED"], expected: .seconds(30))),
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeInstances",
          [("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))])), ("Limit", .constant(100))]),
        rows: "InstanceSet[]", count: .sum("ZoneInstanceCountISPSet[].InstanceCount"),
        adopt: [("InstanceIdSet", .found("rows[].InstanceId"))])),
    secrets: ["Password"], mark: .specification(parameter: "TagSpecification", resourceType: "instance"))

  static let terminateInstances = ActionMeaning(
    effect: .delete, resource: "Instance",
    undo: .impossible("a terminated instance and its disks are gone for good"),
    completion: .poll(Poll(
      action: "ecm.DescribeInstances", ids: .argument("InstanceIdSet"), idsPerCall: 5,
      arguments: byID, rows: "InstanceSet[]", rowID: "InstanceId", status: "InstanceState", absent: .done,
      expected: .seconds(10))),
    lost: .resend, takenCodes: ["FailedOperation.OperationNotAllow"])

  static let startInstances = power(
    .init("ecm.StopInstances"), done: "RUNNING", underWay: "STARTING", expected: .seconds(12))

  static let stopInstances = power(
    .init("ecm.StartInstances"), done: "STOPPED", underWay: "STOPPING", expected: .seconds(12))

  static let rebootInstances = ActionMeaning(
    effect: .power, resource: "Instance", undo: .nothing("the instance comes back by itself"),
    completion: .poll(state(of: .argument("InstanceIdSet"), done: "RUNNING", expected: .seconds(10))), lost: .resend)

  private static let byID: [(String, Template)] = [
    ("Filters", .list([.filter("instance-id", .ids)])), ("Limit", .constant(100)),
  ]

  private static func state(
    of ids: Template, done: String, failed: [Value] = [], expected: Duration
  ) -> Poll {
    Poll(
      action: "ecm.DescribeInstances", ids: ids, idsPerCall: 5, arguments: byID, rows: "InstanceSet[]",
      rowID: "InstanceId", status: "InstanceState", done: [.text(done)], failed: failed, expected: expected)
  }

  /// A power call is undone for those instances that it brought where they are. When its answer was lost, it took effect
  /// if they are there or on their way.
  private static func power(_ inverse: ActionID, done: Value, underWay: Value, expected: Duration) -> ActionMeaning {
    let moved = Template.selecting(
      "InstanceId", from: .rows(.found("InstanceSet[]"), where: "InstanceId", isOneOf: .argument("InstanceIdSet")),
      where: "InstanceState", isOneOf: .constant(.list([done])))
    return ActionMeaning(
      effect: .power, resource: "Instance",
      undo: .inverse(
        Inverse(.exact, [UndoCall(inverse, [("InstanceIdSet", moved)], when: moved)], lookup: everything)),
      completion: .poll(Poll(
        action: "ecm.DescribeInstances", ids: .argument("InstanceIdSet"), idsPerCall: 5, arguments: byID,
        rows: "InstanceSet[]", rowID: "InstanceId", status: "InstanceState", done: [done], expected: expected)),
      lost: .probe(
        Probe(
          read: everything, rows: "InstanceSet[]",
          match: [
            (path: "InstanceId", equals: .argument("InstanceIdSet")),
            (path: "InstanceState", equals: .constant(.list([done, underWay]))),
          ],
          count: .elements("InstanceIdSet"), adopt: [])))
  }

  /// A filter takes five ids; a call may name a hundred instances.
  private static let everything = Read("ecm.DescribeInstances", [("Limit", .constant(100))])
}
