import RunPlanner
import Testing

/// A runbook that checks and has a fault in it, which its drill has to find.
struct PlantedRunbook: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let finds: Set<DrillFinding.Kind>

  var testDescription: String { name }

  init(_ name: String, finds: Set<DrillFinding.Kind>, _ pieces: Piece...) {
    self.name = name
    text = Piece.runbook(pieces)
    self.finds = finds
  }

  /// What a step is undone by, in the author's words.
  private static func undo(_ piece: Piece, _ block: String) -> Piece {
    let indented = block.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    return Piece(text: piece.text + " undo {\n" + indented + "\n}")
  }

  private static let unbind = "ecm.DisassociateAddress(AddressId: eip.AddressSet[0])"

  static let all: [PlantedRunbook] = [
    PlantedRunbook(
      "undoes one of two instances", finds: [.leak, .attention], .module,
      undo(.instances, "ecm.TerminateInstances(InstanceIdSet: [it.InstanceIdSet[0]])"), .running),
    PlantedRunbook(
      "stops instances in place of ending them", finds: [.leak, .attention], .module,
      undo(.instances, "ecm.StopInstances(InstanceIdSet: it.InstanceIdSet)"), .running),
    PlantedRunbook(
      "looks at a network in place of deleting it", finds: [.leak],
      undo(.vpc, "let seen = ecm.DescribeVpcs(VpcIds: [it.Vpc.VpcId])\nassert count(seen.VpcSet) == 1")),
    PlantedRunbook(
      "looks at a module in place of deleting it", finds: [.leak],
      undo(.module, "ecm.DescribeModule(Filters: [{ Name: \"module-id\", Values: [it.ModuleId] }])")),
    PlantedRunbook(
      "renames a network in place of deleting it", finds: [.leak],
      undo(.vpc, "ecm.ModifyVpcAttribute(VpcId: it.Vpc.VpcId, VpcName: \"old\")")),
    PlantedRunbook(
      "deletes the subnet only, of network and subnet", finds: [.leak],
      undo(.vpc, "ecm.DescribeVpcs(VpcIds: [it.Vpc.VpcId])"), .subnet),
    PlantedRunbook(
      "forgets the zone's old default subnet", finds: [.damage], .network, .commit,
      undo(.otherSubnet, "ecm.DeleteSubnet(SubnetId: it.Subnet.SubnetId)")),
    PlantedRunbook(
      "deletes the network with its subnet, so that nothing is left to delete", finds: [.attention], .vpc,
      undo(.subnet, "ecm.DeleteVpc(VpcId: net.Vpc.VpcId)")),
    PlantedRunbook(
      "names another id in its undo", finds: [.attention, .leak],
      undo(.vpc, "ecm.DeleteVpc(VpcId: \"vpc-00000000\")")),
    PlantedRunbook(
      "unbinds an address and keeps no order: releases first", finds: [.attention], .fleet,
      undo(.looseAddressCall, "ecm.ReleaseAddresses(AddressIds: it.AddressSet)"), .addressReady,
      undo(.boundCall, "ecm.DescribeAddresses(AddressIds: [eip.AddressSet[0]])"), .boundReady),
    PlantedRunbook(
      "releases an address that it has not unbound", finds: [.attention, .leak], .fleet, .looseAddress,
      undo(.boundCall, "ecm.DescribeAddresses(AddressIds: [eip.AddressSet[0]])"), .boundReady),
    PlantedRunbook(
      "does not wait for the instances", finds: [.missing], .module, .instances),
    PlantedRunbook(
      "hardly waits for instances", finds: [.missing], .module, .instances,
      Piece(text: "wait vms is RUNNING within 10ms")),
    PlantedRunbook(
      "waits for a condition that never holds", finds: [.missing], .module, .instances,
      Piece(
        text: """
          wait ecm.DescribeInstances(Filters: [{ Name: "instance-name", Values: ["d"] }])
            until count(it.InstanceSet) == 3
            every 5s within 2min
          """)),
    PlantedRunbook(
      "gives a rename back the wrong name", finds: [.damage], .network, .commit,
      undo(.rename, "ecm.ModifyVpcAttribute(VpcId: net.Vpc.VpcId, VpcName: \"D\")"), .fail),
    PlantedRunbook(
      "forgets to undo a rename", finds: [.damage], .network, .commit,
      undo(.rename, "ecm.DescribeVpcs(VpcIds: [net.Vpc.VpcId])"), .fail),
    PlantedRunbook(
      "makes a deleted table again without its routes", finds: [.damage], .network, .table, .commit,
      undo(.dropTable, "ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: \"d\") keep \"it was there\""),
      .fail),
    PlantedRunbook(
      "makes something of its own while it undoes", finds: [.leak],
      undo(
        .vpc,
        """
        ecm.CreateSecurityGroup(GroupName: "left", GroupDescription: "made on the way back")
        ecm.DeleteVpc(VpcId: it.Vpc.VpcId)
        """)),
    PlantedRunbook(
      "fails on its way back", finds: [.attention],
      undo(.vpc, "ecm.DeleteVpc(VpcId: it.Vpc.VpcId)\nfail \"not like this\"")),
    PlantedRunbook(
      "asserts on its way back what does not hold", finds: [.attention],
      undo(.vpc, "assert it.Vpc.VpcName == \"other\"\necm.DeleteVpc(VpcId: it.Vpc.VpcId)")),
    PlantedRunbook(
      "never succeeds", finds: [.missing], .network, .fail),
    PlantedRunbook(
      "binds an address that is not there yet, in another region", finds: [.missing], .fleet,
      Piece(
        text: """
          let eip = ecm.AllocateAddresses(EcmRegion: "ap-wuxi-ecm", InternetServiceProvider: "CTCC")
          wait eip is done within 3min
          """), .bound),
  ]
}

extension Piece {
  fileprivate static let looseAddressCall = Piece(
    text: "let eip = ecm.AllocateAddresses(InternetServiceProvider: \"CTCC\")")
  fileprivate static let addressReady = Piece(text: "wait eip is done within 3min")
  fileprivate static let boundCall = Piece(
    text: "let bound = ecm.AssociateAddress(AddressId: eip.AddressSet[0], InstanceId: vms.InstanceIdSet[0])")
  fileprivate static let boundReady = Piece(text: "wait bound is done within 3min")
}
