import Values

/// HAVIP APIs of the ECM book: floating private addresses.
enum EcmHaVip {
  /// Carries no tags: after a lost answer it is told by its name and subnet, and by not having been there before.
  static let createHaVip = ActionMeaning(
    effect: .create, resource: "HaVip", identity: "HaVip.HaVipId",
    undo: .inverse(Inverse(.exact, [UndoCall("ecm.DeleteHaVip", [("HaVipId", .result("HaVip.HaVipId"))])])),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: alike, rows: "HaVipSet[]",
        match: [
          (path: "HaVipName", equals: .argument("HaVipName")), (path: "SubnetId", equals: .argument("SubnetId")),
          (path: "Vip", equals: .argument("Vip")),
        ],
        newSince: (before: alike, id: "HaVipId"), adopt: [("HaVip", .found("row"))])),
    conflicts: ["Vip"])

  static let deleteHaVip = ActionMeaning(
    effect: .delete, resource: "HaVip",
    undo: Ecm.restore(
      "ecm.CreateHaVip",
      [
        ("VpcId", .before("HaVipSet[0].VpcId")), ("SubnetId", .before("HaVipSet[0].SubnetId")),
        ("HaVipName", .before("HaVipSet[0].HaVipName")), ("Vip", .before("HaVipSet[0].Vip")),
      ], before: itself, .recreate),
    completion: .immediate, lost: .resend, conflicts: ["HaVipId"],
    condition: "nobody has taken its address since; the new one has another id")

  static let modifyHaVipAttribute = ActionMeaning(
    effect: .modify, resource: "HaVip",
    undo: Ecm.restore(
      "ecm.ModifyHaVipAttribute", Ecm.same("HaVipId") + [("HaVipName", .before("HaVipSet[0].HaVipName"))],
      before: itself),
    completion: .immediate, lost: .resend, conflicts: ["HaVipId"])

  private static let itself = Read("ecm.DescribeHaVips", [("HaVipIds", .list([.argument("HaVipId")]))])

  private static let alike = Read(
    "ecm.DescribeHaVips",
    [
      (
        "Filters",
        .list([
          .filter("vpc-id", .list([.argument("VpcId")])), .filter("subnet-id", .list([.argument("SubnetId")])),
          .filter("havip-name", .list([.argument("HaVipName")])),
        ])
      ), ("Limit", .constant(100)),
    ])
}
