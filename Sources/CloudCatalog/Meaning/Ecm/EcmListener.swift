import Values

/// CLB APIs of the ECM book that make and change listeners.
enum EcmListener {
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
    completion: .poll(
      EcmLoadBalancer.task(
        fallback: Poll(
          action: "ecm.DescribeListeners", ids: .result("ListenerIds"), idsPerCall: 100,
          arguments: [("LoadBalancerId", .argument("LoadBalancerId")), ("ListenerIds", .ids)], rows: "Listeners[]",
          rowID: "ListenerId", expected: .seconds(2)),
        expected: .seconds(2))),
    lost: .probe(
      Probe(
        read: listeners, rows: "Listeners[]",
        match: [
          (path: "Protocol", equals: .argument("Protocol")), (path: "Port", equals: .argument("Ports")),
        ],
        newSince: (before: listeners, id: "ListenerId"), count: .elements("Ports"),
        adopt: [("ListenerIds", .found("rows[].ListenerId"))])),
    conflicts: ["LoadBalancerId"])

  static let deleteListener = delete(.list([.argument("ListenerId")]))

  /// Without ListenerIds it deletes every listener of the balancer.
  static let deleteLoadBalancerListeners = delete(.argument("ListenerIds"))

  static let modifyListener = ActionMeaning(
    effect: .modify, resource: "Listener",
    undo: Ecm.restore(
      "ecm.ModifyListener",
      Ecm.same("LoadBalancerId", "ListenerId") + [
        ("ListenerName", .given("ListenerName", .before("Listeners[0].ListenerName"))),
        ("SessionExpireTime", .given("SessionExpireTime", .before("Listeners[0].SessionExpireTime"))),
        ("HealthCheck", .given("HealthCheck", .before("Listeners[0].HealthCheck"))),
        ("Scheduler", .given("Scheduler", .before("Listeners[0].Scheduler"))),
      ],
      before: Read(
        "ecm.DescribeListeners",
        Ecm.same("LoadBalancerId") + [("ListenerIds", .list([.argument("ListenerId")]))])),
    completion: .poll(EcmLoadBalancer.onBalancer(expected: .seconds(2))), lost: .resend,
    conflicts: ["LoadBalancerId"])

  private static func delete(_ gone: Template) -> ActionMeaning {
    ActionMeaning(
      effect: .delete, resource: "Listener",
      undo: .impossible("a new listener gets another id and has no targets"),
      completion: .poll(
        EcmLoadBalancer.task(
          fallback: Poll(
            action: "ecm.DescribeListeners", ids: gone, idsPerCall: 100,
            arguments: Ecm.same("LoadBalancerId") + [("ListenerIds", .ids)], rows: "Listeners[]",
            rowID: "ListenerId", status: "Protocol", absent: .done, expected: .seconds(2)),
          expected: .seconds(2))),
      lost: .resend, conflicts: ["LoadBalancerId"], cascades: [Cascade("Target", "detached")])
  }

  private static let listeners = Read(
    "ecm.DescribeListeners", [("LoadBalancerId", .argument("LoadBalancerId"))])
}
