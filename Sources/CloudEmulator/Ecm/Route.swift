import Values

extension World {
  mutating func createRoutes(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    var routes = table.routes
    for record in records(call) { routes.append(try route(record, as: nil, table, call)) }
    try check(routes, of: table, call)
    let changed = number(routes, in: table)
    return [
      "TotalCount": .int(routes.count - table.routes.count), "RouteTableSet": [.record(answer(changed))],
    ]
  }

  /// By `RouteId`, by `RouteItemId`, or by what the route is.
  mutating func deleteRoutes(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    var chosen: Set<Int> = []
    for record in records(call) { chosen.insert(try index(of: record, in: table, call)) }
    routeTables[table.id]?.routes = table.routes.indices.filter { !chosen.contains($0) }.map { table.routes[$0] }
    return [:]
  }

  mutating func replaceRoutes(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    var routes = table.routes
    for record in records(call) {
      let index = try index(of: record, in: table, call)
      routes[index] = try route(record, as: table.routes[index], table, call)
    }
    try check(routes, of: table, call)
    routeTables[table.id]?.routes = routes
    return [:]
  }

  mutating func resetRoutes(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    var routes: [Route] = []
    for record in records(call) { routes.append(try route(record, as: nil, table, call)) }
    try check(routes, of: table, call)
    _ = number(routes, in: table)
    routeTables[table.id]?.name = try call.required("RouteTableName")
    return [:]
  }

  mutating func enableRoutes(_ call: Call) throws(Refusal) -> Record { try switchRoutes(call, on: true) }

  mutating func disableRoutes(_ call: Call) throws(Refusal) -> Record { try switchRoutes(call, on: false) }

  func describeRouteConflicts(_ call: Call) throws(Refusal) -> Record {
    let table = try routeTable(call)
    var rows: [Value] = []
    for text in call.texts("DestinationCidrBlocks") {
      guard let destination = CIDR(text) else {
        throw call.refusal("InvalidParameterValue.Malformed", because: "'\(text)' is not a CIDR block.")
      }
      let clashing = table.routes.filter { $0.destination == destination }
      guard !clashing.isEmpty else { continue }
      rows.append([
        "RouteTableId": .text(table.id), "DestinationCidrBlock": .text(text),
        "ConflictSet": .list(clashing.map(\.answer)),
      ])
    }
    return ["RouteConflictSet": .list(rows)]
  }

  private mutating func switchRoutes(_ call: Call, on isEnabled: Bool) throws(Refusal) -> Record {
    let table = try routeTable(call)
    var routes = table.routes
    for number in call.ints("RouteIds") {
      guard let index = routes.firstIndex(where: { $0.number == number }) else {
        throw call.notFound("route", String(number))
      }
      routes[index].isEnabled = isEnabled
    }
    try check(routes, of: table, call)
    routeTables[table.id]?.routes = routes
    return [:]
  }

  private func records(_ call: Call) -> [Record] { call.list("Routes").compactMap(\.asRecord) }

  /// Gives the routes that have none their ids, and stores them.
  private mutating func number(_ routes: [Route], in table: RouteTable) -> RouteTable {
    var changed = table
    changed.routes = []
    for route in routes {
      guard route.number == 0 else {
        changed.routes.append(route)
        continue
      }
      lastRoute += 1
      changed.routes.append(
        Route(
          itemID: newID("rti"), number: lastRoute, destination: route.destination, gatewayType: route.gatewayType,
          gatewayID: route.gatewayID, about: route.about, isEnabled: route.isEnabled))
    }
    routeTables[table.id] = changed
    return changed
  }

  private func index(of record: Record, in table: RouteTable, _ call: Call) throws(Refusal) -> Int {
    let index = table.routes.firstIndex { route in
      if let number = record["RouteId"]?.asInt { return route.number == number }
      if let item = record["RouteItemId"]?.asText { return route.itemID == item }
      return record["DestinationCidrBlock"] == .text(route.destination.description)
        && record["GatewayId"].map { $0 == .text(route.gatewayID) } ?? true
    }
    guard let index else { throw call.notFound("route", JSON.print(.record(record))) }
    return index
  }

  /// With the ids of `old`, and what the call leaves out; a new one gets its ids when it is stored.
  private func route(
    _ record: Record, as old: Route?, _ table: RouteTable, _ call: Call
  ) throws(Refusal) -> Route {
    guard record["RouteType"]?.asText ?? "USER" == "USER" else {
      throw call.refusal("UnsupportedOperation.SystemRoute", because: "Only USER routes can be made and changed.")
    }
    let text = record["DestinationCidrBlock"]?.asText
    guard let destination = text.map({ CIDR($0) }) ?? old?.destination else {
      throw call.refusal(
        "InvalidParameterValue.Malformed", "InvalidParameterValue", because: "'\(text ?? "")' is not a CIDR block.")
    }
    if vpcs[table.vpcID]?.cidr.contains(destination) == true {
      throw call.refusal(
        "InvalidParameterValue.VpcCidrConflict", because: "\(destination) lies within the network of the table.")
    }
    let type = record["GatewayType"]?.asText ?? old?.gatewayType ?? ""
    let gateway = record["GatewayId"]?.asText ?? old?.gatewayID ?? (type == "EIP" ? "0" : "")
    let isHost = CIDR.address(gateway).map { vpcs[table.vpcID]?.cidr.contains($0) == true } ?? false
    guard type == "EIP" ? gateway == "0" : type == "NORMAL_CVM" && isHost else {
      throw call.refusal(
        "InvalidParameterValue", because: "A gateway is EIP with 0, or NORMAL_CVM with an address of the network.")
    }
    return Route(
      itemID: old?.itemID ?? "", number: old?.number ?? 0, destination: destination, gatewayType: type,
      gatewayID: gateway, about: record["RouteDescription"]?.asText ?? old?.about ?? "",
      isEnabled: record["Enabled"]?.asBool ?? old?.isEnabled ?? true)
  }

  /// The same route must not occur twice, and of several ways to one destination only one may be enabled.
  private func check(_ routes: [Route], of table: RouteTable, _ call: Call) throws(Refusal) {
    guard routes.count <= Limits.routesPerTable else {
      throw call.refusal("LimitExceeded", because: "A table has at most \(Limits.routesPerTable) routes.")
    }
    for (index, route) in routes.enumerated() {
      let others = routes[..<index].filter { $0.destination == route.destination }
      guard !others.contains(where: { $0.gatewayType == route.gatewayType && $0.gatewayID == route.gatewayID }) else {
        throw call.refusal(
          "InvalidParameterValue.Duplicate", because: "\(route.destination) by \(route.gatewayID) occurs twice.")
      }
      guard !route.isEnabled || !others.contains(where: \.isEnabled) else {
        throw call.refusal(
          "UnsupportedOperation.Ecmp", "UnsupportedOperation", because: "\(route.destination) has another way already.")
      }
    }
  }
}
