import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// A cloud for calls to CVM, with a clock that stands still until a test moves it.
struct CvmBench {
  static let region = "ap-shanghai"
  static let zone = "ap-shanghai-2"
  static let image = "img-pmqg1cw7"
  static let windows = "img-3wnd9xpl"
  static let vpc = CvmSubnet.secondVpc(region)
  static let subnet = CvmSubnet.subnet(zone, isDefault: false)
  static let group = CvmSecurityGroup.id(region, "web")

  var cloud: EmulatedCloud
  var now = Bench.start
  var region = CvmBench.region

  init(seed: UInt64 = 7) {
    cloud = EmulatedCloud(configuration: Configuration(seed: seed, startedAt: Bench.start))
  }

  var inventory: [InventoryLine] { cloud.inventory(account: "tester") }
  var world: World { cloud.world("tester") ?? World(account: "tester", configuration: cloud.configuration, now: now) }

  mutating func reply(_ action: String, _ parameters: Record = [:], in place: String? = nil) -> CloudReply {
    cloud.handle(
      CloudRequest(account: "tester", action: ActionID("cvm", action), region: place ?? region, parameters), now: now)
  }

  /// The answer of a call that must succeed, 110 ms after the one before, and in the shape that the catalog states.
  @discardableResult
  mutating func call(
    _ action: String, _ parameters: Record = [:], in region: String? = nil,
    at place: SourceLocation = #_sourceLocation
  ) throws -> Record {
    pass(.milliseconds(110))
    guard case .answered(let answer, _) = reply(action, parameters, in: region) else {
      Issue.record("\(action): \(reply(action, parameters, in: region))", sourceLocation: place)
      throw Unexpected()
    }
    #expect(Shape.problems(answer, of: ActionID("cvm", action)) == [], sourceLocation: place)
    return answer
  }

  /// The code of a call that must be refused, and that leaves everything as it was.
  mutating func refusal(
    _ action: String, _ parameters: Record = [:], in region: String? = nil,
    at place: SourceLocation = #_sourceLocation
  ) -> String {
    pass(.milliseconds(110))
    cloud.advance(to: now)
    let before = inventory
    guard case .refused(let error) = reply(action, parameters, in: region) else {
      Issue.record("\(action) was not refused", sourceLocation: place)
      return ""
    }
    #expect(inventory == before, sourceLocation: place)
    #expect(!error.message.isEmpty, sourceLocation: place)
    return error.code
  }

  mutating func pass(_ duration: Duration) { now = now + duration }

  /// Ten minutes: longer than anything takes but what is planned for a time.
  mutating func settle() {
    pass(.minutes(10))
    cloud.advance(to: now)
  }

  mutating func run(_ count: Int = 1, _ more: Record = [:]) throws -> [String] {
    let base: Record = [
      "Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(CvmBench.image), "InstanceCount": .int(count),
    ]
    return try call("RunInstances", base.merging(more)).at("InstanceIdSet").asList?.compactMap(\.asText) ?? []
  }

  /// Instances that run.
  mutating func running(_ count: Int = 1, _ more: Record = [:]) throws -> [String] {
    let ids = try run(count, more)
    settle()
    return ids
  }

  mutating func stopped(_ count: Int = 1, _ more: Record = [:]) throws -> [String] {
    let ids = try running(count, more)
    try call("StopInstances", ["InstanceIds": .texts(ids)])
    settle()
    return ids
  }

  mutating func instance(_ id: String) throws -> Value {
    try call("DescribeInstances", ["InstanceIds": [.text(id)]]).at("InstanceSet[0]")
  }

  mutating func member(_ name: String, of id: String) throws -> Value { try instance(id).asRecord?[name] ?? .null }

  mutating func state(_ id: String) throws -> Value {
    try call("DescribeInstancesStatus", ["InstanceIds": [.text(id)]]).at("InstanceStatusSet[0].InstanceState")
  }

  /// A stopped instance's image, done.
  mutating func makeImage(_ name: String = "golden") throws -> String {
    let id = try stopped()[0]
    let image = try call("CreateImage", ["InstanceId": .text(id), "ImageName": .text(name)]).text("ImageId")
    settle()
    return image
  }

  mutating func makeKey(_ name: String = "deploy") throws -> String {
    try call("CreateKeyPair", ["KeyName": .text(name), "ProjectId": 0]).text("KeyPair.KeyId")
  }

  mutating func makeTemplate(_ more: Record = [:]) throws -> String {
    let base: Record = [
      "LaunchTemplateName": "plan", "Placement": ["Zone": .text(CvmBench.zone)], "ImageId": .text(CvmBench.image),
    ]
    return try call("CreateLaunchTemplate", base.merging(more)).text("LaunchTemplateId")
  }

  mutating func makeGroup(_ kind: String = "SW") throws -> String {
    try call("CreateDisasterRecoverGroup", ["Name": "apart", "Type": .text(kind)]).text("DisasterRecoverGroupId")
  }
}
