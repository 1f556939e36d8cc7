import Testing
import Values

@testable import CloudEmulator

@Suite("Security groups and key pairs")
struct SecurityGroupTests {
  private func rule(_ port: Value, _ more: Record = [:]) -> Value {
    let record: Record = ["Protocol": "TCP", "Port": port, "CidrBlock": "10.0.0.0/8", "Action": "accept"]
    return .record(record.merging(more))
  }

  private func set(_ id: String, _ policies: Record) -> Record {
    ["SecurityGroupId": .text(id), "SecurityGroupPolicySet": .record(policies)]
  }

  private func policies(_ bench: inout Bench, _ id: String) throws -> Record {
    try bench.call("DescribeSecurityGroupPolicies", ["SecurityGroupId": .text(id)])
      .at("SecurityGroupPolicySet").asRecord ?? Record()
  }

  @Test("each change of the rules raises the version by one; a stale version is refused, none is not checked")
  func versions() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let id = stock.freeGroup
    try bench.call("CreateSecurityGroupPolicies", set(id, ["Version": "0", "Ingress": [rule("80"), rule("81")]]))
    #expect(try policies(&bench, id)["Version"] == "1")
    let stale: Record = ["Version": "0", "Ingress": [["PolicyIndex": 0]]]
    #expect(bench.refusal("DeleteSecurityGroupPolicies", set(id, stale)) == "UnsupportedOperation.VersionMismatch")
    try bench.call("DeleteSecurityGroupPolicies", set(id, ["Ingress": [["PolicyIndex": 0]]]))
    #expect(try policies(&bench, id)["Version"] == "2")
    #expect(try policies(&bench, id).at("Ingress[0].Port") == "81")
    #expect(try policies(&bench, id).at("Ingress[0].PolicyIndex") == 0)
  }

  @Test("rules go where their index says, are matched by what they let through, and are replaced one at a time")
  func rules() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let id = stock.freeGroup
    func ports() throws -> [Value] {
      try policies(&bench, id)["Egress"]?.asList?.compactMap { $0.asRecord?["Port"] } ?? []
    }
    try bench.call("CreateSecurityGroupPolicies", set(id, ["Egress": [rule("1"), rule("2")]]))
    let first: Record = ["PolicyIndex": 0]
    try bench.call("CreateSecurityGroupPolicies", set(id, ["Egress": [rule("3", first), rule("4", first)]]))
    #expect(try ports() == ["3", "4", "1", "2"])
    try bench.call("ReplaceSecurityGroupPolicy", set(id, ["Egress": [rule("5", ["PolicyIndex": 2])]]))
    try bench.call("DeleteSecurityGroupPolicies", set(id, ["Egress": [rule("4")]]))
    #expect(try ports() == ["3", "5", "2"])
    try bench.call("ModifySecurityGroupPolicies", set(id, ["Ingress": [rule("9")]]))
    #expect(try ports() == [])
    let shown = try policies(&bench, id)
    #expect(shown.at("Ingress[0].Protocol") == "tcp")
    #expect(shown.at("Ingress[0].Action") == "ACCEPT")
  }

  @Test("rules that say two things at once, or nothing, are refused")
  func exclusive() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    func code(_ policies: Record, _ action: String = "CreateSecurityGroupPolicies") -> String {
      bench.refusal(action, set(stock.freeGroup, policies))
    }
    #expect(code(["Egress": [rule("1")], "Ingress": [rule("1")]]) == "InvalidParameter.Coexist")
    #expect(code([:]) == "MissingParameter")
    #expect(code(["Egress": [rule("1", ["SecurityGroupId": .text(stock.group)])]]) == "InvalidParameter.Coexist")
    let template: Value = ["ServiceId": "eppm-1", "ServiceGroupId": ""]
    #expect(code(["Egress": [rule("1", ["ServiceTemplate": template])]]) == "InvalidParameter.Coexist")
    #expect(code(["Egress": [rule("1", ["Protocol": "ICMP"])]]) == "InvalidParameter.Coexist")
    #expect(code(["Egress": [rule("80-79")]]) == "InvalidParameterValue.Malformed")
    #expect(code(["Egress": [rule("1", ["CidrBlock": "ten"])]]) == "InvalidParameterValue.Malformed")
    #expect(code(["Egress": [rule("1"), rule("1")]]) == "UnsupportedOperation.DuplicatePolicy")
    #expect(
      code(["Egress": [rule("1", ["PolicyIndex": 0])]], "ModifySecurityGroupPolicies")
        == "InvalidParameterValue.Malformed")
    let many = Value.list((1...101).map { rule(.text(String($0))) })
    #expect(code(["Egress": many]) == "LimitExceeded.SecurityGroupPolicySet")
  }

  @Test("a group that is bound, named by another's rule, or the default one stays")
  func inUse() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    func delete(_ id: String) -> String { bench.refusal("DeleteSecurityGroup", ["SecurityGroupId": .text(id)]) }
    #expect(delete(stock.group) == "ResourceInUse")
    #expect(delete(try #require(bench.world.defaultSecurityGroup)) == "ResourceInUse")
    let reference = rule("1", ["CidrBlock": "", "SecurityGroupId": .text(stock.freeGroup)])
    try bench.call("CreateSecurityGroupPolicies", set(stock.group, ["Egress": [reference]]))
    #expect(delete(stock.freeGroup) == "ResourceInUse")
    try bench.call("DeleteSecurityGroupPolicies", set(stock.group, ["Egress": [reference]]))
    try bench.call("DeleteSecurityGroup", ["SecurityGroupId": .text(stock.freeGroup)])
    #expect(delete(stock.freeGroup) == "ResourceNotFound")
  }

  @Test("what is bound to a group is counted; instances get the default group when none is named")
  func binding() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let names: Record = ["SecurityGroupIds": [.text(stock.group)]]
    func count() throws -> Value {
      try bench.call("DescribeSecurityGroupAssociationStatistics", names)
        .at("SecurityGroupAssociationStatisticsSet[0].ECM")
    }
    #expect(try count() == 2)
    let bind = names.merging(["InstanceIds": [.text(stock.stopped[0])]])
    try bench.call("AssociateSecurityGroups", bind)
    #expect(try count() == 3)
    #expect(bench.world.instances[stock.stopped[0]]?.securityGroupIDs.first == bench.world.defaultSecurityGroup)
    try bench.call("DisassociateSecurityGroups", bind)
    #expect(try count() == 2)
    let unknown: Record = ["SecurityGroupIds": ["esg-nothing0"], "InstanceIds": [.text(stock.running[0])]]
    #expect(bench.refusal("AssociateSecurityGroups", unknown) == "InvalidParameterValue")
    let nobody = names.merging(["InstanceIds": ["ein-nothing0"]])
    #expect(bench.refusal("AssociateSecurityGroups", nobody) == "InvalidParameterValue.InvalidInstanceID")
    let run = (stock.calls["RunInstances"] ?? [:]).merging(["SecurityGroupIds": ["esg-nothing0"]])
    #expect(bench.refusal("RunInstances", run) == "InvalidParameterValue.InvalidSecurityGroupID")
  }

  @Test("a key pair shows its private half once, has a name of its own, and is taken off a running instance by force")
  func keys() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let pair = try bench.call("CreateKeyPair", ["KeyName": "mine"])
    #expect(try pair.text("KeyPair.PrivateKey").hasPrefix("-----BEGIN RSA PRIVATE KEY-----\n"))
    #expect(bench.refusal("CreateKeyPair", ["KeyName": "mine"]) == "InvalidParameterValue.InvalidKeyPairName")
    #expect(bench.refusal("CreateKeyPair", ["KeyName": "mi-ne"]) == "InvalidParameterValue.InvalidKeyPairName")
    try bench.call("StartInstances", ["InstanceIdSet": [.text(stock.stopped[0])]])
    bench.settle()
    let take: Record = ["InstanceIds": [.text(stock.stopped[0])], "KeyIds": [.text(stock.key)]]
    #expect(
      bench.refusal("DisassociateInstancesKeyPairs", take) == "InvalidParameterValue.InstanceIdNotSupported")
    try bench.call("DisassociateInstancesKeyPairs", take.merging(["ForceStop": true]))
    #expect(try bench.state(stock.stopped[0]) == "REBOOTING")
    bench.settle()
    #expect(
      bench.refusal("DisassociateInstancesKeyPairs", take.merging(["ForceStop": true]))
        == "InvalidParameterValue.InvalidKeyPairId")
  }
}
