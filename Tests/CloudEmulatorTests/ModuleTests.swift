import Testing
import Values

@testable import CloudEmulator

@Suite("Modules, nodes and what is offered")
struct ModuleTests {
  private let parameters: Record = [
    "ModuleName": "web", "DefaultBandWidth": 50, "DefaultImageId": "img-qsdf3ff2", "InstanceType": "S4.LARGE8",
    "DefaultSystemDiskSize": 50, "DefaultDataDiskSize": 100,
    "TagSpecification": [["ResourceType": "module", "Tags": [["Key": "a", "Value": "b"]]]],
  ]

  @Test("a module is made, shown, changed and deleted")
  func module() throws {
    var bench = Bench()
    let before = bench.inventory
    let id = try bench.call("CreateModule", parameters).text("ModuleId")
    let detail = try bench.call("DescribeModuleDetail", ["ModuleId": .text(id)])
    #expect(detail.at("Module.DefaultImage.ImageId") == "img-qsdf3ff2")
    #expect(detail.at("Module.TagSet") == [["Key": "a", "Value": "b"]])
    #expect(detail.at("ModuleCounter.InstanceNum") == 0)
    try bench.call("ModifyModuleImage", ["ModuleId": .text(id), "DefaultImageId": "img-9qabwvbn"])
    let list = try bench.call("DescribeModule", ["Filters": [["Name": "module-name", "Values": ["we"]]]])
    #expect(list.at("ModuleItemSet[0].Module.DefaultImage.ImageId") == "img-9qabwvbn")
    try bench.call("DeleteModule", ["ModuleId": .text(id)])
    #expect(bench.inventory == before)
  }

  @Test(
    "a module that cannot be is refused with the page's code",
    arguments: [
      ("ModuleName", " web", "InvalidParameterValue.InvalidModuleName"),
      ("DefaultImageId", "img-nothing0", "InvalidParameterValue.InvalidImageID"),
      ("InstanceType", "X9.HUGE", "InvalidParameterValue.InvalidInstanceTypeConfigID"),
      ("DefaultBandWidth", 1001, "InvalidParameterValue.InvalidBandwidth"),
      ("DefaultBandWidthIn", 51, "InvalidParameterValue.InvalidBandwidthInAndOut"),
      ("DefaultSystemDiskSize", 101, "InvalidParameterValue.InvalidSystemDiskSize"),
      ("DefaultDataDiskSize", 1025, "InvalidParameterValue.InvalidDataDiskSize"),
      ("DefaultImageId", "img-060ov1xz", "InvalidParameterValue.InvalidImageArchitecture"),
    ] as [(String, Value, String)])
  func refused(_ name: String, _ value: Value, _ code: String) {
    var bench = Bench()
    #expect(bench.refusal("CreateModule", parameters.merging([name: value].record)) == code)
  }

  @Test("module names are unique, and a module with instances stays")
  func inUse() throws {
    var bench = Bench()
    let id = try bench.makeModule()
    #expect(bench.refusal("CreateModule", parameters) == "InvalidParameterValue.InvalidModuleName")
    let instance = try bench.run(id)[0]
    #expect(bench.refusal("DeleteModule", ["ModuleId": .text(id)]) == "FailedOperation.InstanceInModule")
    bench.settle()
    let detail = try bench.call("DescribeModuleDetail", ["ModuleId": .text(id)])
    #expect(detail.at("ModuleCounter.ISPCounterSet[0].ProvederInstanceNum") == 1)
    try bench.call("TerminateInstances", ["InstanceIdSet": [.text(instance)]])
    #expect(bench.refusal("DeleteModule", ["ModuleId": .text(id)]) == "FailedOperation.InstanceInModule")
    bench.settle()
    try bench.call("DeleteModule", ["ModuleId": .text(id)])
    #expect(bench.refusal("DeleteModule", ["ModuleId": .text(id)]) == "InvalidParameterValue.InvalidModuleID")
  }

  @Test("nodes, types and limits are listed")
  func offers() throws {
    var bench = Bench()
    let nodes = try bench.call("DescribeNode")
    #expect(nodes["TotalCount"] == .int(2 * Geography.standard.regions.count))
    #expect(nodes.at("NodeSet[0].ZoneInfo.ZoneId") == 10_110_001)
    let family: Record = ["Filters": [["Name": "InstanceFamily", "Values": ["none"]]]]
    #expect(try bench.call("DescribeNode", family)["TotalCount"] == 0)
    #expect(try bench.call("DescribeInstanceTypeConfig")["TotalCount"] == .int(Hardware.standard.models.count))
    #expect(try bench.call("DescribeConfig").at("NetworkStorageRange.MaxBandwidth") == 1000)
  }
}

extension [String: Value] {
  var record: Record { Record(map { ($0.key, $0.value) }) }
}
