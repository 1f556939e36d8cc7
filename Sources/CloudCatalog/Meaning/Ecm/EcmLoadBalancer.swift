import Values

/// CLB APIs of the ECM book that make and change balancers. The task id of each call is the RequestId of its own
/// answer: the page of DescribeLoadBalanceTaskStatus names no actions, so it is taken for all of them.
enum EcmLoadBalancer {
  static let createLoadBalancer = ActionMeaning(
    effect: .create, resource: "LoadBalancer", identity: "LoadBalancerIds",
    undo: .inverse(
      Inverse(.exact, [UndoCall("ecm.DeleteLoadBalancer", [("LoadBalancerIds", .result("LoadBalancerIds"))])])),
    completion: .poll(
      task(fallback: running(.result("LoadBalancerIds"), .seconds(5)), expected: .seconds(5), isMove: true)),
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeLoadBalancers",
          [("EcmRegion", .argument("EcmRegion")), ("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "LoadBalancerSet[]", count: .number("Number"),
        adopt: [("LoadBalancerIds", .found("rows[].LoadBalancerId"))])),
    doubt: "the page of DescribeLoadBalancers lists the filter tag-key only; tag:KEY is assumed, as on other pages",
    mark: .tagInfos(parameter: "Tags"))

  static let deleteLoadBalancer = ActionMeaning(
    effect: .delete, resource: "LoadBalancer",
    undo: .impossible("a new balancer gets another address"),
    completion: .poll(
      task(
        fallback: Poll(
          action: "ecm.DescribeLoadBalancers", ids: .argument("LoadBalancerIds"), idsPerCall: 20,
          arguments: [("LoadBalancerIds", .ids)], rows: "LoadBalancerSet[]", rowID: "LoadBalancerId",
          status: "Status", absent: .done, expected: .seconds(2)),
        expected: .seconds(2), isMove: true)),
    lost: .resend, conflicts: ["LoadBalancerIds"],
    cascades: [Cascade("Listener", "destroyed"), Cascade("Target", "detached")])

  static let modifyLoadBalancerAttributes = ActionMeaning(
    effect: .modify, resource: "LoadBalancer",
    undo: Ecm.restore(
      "ecm.ModifyLoadBalancerAttributes",
      Ecm.same("LoadBalancerId") + [
        ("LoadBalancerName", .given("LoadBalancerName", .before("LoadBalancerSet[0].LoadBalancerName"))),
        ("InternetChargeInfo", .given("InternetChargeInfo", .before("LoadBalancerSet[0].NetworkAttributes"))),
        (
          "LoadBalancerPassToTarget",
          .given("LoadBalancerPassToTarget", .before("LoadBalancerSet[0].LoadBalancerPassToTarget"))
        ),
      ], before: balancer),
    completion: .poll(onBalancer(expected: .seconds(2))), lost: .resend, conflicts: ["LoadBalancerId"])

  /// Without groups every group is unbound, which is also how "none before" comes back.
  static let setLoadBalancerSecurityGroups = ActionMeaning(
    effect: .modify, resource: "LoadBalancer",
    undo: Ecm.restore(
      "ecm.SetLoadBalancerSecurityGroups",
      Ecm.same("LoadBalancerId") + [("SecurityGroups", .before("LoadBalancerSet[0].SecureGroups"))],
      before: balancer),
    completion: .poll(onBalancer(expected: .seconds(2))), lost: .resend, conflicts: ["LoadBalancerId"])

  /// Binds or unbinds, and is undone by the other; balancers that were so already stay so.
  static let setSecurityGroupForLoadbalancers = ActionMeaning(
    effect: .attach, resource: "SecurityGroup",
    undo: .inverse(
      Inverse(
        .exact, [flip("ADD", to: "DEL", changedByAdding), flip("DEL", to: "ADD", changedByRemoving)],
        beforeImage: Read(
          "ecm.DescribeLoadBalancers", Ecm.same("LoadBalancerIds") + [("Limit", .constant(100))]))),
    completion: .poll(
      task(fallback: running(.argument("LoadBalancerIds"), .seconds(2)), expected: .seconds(2))),
    lost: .resend, conflicts: ["LoadBalancerIds", "SecurityGroup"])

  private static let balancer = Read(
    "ecm.DescribeLoadBalancers", [("LoadBalancerIds", .list([.argument("LoadBalancerId")]))])

  private static func flip(_ given: Value, to other: Value, _ balancers: Template) -> UndoCall {
    let changed = Template.when(.choosing(.argument("OperationType"), [(given, .bool(true))]), balancers)
    return UndoCall(
      "ecm.SetSecurityGroupForLoadbalancers",
      Ecm.same("SecurityGroup") + [("LoadBalancerIds", changed), ("OperationType", .constant(other))], when: changed)
  }

  private static let changedByAdding = Template.subtracting(
    .argument("LoadBalancerIds"), changedByRemoving, by: nil)

  private static let changedByRemoving = Template.each(
    .matching(
      .before("LoadBalancerSet[]"), to: .list([.argument("SecurityGroup")]), by: [("SecureGroups", "")]),
    make: .row("LoadBalancerId"))

  /// Whether balancers work, for when the RequestId is not known.
  private static func running(_ balancers: Template, _ expected: Duration) -> Poll {
    Poll(
      action: "ecm.DescribeLoadBalancers", ids: balancers, idsPerCall: 20, arguments: [("LoadBalancerIds", .ids)],
      rows: "LoadBalancerSet[]", rowID: "LoadBalancerId", status: "Status", done: [1], expected: expected)
  }

  /// The task of a call on one balancer.
  static func onBalancer(expected: Duration) -> Poll {
    task(fallback: running(.list([.argument("LoadBalancerId")]), expected), expected: expected)
  }

  /// `isMove`: what the fallback looks at changes with the end of the task, so that it tells of many tasks at once.
  static func task(fallback: Poll, expected: Duration, isMove: Bool = false) -> Poll {
    Poll(
      action: "ecm.DescribeLoadBalanceTaskStatus", ids: .requestID, arguments: [("TaskId", .requestID)],
      status: "Status", done: [0], failed: [1], expected: expected, fallback: [fallback],
      crowd: isMove ? [fallback] : [])
  }
}
