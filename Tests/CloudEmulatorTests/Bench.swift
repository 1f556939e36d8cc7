import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// A cloud with a clock that stands still until a test moves it.
struct Bench {
  static let region = "ap-hangzhou-ecm"
  static let zone = "ap-hangzhou-ecm-1"
  /// 2026-01-02 03:04:05
  static let start = Instant(milliseconds: 1_767_323_045_000)

  var cloud: EmulatedCloud
  var now = Bench.start
  var account = "tester"

  init(seed: UInt64 = 7, speed: Double = 1, eipQuota: Int = 100) {
    cloud = EmulatedCloud(
      configuration: Configuration(seed: seed, speed: speed, startedAt: Bench.start, eipQuota: eipQuota))
  }

  var inventory: [InventoryLine] { cloud.inventory(account: account) }
  var world: World { cloud.world(account) ?? World(account: account, configuration: cloud.configuration, now: now) }

  mutating func reply(_ action: String, _ parameters: Record = [:]) -> CloudReply {
    let request = CloudRequest(account: account, action: ActionID("ecm", action), parameters)
    return cloud.handle(request, now: now)
  }

  /// The answer of a call that must succeed, 60 ms after the one before, and in the shape that the catalog states.
  @discardableResult
  mutating func call(
    _ action: String, _ parameters: Record = [:], at place: SourceLocation = #_sourceLocation
  ) throws -> Record {
    try callWithID(action, parameters, at: place).answer
  }

  @discardableResult
  mutating func callWithID(
    _ action: String, _ parameters: Record = [:], at place: SourceLocation = #_sourceLocation
  ) throws -> (answer: Record, requestID: String) {
    pass(.milliseconds(60))
    switch reply(action, parameters) {
    case .answered(let answer, let requestID):
      #expect(Shape.problems(answer, of: ActionID("ecm", action)) == [], sourceLocation: place)
      return (answer, requestID)
    case let other:
      Issue.record("\(action): \(other)", sourceLocation: place)
      throw Unexpected()
    }
  }

  /// The code of a call that must be refused, and that leaves everything as it was.
  mutating func refusal(
    _ action: String, _ parameters: Record = [:], at place: SourceLocation = #_sourceLocation
  ) -> String {
    pass(.milliseconds(60))
    cloud.advance(to: now)
    let before = inventory
    guard case .refused(let error) = reply(action, parameters) else {
      Issue.record("\(action) was not refused", sourceLocation: place)
      return ""
    }
    #expect(inventory == before, sourceLocation: place)
    #expect(!error.message.isEmpty && error.requestID.count == 36, sourceLocation: place)
    return error.code
  }

  mutating func pass(_ duration: Duration) { now = now + duration }

  /// Until nothing happens by itself any more.
  mutating func settle() {
    while let next = cloud.nextEvent {
      now = max(now, next)
      cloud.advance(to: now)
    }
  }
}

struct Unexpected: Error {}

extension Record {
  func text(_ path: String) throws -> String {
    let value = ValuePath(path).value(in: .record(self))
    return try #require(value?.asText, "no text at \(path) in \(JSON.print(.record(self)))")
  }

  func at(_ path: String) -> Value { ValuePath(path).value(in: .record(self)) ?? .null }
}

extension Bench {
  mutating func makeModule(_ name: String = "web") throws -> String {
    try call(
      "CreateModule",
      [
        "ModuleName": .text(name), "DefaultBandWidth": 50, "DefaultImageId": "img-qsdf3ff2",
        "InstanceType": "S4.LARGE8", "DefaultSystemDiskSize": 50, "DefaultDataDiskSize": 100,
      ]
    ).text("ModuleId")
  }

  mutating func makeVpc(_ cidr: String = "10.10.0.0/16", name: String = "net") throws -> String {
    try call("CreateVpc", ["VpcName": .text(name), "CidrBlock": .text(cidr), "EcmRegion": .text(Bench.region)])
      .text("Vpc.VpcId")
  }

  mutating func makeSubnet(_ vpc: String, _ cidr: String = "10.10.1.0/24", zone: String = Bench.zone) throws -> String {
    try call(
      "CreateSubnet",
      [
        "VpcId": .text(vpc), "SubnetName": "sub", "CidrBlock": .text(cidr), "Zone": .text(zone),
        "EcmRegion": .text(Bench.region),
      ]
    ).text("Subnet.SubnetId")
  }

  mutating func run(_ module: String, _ count: Int = 1, _ more: Record = [:], inside: Record = [:]) throws -> [String] {
    let place: Record = ["Zone": .text(Bench.zone), "InstanceCount": .int(count), "ISP": "CTCC"]
    let parameters: Record = [
      "ModuleId": .text(module), "ZoneInstanceCountISPSet": [.record(place.merging(inside))],
    ]
    return try call("RunInstances", parameters.merging(more))["InstanceIdSet"]?.asList?.compactMap(\.asText) ?? []
  }

  mutating func state(_ instance: String) throws -> Value {
    let answer = try call("DescribeInstances", ["Filters": [["Name": "instance-id", "Values": [.text(instance)]]]])
    return answer.at("InstanceSet[0].InstanceState")
  }

  mutating func allocate(_ count: Int = 1) throws -> (ids: [String], task: String) {
    let answer = try call(
      "AllocateAddresses",
      ["EcmRegion": .text(Bench.region), "AddressCount": .int(count), "InternetServiceProvider": "CTCC"])
    return (answer["AddressSet"]?.asList?.compactMap(\.asText) ?? [], try answer.text("TaskId"))
  }

  mutating func address(_ id: String) throws -> Value {
    try call("DescribeAddresses", ["EcmRegion": .text(Bench.region), "AddressIds": [.text(id)]]).at("AddressSet[0]")
  }

  mutating func taskResult(_ id: String) throws -> Value {
    try call("DescribeTaskResult", ["EcmRegion": .text(Bench.region), "TaskId": .text(id)]).at("Result")
  }

  mutating func makeBalancer(_ vpc: String? = nil) throws -> String {
    var parameters: Record = ["EcmRegion": .text(Bench.region), "LoadBalancerType": "OPEN", "VipIsp": "CTCC"]
    if let vpc { parameters["VpcId"] = .text(vpc) }
    let id = try call("CreateLoadBalancer", parameters).text("LoadBalancerIds[0]")
    settle()
    return id
  }
}
