import Testing
import Values

@testable import CloudEmulator

@Suite("Networks and subnets")
struct NetworkTests {
  @Test("a new account has a network and a default subnet a zone in every region, a security group, a few snapshots")
  func newAccount() throws {
    var bench = Bench()
    let kinds = Dictionary(grouping: bench.inventory.filter { !$0.kind.hasPrefix("Cvm") }, by: \.kind)
      .mapValues(\.count)
    #expect(
      kinds == [
        "Vpc": Geography.standard.regions.count, "Subnet": 2 * Geography.standard.regions.count, "SecurityGroup": 1,
        "Snapshot": 4,
      ])
    #expect(bench.inventory.allSatisfy { $0.detail.hasPrefix("system") })
    let before = bench.inventory
    let vpcs = try bench.call("DescribeVpcs", ["EcmRegion": .text(Bench.region)])
    #expect(vpcs["TotalCount"] == 1)
    #expect(vpcs.at("VpcSet[0].IsDefault") == true)
    #expect(bench.inventory == before)
  }

  @Test("a network is made, shown, and deleted")
  func vpc() throws {
    var bench = Bench()
    let before = bench.inventory
    let answer = try bench.call(
      "CreateVpc",
      [
        "VpcName": "edge", "CidrBlock": "10.10.0.0/28", "EcmRegion": .text(Bench.region), "Description": "about",
        "Tags": [["Key": "city", "Value": "hangzhou"]],
      ])
    let id = try answer.text("Vpc.VpcId")
    #expect(id.wholeMatch(of: /vpc-[a-z0-9]{8}/) != nil)
    #expect(answer.at("Vpc.TagSet") == [["Key": "city", "Value": "hangzhou"]])
    #expect(answer.at("Vpc.CreatedTime") == "2026-01-02 03:04:05")
    let shown = try bench.call("DescribeVpcs", ["VpcIds": [.text(id)]])
    #expect(shown.at("VpcSet[0]") == answer.at("Vpc"))
    try bench.call("DeleteVpc", ["VpcId": .text(id), "EcmRegion": .text(Bench.region)])
    #expect(bench.inventory == before)
  }

  @Test(
    "a network outside the private ranges, or not of /16 to /28, is refused",
    arguments: ["11.0.0.0/16", "172.32.0.0/16", "10.0.0.0/8", "10.0.0.0/29", "192.169.0.0/16", "10.0.0.1/16", "ten"])
  func badRange(_ cidr: String) {
    var bench = Bench()
    let code = bench.refusal("CreateVpc", ["VpcName": "x", "CidrBlock": .text(cidr), "EcmRegion": .text(Bench.region)])
    #expect(code == "InvalidParameterValue.Malformed")
  }

  @Test("a network with a subnet, or of another region, is not deleted")
  func deleteRefused() throws {
    var bench = Bench()
    let vpc = try bench.makeVpc()
    _ = try bench.makeSubnet(vpc)
    #expect(bench.refusal("DeleteVpc", ["VpcId": .text(vpc), "EcmRegion": .text(Bench.region)]) == "ResourceInUse")
    #expect(bench.refusal("DeleteVpc", ["VpcId": .text(vpc), "EcmRegion": "ap-xian-ecm"]) == "ResourceNotFound")
    #expect(
      bench.refusal("DeleteVpc", ["VpcId": .text(vpc), "EcmRegion": "mars"]) == "InvalidParameterValue.InvalidRegion")
  }

  @Test("a subnet lies within its network, overlaps no other, and has three addresses fewer than its range")
  func subnet() throws {
    var bench = Bench()
    let vpc = try bench.makeVpc()
    let id = try bench.makeSubnet(vpc)
    let shown = try bench.call("DescribeSubnets", ["SubnetIds": [.text(id)]])
    #expect(shown.at("SubnetSet[0].AvailableIpAddressCount") == 253)
    #expect(shown.at("SubnetSet[0].VpcCidrBlock") == "10.10.0.0/16")
    var parameters: Record = [
      "VpcId": .text(vpc), "SubnetName": "b", "CidrBlock": "10.10.1.128/25", "Zone": .text(Bench.zone),
      "EcmRegion": .text(Bench.region),
    ]
    #expect(bench.refusal("CreateSubnet", parameters) == "InvalidParameterValue.SubnetConflict")
    parameters["CidrBlock"] = "10.11.0.0/24"
    #expect(bench.refusal("CreateSubnet", parameters) == "InvalidParameterValue.SubnetRange")
    parameters["CidrBlock"] = "10.10.2.0/24"
    parameters["Zone"] = "ap-xian-ecm-1"
    #expect(bench.refusal("CreateSubnet", parameters) == "InvalidParameterValue.InvalidZone")
  }

  @Test("a new subnet becomes its zone's default; when it goes, the account's own is the default again")
  func defaultSubnet() throws {
    var bench = Bench()
    let zone: Record = ["EcmRegion": .text(Bench.region), "Zone": .text(Bench.zone)]
    let own = try bench.call("DescribeDefaultSubnet", zone).text("Subnet.SubnetId")
    let vpc = try bench.makeVpc()
    let id = try bench.makeSubnet(vpc)
    #expect(try bench.call("DescribeDefaultSubnet", zone).text("Subnet.SubnetId") == id)
    let systemVpc = try bench.call("DescribeVpcs", ["EcmRegion": .text(Bench.region)]).text("VpcSet[0].VpcId")
    try bench.call("ModifyDefaultSubnet", zone.merging(["VpcId": .text(systemVpc), "SubnetId": .text(own)]))
    #expect(try bench.call("DescribeDefaultSubnet", zone).text("Subnet.SubnetId") == own)
    try bench.call("ModifyDefaultSubnet", zone.merging(["VpcId": .text(vpc), "SubnetId": .text(id)]))
    try bench.call("DeleteSubnet", ["SubnetId": .text(id), "EcmRegion": .text(Bench.region)])
    #expect(try bench.call("DescribeDefaultSubnet", zone).text("Subnet.SubnetId") == own)
    let delete: Record = ["SubnetId": .text(own), "EcmRegion": .text(Bench.region)]
    #expect(bench.refusal("DeleteSubnet", delete) == "FailedOperation.OperationNotAllow")
  }
}
