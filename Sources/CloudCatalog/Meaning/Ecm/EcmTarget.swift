import Values

/// CLB APIs of the ECM book that bind and weigh targets: an instance, or the private address of an interface, at a port
/// of a listener. Targets are written with the address in EniIp and read with it in PrivateIpAddresses.
enum EcmTarget {
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
    completion: .poll(EcmLoadBalancer.onBalancer(expected: .seconds(2))), lost: probe(isRemoval: false),
    conflicts: ["LoadBalancerId"], merge: manyTargets,
    condition: "none of the targets was registered before the call", doubt: noNumber,
    partialFailure: "FailListenerIdSet")

  static let batchDeregisterTargets = ActionMeaning(
    effect: .detach, resource: "Target",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.BatchRegisterTargets", Ecm.same("LoadBalancerId") + [("Targets", missing)], when: missing)],
        beforeImage: targets, lookup: targets)),
    completion: .poll(EcmLoadBalancer.onBalancer(expected: .seconds(2))), lost: probe(isRemoval: true),
    conflicts: ["LoadBalancerId"], merge: manyTargets, doubt: noNumber, partialFailure: "FailListenerIdSet")

  /// Targets that the call moved from different ports are moved back group by group.
  static let modifyTargetPort = ActionMeaning(
    effect: .modify, resource: "Target",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.ModifyTargetPort",
            Ecm.same("LoadBalancerId", "ListenerId") + [
              ("Targets", .each(.row("rows"), make: moved)), ("NewPort", .row("row.Port")),
            ], when: .row("row.Port"), forEach: .grouping(.argument("Targets"), by: [.row("Port")]))
        ])),
    completion: .poll(EcmLoadBalancer.onBalancer(expected: .seconds(2))),
    lost: .probe(
      Probe(
        read: ofListener, rows: "Listeners[]", nested: "Targets",
        covers: (
          expected: .each(.argument("Targets"), make: asRead(port: .argument("NewPort"))),
          members: ["InstanceId", "PrivateIpAddresses", "Port"]
        ), adopt: [])),
    conflicts: ["LoadBalancerId"], condition: "the call names the old port of each target")

  static let modifyTargetWeight = ActionMeaning(
    effect: .modify, resource: "Target",
    undo: Ecm.restore(
      "ecm.ModifyTargetWeight",
      Ecm.same("LoadBalancerId", "ListenerId") + [("Targets", weighedBefore)], when: weighedBefore,
      before: ofListener),
    completion: .poll(EcmLoadBalancer.onBalancer(expected: .seconds(2))), lost: .resend,
    conflicts: ["LoadBalancerId"], merge: Merge("Targets", limit: 100), doubt: noNumber)

  static let batchModifyTargetWeight = ActionMeaning(
    effect: .modify, resource: "Target",
    undo: Ecm.restore(
      "ecm.BatchModifyTargetWeight", Ecm.same("LoadBalancerId") + [("ModifyList", rulesBefore)], when: rulesBefore,
      before: targets),
    completion: .poll(EcmLoadBalancer.onBalancer(expected: .seconds(2))), lost: .resend,
    conflicts: ["LoadBalancerId"], merge: Merge("ModifyList", limit: 100), doubt: noNumber)

  private static let manyTargets = Merge("Targets", limit: 100, failedBy: "ListenerId")

  private static let noNumber = "the page does not say how many targets a call takes; 100 is assumed"

  private static let targets = Read("ecm.DescribeTargets", Ecm.same("LoadBalancerId"))

  private static let ofListener = Read(
    "ecm.DescribeTargets", Ecm.same("LoadBalancerId") + [("ListenerIds", .list([.argument("ListenerId")]))])

  private static let sameTarget: Derivation.Pairs = [
    ("InstanceId", "InstanceId"), ("EniIp", "PrivateIpAddresses"), ("Port", "Port"),
  ]
  private static let sameTargetOfListener = [("ListenerId", "ListenerId")] + sameTarget

  private static let registered = Template.subtracting(
    .argument("Targets"), .result("FailListenerIdSet"), by: "ListenerId")

  /// What was registered and still is.
  private static let present = Template.matching(
    registered, to: .nested(.found("Listeners[]"), "Targets"), by: sameTargetOfListener)

  /// What is deregistered and was there, with the weight it had.
  private static let registeredBefore = Template.updating(
    registered, from: .nested(.before("Listeners[]"), "Targets"), by: sameTargetOfListener, taking: ["Weight"])

  /// Of those what is no longer there: all, unless the call's work has failed.
  private static let missing = Template.subtracting(
    registeredBefore,
    .matching(registeredBefore, to: .nested(.found("Listeners[]"), "Targets"), by: sameTargetOfListener), by: nil)

  private static let weighedBefore = Template.updating(
    .argument("Targets"), from: .nested(.before("Listeners[]"), "Targets"), by: sameTarget, taking: ["Weight"])

  /// A rule for each target.
  private static let rulesBefore = Template.each(
    .updating(
      .nested(.argument("ModifyList"), "Targets"), from: .nested(.before("Listeners[]"), "Targets"),
      by: sameTargetOfListener, taking: ["Weight"]),
    make: .record([
      ("ListenerId", .row("ListenerId")),
      ("Targets", .list([.rowMembers(["InstanceId", "EniIp", "Port", "Weight"])])),
    ]))

  /// The target as it stands after the call.
  private static let moved = Template.record([
    ("InstanceId", .unlessEmpty(.row("InstanceId"))), ("EniIp", .unlessEmpty(.row("EniIp"))),
    ("Port", .argument("NewPort")),
  ])

  private static func asRead(port: Template) -> Template {
    .record([
      ("InstanceId", .unlessEmpty(.row("InstanceId"))),
      ("PrivateIpAddresses", .unlessEmpty(.list([.row("EniIp")]))), ("Port", port),
    ])
  }

  private static func probe(isRemoval: Bool) -> LostRule {
    let expected = Template.each(
      .argument("Targets"),
      make: .record([
        ("ListenerId", .row("ListenerId")), ("InstanceId", .unlessEmpty(.row("InstanceId"))),
        ("PrivateIpAddresses", .unlessEmpty(.list([.row("EniIp")]))), ("Port", .row("Port")),
      ]))
    return .probe(
      Probe(
        read: targets, rows: "Listeners[]", nested: "Targets",
        covers: (expected: expected, members: ["ListenerId", "InstanceId", "PrivateIpAddresses", "Port"]),
        isRemoval: isRemoval, adopt: []))
  }
}
