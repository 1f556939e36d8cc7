import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// Long random sessions of calls, sensible and not, against what must always hold.
@Suite("Random sessions")
struct RandomTests {
  /// Codes that a page does not print, since the books leave a case without one.
  private static let unprinted: Set = [
    "InvalidParameter.LBIdNotFound", "InvalidParameter.ListenerIdNotFound", "ResourceNotFound", "MissingParameter",
    "FailedOperation", "InvalidParameterValue", "InvalidParameter",
  ]

  @Test("2500 calls break no invariant", arguments: [1, 2, 3] as [UInt64])
  func session(_ seed: UInt64) throws {
    var bench = Bench(seed: seed, eipQuota: 12)
    var random = SplitMix64(seed: seed)
    var answered: [String: Int] = [:]
    for step in 1...2500 {
      bench.pass(.milliseconds(Int64(random.within(60...4000))))
      let caller = Caller(bench: bench)
      let (action, parameters) = caller.next(&random)
      bench.cloud.advance(to: bench.now)
      let before = bench.world
      switch bench.reply(action, parameters) {
      case .answered(let answer, _):
        answered[action, default: 0] += 1
        #expect(Shape.problems(answer, of: action) == [])
      case .refused(let error):
        var after = bench.world
        after.generator = before.generator
        var untouched = before
        untouched.generator = before.generator
        #expect(after == untouched, "\(action) was refused with \(error.code) and changed something")
        expectPrinted(error.code, action)
      case .lostBefore, .lostAfter: Issue.record("lost without a fault")
      }
      if step % 10 == 0 { #expect(Invariants.problems(bench.world) == []) }
    }
    bench.settle()
    #expect(Invariants.problems(bench.world) == [])
    #expect(bench.world.tasks.all.allSatisfy { $0.status != .running })
    #expect(bench.world.instances.all.allSatisfy { !$0.state.isTransient })
    for action in ActionTable.ecm.keys.sorted() {
      #expect(answered[action] != nil, "\(action) never succeeded")
    }
  }

  private func expectPrinted(_ code: String, _ action: String) {
    let facts = Catalog.action(ActionID("ecm", action))
    let isKnown =
      facts?.errors.contains(code) == true || Catalog.service("ecm")?.commonErrors.contains(code) == true
      || RandomTests.unprinted.contains(code)
    #expect(isKnown, "\(action) does not print \(code)")
  }
}

/// Makes up calls from what the account holds, and now and then from what it does not.
private struct Caller {
  let world: World
  let actions = ActionTable.ecm.keys.sorted()

  init(bench: Bench) { world = bench.world }

  func next(_ random: inout SplitMix64) -> (String, Record) {
    let action = actions[random.within(0...actions.count - 1)]
    var parameters = Record()
    for member in Catalog.action(ActionID("ecm", action))?.parameters ?? [] {
      let wanted = member.required || random.within(0...3) == 0
      guard wanted, random.within(0...60) != 0 else { continue }
      if let value = value(member.name, member.type, action, &random) { parameters[member.name] = value }
    }
    fit(&parameters, action)
    if action == "RunInstances", parameters["ModuleId"] == nil, random.within(0...4) != 0 {
      parameters["ModuleId"] = pick(world.modules.all.map(\.id), &random)
    }
    return (action, parameters)
  }

  /// Makes parameters that must agree with each other agree, so that enough calls come through.
  private func fit(_ parameters: inout Record, _ action: String) {
    let own = world.subnets.all.filter { $0.region == Bench.region && !$0.isSystem }.last
    if action == "ModifyDefaultSubnet", let own {
      parameters = parameters.merging(["Zone": .text(own.zone), "VpcId": .text(own.vpcID), "SubnetId": .text(own.id)])
    }
    if action == "DeleteSubnet", let own { parameters["SubnetId"] = .text(own.id) }
    if action == "CreateSubnet", let vpc = world.vpcs[parameters["VpcId"]?.asText ?? ""] {
      let cidr = vpc.cidr.subnet(vpc.subnetCount, prefix: max(28, vpc.cidr.prefix))
      parameters["CidrBlock"] = .text(cidr?.description ?? "")
    }
    if action == "DisassociateAddress", let bound = world.addresses.all.first(where: { $0.status == .bound }) {
      parameters["AddressId"] = .text(bound.id)
    }
  }

  private func value(
    _ name: String, _ type: FactType, _ action: String, _ random: inout SplitMix64
  ) -> Value? {
    switch name {
    case "EcmRegion": return random.within(0...40) == 0 ? "mars" : .text(Bench.region)
    case "Zone": return .text(Geography.regions[0].zones[random.within(0...1)].name)
    case "VpcId": return pick(world.vpcs.all.map(\.id), &random)
    case "SubnetId": return pick(world.subnets.all.map(\.id), &random)
    case "ModuleId": return pick(world.modules.all.map(\.id), &random)
    case "DefaultImageId", "ImageId": return pick((PublicImages.all + world.images.all).map(\.id), &random)
    case "ImageIDSet": return .list([pick(world.images.all.map(\.id), &random)])
    case "InstanceId": return pick(world.instances.all.map(\.id), &random)
    case "InstanceIdSet": return .list([pick(world.instances.all.map(\.id), &random)])
    case "AddressId": return pick(world.addresses.all.map(\.id), &random)
    case "AddressIds": return .list([pick(world.addresses.all.map(\.id), &random)])
    case "LoadBalancerId": return pick(world.balancers.all.map(\.id), &random)
    case "LoadBalancerIds": return .list([pick(world.balancers.all.map(\.id), &random)])
    case "ListenerId": return pick(world.balancers.all.flatMap(\.listeners).map(\.id), &random)
    case "TaskId": return pick(world.tasks.all.map(\.id), &random)
    case "TaskSet":
      let image = world.tasks.all.filter { $0.operation == "CreateImage" }.map(\.id)
      return [["Operation": "CreateImage", "TaskId": pick(image, &random)]]
    case "CidrBlock": return .text("10.\(random.within(0...3)).\(random.within(0...20)).0/\(random.within(23...28))")
    case "ModuleName", "ImageName": return .text("n\(random.within(0...40))")
    case "InstanceType": return pick(Hardware.models.map(\.name), &random)
    case "ISP", "VipIsp": return pick(Geography.carriers.map(\.0), &random)
    case "LoadBalancerType": return "OPEN"
    case "Protocol": return pick(["TCP", "UDP"], &random)
    case "Ports": return [.int(random.within(1...30))]
    case "Targets": return .list((0...random.within(0...2)).map { _ in target(&random) })
    case "ZoneInstanceCountISPSet": return [batch(&random)]
    case "InstanceCount", "AddressCount", "Number": return .int(random.within(1...3))
    case "DefaultBandWidth": return 50
    case "DefaultSystemDiskSize", "DefaultDataDiskSize": return 50
    case "ForcePoweroff": return "TRUE"
    case "VpcName", "SubnetName": return .text("net\(random.within(0...9))")
    default: return nil
    }
  }

  private func target(_ random: inout SplitMix64) -> Value {
    [
      "ListenerId": pick(world.balancers.all.flatMap(\.listeners).map(\.id), &random),
      "InstanceId": pick(world.instances.all.map(\.id), &random), "Port": .int(random.within(1...9)),
    ]
  }

  private func batch(_ random: inout SplitMix64) -> Value {
    let subnet = world.subnets.all.filter { $0.region == Bench.region }
    let chosen = subnet[random.within(0...subnet.count - 1)]
    var record: Record = ["Zone": .text(chosen.zone), "InstanceCount": .int(random.within(1...3)), "ISP": "CTCC"]
    if random.within(0...1) == 0 {
      record["VpcId"] = .text(chosen.vpcID)
      record["SubnetId"] = .text(chosen.id)
    }
    return .record(record)
  }

  /// One of them; sometimes, and when there are none, something else.
  private func pick(_ ids: [String], _ random: inout SplitMix64) -> Value {
    ids.isEmpty || random.within(0...30) == 0 ? "nothing-00000000" : .text(ids[random.within(0...ids.count - 1)])
  }
}

enum Invariants {
  static func problems(_ world: World) -> [String] {
    networks(world) + instances(world) + addresses(world) + balancers(world)
  }

  private static func networks(_ world: World) -> [String] {
    var problems: [String] = []
    let subnets = Array(world.subnets.all)
    for (index, subnet) in subnets.enumerated() {
      guard let vpc = world.vpcs[subnet.vpcID] else {
        problems.append("\(subnet.id) has no network")
        continue
      }
      if !vpc.cidr.contains(subnet.cidr) { problems.append("\(subnet.id) is outside its network") }
      for other in subnets[..<index] where other.vpcID == vpc.id && other.cidr.overlaps(subnet.cidr) {
        problems.append("\(subnet.id) overlaps \(other.id)")
      }
      let users = world.instances.all.filter { $0.subnetID == subnet.id }.count
      if users != subnet.instanceCount || users != subnet.cidr.size - 3 - subnet.hosts.available {
        problems.append("\(subnet.id) counts \(subnet.instanceCount) instances of \(users)")
      }
    }
    for vpc in world.vpcs.all {
      let own = subnets.filter { $0.vpcID == vpc.id }
      if own.count != vpc.subnetCount { problems.append("\(vpc.id) counts its subnets wrong") }
      if own.reduce(0, { $0 + $1.instanceCount }) != vpc.instanceCount { problems.append("\(vpc.id) counts wrong") }
    }
    for (zone, id) in world.defaultSubnets where world.subnets[id]?.zone != zone {
      problems.append("the default subnet of \(zone) is not there")
    }
    return problems
  }

  private static func instances(_ world: World) -> [String] {
    var problems: [String] = []
    var taken: Set<String> = []
    for instance in world.instances.all {
      if !taken.insert("\(instance.vpcID) \(instance.privateText)").inserted {
        problems.append("\(instance.id): address twice")
      }
      if world.image(instance.imageID) == nil { problems.append("\(instance.id) has no image") }
      if let module = instance.moduleID, world.modules[module] == nil {
        problems.append("\(instance.id) has no module")
      }
      if let id = instance.addressID, world.addresses[id]?.instanceID != instance.id {
        problems.append("\(instance.id) and \(id) do not agree")
      }
    }
    for module in world.modules.all {
      if world.instances.all.filter({ $0.moduleID == module.id }).count != module.instanceCount {
        problems.append("\(module.id) counts its instances wrong")
      }
      if world.image(module.imageID) == nil { problems.append("\(module.id) has no image") }
    }
    if Set(world.modules.all.map(\.name)).count != world.modules.count { problems.append("a module name occurs twice") }
    if Set(world.images.all.map(\.name)).count != world.images.count { problems.append("an image name occurs twice") }
    return problems
  }

  private static func addresses(_ world: World) -> [String] {
    var problems: [String] = []
    for address in world.addresses.all {
      let isTied = [.binding, .bound, .unbinding].contains(address.status)
      if isTied != (address.instanceID != nil) { problems.append("\(address.id) is \(address.status) and tied or not") }
      if let id = address.instanceID, world.instances[id]?.addressID != address.id {
        problems.append("\(address.id) and \(id) do not agree")
      }
    }
    if Set(world.addresses.all.map(\.ip)).count != world.addresses.count { problems.append("an IP occurs twice") }
    return problems
  }

  private static func balancers(_ world: World) -> [String] {
    world.balancers.all.flatMap { balancer -> [String] in
      let targets = balancer.listeners.flatMap(\.targets)
      var problems = world.vpcs[balancer.vpcID] == nil ? ["\(balancer.id) has no network"] : []
      problems += targets.filter { world.instances[$0.instanceID] == nil }.map {
        "\($0.instanceID) is a target and gone"
      }
      let ports = balancer.listeners.map { "\($0.transport) \($0.port)" }
      if Set(ports).count != ports.count { problems.append("\(balancer.id) has a port twice") }
      return problems
    }
  }
}
