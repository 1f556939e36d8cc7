import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

@Suite("Worlds of one's own")
struct WorldFileTests {
  private static let text = #"""
    {
      "description": "a lab",
      "regions": [{"name": "ap-lab-ecm", "id": 7, "displayName": "Lab", "zones": [{"name": "ap-lab-ecm-1", "id": 71}]}],
      "instanceTypes": [{"name": "L1.TINY", "processors": 1, "memory": 1}],
      "images": [{"id": "img-lab00001", "name": "Lab 1"}]
    }
    """#

  private func bench(_ text: String = WorldFileTests.text) throws -> Bench {
    var bench = Bench()
    bench.cloud = EmulatedCloud(
      configuration: Configuration(
        seed: 7, startedAt: Bench.start, world: try WorldFile(decoding: JSON.parse(text))))
    return bench
  }

  @Test("regions, types and images are the file's, and no others")
  func own() throws {
    var bench = try bench()
    let nodes = try bench.call("DescribeNode").at("NodeSet").asList ?? []
    #expect(nodes.count == 1)
    #expect(JSON.print(nodes[0]).contains("ap-lab-ecm-1"))
    #expect(try bench.call("DescribeImage")["TotalCount"] == 1)
    let network: Record = ["VpcName": "a", "CidrBlock": "10.0.0.0/16"]
    try bench.call("CreateVpc", network.merging(["EcmRegion": "ap-lab-ecm"]))
    _ = bench.refusal("CreateVpc", network.merging(["EcmRegion": .text(Bench.region)]))
    let module: Record = [
      "ModuleName": "m", "DefaultBandWidth": 50, "DefaultImageId": "img-lab00001", "InstanceType": "L1.TINY",
      "DefaultSystemDiskSize": 50, "DefaultDataDiskSize": 0,
    ]
    let id = try bench.call("CreateModule", module)["ModuleId"] ?? .null
    _ = bench.refusal("CreateModule", module.merging(["InstanceType": "S4.LARGE8"]))
    _ = bench.refusal("CreateModule", module.merging(["DefaultImageId": "img-qsdf3ff2"]))
    let place: Record = ["Zone": "ap-lab-ecm-1", "InstanceCount": 1, "ISP": "CTCC"]
    let made = try bench.call("RunInstances", ["ModuleId": id, "ZoneInstanceCountISPSet": [.record(place)]])
    bench.settle()
    #expect(try bench.state(made.text("InstanceIdSet[0]")) == "RUNNING")
    #expect(bench.inventory.contains { $0.kind == "Subnet" && $0.detail.contains("ap-lab-ecm-1") })
    #expect(!bench.inventory.contains { $0.detail.contains("hangzhou") })
  }

  @Test("what a file does not have stays built in, and two clouds beside each other keep their own")
  func beside() throws {
    var own = try bench(#"{"images": [{"id": "img-lab00001"}]}"#)
    var standard = Bench()
    for _ in 1...2 {
      #expect(try own.call("DescribeImage")["TotalCount"] == 1)
      #expect(try standard.call("DescribeImage")["TotalCount"] != 1)
    }
    let nodes = try own.call("DescribeNode")["NodeSet"]
    #expect(try standard.call("DescribeNode")["NodeSet"] == nodes)
  }

  @Test("a kept state has its world with it")
  func kept() throws {
    var bench = try bench()
    try bench.call("CreateVpc", ["VpcName": "a", "CidrBlock": "10.0.0.0/16", "EcmRegion": "ap-lab-ecm"])
    let copy = try EmulatedCloud(decoding: JSON.parse(JSON.print(bench.cloud.encoded)))
    #expect(copy == bench.cloud)
    #expect(copy.difference(from: bench.cloud) == [])
  }

  @Test("prices go with the cloud: a copy, a kept state and a cloud beside it each ask their own")
  func prices() throws {
    let wanted: Record = ["InstanceType": "S5.SMALL2", "SystemDisk": ["DiskSize": 50], "InstanceCount": 1]
    func price(_ cloud: EmulatedCloud) throws -> Value? {
      var bench = Bench()
      bench.cloud = cloud
      return try bench.call("DescribePriceRunInstance", wanted).at("InstancePrice.OriginalPrice")
    }
    let (cheap, dear) = (
      try bench(#"{"prices": {"processor": 1}}"#).cloud, try bench(#"{"prices": {"processor": 999999}}"#).cloud
    )
    let standard = try price(Bench().cloud)
    #expect(try price(cheap) != standard && price(dear) != standard && price(cheap) != price(dear))
    // What two clouds do in turn does not mix, nor does a document lose what it was made with.
    for cloud in [cheap, dear] {
      let kept = try EmulatedCloud(decoding: JSON.parse(JSON.print(cloud.encoded)))
      #expect(kept == cloud)
      #expect(try price(kept) == price(cloud))
    }
    #expect(cheap != dear)
    // A world of its own is part of the account's, so that a copy of that alone has it too.
    var opened = cheap
    _ = opened.handle(CloudRequest(account: "a", action: "ecm.DescribeConfig", [:]), now: Bench.start)
    let world = try #require(opened.world("a"))
    #expect(world.seeds.prices.processor == 1)
  }

  @Test(
    "what is wrong in a file is told with its place",
    arguments: [
      ("[]", "the file: an object is wanted, not a"), (#"{"zones": []}"#, "the file: there is no member 'zones'"),
      (#"{"regions": []}"#, "regions: a list of one or more"),
      (#"{"regions": [{"name": "a", "id": 1}]}"#, "regions[0].zones: 1 to 16 zones are wanted"),
      (#"{"regions": [{"name": "a", "zones": [{"name": "a-1", "id": 1}]}]}"#, "regions[0].id: it is missing"),
      (#"{"regions": [{"name": "a", "id": 1, "zones": [{"name": "a-1"}]}]}"#, "regions[0].zones[0].id: it is missing"),
      (#"{"instanceTypes": [{"name": "A.B", "processors": 0, "memory": 1}]}"#, "instanceTypes[0].processors: a whole"),
      (#"{"images": [{"id": "img-lab00001"}, {"id": "img-lab00001"}]}"#, "images[1].id: 'img-lab00001' occurs twice"),
      (#"{"images": [{"id": "ami-1"}]}"#, "images[0].id: 'ami-1' must be img- and 8 or 9 small letters or digits"),
      (#"{"images": [{"id": "img-lab00001", "osType": "dos"}]}"#, "images[0].osType: linux or windows"),
      (#"{"images": [{"id": "img-lab00001", "name": 1}]}"#, "images[0].name: a text is wanted"),
    ])
  func wrong(_ text: String, _ reason: String) {
    let problem = #expect(throws: WorldFile.Problem.self) { try WorldFile(decoding: JSON.parse(text)) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }
}
