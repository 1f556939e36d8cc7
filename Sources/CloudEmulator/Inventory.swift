import Values

extension World {
  /// Everything that exists, sorted by kind and id.
  var inventory: [InventoryLine] {
    var lines: [InventoryLine] = []
    lines += vpcs.all.map(\.inventoryLine)
    lines += subnets.all.map { subnet in
      subnet.inventoryLine(
        isDefault: defaultSubnets[subnet.zone] == subnet.id,
        isAside: vpcs[subnet.vpcID]?.routeTableID != subnet.routeTableID)
    }
    lines += routeTables.all.flatMap(\.inventoryLines)
    lines += modules.all.map(\.inventoryLine)
    lines += images.all.map(\.inventoryLine)
    lines += instances.all.map(\.inventoryLine)
    lines += addresses.all.map(\.inventoryLine)
    lines += interfaces.all.flatMap(\.inventoryLines)
    lines += haVips.all.map(\.inventoryLine)
    lines += securityGroups.all.map(\.inventoryLine)
    lines += keyPairs.all.map(\.inventoryLine)
    lines += snapshots.all.map(\.inventoryLine)
    for balancer in balancers.all {
      lines.append(balancer.inventoryLine)
      for listener in balancer.listeners {
        lines.append(listener.inventoryLine(balancer.id))
        lines += listener.targets.map { $0.inventoryLine(listener.id) }
      }
    }
    lines += cvm.inventoryLines
    return lines.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
  }
}

extension InventoryLine {
  /// With the parts of the detail that say something.
  init(_ kind: String, _ id: String, _ name: String, isSystem: Bool = false, tags: [Tag] = [], _ parts: String?...) {
    let marks = (isSystem ? ["system"] : []) + parts.compactMap { $0 } + tags.map { "\($0.key)=\($0.value)" }
    self.init(kind: kind, id: id, name: name, detail: marks.joined(separator: ", "))
  }
}
