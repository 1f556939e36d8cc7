import CloudCatalog
import Foundation
import Testing
import Values

@testable import CloudEmulator

@Suite("Reading CVM, and its state")
struct CvmReadTests {
  @Test("filters hold together, their values each for itself")
  func filters() throws {
    var bench = CvmBench()
    let (one, two) = (try bench.run(1, ["InstanceName": "one"])[0], try bench.run(1, ["InstanceName": "two"])[0])
    func found(_ filters: Value) throws -> Value {
      try bench.call("DescribeInstances", ["Filters": filters]).at("InstanceSet[].InstanceId")
    }
    #expect(try found([["Name": "instance-name", "Values": ["one", "two"]]]) == [.text(two), .text(one)])
    #expect(
      try found([["Name": "instance-name", "Values": ["one"]], ["Name": "zone", "Values": [.text(CvmBench.zone)]]])
        == [.text(one)])
    #expect(try found([["Name": "instance-id", "Values": [.text(one), "ins-00000000"]]]) == [.text(one)])
    #expect(try found([["Name": "vpc-id", "Values": ["vpc-00000000"]]]) == [])
    let unknown: Record = ["Filters": [["Name": "colour", "Values": ["x"]]]]
    let many: Record = ["Filters": [["Name": "zone", "Values": ["1", "2", "3", "4", "5", "6"]]]]
    for action in ["DescribeInstances", "DescribeImages", "DescribeKeyPairs", "DescribeLaunchTemplates"] {
      #expect(bench.refusal(action, unknown) == "InvalidFilter", "\(action)")
    }
    #expect(bench.refusal("DescribeInstances", many) == "InvalidFilterValue.LimitExceeded")
    let two2: Record = ["Filters": [["Name": "zone", "Values": ["ap-shanghai-1", "ap-shanghai-2"]]]]
    #expect(bench.refusal("DescribeInstanceTypeConfigs", two2) == "InvalidFilterValue.LimitExceeded")
    for (action, ids) in [
      ("DescribeInstances", "InstanceIds"), ("DescribeImages", "ImageIds"), ("DescribeKeyPairs", "KeyIds"),
      ("DescribeLaunchTemplates", "LaunchTemplateIds"), ("DescribeChcHosts", "ChcIds"),
    ] {
      let both = unknown.merging([ids: ["x-00000000"]])
      let code =
        switch action {
        case "DescribeImages": "InvalidParameter.InvalidParameterCoexistImageIdsFilters"
        case "DescribeChcHosts": "InvalidParameter.AtMostOne"
        default: "InvalidParameter"
        }
      #expect(bench.refusal(action, both) == code, "\(action)")
    }
    #expect(bench.refusal("DescribeInstances", ["InstanceIds": ["what"]]).hasSuffix("Malformed"))
    #expect(bench.refusal("DescribeKeyPairs", ["Limit": 101]) == "InvalidParameterValueLimit")
    #expect(bench.refusal("DescribeImages", ["Limit": 0]) == "InvalidParameterValue.InvalidParameterValueLimit")
    #expect(bench.refusal("DescribeKeyPairs", ["Offset": -1]) == "InvalidParameterValueOffset")
  }

  @Test("pages do not overlap and leave nothing out, newest first")
  func pages() throws {
    var bench = CvmBench()
    let ids = try bench.run(45)
    var seen: [String] = []
    for offset in [0, 20, 40] {
      let page = try bench.call("DescribeInstances", ["Offset": .int(offset)])
      #expect(page["TotalCount"] == 45)
      seen += page.at("InstanceSet[].InstanceId").asList?.compactMap(\.asText) ?? []
    }
    #expect(seen == ids.reversed())
    let named: Record = ["InstanceIds": [.text(ids[0]), .text(ids[1])], "Limit": "1", "Offset": "1"]
    #expect(try bench.call("DescribeInstancesStatus", named).at("InstanceStatusSet[].InstanceId") == [.text(ids[1])])
  }

  @Test("a cloud read back from its document goes on as if nothing had happened; equal seeds give equal worlds")
  func state() throws {
    var scene = try CvmScene()
    #expect(try CvmScene().bench.world == scene.bench.world)
    _ = try scene.bench.run(3)
    try scene.bench.call("ResetInstancesType", ["InstanceIds": [.text(scene.stopped)], "InstanceType": "S5.LARGE8"])
    let text = JSON.print(scene.bench.cloud.encoded)
    var copy = scene.bench
    copy.cloud = try EmulatedCloud(decoding: JSON.parse(text))
    #expect(copy.world == scene.bench.world)
    #expect(JSON.print(copy.cloud.encoded) == text)
    copy.settle()
    scene.bench.settle()
    #expect(copy.inventory == scene.bench.inventory)
  }

  @Test("every kind of resource has its line, and what an account comes with says so")
  func inventory() throws {
    let scene = try CvmScene()
    let lines = scene.bench.inventory.filter { $0.kind.hasPrefix("Cvm") }
    let kinds: Set = [
      "CvmInstance", "CvmImage", "CvmKeyPair", "CvmLaunchTemplate", "CvmLaunchTemplateVersion", "CvmPlacementGroup",
      "CvmHost", "CvmChcHost", "CvmReservedInstance", "CvmSubnet", "CvmSecurityGroup",
    ]
    #expect(Set(lines.map(\.kind)) == kinds)
    let system = lines.filter { $0.detail.hasPrefix("system") }
    #expect(Set(system.map(\.kind)) == ["CvmHost", "CvmChcHost", "CvmSubnet", "CvmSecurityGroup"])
    #expect(Set(lines.map { "\($0.kind) \($0.id)" }).count == lines.count)
    let fresh = CvmBench().inventory.filter { $0.kind.hasPrefix("Cvm") }
    #expect(fresh.allSatisfy { $0.detail.hasPrefix("system") })
  }

  @Test("a thousand instances are read in the time of a few")
  func many() throws {
    var bench = CvmBench()
    for _ in 1...10 { _ = try bench.run(100) }
    #expect(try bench.call("DescribeInstances")["TotalCount"] == 1000)
    #expect(CvmInvariants.problems(bench.world) == [])
  }

  /// Examples that cannot be replayed, and why.
  private static let unreplayable: [String: String] = [
    "ConfigureChcDeployVpc": "passes ChcDeployExtraConfig, which its table has not",
    "DescribeReservedInstancesConfigInfos": "passes Offset and Limit, which its table has not",
  ]

  @Test("the books' requests are answered, with ids of this account in place of theirs")
  func examples() throws {
    let scene = try CvmScene()
    for action in Catalog.service("cvm")?.documentedActionNames ?? [] {
      let path = "Fixtures/examples/cvm/\(action).json"
      let bytes = try Data(contentsOf: CvmReadTests.tests.appending(path: path))
      for example in try JSON.parse([UInt8](bytes)).asList ?? [] {
        var bench = scene.bench
        for before in scene.preparations[action] ?? [] { try bench.call(before, scene.parameters(before) ?? [:]) }
        let request = try #require(example.asRecord?["request"]?.asRecord)
        let reply = bench.reply(action, substituted(request, action, scene))
        switch (reply, CvmReadTests.unreplayable[action]) {
        case (.answered(let answer, _), nil): #expect(Shape.problems(answer, of: ActionID("cvm", action)) == [])
        case (.refused(let error), nil):
          let isDryRun = request["DryRun"] != nil && error.code == "DryRunOperation"
          #expect(isDryRun, "\(action): \(error.code) \(error.message)")
        case (.refused(let error), _?): #expect(error.code == "UnknownParameter", "\(action): \(error.code)")
        default: Issue.record("\(action): \(reply)")
        }
      }
    }
  }

  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The request with what the scene's own call names where it names the same: ids, zones, images.
  private func substituted(_ request: Record, _ action: String, _ scene: CvmScene) -> Record {
    let own = scene.parameters(action) ?? [:]
    let kept: Set = [
      "InstanceIds", "InstanceId", "ImageIds", "ImageId", "KeyIds", "KeyId", "LaunchTemplateId", "LaunchTemplateIds",
      "ChcIds",
      "DisasterRecoverGroupIds", "DisasterRecoverGroupId", "SecurityGroupIds", "ReservedInstancesOfferingId",
      "BmcVirtualPrivateCloud", "DeployVirtualPrivateCloud", "VirtualPrivateCloud", "Placement", "InstanceType",
      "LaunchTemplateVersions", "ForceStop", "DataDisks", "Filters", "OsType",
    ]
    var result = Record()
    for (name, value) in request {
      result[name] = kept.contains(name) ? own[name] ?? fallback(name, value, scene) : value
    }
    for name in ["BmcSecurityGroupIds", "DeploySecurityGroupIds"] where result[name] != nil {
      result[name] = [.text(CvmBench.group)]
    }
    if result["InstanceChargeType"] == "CDHPAID" {
      let host = scene.bench.world.cvm[CvmBench.region].hosts.all.first
      result["Placement"] = ["Zone": .text(host?.zone ?? ""), "HostIds": [.text(host?.id ?? "")]]
      result["InstanceType"] = "CDH_1C1G"
    }
    if let force = own["ForceStop"] { result["ForceStop"] = force }
    return result
  }

  private func fallback(_ name: String, _ value: Value, _ scene: CvmScene) -> Value? {
    switch name {
    case "InstanceIds": [.text(scene.running)]
    case "ImageIds": [.text(scene.image)]
    case "LaunchTemplateIds": [.text(scene.template)]
    case "ChcIds": .texts(scene.chc)
    case "DeployVirtualPrivateCloud": scene.parameters("ConfigureChcAssistVpc")?["BmcVirtualPrivateCloud"]
    case "VirtualPrivateCloud":
      [
        "VpcId": .text(CvmBench.vpc), "SubnetId": .text(CvmBench.subnet),
        "PrivateIpAddresses": ["10.0.16.19", "10.0.16.18"],
      ]
    case "Filters" where JSON.print(value).contains("zone"): nil
    default: value
    }
  }
}
