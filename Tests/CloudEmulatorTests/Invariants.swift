@testable import CloudEmulator

enum Invariants {
  static func problems(_ world: World) -> [String] {
    networks(world) + instances(world) + interfaces(world) + addresses(world) + balancers(world) + groups(world)
      + indexes(world.instances) + indexes(world.interfaces) + indexes(world.addresses) + indexes(world.subnets)
  }

  /// Every row is found under its texts, and nothing else is.
  static func indexes<R>(_ table: Table<R>) -> [String] {
    R.keys.flatMap { key -> [String] in
      var rows: [String: [String]] = [:]
      for row in table.all { for text in Set(key.texts(row).list) { rows[text, default: []].append(row.id) } }
      return rows.keys.sorted().filter { table.rows(key.name, $0).map(\.id) != rows[$0] }
        .map { "\(R.self): the index \(key.name) is wrong at '\($0)'" }
    }
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
      if users != subnet.instanceCount { problems.append("\(subnet.id) counts \(subnet.instanceCount) of \(users)") }
      let taken =
        world.interfaces.all.filter { $0.subnetID == subnet.id }.flatMap(\.addresses).map(\.number)
        + world.haVips.all.filter { $0.subnetID == subnet.id }.map(\.number)
      if Set(taken).count != taken.count { problems.append("\(subnet.id) has an address twice") }
      if taken.count != subnet.cidr.size - 3 - subnet.hosts.available || taken.contains(where: subnet.hosts.isFree) {
        problems.append("\(subnet.id) counts its addresses wrong")
      }
      if world.routeTables[subnet.routeTableID]?.vpcID != subnet.vpcID {
        problems.append("\(subnet.id) has no route table of its network")
      }
    }
    for vpc in world.vpcs.all {
      let own = subnets.filter { $0.vpcID == vpc.id }
      if world.routeTables[vpc.routeTableID]?.isMain != true { problems.append("\(vpc.id) has no main route table") }
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

  private static func interfaces(_ world: World) -> [String] {
    var problems: [String] = []
    for instance in world.instances.all {
      let own = world.interfaces.all.filter { $0.attachment?.instanceID == instance.id }
      let known = world.interfaces(of: instance)
      if Set(own.map(\.id)) != Set(known.map(\.id)) || own.count(where: \.isPrimary) != 1 {
        problems.append("\(instance.id) does not know its interfaces")
      }
      if known.first?.isPrimary != true || known.first?.addresses.first?.number != instance.privateAddress {
        problems.append("\(instance.id) has no primary interface")
      }
      if Set(own.compactMap { $0.attachment?.deviceIndex }).count != own.count {
        problems.append("\(instance.id) has a device twice")
      }
    }
    for interface in world.interfaces.all {
      if interface.addresses.count(where: \.isPrimary) != 1 { problems.append("\(interface.id) has not one primary") }
      if let id = interface.attachment?.instanceID, world.instances[id] == nil {
        problems.append("\(interface.id) is attached to nothing")
      }
      if interface.isPrimary, interface.attachment == nil { problems.append("\(interface.id) is loose") }
      for address in interface.addresses {
        guard let id = address.addressID else { continue }
        if world.addresses[id]?.slot != AddressSlot(interfaceID: interface.id, number: address.number) {
          problems.append("\(interface.id) and \(id) do not agree")
        }
      }
    }
    return problems
  }

  private static func groups(_ world: World) -> [String] {
    let bound =
      world.instances.all.flatMap(\.securityGroupIDs) + world.modules.all.flatMap(\.securityGroupIDs)
      + world.interfaces.all.flatMap(\.securityGroupIDs) + world.balancers.all.flatMap(\.securityGroupIDs)
      + world.securityGroups.all.flatMap(\.references)
    var problems = Set(bound).filter { world.securityGroups[$0] == nil }.map { "\($0) is bound and gone" }
    let routes = world.routeTables.all.flatMap(\.routes)
    if Set(routes.map(\.number)).count != routes.count { problems.append("a route number occurs twice") }
    if Set(routes.map(\.itemID)).count != routes.count { problems.append("a route's id occurs twice") }
    let keys = world.instances.all.flatMap(\.keyIDs)
    problems += keys.filter { world.keyPairs[$0] == nil }.map { "\($0) is used and gone" }
    return problems
  }

  private static func addresses(_ world: World) -> [String] {
    var problems: [String] = []
    for address in world.addresses.all {
      let isTied = [.binding, .bound, .boundToInterface, .unbinding].contains(address.status)
      if isTied != (address.instanceID != nil || address.slot != nil) {
        problems.append("\(address.id) is \(address.status) and tied or not")
      }
      if let id = address.instanceID, world.instances[id]?.addressID != address.id {
        problems.append("\(address.id) and \(id) do not agree")
      }
      guard let slot = address.slot else { continue }
      let interface = world.interfaces[slot.interfaceID]
      if interface?.addresses.first(where: { $0.number == slot.number })?.addressID != address.id {
        problems.append("\(address.id) and \(slot.interfaceID) do not agree")
      }
      if address.status.isBound, interface?.state == .available,
        (interface?.attachment == nil) != (address.status == .boundToInterface)
      {
        problems.append("\(address.id) is \(address.status) on the wrong kind of interface")
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
