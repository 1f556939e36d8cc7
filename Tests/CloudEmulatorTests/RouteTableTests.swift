import Testing
import Values

@testable import CloudEmulator

@Suite("Route tables")
struct RouteTableTests {
  private func route(_ destination: Value, _ gateway: Value = "10.0.0.5", _ more: Record = [:]) -> Value {
    let record: Record = ["DestinationCidrBlock": destination, "GatewayType": "NORMAL_CVM", "GatewayId": gateway]
    return .record(record.merging(more))
  }

  private func table(_ bench: inout Bench, _ id: String) throws -> Record {
    try bench.call("DescribeRouteTables", ["RouteTableIds": [.text(id)]]).at("RouteTableSet[0]").asRecord ?? Record()
  }

  @Test("a network has a main table, under which its subnets stand; it cannot be deleted and goes with the network")
  func main() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let filters: Value = [
      ["Name": "vpc-id", "Values": [.text(stock.vpc)]], ["Name": "association.main", "Values": ["true"]],
    ]
    let shown = try bench.call("DescribeRouteTables", ["Filters": filters])
    #expect(shown["TotalCount"] == 1)
    #expect(shown.at("RouteTableSet[0].AssociationSet").asList?.count == 2)
    let id = try shown.text("RouteTableSet[0].RouteTableId")
    #expect(bench.refusal("DeleteRouteTable", ["RouteTableId": .text(id)]) == "UnsupportedOperation.DelDefaultRoute")
    let count = bench.world.routeTables.count
    try bench.call("DeleteVpc", ["VpcId": .text(stock.emptyVpc), "EcmRegion": Stock.region])
    #expect(bench.world.routeTables.count == count - 1)
  }

  @Test("a subnet stands under one table, of its own network; a table with subnets stays")
  func association() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let pair: Record = [
      "SubnetId": .text(stock.subnet), "RouteTableId": .text(stock.freeTable), "EcmRegion": Stock.region,
    ]
    try bench.call("ReplaceRouteTableAssociation", pair)
    #expect(try table(&bench, stock.freeTable).at("AssociationSet[0].SubnetId") == .text(stock.subnet))
    let own: Record = ["RouteTableId": .text(stock.freeTable)]
    #expect(bench.refusal("DeleteRouteTable", own) == "UnsupportedOperation.DelRouteWithSubnet")
    let other = try bench.call(
      "CreateRouteTable",
      ["VpcId": .text(stock.emptyVpc), "RouteTableName": "o", "EcmRegion": Stock.region]
    ).at("RouteTable.RouteTableId")
    #expect(
      bench.refusal("ReplaceRouteTableAssociation", pair.merging(["RouteTableId": other]))
        == "UnsupportedOperation.VpcMismatch")
    #expect(
      bench.refusal("DeleteVpc", ["VpcId": .text(stock.emptyVpc), "EcmRegion": Stock.region]) == "ResourceInUse")
  }

  @Test("routes that clash, repeat or lead nowhere are refused, whole call and all")
  func refusals() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    func code(_ routes: Value...) -> String {
      bench.refusal("CreateRoutes", ["RouteTableId": .text(stock.table), "Routes": .list(routes)])
    }
    #expect(code(route("10.0.3.0/24")) == "InvalidParameterValue.VpcCidrConflict")
    #expect(code(route("172.20.0.0/16")) == "InvalidParameterValue.Duplicate")
    #expect(code(route("172.20.0.0/16", "10.0.0.6")) == "UnsupportedOperation.Ecmp")
    #expect(code(route("172.30.0.0/16", "172.16.0.1")) == "InvalidParameterValue")
    #expect(code(route("172.30.0.0/16"), route("nowhere")) == "InvalidParameterValue.Malformed")
    #expect(code(route("172.30.0.0/16", "10.0.0.6", ["RouteType": "NETD"])) == "UnsupportedOperation.SystemRoute")
    let many = (0..<50).map { route(.text("192.168.\($0).0/24")) }
    #expect(
      bench.refusal("CreateRoutes", ["RouteTableId": .text(stock.table), "Routes": .list(many)]) == "LimitExceeded")
  }

  @Test("a route is disabled, gives way to another, and cannot be enabled beside it")
  func switching() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let own: Record = ["RouteTableId": .text(stock.table)]
    let chosen = own.merging(["RouteIds": [.int(stock.route)]])
    try bench.call("DisableRoutes", chosen)
    #expect(try table(&bench, stock.table).at("RouteSet[0].Enabled") == false)
    let made = try bench.call("CreateRoutes", own.merging(["Routes": [route("172.20.0.0/16", "10.0.0.6")]]))
    #expect(made["TotalCount"] == 1)
    #expect(made.at("RouteTableSet[0].RouteSet").asList?.count == 2)
    #expect(bench.refusal("EnableRoutes", chosen) == "UnsupportedOperation.Ecmp")
    #expect(bench.refusal("EnableRoutes", own.merging(["RouteIds": [99]])) == "ResourceNotFound")
    let conflicts = try bench.call(
      "DescribeRouteConflicts", own.merging(["DestinationCidrBlocks": ["172.20.0.0/16", "172.99.0.0/16"]]))
    #expect(conflicts["RouteConflictSet"]?.asList?.count == 1)
    #expect(conflicts.at("RouteConflictSet[0].ConflictSet").asList?.count == 2)
    try bench.call(
      "DeleteRoutes", own.merging(["Routes": [["RouteId": made.at("RouteTableSet[0].RouteSet[1].RouteId")]]]))
    try bench.call("EnableRoutes", chosen)
  }

  @Test("a replaced route keeps its ids; a reset replaces name and routes")
  func replacing() throws {
    let stock = try Stock.shared()
    var bench = stock.bench
    let before = try table(&bench, stock.table)
    let own: Record = ["RouteTableId": .text(stock.table)]
    let record = route("172.21.0.0/16", "10.0.0.9", ["RouteId": .int(stock.route)])
    try bench.call("ReplaceRoutes", own.merging(["Routes": [record]]))
    let after = try table(&bench, stock.table)
    #expect(after.at("RouteSet[0].RouteItemId") == before.at("RouteSet[0].RouteItemId"))
    #expect(after.at("RouteSet[0].DestinationCidrBlock") == "172.21.0.0/16")
    try bench.call("ResetRoutes", own.merging(["RouteTableName": "reset", "Routes": [route("172.22.0.0/16")]]))
    let reset = try table(&bench, stock.table)
    #expect(reset["RouteTableName"] == "reset")
    #expect(reset["RouteSet"]?.asList?.count == 1)
    #expect(reset.at("RouteSet[0].RouteId") != after.at("RouteSet[0].RouteId"))
  }
}
