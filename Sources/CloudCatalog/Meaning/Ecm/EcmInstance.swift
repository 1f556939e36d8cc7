import Values

/// Instance APIs of the ECM book.
enum EcmInstance {
  static let runInstances = ActionMeaning(
    effect: .create, resource: "Instance", identity: "InstanceIdSet",
    undo: .inverse(
      Inverse(.exact, [UndoCall("ecm.TerminateInstances", [("InstanceIdSet", .result("InstanceIdSet"))])])),
    wait: state(of: .result("InstanceIdSet"), done: "RUNNING", failed: ["LAUNCH_FAILED"], expected: .seconds(30)),
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
    wait: Poll(
      action: "ecm.DescribeInstances", ids: .argument("InstanceIdSet"), idsPerCall: 5,
      arguments: byID, rows: "InstanceSet[]", rowID: "InstanceId", status: "InstanceState", absent: .done,
      expected: .seconds(10)),
    lost: .resend)

  static let startInstances = ActionMeaning(
    effect: .power, resource: "Instance",
    undo: .inverse(Inverse(.exact, [UndoCall("ecm.StopInstances", [("InstanceIdSet", .argument("InstanceIdSet"))])])),
    wait: state(of: .argument("InstanceIdSet"), done: "RUNNING", expected: .seconds(12)),
    lost: settled(["STARTING", "RUNNING"]))

  static let stopInstances = ActionMeaning(
    effect: .power, resource: "Instance",
    undo: .inverse(Inverse(.exact, [UndoCall("ecm.StartInstances", [("InstanceIdSet", .argument("InstanceIdSet"))])])),
    wait: state(of: .argument("InstanceIdSet"), done: "STOPPED", expected: .seconds(12)),
    lost: settled(["STOPPING", "STOPPED"]))

  static let rebootInstances = ActionMeaning(
    effect: .power, resource: "Instance", undo: .nothing("the instance comes back by itself"),
    wait: state(of: .argument("InstanceIdSet"), done: "RUNNING", expected: .seconds(10)), lost: .resend)

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

  /// A power call whose answer was lost took effect when the instances are on their way; one that did not is refused
  /// or harmless when sent again, since the state says so.
  private static func settled(_ states: [Value]) -> LostRule {
    .probe(
      Probe(
        read: Read(
          "ecm.DescribeInstances", [("Filters", .list([.filter("instance-id", .argument("InstanceIdSet"))]))]),
        rows: "InstanceSet[]", match: [(path: "InstanceState", equals: .constant(.list(states)))],
        count: .elements("InstanceIdSet"), adopt: []))
  }
}
