import Values

@testable import CloudEmulator

/// Makes parameters that must agree with each other agree, so that enough calls come through.
extension Caller {
  func fit(_ parameters: inout Record, _ action: String, _ random: inout SplitMix64) {
    fitNetwork(&parameters, action, &random)
    fitInterface(&parameters, action, &random)
    fitCompute(&parameters, action, &random)
    fitBalancer(&parameters, action, &random)
  }

  private func one<R>(_ rows: [R], _ random: inout SplitMix64) -> R? {
    rows.isEmpty ? nil : rows[random.within(0...rows.count - 1)]
  }

  private func fitNetwork(_ parameters: inout Record, _ action: String, _ random: inout SplitMix64) {
    let own = world.subnets.all.filter { $0.region == Bench.region && !$0.isSystem }.last
    switch action {
    case "ModifyDefaultSubnet":
      guard let own else { return }
      parameters = parameters.merging(["Zone": .text(own.zone), "VpcId": .text(own.vpcID), "SubnetId": .text(own.id)])
    case "DeleteSubnet":
      if let empty = one(world.subnets.all.filter { !$0.isSystem && $0.hosts.isEmpty }, &random) {
        parameters["SubnetId"] = .text(empty.id)
      }
    case "CreateSubnet":
      guard let vpc = world.vpcs[parameters["VpcId"]?.asText ?? ""] else { return }
      let cidr = vpc.cidr.subnet(vpc.subnetCount, prefix: max(28, vpc.cidr.prefix))
      parameters["CidrBlock"] = .text(cidr?.description ?? "")
    case "DeleteRouteTable":
      if let table = world.routeTables.all.last { parameters["RouteTableId"] = .text(table.id) }
    case "ReplaceRouteTableAssociation":
      guard let subnet = one(world.subnets.all.filter { $0.region == Bench.region }, &random),
        let table = one(world.routeTables.all.filter { $0.vpcID == subnet.vpcID }, &random)
      else { return }
      parameters = parameters.merging(["SubnetId": .text(subnet.id), "RouteTableId": .text(table.id)])
    case "DeleteRoutes", "ReplaceRoutes", "EnableRoutes", "DisableRoutes":
      guard let table = one(world.routeTables.all.filter { !$0.routes.isEmpty }, &random),
        let route = one(table.routes, &random)
      else { return }
      parameters["RouteTableId"] = .text(table.id)
      if action.hasSuffix("ableRoutes") {
        parameters["RouteIds"] = [.int(route.number)]
      } else {
        var record = parameters.at("Routes[0]").asRecord ?? Record()
        record["RouteId"] = .int(route.number)
        parameters["Routes"] = [.record(record)]
      }
    case "CreateHaVip", "CreateNetworkInterface":
      let used = world.instances.all.compactMap { world.subnets[$0.subnetID] }
      guard let subnet = one(used + world.subnets.all.filter { $0.region == Bench.region }, &random) else { return }
      parameters = parameters.merging(["VpcId": .text(subnet.vpcID), "SubnetId": .text(subnet.id)])
    case "DescribeCustomImageTask": parameters["Filters"] = [["Name": "image-id", "Values": ["img-1"]]]
    default: break
    }
  }

  private func fitInterface(_ parameters: inout Record, _ action: String, _ random: inout SplitMix64) {
    let secondary = world.interfaces.all.filter { !$0.isPrimary && $0.state == .available }
    func set(_ interface: NetworkInterface?) { parameters["NetworkInterfaceId"] = interface.map { .text($0.id) } }
    switch action {
    case "DeleteNetworkInterface", "AttachNetworkInterface":
      guard let interface = one(secondary.filter { $0.attachment == nil }, &random) else { return }
      set(interface)
      if action.hasPrefix("A"), let instance = one(mates(of: interface), &random) {
        parameters["InstanceId"] = .text(instance.id)
      }
    case "DetachNetworkInterface", "MigrateNetworkInterface":
      guard let interface = one(secondary.filter { $0.attachment != nil }, &random) else { return }
      set(interface)
      parameters[action.hasPrefix("D") ? "InstanceId" : "SourceInstanceId"] =
        interface.attachment.map { .text($0.instanceID) }
      if action.hasPrefix("M"), let mate = one(mates(of: interface), &random) {
        parameters["DestinationInstanceId"] = .text(mate.id)
      }
    case "RemovePrivateIpAddresses", "ModifyPrivateIpAddressesAttribute", "MigratePrivateIpAddress":
      let rich = world.interfaces.all.filter { interface in
        interface.addresses.count > 1 && world.interfaces.all.count { $0.subnetID == interface.subnetID } > 1
      }
      guard let interface = one(rich, &random), let address = interface.addresses.last
      else { return }
      if action == "MigratePrivateIpAddress" {
        parameters["SourceNetworkInterfaceId"] = .text(interface.id)
        parameters["PrivateIpAddress"] = .text(address.text)
        let others = world.interfaces.all.filter { $0.subnetID == interface.subnetID && $0.id != interface.id }
        if let other = one(others, &random) { parameters["DestinationNetworkInterfaceId"] = .text(other.id) }
      } else {
        set(interface)
        parameters["PrivateIpAddresses"] = [["PrivateIpAddress": .text(address.text), "Description": "d"]]
      }
    case "AssignPrivateIpAddresses":
      set(one(secondary, &random))
      parameters["SecondaryPrivateIpAddressCount"] = 1
    case "AssignIpv6Addresses": set(one(world.interfaces.all.filter(\.isPrimary), &random))
    case "ReleaseIpv6Addresses", "ModifyIpv6AddressesAttribute":
      guard let interface = one(world.interfaces.all.filter { !$0.ipv6.isEmpty }, &random) else { return }
      set(interface)
      parameters["Ipv6Addresses"] = [["Address": .text(interface.ipv6[0].address), "Description": "d"]]
    default: break
    }
  }

  private func mates(of interface: NetworkInterface) -> [Instance] {
    world.instances.all.filter {
      $0.vpcID == interface.vpcID && $0.zone == interface.zone && $0.id != interface.attachment?.instanceID
    }
  }

  private func fitCompute(_ parameters: inout Record, _ action: String, _ random: inout SplitMix64) {
    switch action {
    case "RunInstances":
      if parameters["ModuleId"] == nil, random.within(0...4) != 0 {
        parameters["ModuleId"] = pick(world.modules.all.map(\.id), &random)
      }
      parameters["Password"] = nil
      if let key = one(world.keyPairs.all.map(\.id), &random) { parameters["KeyIds"] = [.text(key)] }
    case "DisassociateInstancesKeyPairs":
      guard let instance = one(world.instances.all.filter { !$0.keyIDs.isEmpty }, &random) else { return }
      parameters = parameters.merging([
        "InstanceIds": [.text(instance.id)], "KeyIds": [.text(instance.keyIDs[0])], "ForceStop": true,
      ])
    case "ModifyModuleConfig":
      if let module = one(world.modules.all.filter { $0.instanceCount == 0 }, &random) {
        parameters["ModuleId"] = .text(module.id)
      }
    case "ModifyImageAttribute": parameters["ImageId"] = pick(world.images.all.map(\.id), &random)
    case "ImportImage": parameters["ImageId"] = .text("img-\(random.within(0...99))")
    case "DisassociateAddress":
      if let bound = one(world.addresses.all.filter { $0.status.isBound }, &random) {
        parameters["AddressId"] = .text(bound.id)
      }
    case "AssociateAddress":
      guard random.within(0...1) == 0, let interface = one(world.interfaces.all.filter { !$0.isPrimary }, &random),
        let address = interface.addresses.last
      else { return }
      parameters["InstanceId"] = nil
      parameters["NetworkInterfaceId"] = .text(interface.id)
      parameters["PrivateIpAddress"] = .text(address.text)
    default: break
    }
  }

  private func fitBalancer(_ parameters: inout Record, _ action: String, _ random: inout SplitMix64) {
    switch action {
    case "ModifyListener", "ModifyTargetPort", "ModifyTargetWeight", "BatchModifyTargetWeight":
      let busy = world.balancers.all.filter { $0.listeners.contains { !$0.targets.isEmpty } }
      guard let balancer = one(busy, &random), let listener = balancer.listeners.first(where: { !$0.targets.isEmpty })
      else { return }
      parameters["NewPort"] = parameters["NewPort"].map { _ in .int(random.within(1...60_000)) }
      parameters["LoadBalancerId"] = .text(balancer.id)
      let targets: Value = [
        ["InstanceId": .text(listener.targets[0].instanceID), "Port": .int(listener.targets[0].port)]
      ]
      if action == "BatchModifyTargetWeight" {
        parameters["ModifyList"] = [["ListenerId": .text(listener.id), "Targets": targets, "Weight": 5]]
      } else {
        parameters["ListenerId"] = .text(listener.id)
        if action != "ModifyListener" { parameters["Targets"] = targets }
      }
    case "ModifyLoadBalancerAttributes": parameters["LoadBalancerName"] = .text("lb\(random.within(0...99))")
    default: break
    }
  }
}
