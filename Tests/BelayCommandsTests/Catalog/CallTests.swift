import CloudCatalog
import RunEngine
import Synchronization
import Testing
import Values

@testable import BelayCommands

@Suite struct CallArgumentTests {
  private func problems(
    _ action: ActionID, _ pairs: [String], region: String? = nil, _ environment: [String: String] = [:]
  ) throws -> [String] {
    let facts = try #require(Catalog.action(action))
    var arguments = CallArguments(ActionNature(facts))
    for pair in pairs { try arguments.add(pair: pair, environment) }
    if let region { arguments.add(region: region) }
    return try #require(ArgumentCheck(arguments, of: facts)).problems
  }

  private func record(_ action: ActionID, _ pairs: [String], region: String? = nil) throws -> Record {
    let facts = try #require(Catalog.action(action))
    var arguments = CallArguments(ActionNature(facts))
    for pair in pairs { try arguments.add(pair: pair, ["SECRET": "hunter22hunter"]) }
    if let region { arguments.add(region: region) }
    #expect(try #require(ArgumentCheck(arguments, of: facts)).problems == [])
    return arguments.record
  }

  @Test func valuesAreReadByType() throws {
    #expect(
      try record("ecm.DescribeVpcs", ["VpcIds=vpc-1,vpc-2", "Limit=5"], region: "ap-hangzhou-ecm")
        == ["VpcIds": ["vpc-1", "vpc-2"], "Limit": 5, "EcmRegion": "ap-hangzhou-ecm"])
    #expect(
      try record("ecm.DescribeVpcs", [#"Filters=[{"Name":"vpc-name","Values":["a"]}]"#], region: "r")["Filters"]
        == [["Name": "vpc-name", "Values": ["a"]]])
    #expect(try record("ecm.CreateVpc", ["VpcName=a=b", "CidrBlock=10.0.0.0/8", "EcmRegion=r"])["VpcName"] == "a=b")
    #expect(
      try record("ecm.DescribeVpcs", [#"Filters={"Name":"vpc-name","Values":["a"]}"#], region: "r")["Filters"]
        == [["Name": "vpc-name", "Values": ["a"]]])
  }

  @Test func everythingAtOnce() throws {
    #expect(
      try problems(
        "ecm.AllocateAddresses",
        ["AddressCount=two", "InternetServiceProvider=CTC", "InternetMaxBandwidthOut=9000", "Zone=x"])
        == [
          "'AddressCount' is an Integer, and 'two' is not one",
          "'InternetServiceProvider' is one of CMCC, CTCC, CUCC, but this is \"CTC\" (did you mean 'CTCC'?)",
          "'InternetMaxBandwidthOut' is at most 5000, but this is 9000",
          "'ecm.AllocateAddresses' has no parameter 'Zone'; it has EcmRegion, AddressCount, InternetServiceProvider, "
            + "InternetMaxBandwidthOut, Tags, InstanceId, NetworkInterfaceId, PrivateIpAddress",
          "'ecm.AllocateAddresses' needs 'EcmRegion'",
        ])
    #expect(
      try problems("ecm.AssociateAddress", ["AddressId=eip-1", "InstanceId=ein-1", "NetworkInterfaceId=eni-1"])
        == [
          "'InstanceId' and 'NetworkInterfaceId' cannot be given together", "'ecm.AssociateAddress' needs 'EcmRegion'",
        ])
    #expect(
      try problems(
        "ecm.CreateVpc", ["VpcName=a", "CidrBlock=10.0.0.1/8", "EcmRegion=r", #"Tags=[{"Key":"k","Valu":1}]"#])
        == [
          "'CidrBlock' is a network such as 10.20.0.0/16, but this is \"10.0.0.1/8\"",
          "'Tags[0]' (Tag) has no member 'Valu' (did you mean 'Value'?)", "'Tags[0]' (Tag) needs 'Value'",
        ])
    #expect(
      try problems("ecm.DeleteVpc", ["VpcId=subnet-1"], region: "r")
        == ["'VpcId' is ecm.VpcId, which looks like vpc-…, but this is \"subnet-1\""])
  }

  @Test func requiredThatCannotBeReadIsToldOnce() throws {
    #expect(
      try problems("ecm.CreateImage", ["InstanceId=1", "Fish=1"]).filter { $0.contains("needs") }
        == ["'ecm.CreateImage' needs 'ImageName'"])
    #expect(
      try problems("ecm.CreateListener", ["LoadBalancerId=lb-1", "Ports=[", "Protocol=TCP"]).count == 1)
  }

  @Test func regions() throws {
    #expect(try problems("cvm.DescribeZones", []) == ["'cvm.DescribeZones' needs a region: --region"])
    #expect(try problems("cvm.DescribeZones", [], region: "ap-guangzhou") == [])
    #expect(try problems("cvm.DescribeZones", ["Region=ap-guangzhou"]) == [])
    #expect(try problems("ecm.DescribeNode", [], region: "r") == ["'ecm.DescribeNode' takes no region"])
  }

  @Test func secretsAreHidden() throws {
    let pairs = ["InstanceIdSet=ein-1", "Password=@env:SECRET"]
    let facts = try #require(Catalog.action("ecm.RunInstances"))
    var arguments = CallArguments(ActionNature(facts))
    try arguments.add(pair: pairs[1], ["SECRET": "short"])
    let problems = try #require(ArgumentCheck(arguments, of: facts)).problems
    #expect(problems.first == "'Password' has at least 8 characters, but this is a secret that is not")
    #expect(arguments.record["Password"]?.holdsSecret == true)
    #expect(!problems.joined().contains("short"))
    let broken = try self.problems("cvm.RunInstances", ["LoginSettings={\"Password\": hunter2}"], region: "r")
    #expect(broken == ["'LoginSettings' is a LoginSettings, and this is not one"])
  }
}

@Suite struct CallExchangeTests {
  private final class Cloud: Sendable {
    private let rows: Int
    let calls = Mutex<[CloudCall]>([])

    init(rows: Int) { self.rows = rows }

    func send(_ call: CloudCall) -> Reply {
      calls.withLock { $0.append(call) }
      let offset = Int(call.arguments["Offset"]?.display ?? "0") ?? 0
      let limit = Int(call.arguments["Limit"]?.display ?? "20") ?? 20
      let ids = (0..<rows).dropFirst(offset).prefix(limit).map { Value.text("vpc-\($0)") }
      return .outcome(
        .done(["TotalCount": .int(rows), "VpcSet": .list(ids), "SubnetSet": .list(ids)], requestID: "r-\(offset)"))
    }
  }

  private func exchange(
    _ action: ActionID, _ arguments: Record = [:], send: @escaping @Sendable (CloudCall) async -> Reply
  ) throws -> CallExchange {
    let nature = ActionNature(try #require(Catalog.action(action)))
    return CallExchange(nature: nature, call: CloudCall(action, arguments), send: send, pause: { _ in })
  }

  @Test(arguments: [(0, 1), (99, 1), (100, 1), (101, 2), (250, 3)])
  func pagesAreMerged(_ rows: Int, _ calls: Int) async throws {
    let cloud = Cloud(rows: rows)
    let exchange = try exchange("ecm.DescribeVpcs") { cloud.send($0) }
    let walk = try #require(PageWalk(exchange.nature))
    let answer = try await exchange.result(walk).get()
    #expect(answer["VpcSet"]?.asList?.count == rows)
    #expect(Set(answer["VpcSet"]?.asList ?? []).count == rows)
    #expect(cloud.calls.withLock { $0.count } == calls)
  }

  @Test func theCallerChoosesPageAndStart() async throws {
    let cloud = Cloud(rows: 50)
    let exchange = try exchange("ecm.DescribeVpcs", ["Limit": 10, "Offset": 5]) { cloud.send($0) }
    let walk = try #require(PageWalk(exchange.nature))
    let answer = try await exchange.result(walk).get()
    #expect(answer["VpcSet"]?.asList?.first == "vpc-5" && answer["VpcSet"]?.asList?.count == 45)
    #expect(cloud.calls.withLock { $0.map { $0.arguments["Offset"] } } == [5, 15, 25, 35, 45])
  }

  /// DescribeSubnets types Offset and Limit as String.
  @Test func pagesAsTexts() async throws {
    let cloud = Cloud(rows: 150)
    let exchange = try exchange("ecm.DescribeSubnets") { cloud.send($0) }
    let walk = try #require(PageWalk(exchange.nature))
    let answer = try await exchange.result(walk).get()
    #expect(answer["SubnetSet"]?.asList?.count == 150)
    #expect(cloud.calls.withLock { $0.map { $0.arguments["Limit"] } } == ["100", "100"])
  }

  @Test func everyPagedReadHasAList() throws {
    let paged = ActionLookup.all.compactMap(Catalog.action).filter { $0.parameter("Offset") != nil }
    #expect(paged.count == 23)
    for facts in paged {
      let nature = ActionNature(facts)
      #expect(nature.isRead && PageWalk(nature) != nil && facts.output("TotalCount") != nil, "\(facts.id)")
    }
  }

  private func status(_ action: ActionID, _ reply: Reply) async throws -> (BelayCommands.ExitStatus?, String) {
    let exchange = try exchange(action) { _ in reply }
    do {
      _ = try await exchange.result(nil).get()
      return (nil, "")
    } catch {
      return (error.status, error.message ?? "")
    }
  }

  @Test func outcomes() async throws {
    let refusal = CloudError(code: "LimitExceeded", message: "too many", requestID: "r-1")
    let refused = try await status("ecm.CreateVpc", .outcome(.refused(refusal)))
    #expect(refused.0 == .rolledBack)
    #expect(refused.1 == "ecm.CreateVpc was refused: LimitExceeded: too many (RequestId r-1)")
    let unknown = try await status("ecm.CreateVpc", .outcome(.unknown("no answer")))
    #expect(unknown.0 == .needsAttention && unknown.1.contains("ecm.DescribeVpcs"))
    #expect(try await status("ecm.DescribeVpcs", .outcome(.unknown("no answer"))).0 == .unreachable)
    #expect(try await status("ecm.CreateVpc", .unreachable("refused")).0 == .unreachable)
    #expect(try await status("ecm.CreateVpc", .outcome(.done([:], requestID: "r"))).0 == nil)
  }

  @Test func confirmation() throws {
    let nature = ActionNature(try #require(Catalog.action("ecm.CreateVpc")))
    let confirmation = CallConfirmation(nature)
    #expect(confirmation.text.contains("undone by ecm.DeleteVpc"))
    try confirmation.accept("yes")
    for answer in ["y", "no", "", nil] {
      #expect(throws: CommandFailure.self) { try confirmation.accept(answer) }
    }
  }
}
