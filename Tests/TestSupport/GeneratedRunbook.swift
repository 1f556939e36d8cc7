import CloudCatalog
import CloudEmulator
import Values

/// A runbook made of pieces that are sound wherever they stand behind a network: creates of many kinds, side by side
/// and one after the other, some awaited.
package struct GeneratedRunbook {
  package let text: String
  /// The creates that it may call, for faults.
  package let creates: [ActionID]
  package private(set) var chance: SeededGenerator

  private typealias Piece = (actions: [ActionID], text: @Sendable (Int, Int) -> String)

  private static let pieces: [Piece] = [
    (
      ["ecm.CreateSubnet"],
      { n, width in
        """
        let s\(n) = parallel each i in range(\(width)) {
          let sub = ecm.CreateSubnet(
            VpcId: net.Vpc.VpcId,
            SubnetName: "s\(n)-${i}",
            CidrBlock: subnet(10.0.0.0/16, prefix: 24, index: \(n * 8) + i),
            Zone: "ap-hangzhou-ecm-1",
          )
          give sub.Subnet.SubnetId
        }
        """
      }
    ),
    (
      ["ecm.CreateModule", "ecm.RunInstances"],
      { n, width in
        """
        let m\(n) = ecm.CreateModule(
          ModuleName: "m\(n)",
          DefaultImageId: "img-qsdf3ff2",
          InstanceType: "S5.MEDIUM4",
          DefaultBandWidth: 50,
          DefaultSystemDiskSize: 50,
          DefaultDataDiskSize: 50,
        )
        let v\(n) = parallel each i in range(\(width)) {
          let vms = ecm.RunInstances(
            ModuleId: m\(n).ModuleId,
            InstanceName: "v\(n)-${i}",
            ZoneInstanceCountISPSet: [{ Zone: "ap-hangzhou-ecm-1", ISP: "CTCC", InstanceCount: 1 + i % 2 }],
          )
          wait vms is RUNNING within 15min
          give vms.InstanceIdSet
        }
        """
      }
    ),
    (
      ["ecm.AllocateAddresses"],
      { n, width in
        """
        let a\(n) = parallel each i in range(\(width)) {
          let eip = ecm.AllocateAddresses(InternetServiceProvider: "CTCC", AddressCount: 1 + i % 2)
          wait eip is done within 3min
          give eip.AddressSet
        }
        """
      }
    ),
    (
      ["ecm.CreateSecurityGroup"],
      { n, width in
        """
        let g\(n) = parallel each i in range(\(width)) {
          let group = ecm.CreateSecurityGroup(GroupName: "g\(n)-${i}", GroupDescription: "of a simulation")
          give group.SecurityGroup.SecurityGroupId
        }
        """
      }
    ),
    (
      ["ecm.CreateRouteTable", "ecm.CreateRoutes"],
      { n, _ in
        """
        let t\(n) = ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "t\(n)")
        ecm.CreateRoutes(
          RouteTableId: t\(n).RouteTable.RouteTableId,
          Routes: [{ DestinationCidrBlock: 172.30.0.0/16, GatewayType: "EIP", GatewayId: "0" }],
        )
        """
      }
    ),
    (
      ["ecm.CreateSubnet", "ecm.CreateNetworkInterface", "ecm.CreateHaVip"],
      { n, width in
        """
        let u\(n) = ecm.CreateSubnet(
          VpcId: net.Vpc.VpcId,
          SubnetName: "u\(n)",
          CidrBlock: subnet(10.0.0.0/16, prefix: 24, index: \(n * 8)),
          Zone: "ap-hangzhou-ecm-1",
        )
        let i\(n) = parallel each i in range(\(width)) {
          let face = ecm.CreateNetworkInterface(
            VpcId: net.Vpc.VpcId,
            SubnetId: u\(n).Subnet.SubnetId,
            NetworkInterfaceName: "i\(n)-${i}",
          )
          wait face is done within 3min
          give face.NetworkInterface.NetworkInterfaceId
        }
        let h\(n) = ecm.CreateHaVip(VpcId: net.Vpc.VpcId, SubnetId: u\(n).Subnet.SubnetId, HaVipName: "h\(n)")
        """
      }
    ),
    (
      ["ecm.CreateLoadBalancer", "ecm.CreateListener"],
      { n, _ in
        """
        let l\(n) = ecm.CreateLoadBalancer(
          LoadBalancerType: "OPEN",
          VipIsp: "CTCC",
          LoadBalancerName: "l\(n)",
          Number: 1,
        )
        wait l\(n) is done within 5min
        let k\(n) = ecm.CreateListener(
          LoadBalancerId: l\(n).LoadBalancerIds[0],
          Ports: [80],
          Protocol: "TCP",
          ListenerNames: ["l\(n)"],
        )
        wait k\(n) is done within 5min
        """
      }
    ),
  ]

  /// Those in blocks that fail on their own, or wait for people.
  private static let blocks: [Piece] = [
    (
      ["ecm.CreateSecurityGroup", "ecm.CreateModule"],
      { n, width in
        """
        let e\(n) = parallel each i in range(\(width)) {
          let name = attempt {
            let group = ecm.CreateSecurityGroup(GroupName: "e\(n)-${i}", GroupDescription: "first")
            assert i % 2 == 0 else "odd"
            give group.SecurityGroup.SecurityGroupId
          } rescue err {
            let group = ecm.CreateSecurityGroup(GroupName: "f\(n)-${i}", GroupDescription: err.code)
            give group.SecurityGroup.SecurityGroupId
          } always {
            ecm.CreateModule(
              ModuleName: "o\(n)-${i}",
              DefaultImageId: "img-qsdf3ff2",
              InstanceType: "S5.MEDIUM4",
              DefaultBandWidth: 50,
              DefaultSystemDiskSize: 50,
              DefaultDataDiskSize: 50,
            )
          }
          give name
        }
        """
      }
    ),
    (
      ["ecm.AllocateAddresses"],
      { n, _ in
        """
        approve "Allocate for \(n)?" within 30min {
          timeout 20min {
            let d\(n) = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
            wait d\(n) is done within 3min
          }
        }
        notify "\(n) is allocated"
        """
      }
    ),
  ]

  /// Every kind of piece outside of blocks once, in the order in which they stand here.
  package static func whole(width: Int) -> GeneratedRunbook {
    GeneratedRunbook(pieces.map { ($0, width) }, fails: false, SeededGenerator(seed: 0))
  }

  package init(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let pieces = GeneratedRunbook.pieces + GeneratedRunbook.blocks
    let drawn = (0..<(1 + chance.below(4))).map { _ in (chance.pick(pieces), 1 + chance.below(4)) }
    let fails = chance.below(2) == 0
    self.init(drawn, fails: fails, chance)
  }

  private init(_ drawn: [(piece: Piece, width: Int)], fails: Bool, _ chance: SeededGenerator) {
    let bodies = drawn.enumerated().map { $1.piece.text($0 + 1, $1.width) }
    text =
      """
      runbook test.generated 1.0.0

      use ecm with (EcmRegion: "ap-hangzhou-ecm")

      let net = ecm.CreateVpc(VpcName: "net", CidrBlock: 10.0.0.0/16)

      """ + bodies.joined(separator: "\n") + (fails ? "\nfail \"at the end\"\n" : "\n")
    var creates: [ActionID] = ["ecm.CreateVpc"]
    for (piece, _) in drawn {
      for action in piece.actions where !creates.contains(action) { creates.append(action) }
    }
    self.creates = creates
    self.chance = chance
  }
}
