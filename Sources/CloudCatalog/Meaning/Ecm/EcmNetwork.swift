import Values

/// VPC APIs and Subnet APIs of the ECM book. Everything here answers when it is done.
enum EcmNetwork {
  static let createVpc = ActionMeaning(
    effect: .create, resource: "Vpc", identity: "Vpc.VpcId",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.DeleteVpc", [("VpcId", .result("Vpc.VpcId")), ("EcmRegion", .argument("EcmRegion"))])])),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeVpcs",
          [("EcmRegion", .argument("EcmRegion")), ("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "VpcSet[]", adopt: [("Vpc", .found("row"))])),
    cascades: [Cascade("RouteTable", "made, as the default one")], condition: "nothing is left in the VPC",
    mark: .tags(parameter: "Tags"))

  static let deleteVpc = ActionMeaning(
    effect: .delete, resource: "Vpc",
    undo: Ecm.restore(
      "ecm.CreateVpc",
      Ecm.same("EcmRegion") + [
        ("VpcName", .before("VpcSet[0].VpcName")), ("CidrBlock", .before("VpcSet[0].CidrBlock")),
        ("EnableMulticast", .choosing(.before("VpcSet[0].EnableMulticast"), Ecm.boolAsText)),
        ("DnsServers", .unlessEmpty(.before("VpcSet[0].DnsServerSet"))),
        ("DomainName", .unlessEmpty(.before("VpcSet[0].DomainName"))),
        ("Description", .before("VpcSet[0].Description")),
        ("Tags", .unmarked(.before("VpcSet[0].TagSet"))),
      ], before: vpc, .recreate),
    completion: .immediate, lost: .resend, conflicts: ["VpcId"],
    cascades: [Cascade("RouteTable", "destroyed", when: "the default one")],
    condition: "the new VPC and its default route table have other ids")

  static let modifyVpcAttribute = ActionMeaning(
    effect: .modify, resource: "Vpc",
    undo: Ecm.restore(
      "ecm.ModifyVpcAttribute",
      Ecm.same("VpcId", "EcmRegion") + [
        ("VpcName", .given("VpcName", .before("VpcSet[0].VpcName"))),
        ("Tags", .given("Tags", .before("VpcSet[0].TagSet[]"))),
        ("Description", .given("Description", .before("VpcSet[0].Description"))),
      ], before: vpc),
    completion: .immediate, lost: .resend, conflicts: ["VpcId"])

  /// Creation makes the new subnet the default of its zone, so the undo puts the old default back.
  static let createSubnet = ActionMeaning(
    effect: .create, resource: "Subnet", identity: "Subnet.SubnetId",
    undo: .inverse(
      Inverse(
        .exact,
        [
          UndoCall(
            "ecm.DeleteSubnet",
            [("SubnetId", .result("Subnet.SubnetId")), ("EcmRegion", .argument("EcmRegion"))]),
          UndoCall("ecm.ModifyDefaultSubnet", oldDefault, when: .before("Subnet.SubnetId")),
        ], beforeImage: zoneDefault)),
    completion: .immediate,
    lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeSubnets",
          [("EcmRegion", .argument("EcmRegion")), ("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "SubnetSet[]", adopt: [("Subnet", .found("row"))])),
    conflicts: ["Zone"], cascades: [Cascade("Subnet", "no longer the default", when: "the old default of the zone")],
    condition: "nothing is left in the subnet",
    doubt: "the text of CreateSubnet makes the new subnet the default of its zone; its example shows IsDefault false",
    mark: .tags(parameter: "Tags"))

  /// The new subnet becomes the default of its zone; when the old one was not, the default of that time is put back.
  static let deleteSubnet = ActionMeaning(
    effect: .delete, resource: "Subnet",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "ecm.CreateSubnet",
            Ecm.same("EcmRegion") + [
              ("VpcId", .before("SubnetSet[0].VpcId")), ("SubnetName", .before("SubnetSet[0].SubnetName")),
              ("CidrBlock", .before("SubnetSet[0].CidrBlock")), ("Zone", .before("SubnetSet[0].Zone")),
              ("Tags", .unmarked(.before("SubnetSet[0].TagSet"))),
            ]),
          UndoCall(
            "ecm.ModifyDefaultSubnet",
            Ecm.same("EcmRegion") + [
              ("Zone", .before("SubnetSet[0].Zone")), ("VpcId", .found("Subnet.VpcId")),
              ("SubnetId", .found("Subnet.SubnetId")),
            ],
            when: .when(
              .choosing(.before("SubnetSet[0].IsDefault"), [(false, true)]), .found("Subnet.SubnetId"))),
        ],
        beforeImage: subnet,
        lookup: Read(
          "ecm.DescribeDefaultSubnet", Ecm.same("EcmRegion") + [("Zone", .before("SubnetSet[0].Zone"))]))),
    completion: .immediate, lost: .resend, conflicts: ["SubnetId"],
    cascades: [Cascade("Subnet", "made the default", when: "the system's own, when the default is deleted")],
    condition: "the new subnet has another id and stands in the default route table")

  static let modifySubnetAttribute = ActionMeaning(
    effect: .modify, resource: "Subnet",
    undo: Ecm.restore(
      "ecm.ModifySubnetAttribute",
      Ecm.same("SubnetId", "EcmRegion") + [
        ("SubnetName", .given("SubnetName", .before("SubnetSet[0].SubnetName"))),
        (
          "EnableBroadcast",
          .given("EnableBroadcast", .choosing(.before("SubnetSet[0].EnableBroadcast"), Ecm.boolAsText))
        ),
        ("Tags", .given("Tags", .before("SubnetSet[0].TagSet[]"))),
      ], before: subnet),
    completion: .immediate, lost: .resend, conflicts: ["SubnetId"],
    doubt: "the page of ModifySubnetAttribute types EnableBroadcast as a String without saying which; "
      + "true and false are assumed")

  static let modifyDefaultSubnet = ActionMeaning(
    effect: .modify, resource: "Subnet",
    undo: Ecm.restore(
      "ecm.ModifyDefaultSubnet", oldDefault, when: .before("Subnet.SubnetId"), before: zoneDefault),
    completion: .immediate, lost: .resend, conflicts: ["Zone"])

  private static let oldDefault: [(String, Template)] =
    Ecm.same("EcmRegion", "Zone")
    + [("VpcId", .before("Subnet.VpcId")), ("SubnetId", .before("Subnet.SubnetId"))]

  private static let zoneDefault = Read("ecm.DescribeDefaultSubnet", Ecm.same("EcmRegion", "Zone"))

  private static let vpc = Read(
    "ecm.DescribeVpcs", [("VpcIds", .list([.argument("VpcId")])), ("EcmRegion", .argument("EcmRegion"))])

  private static let subnet = Read(
    "ecm.DescribeSubnets", [("SubnetIds", .list([.argument("SubnetId")])), ("EcmRegion", .argument("EcmRegion"))])
}
