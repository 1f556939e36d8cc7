import Values

/// EIP APIs of the ECM book. Most answer a TaskId for DescribeTaskResult; when the answer was lost, the address's own
/// status tells.
enum EcmAddress {
  /// Addresses are read without tags and have no name at birth: after a lost answer one can only be told by not having
  /// been there before.
  static let allocateAddresses = ActionMeaning(
    effect: .create, resource: "Address", identity: "AddressSet",
    undo: .inverse(
      Inverse(
        .exact,
        [
          // A call that binds makes one address.
          unbindFirst("InstanceId"), unbindFirst("NetworkInterfaceId"),
          UndoCall("ecm.ReleaseAddresses", [("AddressIds", .result("AddressSet"))] + Ecm.same("EcmRegion")),
        ])),
    completion: .poll(task(status: ["UNBIND", "BIND", "BIND_ENI"], of: .result("AddressSet"), absent: .running)),
    lost: .probe(
      Probe(
        read: all, rows: "AddressSet[]",
        match: [(path: "InternetServiceProvider", equals: .argument("InternetServiceProvider"))],
        newSince: (before: all, id: "AddressId"), count: .number("AddressCount"),
        adopt: [("AddressSet", .found("rows[].AddressId"))])),
    budget: Budget(
      "EIP allocations", per: .day, units: .number("AddressCount"), limit: "twice the EIP quota of the region",
      documented: 40, quota: "DAILY_EIP_APPLY"),
    condition: "the addresses are not bound by then")

  static let associateAddress = ActionMeaning(
    effect: .attach, resource: "Address",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.DisassociateAddress", Ecm.same("AddressId", "EcmRegion"),
            when: stillBound)
        ], lookup: itself)),
    completion: .poll(task(status: ["BIND", "BIND_ENI"], of: .list([.argument("AddressId")]), absent: .failed)),
    lost: .probe(
      Probe(
        read: itself, rows: "AddressSet[]",
        match: [
          (path: "InstanceId", equals: .argument("InstanceId")),
          (path: "NetworkInterfaceId", equals: .argument("NetworkInterfaceId")),
          (path: "PrivateAddressIp", equals: .argument("PrivateIpAddress")),
        ], adopt: [])),
    conflicts: ["AddressId", "InstanceId", "NetworkInterfaceId"],
    doubt: "an example of the page of DescribeAddresses shows the status BINDED, which its list does not have")

  /// Bound again to the instance, or, where there was none, to the interface's private address; left alone where it is
  /// still bound, because the call's work has failed.
  static let disassociateAddress = ActionMeaning(
    effect: .detach, resource: "Address",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.AssociateAddress",
            Ecm.same("AddressId", "EcmRegion") + [("InstanceId", .before("AddressSet[0].InstanceId"))],
            when: .unless(boundAsBefore("InstanceId"), .before("AddressSet[0].InstanceId"))),
          UndoCall(
            "ecm.AssociateAddress",
            Ecm.same("AddressId", "EcmRegion") + [
              ("NetworkInterfaceId", .before("AddressSet[0].NetworkInterfaceId")),
              ("PrivateIpAddress", .before("AddressSet[0].PrivateAddressIp")),
            ],
            when: .unless(
              boundAsBefore("NetworkInterfaceId"),
              .unless(.before("AddressSet[0].InstanceId"), .before("AddressSet[0].NetworkInterfaceId")))),
        ], beforeImage: itself, lookup: itself)),
    completion: .poll(task(status: ["UNBIND"], of: .list([.argument("AddressId")]), absent: .done)),
    lost: .probe(
      Probe(
        read: itself, rows: "AddressSet[]",
        match: [(path: "AddressStatus", equals: .constant(["UNBINDING", "UNBIND"]))], adopt: [])),
    goneCodes: ["InvalidParameterValue.InvaildAddressId"], conflicts: ["AddressId"],
    cascades: [
      Cascade("Address", "released", when: "when its CascadeRelease is true"),
      Cascade("PublicIPAddress", "made", when: "when ReallocateNormalPublicIp is true"),
    ],
    budget: Budget(
      "public IP reassignments", per: .day, units: .one,
      limit: "10 for the account, taken only when ReallocateNormalPublicIp is true", documented: 10,
      onlyWith: "ReallocateNormalPublicIp", quota: "DAILY_PUBLIC_IP_ASSIGN"),
    condition: "the address was not to be released when unbound, and stood on its instance's primary private address")

  static let releaseAddresses = ActionMeaning(
    effect: .delete, resource: "Address", undo: .impossible("a released address is given to somebody else"),
    completion: .poll(task(status: [], of: .argument("AddressIds"), absent: .done)), lost: .resend,
    conflicts: ["AddressIds"])

  static let modifyAddressesBandwidth = ActionMeaning(
    effect: .modify, resource: "Address",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "ecm.ModifyAddressesBandwidth",
            Ecm.same("EcmRegion") + [
              ("AddressIds", .row("rows[].AddressId")), ("InternetMaxBandwidthOut", .row("row.Bandwidth")),
            ], when: .row("row.Bandwidth"),
            forEach: .grouping(.before("AddressSet[]"), by: [.row("Bandwidth")]))
        ],
        beforeImage: Read(
          "ecm.DescribeAddresses", Ecm.same("EcmRegion", "AddressIds") + [("Limit", .constant(100))]))),
    completion: .poll(task(status: stable, of: .argument("AddressIds"), absent: .failed, isMove: false)),
    lost: .resend,
    conflicts: ["AddressIds"],
    doubt: "the page of ModifyAddressesBandwidth names no read for its TaskId; DescribeTaskResult is assumed")

  static let modifyAddressAttribute = ActionMeaning(
    effect: .modify, resource: "Address",
    undo: Ecm.restore(
      "ecm.ModifyAddressAttribute",
      Ecm.same("EcmRegion", "AddressId") + [
        ("AddressName", .given("AddressName", .before("AddressSet[0].AddressName"))),
        (
          "EipDirectConnection",
          .given(
            "EipDirectConnection",
            .choosing(.before("AddressSet[0].IsEipDirectConnection"), Ecm.boolAsCapitals))
        ),
      ], before: itself),
    completion: .immediate, lost: .resend, conflicts: ["AddressId"])

  private static let all = Read(
    "ecm.DescribeAddresses", [("EcmRegion", .argument("EcmRegion")), ("Limit", .constant(100))])

  private static let itself = Read(
    "ecm.DescribeAddresses",
    [("EcmRegion", .argument("EcmRegion")), ("AddressIds", .list([.argument("AddressId")]))])

  private static let bound: Value = ["BIND", "BIND_ENI", "BINDING", "BINDED"]
  private static let stillBound = Template.rows(
    .found("AddressSet[]"), where: "AddressStatus", isOneOf: .constant(bound))

  private static func boundAsBefore(_ member: String) -> Template {
    .rows(stillBound, where: ValuePath(member), isOneOf: .list([.before(ValuePath("AddressSet[0].\(member)"))]))
  }

  private static let stable: [Value] = ["UNBIND", "BIND", "BIND_ENI"]

  private static func unbindFirst(_ parameter: ValuePath) -> UndoCall {
    UndoCall(
      "ecm.DisassociateAddress", Ecm.same("EcmRegion") + [("AddressId", .result("AddressSet[0]"))],
      when: .argument(parameter))
  }

  /// The task, or the addresses' status when the TaskId is not known. `isMove`: the status changes with the end of the
  /// task, so that it tells of many tasks at once.
  private static func task(
    status done: [Value], of addresses: Template, absent: Poll.Absence, isMove: Bool = true
  ) -> Poll {
    let byStatus = Poll(
      action: "ecm.DescribeAddresses", ids: addresses, idsPerCall: 100,
      arguments: [
        ("EcmRegion", .argument("EcmRegion")), ("AddressIds", .ids), ("Limit", .constant(100)),
      ], rows: "AddressSet[]", rowID: "AddressId", status: "AddressStatus", done: done, absent: absent,
      expected: .seconds(4))
    return Poll(
      action: "ecm.DescribeTaskResult", ids: .result("TaskId"),
      arguments: [("EcmRegion", .argument("EcmRegion")), ("TaskId", .result("TaskId"))],
      status: "Result", done: ["SUCCESS"], failed: ["FAILED"], expected: .seconds(4), fallback: [byStatus],
      crowd: isMove ? [byStatus] : [])
  }
}
