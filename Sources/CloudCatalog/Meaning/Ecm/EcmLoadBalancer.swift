import Values

/// CLB APIs of the ECM book. The task id of each is the RequestId of its own answer.
enum EcmLoadBalancer {
  static let createLoadBalancer = ActionMeaning(
    effect: .create, resource: "LoadBalancer", identity: "LoadBalancerIds",
    undo: .inverse(
      Inverse(.exact, [UndoCall("ecm.DeleteLoadBalancer", [("LoadBalancerIds", .result("LoadBalancerIds"))])])),
    completion: .poll(task(
      fallback: Poll(
        action: "ecm.DescribeLoadBalancers", ids: .result("LoadBalancerIds"), idsPerCall: 20,
        arguments: [("EcmRegion", .argument("EcmRegion")), ("LoadBalancerIds", .ids)], rows: "LoadBalancerSet[]",
        rowID: "LoadBalancerId", status: "Status", done: [1], expected: .seconds(5)), expected: .seconds(5))),
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeLoadBalancers",
          [("EcmRegion", .argument("EcmRegion")), ("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "LoadBalancerSet[]", count: .number("Number"),
        adopt: [("LoadBalancerIds", .found("rows[].LoadBalancerId"))])),
    mark: .tagInfos(parameter: "Tags"))

  static let deleteLoadBalancer = ActionMeaning(
    effect: .delete, resource: "LoadBalancer",
    undo: .impossible("a new balancer gets another address"), completion: .poll(task(expected: .seconds(2))), lost: .resend)

  /// A listener is told by its balancer, protocol and port, which no two can share.
  static let createListener = ActionMeaning(
    effect: .create, resource: "Listener", identity: "ListenerIds",
    undo: .inverse(
      Inverse(
        .exact,
        [
          // An empty ListenerIds would delete every listener of the balancer.
          UndoCall(
            "ecm.DeleteLoadBalancerListeners",
            [("LoadBalancerId", .argument("LoadBalancerId")), ("ListenerIds", .result("ListenerIds"))],
            when: .result("ListenerIds"))
        ])),
    completion: .poll(task(
      fallback: Poll(
        action: "ecm.DescribeListeners", ids: .result("ListenerIds"), idsPerCall: 100,
        arguments: [("LoadBalancerId", .argument("LoadBalancerId")), ("ListenerIds", .ids)], rows: "Listeners[]",
        rowID: "ListenerId", expected: .seconds(2)), expected: .seconds(2))),
    lost: .probe(
      Probe(
        read: listeners, rows: "Listeners[]",
        match: [
          (path: "Protocol", equals: .argument("Protocol")), (path: "Port", equals: .argument("Ports")),
        ],
        newSince: (before: listeners, id: "ListenerId"), count: .elements("Ports"),
        adopt: [("ListenerIds", .found("rows[].ListenerId"))])))

  static let deleteLoadBalancerListeners = ActionMeaning(
    effect: .delete, resource: "Listener",
    undo: .impossible("a new listener gets another id and has no targets"), completion: .poll(task(expected: .seconds(2))),
    lost: .resend)

  static let batchRegisterTargets = ActionMeaning(
    effect: .attach, resource: "Target",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.BatchDeregisterTargets",
            [("LoadBalancerId", .argument("LoadBalancerId")), ("Targets", present)], when: present)
        ], lookup: targets)),
    completion: .poll(task(expected: .seconds(2))), lost: targetsProbe(isRemoval: false), partialFailure: "FailListenerIdSet")

  static let batchDeregisterTargets = ActionMeaning(
    effect: .detach, resource: "Target",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.BatchRegisterTargets",
            [("LoadBalancerId", .argument("LoadBalancerId")), ("Targets", registered)], when: registered)
        ])),
    completion: .poll(task(expected: .seconds(2))), lost: targetsProbe(isRemoval: true), partialFailure: "FailListenerIdSet")

  private static let registered = Template.subtracting(
    .argument("Targets"), .result("FailListenerIdSet"), by: "ListenerId")

  /// What was registered and still is.
  private static let present = Template.rows(
    registered, where: "InstanceId", isOneOf: .found("Listeners[].Targets[].InstanceId"))

  private static let targets = Read(
    "ecm.DescribeTargets", [("LoadBalancerId", .argument("LoadBalancerId"))])

  private static let listeners = Read(
    "ecm.DescribeListeners", [("LoadBalancerId", .argument("LoadBalancerId"))])

  private static func targetsProbe(isRemoval: Bool) -> LostRule {
    .probe(
    Probe(
      read: targets, rows: "Listeners[]", nested: "Targets",
      covers: (expected: .argument("Targets"), members: ["ListenerId", "InstanceId", "Port"]), isRemoval: isRemoval, adopt: []))
  }

  private static func task(fallback: Poll? = nil, expected: Duration) -> Poll {
    Poll(
      action: "ecm.DescribeLoadBalanceTaskStatus", ids: .requestID, arguments: [("TaskId", .requestID)],
      status: "Status", done: [0], failed: [1], expected: expected, fallback: fallback.map { [$0] } ?? [])
  }
}
