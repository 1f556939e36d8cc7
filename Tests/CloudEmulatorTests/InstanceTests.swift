import Testing
import Values

@testable import CloudEmulator

@Suite("Instances")
struct InstanceTests {
  @Test("instances are PENDING for 20 to 40 seconds, then RUNNING")
  func launch() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let ids = try bench.run(module, 3)
    #expect(ids.count == 3 && Set(ids).count == 3)
    #expect(try bench.state(ids[0]) == "PENDING")
    bench.pass(.milliseconds(19_800))
    #expect(try bench.state(ids[0]) == "PENDING")
    bench.pass(.seconds(21))
    for id in ids { #expect(try bench.state(id) == "RUNNING") }
    #expect(bench.cloud.nextEvent == nil)
  }

  @Test("latencies are divided by the speed")
  func speed() throws {
    var bench = Bench(speed: 100)
    let id = try bench.run(try bench.makeModule())[0]
    let due = try #require(bench.cloud.nextEvent)
    #expect((200...400).contains((due - bench.now).milliseconds))
    bench.settle()
    #expect(try bench.state(id) == "RUNNING")
  }

  @Test("what a call leaves out comes from the module; what it says wins")
  func template() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let own = try bench.run(module)[0]
    let other = try bench.run(
      module, 1,
      ["InstanceType": "S5.MEDIUM4", "InternetMaxBandwidthOut": 9, "SystemDiskSize": 60, "DataDiskSize": 70])[
        0]
    let list = try bench.call("DescribeInstances", ["OrderDirection": 1])
    #expect(list.at("InstanceSet[0].InstanceId") == .text(own))
    #expect(list.at("InstanceSet[0].InstanceTypeConfig.InstanceType") == "S4.LARGE8")
    #expect(list.at("InstanceSet[0].DataDiskSize") == 100)
    #expect(list.at("InstanceSet[0].SimpleModule.ModuleName") == "web")
    #expect(list.at("InstanceSet[1].InstanceId") == .text(other))
    #expect(list.at("InstanceSet[1].InstanceTypeConfig.InstanceType") == "S5.MEDIUM4")
    #expect(list.at("InstanceSet[1].SystemDisk.DiskSize") == 60)
    #expect(list.at("InstanceSet[1].DataDisks[0].DiskSize") == 70)
    #expect(list.at("InstanceSet[1].Internet.PublicIPAddressSet[0].MaxBandwidthOut") == 9)
  }

  @Test("a filter for nothing finds the instances that have nothing there")
  func emptyFilterValue() throws {
    var bench = Bench()
    let own = try bench.run(try bench.makeModule())
    let place: Value = ["Zone": .text(Bench.zone), "InstanceCount": 1, "ISP": "CMCC"]
    let other = try bench.call(
      "RunInstances",
      [
        "ZoneInstanceCountISPSet": [place], "InstanceType": "S5.SMALL2", "ImageId": "img-q9fy0if9",
        "InternetMaxBandwidthOut": 5, "DataDiskSize": 0,
      ])
    func shown(_ filter: String) throws -> Value {
      let filters: Value = [["Name": .text(filter), "Values": [""]]]
      return try bench.call("DescribeInstances", ["Filters": filters]).at("InstanceSet[].InstanceId")
    }
    #expect(try shown("module-id") == other.at("InstanceIdSet"))
    #expect(try shown("ip-address") == [])
    #expect(try shown("instance-id") == [])
    #expect(try shown("instance-name") == .list((other.at("InstanceIdSet").asList ?? []) + own.map(Value.text)))
  }

  @Test("without a module, image, type, disk and bandwidth are needed")
  func withoutModule() throws {
    var bench = Bench()
    var parameters: Record = [
      "ZoneInstanceCountISPSet": [["Zone": .text(Bench.zone), "InstanceCount": 1, "ISP": "CMCC"]]
    ]
    #expect(
      bench.refusal("RunInstances", parameters) == "InvalidParameterValue.InvalidModuleIDAndInstanceTypeConfigID")
    parameters["InstanceType"] = "S5.MEDIUM4"
    #expect(bench.refusal("RunInstances", parameters) == "InvalidParameterValue.InvalidImageID")
    parameters["ImageId"] = "img-9qabwvbn"
    #expect(bench.refusal("RunInstances", parameters) == "InvalidParameterValue.InvalidDataDiskSize")
    parameters["DataDiskSize"] = 0
    #expect(bench.refusal("RunInstances", parameters) == "InvalidParameterValue.InvalidBandwidth")
    parameters["InternetMaxBandwidthOut"] = "50"
    #expect(try bench.call("RunInstances", parameters).at("InstanceIdSet[0]") != .null)
  }

  @Test("instances land in the named subnet, with the named addresses or the lowest free ones")
  func subnet() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let vpc = try bench.makeVpc()
    let subnet = try bench.makeSubnet(vpc)
    let inside: Record = ["VpcId": .text(vpc), "SubnetId": .text(subnet)]
    let named = inside.merging(["PrivateIpAddresses": ["10.10.1.3", "10.10.1.2"]])
    _ = try bench.run(module, 2, inside: named)
    let id = try bench.run(module, inside: inside)[0]
    let shown = try bench.call("DescribeInstances", ["Filters": [["Name": "ip-address", "Values": ["10.10.1.4"]]]])
    #expect(shown.at("InstanceSet[0].InstanceId") == .text(id))
    #expect(try bench.call("DescribeSubnets", ["SubnetIds": [.text(subnet)]]).at("SubnetSet[0].InstanceCount") == 3)
    func refused(_ more: Record) -> String {
      let place: Record = ["Zone": .text(Bench.zone), "InstanceCount": 1, "ISP": "CTCC"]
      return bench.refusal(
        "RunInstances", ["ModuleId": .text(module), "ZoneInstanceCountISPSet": [.record(place.merging(more))]])
    }
    #expect(refused(inside.merging(["PrivateIpAddresses": ["10.10.1.3"]])) == "ResourceInUse")
    #expect(refused(inside.merging(["PrivateIpAddresses": ["10.10.1.1"]])) == "InvalidParameterValue")
    #expect(refused(["VpcId": .text(vpc)]) == "InvalidParameterValue")
    #expect(refused(["VpcId": .text(vpc), "SubnetId": "subnet-00000000"]) == "InvalidParameterValue.SubnetNotExist")
    #expect(refused(["Zone": "nowhere"]) == "InvalidParameterValue.InvalidZone")
    #expect(refused(["ISP": "CTCC;CTCC"]) == "InvalidParameterValue.InvalidISPInNode")
    #expect(refused(["InstanceCount": 0]) == "InvalidParameterValue.InvalidZoneInstanceCount")
    let delete: Record = ["SubnetId": .text(subnet), "EcmRegion": .text(Bench.region)]
    #expect(bench.refusal("DeleteSubnet", delete) == "ResourceInUse")
  }

  @Test("a subnet that is full takes no more, and nothing is made")
  func fullSubnet() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let vpc = try bench.makeVpc()
    let subnet = try bench.makeSubnet(vpc, "10.10.1.0/29")
    let place: Record = [
      "Zone": .text(Bench.zone), "InstanceCount": 6, "ISP": "CTCC", "VpcId": .text(vpc), "SubnetId": .text(subnet),
    ]
    let parameters: Record = ["ModuleId": .text(module), "ZoneInstanceCountISPSet": [.record(place)]]
    #expect(bench.refusal("RunInstances", parameters) == "ResourceInsufficient.PrivateIPQuotaNotEnough")
    #expect(try bench.run(module, 5, inside: place.merging(["InstanceCount": 5])).count == 5)
  }

  @Test(
    "names are numbered in each region and carrier",
    arguments: [
      ("server_{R:3}", 2, ["server_3", "server_4"]), ("server_", 2, ["server_1", "server_2"]), ("one", 1, ["one"]),
      ("", 2, ["Not named", "Not named"]), ("a{R:1}b{R:10}", 2, ["a1b10", "a2b11"]), ("{x}", 1, ["{x}"]),
    ])
  func names(_ pattern: String, _ count: Int, _ expected: [String]) {
    var names = NamePattern(pattern)
    #expect((0..<count).map { _ in names.next(of: count, in: "a") } == expected)
    #expect(names.next(of: count, in: "b") == expected[0])
  }

  @Test("power calls go through their states, and refuse instances in the wrong one")
  func power() throws {
    var bench = Bench()
    let id = try bench.run(try bench.makeModule())[0]
    let ids: Record = ["InstanceIdSet": [.text(id)]]
    #expect(bench.refusal("StartInstances", ids) == "OperationDenied.InstanceOperationInProgress")
    #expect(bench.refusal("StopInstances", ids) == "ResourceUnavailable.InstanceNotRunning")
    bench.settle()
    #expect(bench.refusal("StartInstances", ids) == "FailedOperation.InstanceNotAllStopped")
    for (action, through, end) in [
      ("RebootInstances", "REBOOTING", "RUNNING"), ("StopInstances", "STOPPING", "STOPPED"),
      ("StartInstances", "STARTING", "RUNNING"),
    ] {
      try bench.call(action, ids)
      #expect(try bench.state(id) == .text(through))
      #expect(bench.refusal("RebootInstances", ids) == "OperationDenied.InstanceOperationInProgress")
      bench.settle()
      #expect(try bench.state(id) == .text(end))
    }
    let nobody: Record = ["InstanceIdSet": ["ein-00000000"]]
    #expect(bench.refusal("StopInstances", nobody) == "InvalidParameterValue.InvalidInstanceID")
    #expect(bench.refusal("RebootInstances", nobody) == "ResourceNotFound.InstanceNotExist")
  }

  @Test("a terminated instance goes, and leaves its address, its module and its listener")
  func terminate() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let before = bench.inventory
    let id = try bench.run(module)[0]
    try bench.call("TerminateInstances", ["InstanceIdSet": [.text(id)]])
    #expect(try bench.state(id) == "TERMINATING")
    #expect(bench.refusal("TerminateInstances", ["InstanceIdSet": [.text(id)]]) == "FailedOperation.OperationNotAllow")
    bench.settle()
    #expect(try bench.state(id) == .null)
    #expect(bench.inventory == before)
    #expect(bench.refusal("TerminateInstances", ["InstanceIdSet": [.text(id)]]) == "ResourceNotFound.InstanceNotExist")
  }

  @Test("a scheduled termination begins at its time")
  func scheduled() throws {
    var bench = Bench()
    let id = try bench.run(try bench.makeModule())[0]
    bench.settle()
    var parameters: Record = [
      "InstanceIdSet": [.text(id)], "TerminateDelay": true, "TerminateTime": "2026-01-01 00:00:00",
    ]
    #expect(bench.refusal("TerminateInstances", parameters) == "InvalidParameterValue.TerminateTimeSmaller")
    parameters["TerminateTime"] = "2026-13-01 00:00:00"
    #expect(bench.refusal("TerminateInstances", parameters) == "InvalidParameterValue.InvalidTime")
    parameters["TerminateTime"] = "2026-01-03 00:00:00"
    try bench.call("TerminateInstances", parameters)
    #expect(try bench.state(id) == "SHUTDOWN")
    #expect(bench.cloud.nextEvent?.plainText == "2026-01-03 00:00:00")
    bench.settle()
    #expect(try bench.state(id) == .null)
  }

  @Test("a login is given in one way, and a password must not be simple")
  func login() throws {
    var bench = Bench()
    let base: Record = [
      "ModuleId": .text(try bench.makeModule()),
      "ZoneInstanceCountISPSet": [["Zone": .text(Bench.zone), "InstanceCount": 1, "ISP": "CTCC"]],
    ]
    let both = base.merging(["Password": "Secret-1234", "KeyIds": ["skey-12345678"]])
    #expect(bench.refusal("RunInstances", both) == "InvalidParameter.ParameterConflict")
    let kept = base.merging(["Password": "Secret-1234", "KeepImageLogin": "TRUE"])
    #expect(bench.refusal("RunInstances", kept) == "InvalidParameter.ParameterConflict")
    for weak in ["short1!", "alllettersonly"] {
      let code = bench.refusal("RunInstances", base.merging(["Password": .text(weak)]))
      #expect(code == "InvalidParameterValue.InvaildPassword")
    }
    try bench.call("RunInstances", base.merging(["Password": "Secret-1234", "KeepImageLogin": "FALSE"]))
  }
}
