import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

@Suite("Kinds of faults, and when they strike")
struct FaultKindTests {
  @Test(
    "every form reads back from its text",
    arguments: [
      "ecm.CreateVpc:every=3:throttled", "ecm.CreateVpc:p=0.25:lost-before-effect", "ecm.*:0:http=503",
      "*:1:http-after-effect=502", "cvm.*:2:garbage", "ecm.RunInstances:1:stuck",
      "ecm.BatchRegisterTargets:1:partial=2", "ecm.DescribeVpcs:0:latency=200ms",
      "ecm.DescribeVpcs:0:latency=uniform(100ms,1s)", "ecm.DescribeVpcs:0:latency=exponential(250ms)",
      "*:0:slow=10s", "sold-out ap-hangzhou-ecm-1", "sold-out ap-hangzhou-ecm-1/CTCC", "storm 2 30s", "skew -10min",
      "skew 2h",
    ])
  func text(_ text: String) throws { #expect(try Fault(parsing: text).description == text) }

  @Test(
    "a text that is no fault is told what is wrong with it",
    arguments: [
      ("ecm.CreateVpc:every=0:throttled", "must be every=1"), ("ecm.CreateVpc:p=1.5:throttled", "p=0 to p=1"),
      ("cos.*:1:throttled", "there is no service 'cos'"), ("ecm.CreateVpc:1:http=200", "there is no kind 'http=200'"),
      ("ecm.CreateVpc:1:partial", "ecm.CreateVpc has no FailListenerIdSet"),
      ("ecm.CreateVpc:1:latency=uniform(3s,1s)", "there is no kind"), ("storm 2", "it must be storm RATE DURATION"),
      ("storm 2 0s", "it must be storm"), ("skew x", "it must be skew DURATION"),
      ("sold-out", "it must be sold-out ZONE"), ("sold-out a/b/c", "it must be sold-out ZONE"),
    ])
  func badText(_ text: String, _ reason: String) {
    let problem = #expect(throws: FaultProblem.self) { try Fault(parsing: text) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }

  private func deliver(_ bench: inout Bench, _ action: String = "DescribeVpcs", _ parameters: Record = [:]) -> Delivery
  {
    bench.pass(.milliseconds(100))
    return bench.cloud.deliver(
      CloudRequest(account: bench.account, action: ActionID("ecm", action), parameters), now: bench.now)
  }

  private let vpc: Record = ["VpcName": "a", "CidrBlock": "10.0.0.0/16", "EcmRegion": .text(Bench.region)]

  private func isRefused(_ delivery: Delivery) -> Bool {
    if case .refused = delivery.reply { true } else { false }
  }

  @Test("every third call fails, and no other")
  func everyThird() throws {
    var bench = Bench()
    bench.cloud.inject(try Fault(parsing: "ecm.DescribeVpcs:every=3:throttled"))
    var refused: [Bool] = []
    for _ in 1...9 { refused.append(isRefused(deliver(&bench))) }
    #expect(refused == [false, false, true, false, false, true, false, false, true])
    #expect(bench.cloud.armedFaults.map(\.struck) == [3])
  }

  @Test("a probability is drawn from the seed: the same again, and about as often as it says")
  func chance() throws {
    func strikes(_ seed: UInt64) throws -> [Bool] {
      var bench = Bench(seed: seed)
      bench.cloud.inject(try Fault(parsing: "*:p=0.3:throttled"))
      return (1...1000).map { _ in isRefused(deliver(&bench)) }
    }
    let first = try strikes(1)
    #expect(try strikes(1) == first)
    #expect(try strikes(2) != first)
    #expect((250...350).contains(first.count { $0 }))
  }

  @Test("latency delays the answer and adds up; the effect is there at once")
  func latency() throws {
    var bench = Bench()
    for text in ["ecm.CreateVpc:1:latency=200ms", "ecm.*:1:latency=1s", "ecm.CreateVpc:1:slow=4s"] {
      bench.cloud.inject(try Fault(parsing: text))
    }
    let before = bench.inventory.count
    let delivery = deliver(&bench, "CreateVpc", vpc)
    #expect(delivery.delay == .milliseconds(1200))
    #expect(delivery.slowness == .seconds(4))
    #expect(!isRefused(delivery))
    #expect(bench.inventory.count == before + 1)
    let next = deliver(&bench)
    #expect(next.delay == .zero)
  }

  @Test("drawn latencies are within their range, and have their mean")
  func distributions() throws {
    func draws(_ text: String) throws -> [Int64] {
      var generator = SplitMix64(seed: 3)
      let distribution = try #require(LatencyDistribution(text))
      return (1...2000).map { _ in distribution.draw(&generator).milliseconds }
    }
    let uniform = try draws("uniform(100ms,300ms)")
    #expect(uniform.min() == 100 && uniform.max() == 300)
    let exponential = try draws("exponential(200ms)")
    let mean = exponential.reduce(0, +) / 2000
    #expect((185...215).contains(mean) && exponential.allSatisfy { $0 >= 0 })
  }

  @Test(
    "the logarithm is that of the tables",
    arguments: [(1, 0), (2, 0.693147180559945), (10, 2.302585092994046), (1e-9, -20.72326583694641)])
  func logarithm(_ number: Double, _ expected: Double) {
    #expect(abs(number.naturalLogarithm - expected) < 1e-12)
  }

  @Test(
    "a status or garbage tells the caller nothing; one of them has had its effect",
    arguments: [
      ("http=503", 0, CloudReply.lostBefore, Delivery.Form.status(503)),
      ("http-after-effect=502", 1, .lostAfter, .status(502)), ("garbage", 1, .lostAfter, .garbage),
    ])
  func wire(_ kind: String, _ made: Int, _ reply: CloudReply, _ form: Delivery.Form) throws {
    var bench = Bench()
    let before = bench.inventory.count
    bench.cloud.inject(try Fault(parsing: "ecm.CreateVpc:1:\(kind)"))
    let delivery = deliver(&bench, "CreateVpc", vpc)
    #expect(delivery.reply == reply && delivery.form == form)
    #expect(bench.inventory.count == before + made)
    #expect(bench.cloud.calls.last?.outcome == kind)
  }

  @Test("what a stuck call started never ends, and everything else goes on")
  func stuck() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    bench.cloud.inject(try Fault(parsing: "ecm.RunInstances:2:stuck"))
    let good = try bench.run(module)[0]
    let stuck = try bench.run(module)[0]
    bench.settle()
    bench.pass(.seconds(86_400))
    #expect(try bench.state(good) == "RUNNING")
    #expect(try bench.state(stuck) == "PENDING")
    #expect(bench.cloud.nextEvent == nil)
  }

  @Test("a batch call succeeds in part, and says for which listeners it did not")
  func partial() throws {
    var bench = Bench()
    let vpc = try bench.makeVpc()
    let subnet = try bench.makeSubnet(vpc)
    let inside: Record = ["VpcId": .text(vpc), "SubnetId": .text(subnet)]
    let instance = try bench.run(try bench.makeModule(), 1, inside: inside)[0]
    bench.settle()
    let balancer = try bench.makeBalancer(vpc)
    let ids =
      try bench.call(
        "CreateListener", ["LoadBalancerId": .text(balancer), "Ports": [80, 81], "Protocol": "TCP"]
      )
      .at("ListenerIds").asList ?? []
    bench.settle()
    bench.cloud.inject(try Fault(parsing: "ecm.BatchRegisterTargets:1:partial=1"))
    let targets = ids.map { id -> Value in ["ListenerId": id, "InstanceId": .text(instance), "Port": 80] }
    let batch: Record = ["LoadBalancerId": .text(balancer), "Targets": .list(targets)]
    let first = try bench.call("BatchRegisterTargets", batch)
    bench.settle()
    #expect(first["FailListenerIdSet"] == .list([ids[0]]))
    #expect(bench.inventory.filter { $0.kind == "Target" }.count == 1)
  }

  @Test("a sold-out zone has no instances, of one carrier or of any; another zone has")
  func soldOut() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    bench.cloud.inject(try Fault(parsing: "sold-out \(Bench.zone)/CTCC"))
    func code(_ zone: String, _ carrier: String) -> String? {
      let place: Record = ["Zone": .text(zone), "InstanceCount": 1, "ISP": .text(carrier)]
      let parameters: Record = ["ModuleId": .text(module), "ZoneInstanceCountISPSet": [.record(place)]]
      guard case .refused(let error) = deliver(&bench, "RunInstances", parameters).reply else { return nil }
      return error.code
    }
    let printed = Catalog.action("ecm.RunInstances").flatMap(SoldOut.code)
    #expect(printed == "ResourcesSoldOut.SpecifiedInstanceType" || printed?.hasPrefix("ResourceInsufficient") == true)
    #expect(code(Bench.zone, "CTCC") == printed)
    #expect(code(Bench.zone, "CUCC") == nil)
    #expect(code("ap-hangzhou-ecm-2", "CTCC") == nil)
    bench.cloud.inject(try Fault(parsing: "sold-out \(Bench.zone)"))
    #expect(code(Bench.zone, "CUCC") == printed)
    bench.cloud.clearFaults()
    #expect(code(Bench.zone, "CTCC") == nil)
  }

  @Test("in a storm no more than its rate comes through in a second; then the old limit holds again")
  func storm() throws {
    var bench = Bench()
    func through(_ count: Int) -> Int {
      (1...count).count { _ in
        if case .answered = bench.reply("DescribeNode") { true } else { false }
      }
    }
    #expect(through(30) == 20)
    bench.pass(.seconds(2))
    bench.cloud.advance(to: bench.now)
    bench.cloud.inject(try Fault(parsing: "storm 2 10s"))
    #expect(through(30) == 2)
    bench.pass(.milliseconds(999))
    #expect(through(5) == 0)
    bench.pass(.milliseconds(1))
    #expect(through(5) == 2)
    bench.pass(.seconds(9))
    #expect(through(30) == 20)
    #expect(bench.cloud.armedFaults.isEmpty)
  }

  @Test("faults are listed with what they have seen, and cleared by number")
  func clearing() throws {
    var bench = Bench()
    bench.cloud.inject(try Fault(parsing: "ecm.DescribeVpcs:0:throttled"))
    bench.cloud.inject(try Fault(parsing: "skew -10min"))
    _ = deliver(&bench)
    #expect(bench.cloud.armedFaults.map(\.number) == [1, 2])
    #expect(bench.cloud.armedFaults.map(\.seen) == [1, 0])
    #expect(bench.cloud.clockSkew == .seconds(-600))
    let cleared = [bench.cloud.clearFault(1), bench.cloud.clearFault(1)]
    #expect(cleared == [true, false])
    let next = deliver(&bench)
    #expect(!isRefused(next))
    bench.cloud.clearFaults()
    #expect(bench.cloud.armedFaults.isEmpty && bench.cloud.clockSkew == .zero)
  }
}
