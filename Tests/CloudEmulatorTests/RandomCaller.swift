import CloudCatalog
import Values

@testable import CloudEmulator

/// Makes up calls from what the account holds, and now and then from what it does not.
struct Caller {
  let world: World
  let actions = ActionTable.ecm.keys.sorted()

  /// What leaves little for the others to work on, if it comes as often as they.
  private static let clearing: Set = [
    "TerminateInstances", "DeleteLoadBalancer", "DeleteLoadBalancerListeners", "DeleteListener",
    "BatchDeregisterTargets", "DeleteNetworkInterface",
  ]

  init(bench: Bench) { world = bench.world }

  /// One call in three is of an action that has not been answered yet.
  func next(_ random: inout SplitMix64, _ answered: [String: Int]) -> (String, Record) {
    let missing = actions.filter { answered[$0] == nil }
    let choice = missing.isEmpty || random.within(0...2) != 0 ? actions : missing
    var action = choice[random.within(0...choice.count - 1)]
    if Caller.clearing.contains(action), random.within(0...3) != 0 { action = "StartInstances" }
    var parameters = Record()
    for member in Catalog.action(ActionID("ecm", action))?.parameters ?? [] {
      let wanted = member.required || random.within(0...3) == 0
      guard wanted, random.within(0...60) != 0 else { continue }
      if let value = value(member.name, member.type, action, &random) { parameters[member.name] = value }
    }
    if random.within(0...9) != 0 { fit(&parameters, action, &random) }
    return (action, parameters)
  }

  private func value(_ name: String, _ type: FactType, _ action: String, _ random: inout SplitMix64) -> Value? {
    id(name, &random) ?? network(name, action, &random) ?? compute(name, &random) ?? common(name, &random)
  }

  private func id(_ name: String, _ random: inout SplitMix64) -> Value? {
    let ids: [String]
    switch name {
    case "VpcId": ids = world.vpcs.all.map(\.id)
    case "SubnetId": ids = world.subnets.all.map(\.id)
    case "ModuleId": ids = world.modules.all.map(\.id)
    case "DefaultImageId": ids = (PublicImages.standard.all + world.images.all).map(\.id)
    case "ImageIDSet": ids = world.images.all.map(\.id)
    case "InstanceId", "InstanceIdSet", "InstanceIds", "SourceInstanceId", "DestinationInstanceId":
      ids = world.instances.all.map(\.id)
    case "AddressId", "AddressIds": ids = world.addresses.all.map(\.id)
    case "LoadBalancerId", "LoadBalancerIds": ids = world.balancers.all.map(\.id)
    case "ListenerId": ids = world.balancers.all.flatMap(\.listeners).map(\.id)
    case "TaskId": ids = world.tasks.all.map(\.id)
    case "RouteTableId": ids = world.routeTables.all.filter { $0.region == Bench.region }.map(\.id)
    case "NetworkInterfaceId", "SourceNetworkInterfaceId", "DestinationNetworkInterfaceId":
      ids = world.interfaces.all.map(\.id)
    case "HaVipId": ids = world.haVips.all.map(\.id)
    case "SnapshotIds": ids = world.snapshots.all.map(\.id)
    case "SecurityGroupId", "SecurityGroup", "SecurityGroupIds", "SecurityGroups", "SecurityGroupIdSet":
      ids = world.securityGroups.all.map(\.id)
    case "KeyIds": ids = world.keyPairs.all.map(\.id)
    default: return nil
    }
    let isList = name.hasSuffix("s") || name.hasSuffix("Set")
    return isList ? .list([pick(ids, &random)]) : pick(ids, &random)
  }

  private func network(_ name: String, _ action: String, _ random: inout SplitMix64) -> Value? {
    switch name {
    case "EcmRegion": random.within(0...40) == 0 ? "mars" : .text(Bench.region)
    case "Zone": .text(Geography.standard.regions[0].zones[random.within(0...1)].name)
    case "CidrBlock": .text("10.\(random.within(0...3)).\(random.within(0...20)).0/\(random.within(23...28))")
    case "DestinationCidrBlocks": [.text("10.\(random.within(50...55)).0.0/16")]
    case "Routes":
      [
        [
          "DestinationCidrBlock": .text("10.\(random.within(50...55)).0.0/16"), "GatewayType": "EIP",
          "GatewayId": "0",
        ]
      ]
    case "PrivateIpAddresses", "PrivateIpAddress", "Vip", "Ipv6Addresses", "NetworkInterfaceIds": nil
    case "SecondaryPrivateIpAddressCount", "Ipv6AddressCount": .int(random.within(0...2))
    case "SecurityGroupPolicySet": rules(action, &random)
    case "Protocol": pick(["TCP", "UDP"], &random)
    case "Ports": [.int(random.within(1...30))]
    case "NewPort": .int(random.within(1...9))
    case "Targets": .list((0...random.within(0...2)).map { _ in target(&random) })
    case "ISP", "VipIsp": pick(Geography.carriers.map(\.0), &random)
    case "OperationType": pick(["ADD", "DEL"], &random)
    default: nil
    }
  }

  private func compute(_ name: String, _ random: inout SplitMix64) -> Value? {
    switch name {
    case "ImageId": pick((PublicImages.standard.all + world.images.all).map(\.id), &random)
    case "TaskSet":
      [
        [
          "Operation": "CreateImage",
          "TaskId": pick(world.tasks.all.filter { $0.operation == "CreateImage" }.map(\.id), &random),
        ]
      ]
    case "ModuleName", "ImageName": .text("n\(random.within(0...40))")
    case "KeyName": .text("key_\(random.within(0...200))")
    case "InstanceType": pick(Hardware.standard.models.map(\.name), &random)
    case "LoadBalancerType": "OPEN"
    case "ZoneInstanceCountISPSet": [batch(&random)]
    case "InstanceCount", "AddressCount", "Number": .int(random.within(1...3))
    case "DefaultBandWidth", "DefaultBandwidth", "MaxBandwidthOut", "InternetMaxBandwidthOut":
      .int(random.within(1...99))
    case "DefaultSystemDiskSize", "DefaultDataDiskSize": 50
    case "SystemDisk": ["DiskSize": 50]
    case "ForcePoweroff": "TRUE"
    case "ForceStop", "CloseIpDirect", "DisableWanIp", "DeleteBindImages": true
    case "Password": "Secret-1234-x"
    case "SourceRegion": "ap-chengdu"
    default: nil
    }
  }

  private func common(_ name: String, _ random: inout SplitMix64) -> Value? {
    switch name {
    case "Filters": nil
    case "Month": "2026-01"
    case "VpcName", "SubnetName", "RouteTableName", "HaVipName", "NetworkInterfaceName", "GroupName",
      "GroupDescription", "ImageDescription", "InstanceName", "LoadBalancerName", "ListenerName", "AddressName":
      .text("net\(random.within(0...9))")
    default: nil
    }
  }

  private func rules(_ action: String, _ random: inout SplitMix64) -> Value {
    var rule: Record = [
      "Protocol": "TCP", "Port": .text(String(random.within(80...99))), "CidrBlock": "10.0.0.0/8", "Action": "ACCEPT",
    ]
    if action == "ReplaceSecurityGroupPolicy" { rule["PolicyIndex"] = .int(random.within(0...1)) }
    if action == "DeleteSecurityGroupPolicies" { rule = ["PolicyIndex": .int(random.within(0...2))] }
    if action == "CreateSecurityGroupPolicies", random.within(0...3) == 0 {
      rule["CidrBlock"] = nil
      rule["SecurityGroupId"] = pick(world.securityGroups.all.map(\.id), &random)
    }
    return [pick(["Egress", "Ingress"], &random).asText == "Egress" ? "Egress" : "Ingress": [.record(rule)]]
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
  func pick(_ ids: [String], _ random: inout SplitMix64) -> Value {
    ids.isEmpty || random.within(0...30) == 0 ? "nothing-00000000" : .text(ids[random.within(0...ids.count - 1)])
  }
}
