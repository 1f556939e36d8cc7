import Values

/// EIP APIs of the ECM book. Each answers a TaskId for DescribeTaskResult; when the answer was lost, the address's own
/// status tells.
enum EcmAddress {
  /// An address carries no tags and no name at birth: after a lost answer it can only be told by not having been there
  /// before.
  static let allocateAddresses = ActionMeaning(
    effect: .create, resource: "Address", identity: "AddressSet",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.ReleaseAddresses",
            [("AddressIds", .result("AddressSet")), ("EcmRegion", .argument("EcmRegion"))])
        ])),
    completion: .poll(task(status: ["UNBIND", "BIND", "BIND_ENI"], of: .result("AddressSet"), absent: .running)),
    lost: .probe(
      Probe(
        read: all, rows: "AddressSet[]",
        match: [(path: "InternetServiceProvider", equals: .argument("InternetServiceProvider"))],
        newSince: (before: all, id: "AddressId"), count: .number("AddressCount"),
        adopt: [("AddressSet", .found("rows[].AddressId"))])))

  static let associateAddress = ActionMeaning(
    effect: .attach, resource: "Address",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.DisassociateAddress",
            [("AddressId", .argument("AddressId")), ("EcmRegion", .argument("EcmRegion"))],
            when: .found("AddressSet[0].InstanceId"))
        ], lookup: itself)),
    completion: .poll(task(status: ["BIND", "BIND_ENI"], of: .list([.argument("AddressId")]), absent: .failed)),
    lost: .probe(
      Probe(
        read: itself,
        rows: "AddressSet[]", match: [(path: "InstanceId", equals: .argument("InstanceId"))], adopt: [])))

  static let disassociateAddress = ActionMeaning(
    effect: .detach, resource: "Address",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.AssociateAddress",
            [
              ("AddressId", .argument("AddressId")), ("InstanceId", .before("AddressSet[0].InstanceId")),
              ("EcmRegion", .argument("EcmRegion")),
            ], when: .before("AddressSet[0].InstanceId"))
        ],
        beforeImage: itself)),
    completion: .poll(task(status: ["UNBIND"], of: .list([.argument("AddressId")]), absent: .done)),
    lost: .probe(
      Probe(
        read: itself, rows: "AddressSet[]",
        match: [(path: "AddressStatus", equals: .constant(["UNBINDING", "UNBIND"]))], adopt: [])))

  static let releaseAddresses = ActionMeaning(
    effect: .delete, resource: "Address", undo: .impossible("a released address is given to somebody else"),
    completion: .poll(task(status: [], of: .argument("AddressIds"), absent: .done)), lost: .resend)

  private static let all = Read(
    "ecm.DescribeAddresses", [("EcmRegion", .argument("EcmRegion")), ("Limit", .constant(100))])

  private static let itself = Read(
    "ecm.DescribeAddresses",
    [("EcmRegion", .argument("EcmRegion")), ("AddressIds", .list([.argument("AddressId")]))])

  /// The task, or the addresses' status when the TaskId is not known.
  private static func task(status done: [Value], of addresses: Template, absent: Poll.Absence) -> Poll {
    Poll(
      action: "ecm.DescribeTaskResult", ids: .result("TaskId"),
      arguments: [("EcmRegion", .argument("EcmRegion")), ("TaskId", .result("TaskId"))],
      status: "Result", done: ["SUCCESS"], failed: ["FAILED"], expected: .seconds(4),
      fallback: [
        Poll(
          action: "ecm.DescribeAddresses", ids: addresses, idsPerCall: 100,
          arguments: [("EcmRegion", .argument("EcmRegion")), ("AddressIds", .ids)], rows: "AddressSet[]",
          rowID: "AddressId", status: "AddressStatus", done: done, absent: absent, expected: .seconds(4))
      ])
  }
}
