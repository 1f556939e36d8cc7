import CloudCatalog

/// Runbooks that between them call every create whose lost answer a probe can find out about, for
/// ``AmbiguityRehearsal``.
package struct AmbiguousCreates: Sendable {
  package let name: String
  package let text: String
  package let creates: [ActionID]

  package static let all = [networksAndMachines, imagesAndAddresses, centralRegions]

  /// Every create of the catalog that has a probe.
  package static var probed: [ActionID] {
    Catalog.serviceNames.compactMap { Catalog.service($0) }.flatMap { service in
      service.actionNames.map { ActionID(service.name, $0) }.filter { action in
        guard let meaning = Catalog.meaning(action), meaning.effect == .create, case .probe = meaning.lost else {
          return false
        }
        return true
      }
    }
  }

  /// Whether a probe tells what it made from what others make.
  static func isFoundByItself(_ action: ActionID) -> Bool {
    if case .probe(let probe)? = Catalog.meaning(action)?.lost { probe.newSince == nil } else { false }
  }

  private static var networksAndMachines: AmbiguousCreates {
    let whole = GeneratedRunbook.whole(width: 8)
    return AmbiguousCreates(name: "networks and machines", text: whole.text, creates: whole.creates)
  }

  private static let imagesAndAddresses = AmbiguousCreates(
    name: "images and addresses",
    text: """
      runbook test.images 1.0.0

      use ecm with (EcmRegion: "ap-hangzhou-ecm")

      let net = ecm.CreateVpc(VpcName: "net", CidrBlock: 10.0.0.0/16)
      let sub = ecm.CreateSubnet(
        VpcId: net.Vpc.VpcId,
        SubnetName: "sub",
        CidrBlock: 10.0.1.0/24,
        Zone: "ap-hangzhou-ecm-1",
      )
      let _faces = parallel each i in range(6) {
        let face = ecm.CreateNetworkInterface(
          VpcId: net.Vpc.VpcId,
          SubnetId: sub.Subnet.SubnetId,
          NetworkInterfaceName: "i-${i}",
        )
        wait face is done within 3min
        let more = ecm.AssignPrivateIpAddresses(
          NetworkInterfaceId: face.NetworkInterface.NetworkInterfaceId,
          SecondaryPrivateIpAddressCount: 1 + i % 2,
        )
        wait more is done within 3min
        give more.PrivateIpAddressSet
      }
      let module = ecm.CreateModule(
        ModuleName: "m",
        DefaultImageId: "img-qsdf3ff2",
        InstanceType: "S5.MEDIUM4",
        DefaultBandWidth: 50,
        DefaultSystemDiskSize: 50,
        DefaultDataDiskSize: 50,
      )
      let _images = parallel each i in range(4) {
        let vms = ecm.RunInstances(
          ModuleId: module.ModuleId,
          InstanceName: "v-${i}",
          ZoneInstanceCountISPSet: [{ Zone: "ap-hangzhou-ecm-1", ISP: "CTCC", InstanceCount: 1 }],
        )
        wait vms is RUNNING within 15min
        let found = ecm.DescribeNetworkInterfaces(
          Filters: [{ Name: "attachment.instance-id", Values: vms.InstanceIdSet }],
        )
        let six = ecm.AssignIpv6Addresses(
          NetworkInterfaceId: found.NetworkInterfaceSet[0].NetworkInterfaceId,
          Ipv6AddressCount: 1,
        )
        wait six is done within 3min
        let image = ecm.CreateImage(
          ImageName: "image-${i}",
          InstanceId: vms.InstanceIdSet[0],
          ForcePoweroff: "TRUE",
        )
        wait image is done within 15min
        let copy = ecm.ImportImage(
          ImageId: "img-other${i}",
          ImageDescription: "from elsewhere",
          SourceRegion: "ap-chengdu",
        )
        wait copy is done within 30min
        give image.TaskId
      }

      """,
    creates: [
      "ecm.CreateVpc", "ecm.CreateSubnet", "ecm.CreateNetworkInterface", "ecm.AssignPrivateIpAddresses",
      "ecm.CreateModule", "ecm.RunInstances", "ecm.AssignIpv6Addresses", "ecm.CreateImage", "ecm.ImportImage",
    ])

  /// Those with a ClientToken have no need of a probe; their answers are lost like the others'.
  private static let centralRegions = AmbiguousCreates(
    name: "central regions",
    text: """
      runbook test.central 1.0.0

      use cvm in "ap-shanghai"

      let _keys = parallel each i in range(6) {
        let made = cvm.CreateKeyPair(KeyName: "made_${i}", ProjectId: 0)
        let own = cvm.ImportKeyPair(KeyName: "own_${i}", ProjectId: 0, PublicKey: "ssh-rsa XXXXXXX${i}XXXX== me")
        give [made.KeyPair.KeyId, own.KeyId]
      }
      let _images = parallel each i in range(6) {
        let vms = cvm.RunInstances(
          InstanceName: "v-${i}",
          ImageId: "img-pmqg1cw7",
          Placement: { Zone: "ap-shanghai-2" },
          InstanceType: "S5.MEDIUM4",
        )
        wait vms is done within 15min
        let image = cvm.CreateImage(
          ImageName: "image-${i}",
          InstanceId: vms.InstanceIdSet[0],
          ForcePoweroff: "true",
        )
        wait image is done within 30min
        let import = cvm.ImportImage(
          Architecture: "x86_64",
          OsType: "CentOS",
          OsVersion: "6",
          ImageName: "import-${i}",
          ImageUrl: "http://bucket.example/image-${i}.vmdk",
        )
        wait import is done within 60min
        give vms.InstanceIdSet
      }

      """,
    creates: [
      "cvm.CreateKeyPair", "cvm.ImportKeyPair", "cvm.RunInstances", "cvm.CreateImage", "cvm.ImportImage",
    ])
}
