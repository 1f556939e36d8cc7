import Values

/// Route table APIs of the ECM book. Routes are told by their number while they live, and by their destination, which
/// no two of a table share; a route that is made again gets another number.
enum EcmRoute {
  /// Carries no tags: after a lost answer it is told by its VPC and name, and by not having been there before.
  static let createRouteTable = ActionMeaning(
    effect: .create, resource: "RouteTable", identity: "RouteTable.RouteTableId",
    undo: .inverse(
      Inverse(.exact, [UndoCall("ecm.DeleteRouteTable", [("RouteTableId", .result("RouteTable.RouteTableId"))])])),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: alike, rows: "RouteTableSet[]",
        match: [
          (path: "VpcId", equals: .argument("VpcId")), (path: "RouteTableName", equals: .argument("RouteTableName")),
        ],
        newSince: (before: alike, id: "RouteTableId"), adopt: [("RouteTable", .found("row"))])),
    condition: "no subnet is associated with the table")

  static let deleteRouteTable = ActionMeaning(
    effect: .delete, resource: "RouteTable",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "ecm.CreateRouteTable",
            [
              ("VpcId", .before("RouteTableSet[0].VpcId")),
              ("RouteTableName", .before("RouteTableSet[0].RouteTableName")),
              ("EcmRegion", .found("VpcSet[0].Region")),
            ]),
          UndoCall(
            "ecm.CreateRoutes",
            [("RouteTableId", .made("RouteTable.RouteTableId")), ("Routes", userRoutes)], when: userRoutes),
        ],
        beforeImage: table,
        // Nothing in the call or the table tells its region.
        lookup: Read("ecm.DescribeVpcs", [("VpcIds", .list([.before("RouteTableSet[0].VpcId")]))]))),
    completion: .immediate, lost: .resend, conflicts: ["RouteTableId"],
    condition: "the new table and its routes have other ids")

  static let modifyRouteTableAttribute = ActionMeaning(
    effect: .modify, resource: "RouteTable",
    undo: Ecm.restore(
      "ecm.ModifyRouteTableAttribute",
      Ecm.same("RouteTableId") + [("RouteTableName", .before("RouteTableSet[0].RouteTableName"))], before: table),
    completion: .immediate, lost: .resend, conflicts: ["RouteTableId"])

  static let replaceRouteTableAssociation = ActionMeaning(
    effect: .modify, resource: "Subnet",
    undo: Ecm.restore(
      "ecm.ReplaceRouteTableAssociation",
      Ecm.same("SubnetId", "EcmRegion") + [("RouteTableId", .before("SubnetSet[0].RouteTableId"))],
      before: Read(
        "ecm.DescribeSubnets", Ecm.same("EcmRegion") + [("SubnetIds", .list([.argument("SubnetId")]))])),
    completion: .immediate, lost: .resend, conflicts: ["SubnetId", "RouteTableId"])

  static let resetRoutes = ActionMeaning(
    effect: .modify, resource: "RouteTable",
    undo: Ecm.restore(
      "ecm.ResetRoutes",
      Ecm.same("RouteTableId") + [
        ("RouteTableName", .before("RouteTableSet[0].RouteTableName")), ("Routes", userRoutes),
      ], before: table),
    completion: .immediate, lost: .resend, conflicts: ["RouteTableId"], condition: "the routes have other ids")

  /// The answer is the whole table, so what was made is told by its destinations.
  static let createRoutes = ActionMeaning(
    effect: .create, resource: "Route", identity: "RouteTableSet[].RouteSet[].RouteId",
    undo: .inverse(
      Inverse(
        .exact, [UndoCall("ecm.DeleteRoutes", Ecm.same("RouteTableId") + [("Routes", made)], when: made)],
        lookup: table)),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: table, rows: "RouteTableSet[].RouteSet[]",
        covers: (expected: .argument("Routes"), members: ["DestinationCidrBlock"]), adopt: [])),
    conflicts: ["RouteTableId"])

  static let deleteRoutes = ActionMeaning(
    effect: .delete, resource: "Route",
    undo: Ecm.restore(
      "ecm.CreateRoutes",
      Ecm.same("RouteTableId") + [("Routes", .each(named, make: body))], when: named, before: table, .recreate),
    completion: .immediate, lost: .resend, conflicts: ["RouteTableId"], condition: "the new routes have other ids")

  static let replaceRoutes = ActionMeaning(
    effect: .modify, resource: "Route",
    undo: Ecm.restore(
      "ecm.ReplaceRoutes",
      Ecm.same("RouteTableId") + [("Routes", .each(numbered, make: .rowMembers(["RouteId"] + bodyMembers)))],
      when: numbered, before: table),
    completion: .immediate, lost: .resend, conflicts: ["RouteTableId"])

  static let enableRoutes = toggle(.init("ecm.DisableRoutes"), was: true)
  static let disableRoutes = toggle(
    .init("ecm.EnableRoutes"), was: false, condition: "no route of a cloud network conflicts by then")

  /// Routes that already were where the call brings them stay there when it is undone.
  private static func toggle(_ inverse: ActionID, was: Value, condition: String? = nil) -> ActionMeaning {
    let already = Template.selecting(
      "RouteId", from: routes, where: "Enabled", isOneOf: .constant(.list([was])))
    let changed = Template.subtracting(.argument("RouteIds"), already, by: nil)
    return ActionMeaning(
      effect: .modify, resource: "Route",
      undo: Ecm.restore(
        inverse, Ecm.same("RouteTableId") + [("RouteIds", changed)], when: changed, before: table, .exact),
      completion: .immediate, lost: .resend, conflicts: ["RouteTableId"], condition: condition)
  }

  private static let routes = Template.before("RouteTableSet[].RouteSet[]")

  private static let bodyMembers = [
    "DestinationCidrBlock", "GatewayType", "GatewayId", "RouteDescription", "Enabled",
  ]
  private static let body = Template.rowMembers(bodyMembers)

  /// Routes of other types come and go with what they serve. An answer that does not tell the type counts as a user's.
  private static let userRoutes = Template.each(
    .subtracting(
      routes,
      .selecting("RouteItemId", from: routes, where: "RouteType", isOneOf: .constant(["NETD", "CCN"])),
      by: "RouteItemId"),
    make: body)

  private static let named = Template.matching(
    routes, to: .argument("Routes"),
    by: [
      ("RouteId", "RouteId"), ("RouteItemId", "RouteItemId"), ("DestinationCidrBlock", "DestinationCidrBlock"),
    ])

  private static let numbered = Template.rows(
    routes, where: "RouteId", isOneOf: .argument("Routes[].RouteId"))

  private static let made = Template.each(
    .rows(
      .found("RouteTableSet[].RouteSet[]"), where: "DestinationCidrBlock",
      isOneOf: .argument("Routes[].DestinationCidrBlock")),
    make: .rowMembers(["RouteId"]))

  private static let table = Read(
    "ecm.DescribeRouteTables", [("RouteTableIds", .list([.argument("RouteTableId")]))])

  private static let alike = Read(
    "ecm.DescribeRouteTables",
    Ecm.same("EcmRegion") + [
      (
        "Filters",
        .list([
          .filter("vpc-id", .list([.argument("VpcId")])),
          .filter("route-table-name", .list([.argument("RouteTableName")])),
        ])
      )
    ])
}
