import Testing
import Values

@testable import CloudEmulator

@Suite("Network interfaces")
struct NetworkInterfaceTests {
  private func shown(_ bench: inout Bench, _ id: String) throws -> Record {
    let answer = try bench.call("DescribeNetworkInterfaces", ["NetworkInterfaceIds": [.text(id)]])
    return answer.at("NetworkInterfaceSet[0]").asRecord ?? Record()
  }

  @Test("an interface is made PENDING, becomes AVAILABLE, is plugged in, pulled out and removed")
  func life() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let before = bench.inventory
    let place: Record = ["VpcId": .text(stock.vpc), "SubnetId": .text(stock.subnet), "EcmRegion": Stock.region]
    let made = try bench.call("CreateNetworkInterface", place.merging(["NetworkInterfaceName": "n"]))
    #expect(made.at("NetworkInterface.State") == "PENDING")
    #expect(made.at("NetworkInterface.PrivateIpAddressSet[0].State") == "PENDING")
    let id = try made.text("NetworkInterface.NetworkInterfaceId")
    let pair: Record = [
      "NetworkInterfaceId": .text(id), "InstanceId": .text(stock.running[1]), "EcmRegion": Stock.region,
    ]
    #expect(bench.refusal("AttachNetworkInterface", pair) == "UnsupportedOperation.InvalidState")
    bench.settle()
    try bench.call("AttachNetworkInterface", pair)
    #expect(try shown(&bench, id)["State"] == "ATTACHING")
    bench.settle()
    #expect(try shown(&bench, id).at("Attachment.InstanceId") == .text(stock.running[1]))
    #expect(try shown(&bench, id).at("Attachment.DeviceIndex") == 1)
    #expect(bench.refusal("AttachNetworkInterface", pair) == "UnsupportedOperation.AttachmentAlreadyExists")
    let own: Record = ["NetworkInterfaceId": .text(id), "EcmRegion": Stock.region]
    #expect(bench.refusal("DeleteNetworkInterface", own) == "ResourceInUse")
    let wrong = pair.merging(["InstanceId": .text(stock.running[0])])
    #expect(bench.refusal("DetachNetworkInterface", wrong) == "UnsupportedOperation.InvalidState")
    try bench.call("DetachNetworkInterface", pair)
    #expect(try shown(&bench, id)["State"] == "DETACHING")
    bench.settle()
    #expect(try shown(&bench, id)["Attachment"] == .null)
    try bench.call("DeleteNetworkInterface", own)
    #expect(try shown(&bench, id)["State"] == "DELETING")
    bench.settle()
    #expect(bench.inventory == before)
  }

  @Test("a primary interface goes with its instance only; a secondary one goes too, or stays when asked")
  func primary() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let own: Record = ["NetworkInterfaceId": .text(stock.primaryInterface), "EcmRegion": Stock.region]
    #expect(bench.refusal("DeleteNetworkInterface", own) == "UnsupportedOperation")
    let pair = own.merging(["InstanceId": .text(stock.running[0])])
    #expect(bench.refusal("DetachNetworkInterface", pair) == "UnsupportedOperation")
    var kept = bench
    let terminate: Record = ["InstanceIdSet": [.text(stock.running[0])]]
    try bench.call("TerminateInstances", terminate)
    bench.settle()
    #expect(bench.world.interfaces[stock.primaryInterface] == nil)
    #expect(bench.world.interfaces[stock.attachedInterface] == nil)
    try kept.call("TerminateInstances", terminate.merging(["AssociatedResourceDestroy": false]))
    kept.settle()
    #expect(try shown(&kept, stock.attachedInterface)["Attachment"] == .null)
    #expect(Invariants.problems(bench.world) + Invariants.problems(kept.world) == [])
  }

  @Test("an instance takes as many interfaces as its size allows, and only of its own network")
  func limits() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    func pair(_ id: String) -> Record {
      ["NetworkInterfaceId": .text(id), "InstanceId": .text(stock.running[0]), "EcmRegion": Stock.region]
    }
    // S4.LARGE8 has four processors: three interfaces, of which the stock has plugged in two.
    try bench.call("AttachNetworkInterface", pair(stock.looseInterface))
    bench.settle()
    func make(_ vpc: String, _ subnet: String) throws -> String {
      let id = try bench.call(
        "CreateNetworkInterface",
        [
          "VpcId": .text(vpc), "SubnetId": .text(subnet), "EcmRegion": Stock.region, "NetworkInterfaceName": "n",
        ]
      ).text("NetworkInterface.NetworkInterfaceId")
      bench.settle()
      return id
    }
    let third = try make(stock.vpc, stock.subnet)
    #expect(bench.refusal("AttachNetworkInterface", pair(third)) == "LimitExceeded.EniQuotaLimitExceeded")
    let foreign = try make(stock.emptyVpc, try bench.makeSubnet(stock.emptyVpc, "10.11.0.0/24"))
    #expect(bench.refusal("AttachNetworkInterface", pair(foreign)) == "UnsupportedOperation.VpcMismatch")
    #expect(
      bench.refusal("DeleteSubnet", ["SubnetId": .text(stock.subnet), "EcmRegion": Stock.region]) == "ResourceInUse")
  }

  @Test("secondary addresses are assigned, described, moved and removed; the primary one stays")
  func addresses() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let before = bench.inventory
    let loose: Record = ["NetworkInterfaceId": .text(stock.looseInterface), "EcmRegion": Stock.region]
    let named: Value = [["PrivateIpAddress": "10.0.0.77"]]
    try bench.call("AssignPrivateIpAddresses", loose.merging(["PrivateIpAddresses": named]))
    #expect(
      bench.refusal("AssignPrivateIpAddresses", loose.merging(["PrivateIpAddresses": named])) == "ResourceInUse")
    let outside: Value = [["PrivateIpAddress": "10.0.1.77"]]
    #expect(
      bench.refusal("AssignPrivateIpAddresses", loose.merging(["PrivateIpAddresses": outside]))
        == "InvalidParameterValue.Range")
    #expect(
      bench.refusal("AssignPrivateIpAddresses", loose.merging(["SecondaryPrivateIpAddressCount": 30]))
        == "LimitExceeded.PrivateIPQuotaLimitExceeded")
    bench.settle()
    #expect(try shown(&bench, stock.looseInterface).at("PrivateIpAddressSet[1].State") == "AVAILABLE")
    let move: Record = [
      "EcmRegion": Stock.region, "SourceNetworkInterfaceId": .text(stock.looseInterface),
      "DestinationNetworkInterfaceId": .text(stock.attachedInterface),
    ]
    let own = try shown(&bench, stock.looseInterface).at("PrivateIpAddressSet[0].PrivateIpAddress")
    #expect(
      bench.refusal("MigratePrivateIpAddress", move.merging(["PrivateIpAddress": own])) == "UnsupportedOperation")
    try bench.call("MigratePrivateIpAddress", move.merging(["PrivateIpAddress": "10.0.0.77"]))
    bench.settle()
    let attached: Record = ["NetworkInterfaceId": .text(stock.attachedInterface), "EcmRegion": Stock.region]
    #expect(
      bench.refusal("RemovePrivateIpAddresses", loose.merging(["PrivateIpAddresses": named])) == "ResourceNotFound")
    try bench.call("RemovePrivateIpAddresses", attached.merging(["PrivateIpAddresses": named]))
    #expect(
      bench.refusal("RemovePrivateIpAddresses", attached.merging(["PrivateIpAddresses": named]))
        == "UnsupportedOperation.MutexOperationTaskRunning")
    bench.settle()
    #expect(bench.inventory == before)
  }

  @Test("an elastic IP on a loose interface is BIND_ENI, and BIND while the interface is plugged in")
  func elastic() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let ip = try #require(bench.world.interfaces[stock.looseInterface]?.addresses.first?.text)
    try bench.call(
      "AssociateAddress",
      [
        "EcmRegion": Stock.region, "AddressId": .text(stock.looseAddress),
        "NetworkInterfaceId": .text(stock.looseInterface), "PrivateIpAddress": .text(ip),
      ])
    bench.settle()
    func status() throws -> Value { try bench.address(stock.looseAddress).asRecord?["AddressStatus"] ?? .null }
    #expect(try status() == "BIND_ENI")
    #expect(
      bench.refusal(
        "DeleteNetworkInterface", ["NetworkInterfaceId": .text(stock.looseInterface), "EcmRegion": Stock.region])
        == "ResourceInUse")
    let pair: Record = [
      "NetworkInterfaceId": .text(stock.looseInterface), "InstanceId": .text(stock.running[1]),
      "EcmRegion": Stock.region,
    ]
    try bench.call("AttachNetworkInterface", pair)
    bench.settle()
    #expect(try status() == "BIND")
    #expect(try bench.address(stock.looseAddress).asRecord?["InstanceId"] == .text(stock.running[1]))
    try bench.call("DisassociateAddress", ["EcmRegion": Stock.region, "AddressId": .text(stock.looseAddress)])
    bench.settle()
    #expect(try status() == "UNBIND")
    #expect(Invariants.problems(bench.world) == [])
  }

  @Test("only a primary interface has IPv6 addresses; giving one back is a task with a number")
  func ipv6() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let loose: Record = ["NetworkInterfaceId": .text(stock.looseInterface), "EcmRegion": Stock.region]
    #expect(bench.refusal("AssignIpv6Addresses", loose) == "InvalidParameterValue")
    let primary: Record = ["NetworkInterfaceId": .text(stock.primaryInterface), "EcmRegion": Stock.region]
    #expect(
      bench.refusal("AssignIpv6Addresses", primary.merging(["Ipv6AddressCount": 10]))
        == "LimitExceeded.AddressQuotaLimitExceeded")
    let answer = try bench.call(
      "ReleaseIpv6Addresses", primary.merging(["Ipv6Addresses": [["Address": .text(stock.ipv6)]]]))
    let task = try #require(answer["TaskId"]?.asInt)
    #expect(try bench.taskResult(String(task)) == "RUNNING")
    bench.settle()
    #expect(try bench.taskResult(String(task)) == "SUCCESS")
    #expect(try shown(&bench, stock.primaryInterface)["Ipv6AddressSet"] == [])
  }

  @Test("what is to fail ends as it began")
  func failures() throws {
    let stock = try Stock.shared()
    let calls = stock.calls
    let changes = [
      "CreateNetworkInterface", "DeleteNetworkInterface", "AttachNetworkInterface", "DetachNetworkInterface",
      "MigrateNetworkInterface", "AssignPrivateIpAddresses", "RemovePrivateIpAddresses", "AssignIpv6Addresses",
      "ReleaseIpv6Addresses", "ModifyAddressesBandwidth", "ModifyTargetWeight", "ModifyListener", "ImportImage",
      "ResetInstances", "ResetInstancesMaxBandwidth", "DisassociateInstancesKeyPairs",
    ]
    for action in changes {
      var bench = stock.bench
      let before = bench.inventory
      bench.cloud.inject(try Fault(parsing: "ecm.\(action):1:async-failure"))
      try bench.call(action, try #require(calls[action]))
      bench.settle()
      #expect(bench.inventory == before, "after a failed \(action)")
      #expect(Invariants.problems(bench.world) == [])
    }
  }
}
