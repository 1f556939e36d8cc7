import Testing
import Values

@testable import CloudEmulator

@Suite("Elastic IPs")
struct AddressTests {
  @Test("an address goes from CREATING over UNBIND, BINDING, BIND, UNBINDING and OFFLINING to nothing")
  func lifecycle() throws {
    var bench = Bench()
    let before = bench.inventory
    let instance = try bench.run(try bench.makeModule())[0]
    bench.settle()
    let (ids, task) = try bench.allocate()
    let id = ids[0]
    let named: Record = ["EcmRegion": .text(Bench.region), "AddressId": .text(id)]
    #expect(Int(task) != nil)
    #expect(try bench.address(id).asRecord?["AddressStatus"] == "CREATING")
    #expect(try bench.taskResult(task) == "RUNNING")
    bench.settle()
    #expect(try bench.taskResult(task) == "SUCCESS")
    #expect(try bench.address(id).asRecord?["AddressStatus"] == "UNBIND")
    for (action, parameters, through, end) in [
      ("AssociateAddress", named.merging(["InstanceId": .text(instance)]), "BINDING", "BIND"),
      ("DisassociateAddress", named, "UNBINDING", "UNBIND"),
      ("ReleaseAddresses", ["EcmRegion": .text(Bench.region), "AddressIds": [.text(id)]], "OFFLINING", nil),
    ] as [(String, Record, String, String?)] {
      let task = try bench.call(action, parameters).text("TaskId")
      #expect(try bench.address(id).asRecord?["AddressStatus"] == .text(through))
      #expect(
        bench.refusal("ReleaseAddresses", ["EcmRegion": .text(Bench.region), "AddressIds": [.text(id)]])
          == "UnsupportedOperation.StatusNotPermit")
      bench.settle()
      #expect(try bench.taskResult(task) == "SUCCESS")
      #expect(try bench.address(id).asRecord?["AddressStatus"] == end.map(Value.text))
    }
    try bench.call("TerminateInstances", ["InstanceIdSet": [.text(instance)]])
    bench.settle()
    #expect(bench.inventory.filter { $0.kind != "Module" } == before)
  }

  @Test("a bound address is the instance's public one, and an instance has at most one")
  func bound() throws {
    var bench = Bench()
    let instance = try bench.run(try bench.makeModule())[0]
    let ids = try bench.allocate(2).ids
    let bind: Record = ["EcmRegion": .text(Bench.region), "InstanceId": .text(instance)]
    let first = bind.merging(["AddressId": .text(ids[0])])
    #expect(bench.refusal("AssociateAddress", first) == "UnsupportedOperation.StatusNotPermit")
    bench.settle()
    try bench.call("AssociateAddress", first)
    bench.settle()
    let second = bind.merging(["AddressId": .text(ids[1])])
    #expect(bench.refusal("AssociateAddress", second) == "UnsupportedOperation.AlreadyBindEip")
    let ip = try #require(try bench.address(ids[0]).asRecord?["AddressIp"])
    let shown = try bench.call("DescribeInstances", ["Filters": [["Name": "ip-address", "Values": [ip]]]])
    #expect(shown.at("InstanceSet[0].Internet.PublicIPAddressSet[0].PublicIPAddress") == ip)
    #expect(
      bench.refusal("DisassociateAddress", ["EcmRegion": .text(Bench.region), "AddressId": .text(ids[1])])
        == "UnsupportedOperation.StatusNotPermit")
  }

  @Test("with the instance go its addresses, unless they are to stay", arguments: [true, false])
  func withInstance(_ destroys: Bool) throws {
    var bench = Bench()
    let instance = try bench.run(try bench.makeModule())[0]
    bench.settle()
    let answer = try bench.call("AllocateAddresses", ["EcmRegion": .text(Bench.region), "InstanceId": .text(instance)])
    let id = try answer.text("AddressSet[0]")
    bench.settle()
    #expect(try bench.taskResult(try answer.text("TaskId")) == "SUCCESS")
    #expect(try bench.address(id).asRecord?["InstanceId"] == .text(instance))
    try bench.call(
      "TerminateInstances", ["InstanceIdSet": [.text(instance)], "AssociatedResourceDestroy": .bool(destroys)])
    bench.settle()
    #expect(try bench.address(id).asRecord?["AddressStatus"] == (destroys ? nil : "UNBIND"))
    #expect(try bench.address(id).asRecord?["InstanceId"] == (destroys ? nil : .null))
  }

  @Test("the quota, and twice the quota a day, hold")
  func quota() throws {
    var bench = Bench(eipQuota: 3)
    let ids = try bench.allocate(3).ids
    let one: Record = ["EcmRegion": .text(Bench.region)]
    #expect(bench.refusal("AllocateAddresses", one) == "LimitExceeded.AddressQuotaLimitExceeded")
    bench.settle()
    let all: Record = ["EcmRegion": .text(Bench.region), "AddressIds": .list(ids.map(Value.text))]
    try bench.call("ReleaseAddresses", all)
    bench.settle()
    _ = try bench.allocate(3)
    bench.settle()
    let quotas = try bench.call("DescribeAddressQuota", one)
    #expect(quotas.at("QuotaSet[0].QuotaCurrent") == 3)
    #expect(quotas.at("QuotaSet[1].QuotaCurrent") == 6)
    #expect(quotas.at("QuotaSet[1].QuotaLimit") == 6)
    let held = try bench.call("DescribeAddresses", one).at("AddressSet[].AddressId")
    try bench.call("ReleaseAddresses", one.merging(["AddressIds": held]))
    bench.settle()
    #expect(bench.refusal("AllocateAddresses", one) == "LimitExceeded.AddressQuotaLimitExceededDailyAllocate")
    bench.pass(.seconds(86_400))
    _ = try bench.allocate(1)
  }

  @Test("what is not there, or named twice over, is refused with the page's code")
  func refusals() throws {
    var bench = Bench()
    let id = try bench.allocate().ids[0]
    bench.settle()
    let base: Record = ["EcmRegion": .text(Bench.region), "AddressId": .text(id)]
    #expect(bench.refusal("AssociateAddress", base) == "MissingParameter.MissingAssociateEntity")
    #expect(
      bench.refusal("AssociateAddress", base.merging(["InstanceId": "ein-00000000"]))
        == "UnsupportedOperation.InstanceIdNotFound")
    #expect(
      bench.refusal("AssociateAddress", base.merging(["InstanceId": "ein-0", "NetworkInterfaceId": "eni-0"]))
        == "InvalidParameter.Coexist")
    #expect(
      bench.refusal("AssociateAddress", base.merging(["NetworkInterfaceId": "eni-0"])) == "MissingParameter")
    let unknown: Record = ["EcmRegion": .text(Bench.region), "AddressIds": ["eip-00000000"]]
    #expect(bench.refusal("ReleaseAddresses", unknown) == "UnsupportedOperation.AddressIdNotFound")
    #expect(
      bench.refusal("DescribeTaskResult", ["EcmRegion": .text(Bench.region), "TaskId": "1"]) == "InvalidParameterValue")
    let elsewhere: Record = ["EcmRegion": "ap-xian-ecm", "AddressId": .text(id)]
    #expect(bench.refusal("DisassociateAddress", elsewhere) == "UnsupportedOperation.AddressIdNotFound")
  }
}
