import Values

/// Where the traffic of a network's subnets goes. Every network has a main one.
struct RouteTable: Row {
  static let mainName = "default"

  let id: String
  let region: String
  let vpcID: String
  var name: String
  let isMain: Bool
  let createdAt: Instant
  var routes: [Route] = []

  /// A main table goes with its network, and has a line only when it differs from a new one.
  var inventoryLines: [InventoryLine] {
    let own = InventoryLine("RouteTable", id, name, vpcID, isMain ? "main" : nil)
    return (isMain && name == RouteTable.mainName ? [] : [own]) + routes.map { $0.inventoryLine(id) }
  }
}

/// A route that the user has made; the network's own is not shown.
struct Route: Codable, Sendable, Equatable {
  let itemID: String
  let number: Int
  let destination: CIDR
  let gatewayType: String
  let gatewayID: String
  let about: String
  var isEnabled: Bool

  func inventoryLine(_ tableID: String) -> InventoryLine {
    InventoryLine(
      "Route", "\(tableID)/\(destination)/\(gatewayID)", "", gatewayType, about.isEmpty ? nil : about,
      isEnabled ? nil : "disabled")
  }

  var answer: Value {
    [
      "DestinationCidrBlock": .text(destination.description), "GatewayType": .text(gatewayType),
      "GatewayId": .text(gatewayID), "RouteItemId": .text(itemID), "RouteDescription": .text(about),
      "Enabled": .bool(isEnabled), "RouteType": "USER", "RouteId": .int(number),
    ]
  }
}

extension World {
  mutating func createRouteTable(_ call: Call) throws(Refusal) -> Record {
    let vpc = try vpc(try call.required("VpcId"), in: try call.requiredRegion(), call)
    guard routeTables.all.count(where: { $0.vpcID == vpc.id }) < Limits.routeTablesPerVpc else {
      throw call.refusal(
        "LimitExceeded", because: "A network has at most \(Limits.routeTablesPerVpc) route tables.")
    }
    let table = RouteTable(
      id: newID("rtb"), region: vpc.region, vpcID: vpc.id, name: try call.newName("RouteTableName"), isMain: false,
      createdAt: now)
    routeTables.insert(table)
    return ["RouteTable": .record(answer(table))]
  }

  mutating func deleteRouteTable(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    guard !table.isMain else {
      throw call.refusal(
        "UnsupportedOperation.DelDefaultRoute", because: "\(table.id) is the main table of its network.")
    }
    guard subnets.count("route-table-id", table.id) == 0 else {
      throw call.refusal("UnsupportedOperation.DelRouteWithSubnet", because: "\(table.id) still has subnets.")
    }
    routeTables.remove(table.id)
    return [:]
  }

  mutating func modifyRouteTableAttribute(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    routeTables[table.id]?.name = try call.required("RouteTableName")
    return [:]
  }

  func describeRouteTables(_ call: Call) throws(Refusal) -> Record {
    let region = try call.region()
    let passes = try call.filter(
      [
        .exact("route-table-id") { $0.id }, .exact("route-table-name") { $0.name }, .exact("vpc-id") { $0.vpcID },
        .exact("association.main") { $0.isMain ? "true" : "false" },
      ] as [FilterField<RouteTable>])
    let wanted = call.has("RouteTableIds") ? Set(call.texts("RouteTableIds")) : nil
    let rows = routeTables.all.filter { table in
      (region == nil || table.region == region?.name) && (wanted?.contains(table.id) ?? true) && passes(table)
    }
    let page = try call.page(rows)
    return ["TotalCount": .int(page.total), "RouteTableSet": .list(page.rows.map { .record(answer($0)) })]
  }

  mutating func replaceRouteTableAssociation(_ call: Call) throws(Refusal) -> Record {
    let subnet = try subnet(try call.required("SubnetId"), in: try call.requiredRegion(), call)
    let table = try routeTable(call)
    guard table.vpcID == subnet.vpcID else {
      throw call.refusal(
        "UnsupportedOperation.VpcMismatch", because: "\(table.id) and \(subnet.id) belong to different networks.")
    }
    subnets[subnet.id]?.routeTableID = table.id
    return [:]
  }

  func routeTable(_ call: Call) throws(Refusal) -> RouteTable {
    let id = try call.required("RouteTableId")
    guard let table = routeTables[id] else { throw call.notFound("route table", id) }
    return table
  }

  func answer(_ table: RouteTable) -> Record {
    let associations = subnets.rows("route-table-id", table.id).map { subnet -> Value in
      ["SubnetId": .text(subnet.id), "RouteTableId": .text(table.id)]
    }
    return [
      "VpcId": .text(table.vpcID), "RouteTableId": .text(table.id), "RouteTableName": .text(table.name),
      "AssociationSet": .list(associations), "RouteSet": .list(table.routes.map(\.answer)),
      "Main": .bool(table.isMain), "CreatedTime": .text(table.createdAt.plainText),
    ]
  }

  /// What a network is made with.
  mutating func addMainRouteTable(of vpc: Vpc) {
    routeTables.insert(
      RouteTable(
        id: vpc.routeTableID, region: vpc.region, vpcID: vpc.id, name: RouteTable.mainName, isMain: true,
        createdAt: vpc.createdAt))
  }
}
