import Foundation
import Testing
import Values

@testable import CloudEmulator

/// The example of docs/emulator.md, "A world of your own", which has every member that a world file may have.
@Suite("The documented world")
struct WorldPageTests {
  private static func example() throws -> String {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/emulator.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## A world of your own\n").last)
    let block = try #require(section.components(separatedBy: "```json\n").dropFirst().first)
    return try #require(block.components(separatedBy: "```").first)
  }

  private static func configuration() throws -> Configuration {
    Configuration(seed: 7, startedAt: Bench.start, world: try WorldFile(decoding: JSON.parse(try example())))
  }

  @Test("its regions, types, images and prices are those of ECM")
  func edge() throws {
    var bench = Bench()
    bench.cloud = EmulatedCloud(configuration: try Self.configuration())
    #expect(try bench.call("DescribeNode").at("NodeSet[].ZoneInfo.Zone") == ["ap-lab-ecm-1"])
    #expect(try bench.call("DescribeImage").at("ImageSet[].ImageId") == ["img-lab00001"])
    #expect(try bench.call("DescribeInstanceTypeConfig").at("InstanceTypeConfigSet[].InstanceType") == ["L1.TINY"])
    let asked: Record = [
      "InstanceType": "L1.TINY", "SystemDisk": ["DiskType": "CLOUD_PREMIUM", "DiskSize": 100], "InstanceCount": 2,
      "InstanceChargeType": 1,
    ]
    let price = try bench.call("DescribePriceRunInstance", asked).at("InstancePrice")
    // 2 × (1 × 1000 + 1/8 × 4000 + 100/100 × 3 × 200) cents, and 80 % of it.
    #expect(price.asRecord?["OriginalPrice"] == 4200 && price.asRecord?["DiscountPrice"] == 3360)
  }

  @Test("its regions, types, images and prices are those of CVM, and hosts and networks stand in its zones")
  func central() throws {
    var bench = CvmBench()
    bench.cloud = EmulatedCloud(configuration: try Self.configuration())
    bench.region = "lab-north"
    #expect(try bench.call("DescribeRegions").at("RegionSet[].Region") == ["lab-north"])
    #expect(try bench.call("DescribeZones").at("ZoneSet[].ZoneState") == ["AVAILABLE", "UNAVAILABLE"])
    #expect(try bench.call("DescribeImages").at("ImageSet[].ImageId") == ["img-lab00002"])
    let families = try bench.call("DescribeInstanceFamilyConfigs").at("InstanceFamilyConfigSet[].InstanceFamily")
    #expect(families == ["L5", "LG"])
    let wanted: Record = [
      "Placement": ["Zone": "lab-north-1"], "ImageId": "img-lab00002", "InstanceType": "L5.SMALL2",
      "SystemDisk": ["DiskSize": 100],
    ]
    let price = try bench.call("InquiryPriceRunInstances", wanted)
    #expect(price.at("Price.InstancePrice.UnitPrice") == .float(0.01 + 2 * 0.005 + 100 * 0.0002))
    #expect(price.at("Price.BandwidthPrice.UnitPrice") == .float(0.2))
    let ids = try bench.call("RunInstances", wanted).at("InstanceIdSet").asList ?? []
    #expect(ids.count == 1)
    bench.settle()
    #expect(try bench.state(ids[0].asText ?? "") == "RUNNING")
    #expect(try bench.call("ConvertOperatingSystems", ["InstanceIds": .list(ids)])["TaskId"] != nil)
    bench.settle()
    #expect(try bench.call("DescribeHosts").at("HostSet[].Placement.Zone") == ["lab-north-1"])
    #expect(try bench.call("DescribeReservedInstancesOfferings", ["Limit": 1]).at("TotalCount") == 12)
    #expect(bench.refusal("RunInstances", wanted.merging(["InstanceType": "S5.MEDIUM4"])) != "")
    #expect(CvmInvariants.problems(bench.world) == [])
    let copy = try EmulatedCloud(decoding: JSON.parse(JSON.print(bench.cloud.encoded)))
    #expect(copy == bench.cloud)
  }

  @Test(
    "what is wrong in it is told with its place",
    arguments: [
      (#"{"prices": {"gold": 1}}"#, "prices: there is no member 'gold'; it takes processor, eightGBOfMemory"),
      (#"{"prices": {"processor": -1}}"#, "prices.processor: a whole number from 1 to 1000000"),
      (#"{"prices": {"discountPercent": 101}}"#, "prices.discountPercent: a whole number from 1 to 100"),
      (#"{"cvm": []}"#, "cvm: an object is wanted"),
      (#"{"cvm": {"regions": [{"name": "a"}]}}"#, "cvm.regions[0].zones: 1 to 16 zones are wanted"),
      (
        #"{"cvm": {"regions": [{"name": "a", "zones": [{"name": "a-1", "id": 1, "available": "no"}]}]}}"#,
        "cvm.regions[0].zones[0].available: true or false"
      ),
      (#"{"cvm": {"instanceTypes": [{"name": "tiny"}]}}"#, "cvm.instanceTypes[0].name: 'tiny' must be FAMILY.SIZE"),
      (
        #"{"cvm": {"instanceTypes": [{"name": "A.B", "processors": 1, "memory": 1, "graphics": -1}]}}"#,
        "cvm.instanceTypes[0].graphics: a whole number from 0 to 1000"
      ),
      (#"{"cvm": {"images": [{"id": "img-1"}]}}"#, "cvm.images[0].id: 'img-1' must be img- and 8 or 9 small letters"),
      (#"{"cvm": {"prices": {"disk": "much"}}}"#, "cvm.prices.disk: an amount from 0 to 10000 dollars"),
    ])
  func wrong(_ text: String, _ reason: String) {
    let problem = #expect(throws: WorldFile.Problem.self) { try WorldFile(decoding: JSON.parse(text)) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }
}
