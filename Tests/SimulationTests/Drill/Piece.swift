/// A stretch of a runbook for drills; those behind use what stands before.
struct Piece: Sendable {
  let text: String

  static func runbook(_ pieces: [Piece]) -> String {
    "runbook test.drilled 1.0.0\n\nuse ecm with (EcmRegion: \"ap-hangzhou-ecm\")\n\n"
      + pieces.map(\.text).joined(separator: "\n") + "\n"
  }

  static let vpc = Piece(text: "let net = ecm.CreateVpc(VpcName: \"d\", CidrBlock: 10.0.0.0/16)")

  static let subnet = Piece(
    text: """
      let sub = ecm.CreateSubnet(
        VpcId: net.Vpc.VpcId,
        SubnetName: "d",
        CidrBlock: 10.0.1.0/24,
        Zone: "ap-hangzhou-ecm-1",
      )
      """)

  /// Becomes the default of the zone in the place of the first.
  static let otherSubnet = Piece(
    text: """
      let other = ecm.CreateSubnet(
        VpcId: net.Vpc.VpcId,
        SubnetName: "e",
        CidrBlock: 10.0.2.0/24,
        Zone: "ap-hangzhou-ecm-1",
      )
      """)

  static let network = Piece(text: vpc.text + "\n" + subnet.text)

  static let module = Piece(
    text: """
      let mod = ecm.CreateModule(
        ModuleName: "d",
        DefaultImageId: "img-qsdf3ff2",
        InstanceType: "S5.MEDIUM4",
        DefaultBandWidth: 50,
        DefaultSystemDiskSize: 50,
        DefaultDataDiskSize: 50,
      )
      """)

  static let instances = Piece(
    text: """
      let vms = ecm.RunInstances(
        ModuleId: mod.ModuleId,
        InstanceName: "d",
        ZoneInstanceCountISPSet: [{ Zone: "ap-hangzhou-ecm-1", ISP: "CTCC", InstanceCount: 2 }],
      )
      """)

  static let running = Piece(text: "wait vms is RUNNING within 15min")

  static let fleet = Piece(text: [module, instances, running].map(\.text).joined(separator: "\n"))

  static let looseAddress = Piece(
    text: """
      let eip = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
      wait eip is done within 3min
      """)

  static let secondAddress = Piece(
    text: """
      let eip2 = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
      wait eip2 is done within 3min
      """)

  static let bound = Piece(
    text: """
      let bound = ecm.AssociateAddress(AddressId: eip.AddressSet[0], InstanceId: vms.InstanceIdSet[0])
      wait bound is done within 3min
      """)

  static let address = Piece(text: looseAddress.text + "\n" + bound.text)

  static let table = Piece(
    text: """
      let table = ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "d")
      ecm.CreateRoutes(
        RouteTableId: table.RouteTable.RouteTableId,
        Routes: [{ DestinationCidrBlock: 192.168.0.0/16, GatewayType: "NORMAL_CVM", GatewayId: "10.0.0.9" }],
      )
      """)

  static let dropTable = Piece(text: "ecm.DeleteRouteTable(RouteTableId: table.RouteTable.RouteTableId)")
  static let rename = Piece(text: "ecm.ModifyVpcAttribute(VpcId: net.Vpc.VpcId, VpcName: \"renamed\")")
  static let commit = Piece(text: "commit \"it is there\"")
  static let fail = Piece(text: "fail \"no\"")

  static let manyGroups = Piece(
    text: """
      let groups = parallel each i in range(25) {
        let group = ecm.CreateSecurityGroup(GroupName: "d-${i}", GroupDescription: "of a drill")
        give group.SecurityGroup.SecurityGroupId
      }
      """)
}
