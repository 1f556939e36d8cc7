import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

@Suite("Rate limit, parameters, filters, pages")
struct LimitTests {
  private func outcome(_ bench: inout Bench, _ parameters: Record = [:]) -> String {
    switch bench.reply("DescribeVpcs", parameters) {
    case .answered: "answered"
    case .refused(let error): error.code
    case .lostBefore, .lostAfter: "lost"
    }
  }

  @Test("the 21st call within a second is throttled, and does not count itself")
  func window() {
    var bench = Bench()
    for _ in 1...20 {
      #expect(outcome(&bench) == "answered")
      bench.pass(.milliseconds(10))
    }
    #expect(outcome(&bench) == "RequestLimitExceeded")
    bench.pass(.milliseconds(799))
    #expect(outcome(&bench) == "RequestLimitExceeded")
    bench.pass(.milliseconds(1))
    #expect(outcome(&bench) == "answered")
    #expect(outcome(&bench) == "RequestLimitExceeded")
    bench.pass(.milliseconds(10))
    #expect(outcome(&bench) == "answered")
    #expect(bench.cloud.calls.filter { $0.outcome == "RequestLimitExceeded" }.count == 3)
  }

  @Test("with the limits lifted any number is let through, but in a storm no more than its rate")
  func lifted() throws {
    var bench = Bench()
    bench.cloud.liftRateLimits()
    for _ in 1...500 { #expect(outcome(&bench) == "answered") }
    bench.cloud.inject(try Fault(parsing: "storm 2 30s"))
    for _ in 1...2 { #expect(outcome(&bench) == "answered") }
    #expect(outcome(&bench) == "RequestLimitExceeded")
  }

  @Test("20 calls every 1000 ms are let through for ever")
  func steady() {
    var bench = Bench()
    for _ in 1...5 {
      for _ in 1...20 { #expect(outcome(&bench) == "answered") }
      bench.pass(.milliseconds(1000))
    }
  }

  @Test("accounts, regions and actions count apart")
  func apart() {
    var bench = Bench()
    for _ in 1...20 { #expect(outcome(&bench) == "answered") }
    #expect(outcome(&bench, ["EcmRegion": .text(Bench.region)]) == "answered")
    bench.account = "other"
    #expect(outcome(&bench) == "answered")
    if case .answered = bench.reply("DescribeSubnets") {} else { Issue.record("another action was throttled") }
  }

  @Test("in no window of a random stream are more than 20 let through")
  func stream() {
    var bench = Bench()
    var random = SplitMix64(seed: 11)
    for _ in 1...3000 {
      bench.pass(.milliseconds(Int64(random.within(0...60))))
      _ = outcome(&bench)
    }
    let admitted = bench.cloud.calls.filter { $0.outcome == "answered" }.map(\.instant)
    for index in admitted.indices.dropFirst(20) {
      #expect((admitted[index] - admitted[index - 20]).milliseconds >= 1000)
    }
    #expect(admitted.count > 1500)
  }

  @Test("the log of calls keeps the last ones")
  func log() {
    var cloud = EmulatedCloud(configuration: Configuration(callLogLimit: 3))
    for second in 1...10 {
      _ = cloud.handle(
        CloudRequest(account: "a", action: "ecm.DescribeNode", [:]), now: Instant(milliseconds: Int64(second) * 1000))
    }
    #expect(cloud.calls.map(\.instant.seconds) == [8, 9, 10])
  }

  @Test("parameters are checked against the catalog")
  func parameters() {
    var bench = Bench()
    let base: Record = ["VpcName": "a", "CidrBlock": "10.0.0.0/16", "EcmRegion": .text(Bench.region)]
    #expect(bench.refusal("CreateVpc", base.merging(["Nonsense": 1])) == "UnknownParameter")
    #expect(bench.refusal("CreateVpc", ["VpcName": "a"]) == "MissingParameter")
    #expect(bench.refusal("CreateVpc", base.merging(["VpcName": .null])) == "MissingParameter")
    #expect(bench.refusal("CreateVpc", base.merging(["VpcName": 5])) == "InvalidParameter.InvalidDataFormat")
    let long = String(repeating: "x", count: 61)
    #expect(bench.refusal("CreateVpc", base.merging(["VpcName": .text(long)])) == "InvalidParameterValue.TooLong")
    #expect(
      bench.refusal("CreateVpc", base.merging(["Tags": [["Key": "a", "Worth": "b"]]])) == "UnknownParameter")
    #expect(bench.refusal("CreateVpc", base.merging(["Tags": [["Key": "a"]]])) == "MissingParameter")
    #expect(bench.refusal("NoSuchThing") == "InvalidAction")
    #expect(bench.refusal("DescribeInstances", ["Limit": 101]) == "InvalidParameterValue.InvaildPageParam")
    #expect(bench.refusal("DescribeInstances", ["OrderByField": "x"]) == "InvalidParameterValue.InvalidOrderByField")
    let coexist: Record = ["VpcIds": ["vpc-1"], "Filters": [["Name": "vpc-id", "Values": ["x"]]]]
    #expect(bench.refusal("DescribeVpcs", coexist) == "InvalidParameter.Coexist")
    let ids = Value.list((1...101).map { .text("vpc-\($0)") })
    #expect(bench.refusal("DescribeVpcs", ["VpcIds": ids]) == "InvalidParameterValue.FilterLimitExceeded")
  }

  @Test("loose spellings are taken")
  func loose() throws {
    var bench = Bench()
    let answer = try bench.call("DescribeInstances", ["Limit": "5", "Offset": "0"])
    #expect(answer["TotalCount"] == 0)
    let id = try bench.run(try bench.makeModule())[0]
    bench.settle()
    try bench.call("StopInstances", ["InstanceIdSet": [.text(id)], "ForceStop": "TRUE"])
  }

  @Test("filters hold together, their values each for itself")
  func filters() throws {
    var bench = Bench()
    let vpc = try bench.makeVpc(name: "alpha-net")
    _ = try bench.call(
      "CreateVpc",
      [
        "VpcName": "beta-net", "CidrBlock": "10.20.0.0/16", "EcmRegion": "ap-xian-ecm",
        "Tags": [["Key": "city", "Value": "xian"]],
      ])
    func count(_ filters: Value) throws -> Value {
      try bench.call("DescribeVpcs", ["Filters": filters]).at("TotalCount")
    }
    #expect(try count([["Name": "vpc-name", "Values": ["-net"]]]) == 2)
    #expect(try count([["Name": "vpc-name", "Values": ["alpha", "beta"]]]) == 2)
    #expect(
      try count([["Name": "vpc-name", "Values": ["-net"]], ["Name": "region", "Values": ["ap-xian-ecm"]]]) == 1)
    #expect(try count([["Name": "vpc-id", "Values": [.text(String(vpc.dropLast()))]]]) == 0)
    #expect(try count([["Name": "tag-key", "Values": ["city"]]]) == 1)
    #expect(try count([["Name": "tag:city", "Values": ["xian"]]]) == 1)
    #expect(try count([["Name": "tag:city", "Values": ["rome"]]]) == 0)
    let unknown: Record = ["Filters": [["Name": "colour", "Values": ["x"]]]]
    #expect(bench.refusal("DescribeVpcs", unknown) == "InvalidParameterValue.InvalidFilter")
    let six: Record = ["Filters": [["Name": "vpc-id", "Values": ["1", "2", "3", "4", "5", "6"]]]]
    #expect(bench.refusal("DescribeVpcs", six) == "InvalidParameterValue.FilterLimitExceeded")
  }

  @Test("tags given at creation are shown and can be filtered by, on instances too")
  func tags() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let tags: Record = [
      "TagSpecification": [
        ["ResourceType": "module", "Tags": [["Key": "role", "Value": "other"]]],
        ["ResourceType": "instance", "Tags": [["Key": "role", "Value": "web"], ["Key": "run", "Value": "7"]]],
      ]
    ]
    let ids = try bench.run(module, 2, tags)
    _ = try bench.run(module)
    let filters: Value = [["Name": "tag:role", "Values": ["web", "db"]], ["Name": "tag-key", "Values": ["run"]]]
    let found = try bench.call("DescribeInstances", ["Filters": filters, "OrderDirection": 1])
    #expect(found.at("InstanceSet[].InstanceId") == .list(ids.map(Value.text)))
    #expect(found.at("InstanceSet[0].TagSet[1]") == ["Key": "run", "Value": "7"])
  }

  @Test("pages do not overlap and leave nothing out")
  func pages() throws {
    var bench = Bench()
    let ids = Set(try bench.run(try bench.makeModule(), 45))
    var seen: [Value] = []
    for offset in [0, 20, 40, 60] {
      let answer = try bench.call("DescribeInstances", ["Offset": .int(offset)])
      #expect(answer["TotalCount"] == 45)
      seen += answer.at("InstanceSet[].InstanceId").asList ?? []
    }
    #expect(seen.count == 45 && Set(seen.compactMap(\.asText)) == ids)
    let subnets = try bench.call("DescribeSubnets", ["Offset": "3", "Limit": "2"])
    #expect(subnets.at("SubnetSet").asList?.count == 2)
    #expect(bench.refusal("DescribeSubnets", ["Limit": "many"]) == "InvalidParameterValue.Range")
  }
}
