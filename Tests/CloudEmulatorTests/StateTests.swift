import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

@Suite("Determinism and state")
struct StateTests {
  /// A session that leaves something of every kind, some of it still on its way.
  private func session(_ bench: inout Bench) throws {
    let vpc = try bench.makeVpc()
    let subnet = try bench.makeSubnet(vpc)
    let module = try bench.makeModule()
    let inside: Record = ["VpcId": .text(vpc), "SubnetId": .text(subnet)]
    let ids = try bench.run(module, 2, ["InstanceName": "web"], inside: inside)
    bench.settle()
    let address = try bench.allocate(2).ids[0]
    let balancer = try bench.makeBalancer(vpc)
    let listener = try bench.call(
      "CreateListener", ["LoadBalancerId": .text(balancer), "Ports": [80], "Protocol": "TCP"]
    )
    .at("ListenerIds[0]")
    try bench.call(
      "BatchRegisterTargets",
      [
        "LoadBalancerId": .text(balancer),
        "Targets": [["ListenerId": listener, "InstanceId": .text(ids[0]), "Port": 80]],
      ])
    try bench.call("StopInstances", ["InstanceIdSet": [.text(ids[1])]])
    bench.settle()
    try bench.call("CreateImage", ["InstanceId": .text(ids[1]), "ImageName": "golden"])
    bench.settle()
    try bench.call(
      "AssociateAddress",
      ["EcmRegion": .text(Bench.region), "AddressId": .text(address), "InstanceId": .text(ids[0])])
    try bench.call("RebootInstances", ["InstanceIdSet": [.text(ids[0])]])
    _ = try bench.run(module, 3)
  }

  @Test("equal seeds and calls give equal worlds; another seed gives other ids")
  func deterministic() throws {
    var (one, two, other) = (Bench(seed: 5), Bench(seed: 5), Bench(seed: 6))
    try session(&one)
    try session(&two)
    try session(&other)
    #expect(one.world == two.world)
    #expect(JSON.print(one.cloud.encoded) == JSON.print(two.cloud.encoded))
    #expect(one.inventory != other.inventory)
    #expect(one.inventory.map(\.kind) == other.inventory.map(\.kind))
  }

  @Test("a cloud read back from its document goes on as if nothing had happened")
  func roundTrip() throws {
    var bench = Bench()
    try session(&bench)
    let text = JSON.print(bench.cloud.encoded)
    var copy = bench
    copy.cloud = try EmulatedCloud(decoding: JSON.parse(text))
    #expect(copy.world == bench.world)
    #expect(JSON.print(copy.cloud.encoded) == text)
    for index in 0..<2 {
      var side = index == 0 ? bench : copy
      side.settle()
      _ = try side.makeVpc("10.30.0.0/16")
      if index == 0 { bench = side } else { copy = side }
    }
    #expect(copy.inventory == bench.inventory)
    #expect(copy.cloud.nextEvent == nil)
  }

  @Test("a speed given when reading back holds from then on")
  func newSpeed() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    bench.cloud = try EmulatedCloud(decoding: bench.cloud.encoded, speed: 1000)
    _ = try bench.run(module)
    #expect(try #require(bench.cloud.nextEvent) - bench.now <= .milliseconds(40))
  }

  @Test(
    "a damaged document is refused with its place",
    arguments: [
      (#""format":"belay-emulator""#, #""format":"other""#, "it is not a document of the emulator"),
      (#""version":2"#, #""version":1"#, "its version is 1, and 2 is wanted"),
      (#""cidr":"172.16.0.0/16""#, #""cidr":17"#, "worlds[0].vpcs[0].cidr: String is wanted, Int stands there"),
      (#""cidr":"172.16.0.0/16""#, #""cidr":"x""#, "worlds[0].vpcs[0].cidr: 'x' is not an IPv4 network"),
      (#""isSystem":true,"#, "", "worlds[0].vpcs[0].isSystem: it is missing"),
      (#""eipQuota":100,"#, "", "eipQuota: it is missing"),
    ])
  func damaged(_ part: String, _ replacement: String, _ reason: String) throws {
    var bench = Bench()
    try bench.call("DescribeNode")
    let text = JSON.print(bench.cloud.encoded)
    let range = try #require(text.ranges(of: part).first)
    let broken = try JSON.parse(text.replacingCharacters(in: range, with: replacement))
    let problem = #expect(throws: DamagedState.self) { try EmulatedCloud(decoding: broken) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  @Test("accounts do not see each other, nor does one's id depend on another's calls")
  func accounts() throws {
    var (alone, together) = (Bench(), Bench())
    let id = try alone.makeVpc()
    together.account = "other"
    _ = try together.makeVpc()
    together.account = "tester"
    #expect(try together.makeVpc() == id)
    #expect(together.inventory == alone.inventory)
    #expect(together.cloud.accounts == ["other", "tester"])
  }

  @Test("a clock that runs backwards is taken to stand still")
  func clock() throws {
    var bench = Bench()
    let id = try bench.run(try bench.makeModule())[0]
    bench.settle()
    let late = bench.now
    bench.now = Bench.start
    #expect(try bench.state(id) == "RUNNING")
    #expect(bench.cloud.calls.last?.instant == late)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
