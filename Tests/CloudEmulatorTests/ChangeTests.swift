import Testing
import Values

@testable import CloudEmulator

/// Changes of modules, instances, images, elastic IPs and load balancers, and what is reported of them.
@Suite("Changes")
struct ChangeTests {
  @Test("a module in use keeps its configuration; name, network and flags change")
  func modules() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let used: Record = ["ModuleId": .text(stock.module)]
    let config: Record = ["InstanceType": "S5.LARGE8", "DefaultDataDiskSize": 200]
    #expect(
      bench.refusal("ModifyModuleConfig", used.merging(config)) == "InvalidParameterValue.ModuleNotAllowChange")
    try bench.call("ModifyModuleConfig", config.merging(["ModuleId": .text(stock.unusedModule)]))
    #expect(
      bench.refusal("ModifyModuleName", used.merging(["ModuleName": "idle"]))
        == "InvalidParameterValue.InvalidModuleName")
    #expect(
      bench.refusal("ModifyModuleNetwork", used.merging(["DefaultBandwidth": 5, "DefaultBandwidthIn": 6]))
        == "InvalidParameterValue.InvalidBandwidthInAndOut")
    try bench.call("ModifyModuleDisableWanIp", used.merging(["DisableWanIp": true]))
    let id = try #require(try bench.run(stock.module).first)
    #expect(bench.world.instances[id]?.publicAddress == nil)
    try bench.call("ModifyModuleImage", used.merging(["DefaultImageId": "img-win12r2d"]))
    #expect(
      bench.refusal("ModifyModuleIpDirect", used.merging(["CloseIpDirect": false]))
        == "InvalidParameterValue.InvalidEIPDirectService")
    let twice: Value = [.text(stock.group), .text(stock.group)]
    #expect(
      bench.refusal("ModifyModuleSecurityGroups", used.merging(["SecurityGroupIdSet": twice]))
        == "InvalidParameterValue.Duplicate")
  }

  @Test("a reinstalled instance is busy, then runs its new image")
  func reset() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let chosen: Record = ["InstanceIdSet": [.text(stock.stopped[1])]]
    try bench.call("ResetInstances", chosen.merging(["ImageId": "img-q9fy0if9"]))
    #expect(try bench.state(stock.stopped[1]) == "REBOOTING")
    #expect(bench.refusal("ResetInstances", chosen) == "OperationDenied.InstanceOperationInProgress")
    bench.settle()
    let shown = try bench.call(
      "DescribeInstances", ["Filters": [["Name": "instance-id", "Values": [.text(stock.stopped[1])]]]])
    #expect(shown.at("InstanceSet[0].InstanceState") == "RUNNING")
    #expect(shown.at("InstanceSet[0].Image.ImageId") == "img-q9fy0if9")
    #expect(shown.at("InstanceSet[0].LatestOperation") == "ResetInstances")
    #expect(shown.at("InstanceSet[0].LatestOperationState") == "SUCCESS")
  }

  @Test("a password is set on an instance that is shut down, or on a running one by force")
  func password() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let running: Record = ["InstanceIdSet": [.text(stock.running[0])], "Password": "Secret-1234"]
    #expect(bench.refusal("ResetInstancesPassword", running) == "FailedOperation.InstanceNotAllStopped")
    let simple = running.merging(["Password": "aaaaaaaaa", "ForceStop": true])
    #expect(bench.refusal("ResetInstancesPassword", simple) == "InvalidParameterValue.InvaildPassword")
    try bench.call("ResetInstancesPassword", running.merging(["ForceStop": true]))
    bench.settle()
    #expect(try bench.state(stock.running[0]) == "RUNNING")
    try bench.call("ResetInstancesPassword", running.merging(["InstanceIdSet": [.text(stock.stopped[0])]]))
    bench.settle()
    #expect(try bench.state(stock.stopped[0]) == "STOPPED")
  }

  @Test("the console is for running instances; what is denied goes by the state")
  func console() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let url = try bench.call("DescribeInstanceVncUrl", ["InstanceId": .text(stock.running[0])]).text("InstanceVncUrl")
    #expect(url.hasPrefix("wss%3A%2F%2F"))
    #expect(
      bench.refusal("DescribeInstanceVncUrl", ["InstanceId": .text(stock.stopped[0])])
        == "UnsupportedOperation.InvalidInstanceState")
    let denied = try bench.call("DescribeInstancesDeniedActions", ["InstanceIdSet": [.text(stock.stopped[0])]])
    let actions = denied.at("InstanceOperatorSet[0].DeniedActions").asList ?? []
    #expect(actions.count { $0.asRecord?["Action"] == "StopInstances" } == 1)
    for value in actions {
      let action = try #require(value.asRecord?["Action"]?.asText)
      let one: Record =
        action == "DescribeInstanceVncUrl"
        ? ["InstanceId": .text(stock.stopped[0])] : ["InstanceIdSet": [.text(stock.stopped[0])]]
      #expect(bench.refusal(action, one) == value.asRecord?["Code"]?.asText)
    }
  }

  @Test("an import is pending, then worked on, then an image with that source, which can be deleted")
  func imports() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let before = bench.inventory
    let source: Record = ["ImageId": "img-far00001", "ImageDescription": "d", "SourceRegion": "ap-chengdu"]
    #expect(
      bench.refusal("ImportImage", source.merging(["SourceRegion": "ap-xian-ecm"]))
        == "InvalidParameterValue.UnsupportedRegion")
    try bench.call("ImportImage", source)
    let task: Record = ["Filters": [["Name": "image-id", "Values": ["img-far00001"]]]]
    func state() throws -> Value { try bench.call("DescribeCustomImageTask", task).at("ImageTaskSet[0].State") }
    #expect(try state() == "PENDING")
    #expect(bench.refusal("ImportImage", source) == "InvalidParameterValue.ImageDuplicate")
    bench.pass(.seconds(10))
    #expect(try state() == "PROCESSING")
    bench.settle()
    #expect(try state() == "SUCCESS")
    let image = try #require(bench.world.images.all.last)
    let filters: Value = [["Name": "image-id", "Values": [.text(image.id)]]]
    let shown = try bench.call("DescribeImage", ["Filters": filters])
    #expect(shown.at("ImageSet[0].SrcImage.ImageId") == "img-far00001")
    #expect(
      bench.refusal("ModifyImageAttribute", ["ImageId": .text(image.id), "ImageName": "golden"])
        == "InvalidParameterValue.ImageNameDuplicate")
    #expect(
      bench.refusal("ModifyImageAttribute", ["ImageId": "img-q9fy0if9", "ImageName": "x"])
        == "FailedOperation.OperationNotAllow")
    try bench.call("DeleteImage", ["ImageIDSet": [.text(image.id)]])
    #expect(bench.inventory == before)
  }

  @Test("snapshots go together or not at all")
  func snapshots() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let all = Array(bench.world.snapshots.all)
    let shared = try #require(all.first { $0.shares > 0 }).id
    let imaged = try #require(all.first { $0.imageID != nil }).id
    func code(_ ids: String...) -> String {
      bench.refusal("DeleteSnapshots", ["SnapshotIds": .list(ids.map(Value.text))])
    }
    #expect(code(all[0].id, shared) == "UnsupportedOperation.SnapHasShared")
    #expect(code(all[0].id, imaged) == "UnsupportedOperation.SnapshotHasBindedImage")
    #expect(code(all[0].id, "snap-nothing0") == "InvalidParameterValue.InvalidSnapshotId")
    try bench.call("DeleteSnapshots", ["SnapshotIds": [.text(all[0].id), .text(imaged)], "DeleteBindImages": true])
    #expect(try bench.call("DescribeSnapshots")["TotalCount"] == 2)
  }

  @Test("a virtual IP takes an address of its subnet and gives it back")
  func haVips() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let own: Record = ["VpcId": .text(stock.vpc), "SubnetId": .text(stock.emptySubnet), "HaVipName": "v"]
    #expect(
      bench.refusal("CreateHaVip", own.merging(["Vip": "10.0.0.3"])) == "InvalidParameterValue.ObjectNotCurrentSubnet")
    let made = try bench.call("CreateHaVip", own.merging(["Vip": "10.0.9.3"]))
    #expect(made.at("HaVip.State") == "UNBIND")
    #expect(bench.refusal("CreateHaVip", own.merging(["Vip": "10.0.9.3"])) == "InvalidParameterValue.Duplicate")
    let subnet: Record = ["SubnetId": .text(stock.emptySubnet), "EcmRegion": Stock.region]
    #expect(bench.refusal("DeleteSubnet", subnet) == "ResourceInUse")
    try bench.call("DeleteHaVip", ["HaVipId": made.at("HaVip.HaVipId")])
    try bench.call("DeleteSubnet", subnet)
  }

  @Test("an instance that runs in its subnet binds a virtual IP by announcing it, and holds it while it runs")
  func announcements() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let running = try #require(bench.world.instances.all.first { $0.state == .running })
    let place: Record = [
      "VpcId": .text(running.vpcID), "SubnetId": .text(running.subnetID), "HaVipName": "v",
    ]
    let id = try bench.call("CreateHaVip", place).text("HaVip.HaVipId")
    func shown() throws -> [Value] {
      let answer = try bench.call("DescribeHaVips", ["HaVipIds": [.text(id)]])
      return ["State", "InstanceId", "NetworkInterfaceId"].map { answer.at("HaVipSet[0].\($0)") }
    }
    let primary = bench.world.interfaces(of: running).first?.id ?? ""
    let bound: [Value] = ["AVAILABLE", .text(running.id), .text(primary)]
    #expect(try shown() == ["UNBIND", "", ""])
    #expect(bench.cloud.announce(id, by: running.id, account: bench.account) == nil)
    #expect(try shown() == bound)
    #expect(try EmulatedCloud(decoding: bench.cloud.encoded).encoded == bench.cloud.encoded)
    try bench.call("StopInstances", ["InstanceIdSet": [.text(running.id)]])
    #expect(try shown() == ["UNBIND", "", ""])
    bench.settle()
    let stopped = bench.cloud.announce(id, by: running.id, account: bench.account)
    #expect(stopped == "'\(running.id)' is STOPPED; only a running instance announces addresses.")
    try bench.call("StartInstances", ["InstanceIdSet": [.text(running.id)]])
    bench.settle()
    #expect(try shown() == bound)
    #expect(bench.cloud.announce(id, by: nil, account: bench.account) == nil)
    #expect(try shown() == ["UNBIND", "", ""])
    #expect(bench.cloud.announce("havip-00000000", by: nil, account: bench.account)?.contains("no virtual IP") == true)
    #expect(bench.cloud.announce(id, by: "ein-00000000", account: bench.account)?.contains("no instance") == true)
    #expect(bench.cloud.announce(id, by: nil, account: "nobody") == "There is no account 'nobody' yet.")
    let elsewhere = try bench.call(
      "CreateHaVip", ["VpcId": .text(stock.vpc), "SubnetId": .text(stock.emptySubnet), "HaVipName": "w"])
    let told = bench.cloud.announce(try elsewhere.text("HaVip.HaVipId"), by: running.id, account: bench.account)
    #expect(told?.contains("has no interface in \(stock.emptySubnet)") == true)
  }

  @Test("an elastic IP's bandwidth changes when its task ends, its name at once")
  func elastic() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let own: Record = ["EcmRegion": Stock.region, "AddressIds": [.text(stock.looseAddress)]]
    #expect(
      bench.refusal("ModifyAddressesBandwidth", own.merging(["InternetMaxBandwidthOut": 5001]))
        == "InvalidParameterValue.BandwidthOutOfRange")
    let task = try bench.call("ModifyAddressesBandwidth", own.merging(["InternetMaxBandwidthOut": 30])).text("TaskId")
    #expect(try bench.taskResult(task) == "RUNNING")
    #expect(try bench.address(stock.looseAddress).asRecord?["Bandwidth"] == 1)
    bench.settle()
    #expect(try bench.taskResult(task) == "SUCCESS")
    #expect(try bench.address(stock.looseAddress).asRecord?["Bandwidth"] == 30)
    try bench.call(
      "ModifyAddressAttribute",
      ["EcmRegion": Stock.region, "AddressId": .text(stock.looseAddress), "AddressName": "front"])
    #expect(try bench.address(stock.looseAddress).asRecord?["AddressName"] == "front")
  }

  @Test("a target's own weight wins over the call's; a port moves unless it is taken")
  func targets() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let own: Record = ["LoadBalancerId": .text(stock.balancer), "ListenerId": .text(stock.listener)]
    let target: Record = ["InstanceId": .text(stock.running[0]), "Port": 80]
    func shown(_ name: String) throws -> Value {
      try bench.call("DescribeTargets", ["LoadBalancerId": .text(stock.balancer)]).at("Listeners[0].Targets[0].\(name)")
    }
    try bench.call(
      "ModifyTargetWeight", own.merging(["Targets": [.record(target.merging(["Weight": 3]))], "Weight": 50]))
    #expect(try shown("Weight") == 3)
    try bench.call("ModifyTargetPort", own.merging(["Targets": [.record(target)], "NewPort": 90]))
    #expect(try shown("Port") == 90)
    #expect(
      bench.refusal("ModifyTargetPort", own.merging(["Targets": [.record(target)], "NewPort": 91]))
        == "InvalidParameter.FormatError")
    let flip: Record = ["LoadBalancerIds": [.text(stock.balancer)], "SecurityGroup": .text(stock.group)]
    try bench.call("SetSecurityGroupForLoadbalancers", flip.merging(["OperationType": "ADD"]))
    #expect(bench.world.balancers[stock.balancer]?.securityGroupIDs == [stock.group])
    try bench.call("SetLoadBalancerSecurityGroups", ["LoadBalancerId": .text(stock.balancer), "SecurityGroups": []])
    #expect(bench.world.balancers[stock.balancer]?.securityGroupIDs == [])
    try bench.call("ModifyListener", own.merging(["HealthCheck": ["HealthSwitch": 1, "TimeOut": 7]]))
    let check = try bench.call("DescribeListeners", ["LoadBalancerId": .text(stock.balancer)])
    #expect(check.at("Listeners[0].HealthCheck.TimeOut") == 7)
    #expect(check.at("Listeners[0].HealthCheck.IntervalTime") == 5)
  }

  @Test("prices are the book's; reports are the same when asked twice, and end with now")
  func reports() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let price = try bench.call("DescribePriceRunInstance", stock.calls["DescribePriceRunInstance"] ?? [:])
    #expect(price.at("InstancePrice.InstancePricesPartDetail.CpuPrice.OriginalPrice") == 12_800)
    #expect(price.at("InstancePrice.InstancePricesPartDetail.MemPrice.OriginalPrice") == 8106)
    #expect(price.at("InstancePrice.InstancePricesPartDetail.DisksPrice.OriginalPrice") == 116)
    for action in ["DescribePeakNetworkOverview", "DescribePeakBaseOverview", "DescribeMonthPeakNetwork"] {
      let parameters = stock.calls[action] ?? [:]
      #expect(try bench.call(action, parameters) == bench.call(action, parameters))
    }
    let peaks = try bench.call("DescribePeakNetworkOverview", stock.calls["DescribePeakNetworkOverview"] ?? [:])
    let times = peaks.at("PeakNetworkRegionSet[0].PeakNetworkSet").asList ?? []
    #expect(times.count > 180)
    #expect(times.allSatisfy { ($0.asRecord?["RecordTime"]?.asText ?? "z") <= bench.now.plainText })
    #expect(
      bench.refusal("DescribePeakNetworkOverview", ["StartTime": "2025-11-01"]) == "InvalidParameterValue.InvalidTime")
    #expect(bench.refusal("DescribeMonthPeakNetwork", ["Month": "2026-13"]) == "InvalidParameterValue.Malformed")
    let totals = try bench.call("DescribeBaseOverview")
    #expect(totals["InstanceNum"] == 4)
    #expect(totals["RunningNum"] == 2)
    #expect(totals["VcpuNum"] == 16)
  }
}
