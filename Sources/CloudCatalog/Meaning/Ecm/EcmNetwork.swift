import Values

/// VPC APIs and Subnet APIs of the ECM book. Everything here answers when it is done.
enum EcmNetwork {
  static let createVpc = ActionMeaning(
    effect: .create, resource: "Vpc", identity: "Vpc.VpcId",
    undo: .inverse(
      Inverse(
        .exact,
        [UndoCall("ecm.DeleteVpc", [("VpcId", .result("Vpc.VpcId")), ("EcmRegion", .argument("EcmRegion"))])])),
    completion: .immediate, lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeVpcs",
          [("EcmRegion", .argument("EcmRegion")), ("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "VpcSet[]", adopt: [("Vpc", .found("row"))])),
    mark: .tags(parameter: "Tags"))

  static let deleteVpc = ActionMeaning(
    effect: .delete, resource: "Vpc",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "ecm.CreateVpc",
            [
              ("VpcName", .before("VpcSet[0].VpcName")), ("CidrBlock", .before("VpcSet[0].CidrBlock")),
              ("Description", .before("VpcSet[0].Description")), ("Tags", .before("VpcSet[0].TagSet")),
              ("EcmRegion", .argument("EcmRegion")),
            ])
        ],
        beforeImage: Read(
          "ecm.DescribeVpcs", [("VpcIds", .list([.argument("VpcId")])), ("EcmRegion", .argument("EcmRegion"))]))),
    completion: .immediate, lost: .resend)

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
          UndoCall(
            "ecm.ModifyDefaultSubnet",
            [
              ("EcmRegion", .argument("EcmRegion")), ("Zone", .argument("Zone")),
              ("VpcId", .before("Subnet.VpcId")), ("SubnetId", .before("Subnet.SubnetId")),
            ], when: .before("Subnet.SubnetId")),
        ],
        beforeImage: Read(
          "ecm.DescribeDefaultSubnet", [("EcmRegion", .argument("EcmRegion")), ("Zone", .argument("Zone"))]))),
    completion: .immediate, lost: .probe(
      Probe(
        read: Read(
          "ecm.DescribeSubnets",
          [("EcmRegion", .argument("EcmRegion")), ("Filters", .list([.filter("tag:\(Mark.key)", .list([.mark]))]))]),
        rows: "SubnetSet[]", adopt: [("Subnet", .found("row"))])),
    mark: .tags(parameter: "Tags"))

  static let deleteSubnet = ActionMeaning(
    effect: .delete, resource: "Subnet",
    undo: .inverse(
      Inverse(
        .recreate,
        [
          UndoCall(
            "ecm.CreateSubnet",
            [
              ("VpcId", .before("SubnetSet[0].VpcId")), ("SubnetName", .before("SubnetSet[0].SubnetName")),
              ("CidrBlock", .before("SubnetSet[0].CidrBlock")), ("Zone", .before("SubnetSet[0].Zone")),
              ("Tags", .before("SubnetSet[0].TagSet")), ("EcmRegion", .argument("EcmRegion")),
            ])
        ],
        beforeImage: Read(
          "ecm.DescribeSubnets",
          [("SubnetIds", .list([.argument("SubnetId")])), ("EcmRegion", .argument("EcmRegion"))]))),
    completion: .immediate, lost: .resend)

  static let modifyDefaultSubnet = ActionMeaning(
    effect: .modify, resource: "Subnet",
    undo: .inverse(
      Inverse(
        .restore,
        [
          UndoCall(
            "ecm.ModifyDefaultSubnet",
            [
              ("EcmRegion", .argument("EcmRegion")), ("Zone", .argument("Zone")),
              ("VpcId", .before("Subnet.VpcId")), ("SubnetId", .before("Subnet.SubnetId")),
            ], when: .before("Subnet.SubnetId"))
        ],
        beforeImage: Read(
          "ecm.DescribeDefaultSubnet", [("EcmRegion", .argument("EcmRegion")), ("Zone", .argument("Zone"))]))),
    completion: .immediate, lost: .resend)
}
