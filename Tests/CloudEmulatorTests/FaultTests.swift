import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

@Suite("Faults")
struct FaultTests {
  @Test(
    "a fault reads back from its text",
    arguments: [
      "ecm.CreateListener:1:refused=ResourceInsufficient", "ecm.CreateVpc:2:lost-after-effect",
      "ecm.CreateVpc:0:lost-before-effect", "ecm.RunInstances:1:throttled", "ecm.RunInstances:3:async-failure",
      "ecm.RunInstances:1:server-error",
    ])
  func text(_ text: String) throws { #expect(try Fault(parsing: text).description == text) }

  @Test(
    "a text that is no fault is told what is wrong with it",
    arguments: [
      ("ecm.CreateVpc", "it must be ACTION:NTH:KIND"),
      ("ecm.CreateVcp:1:throttled", "there is no action 'ecm.CreateVcp'"),
      ("ecm.CreateVpc:x:throttled", "'x' is not a number"), ("ecm.CreateVpc:-1:throttled", "'-1' is not a number"),
      ("ecm.CreateVpc:1:explode", "there is no kind 'explode'"),
      ("ecm.CreateVpc:1:refused=", "there is no kind 'refused='"),
    ])
  func badText(_ text: String, _ reason: String) {
    let problem = #expect(throws: FaultProblem.self) { try Fault(parsing: text) }
    #expect(problem?.description.contains(reason) == true)
  }

  private func create(_ bench: inout Bench) -> CloudReply {
    bench.pass(.milliseconds(100))
    return bench.reply("CreateVpc", ["VpcName": "a", "CidrBlock": "10.0.0.0/16", "EcmRegion": .text(Bench.region)])
  }

  private func code(_ reply: CloudReply) -> String? {
    if case .refused(let error) = reply { error.code } else { nil }
  }

  @Test(
    "the nth call, and only that, is refused",
    arguments: [
      ("refused=ResourceInsufficient", "ResourceInsufficient"), ("throttled", "RequestLimitExceeded"),
      ("server-error", "FailedOperation.InternalOperationFailure"),
    ])
  func refused(_ kind: String, _ expected: String) throws {
    var bench = Bench()
    bench.cloud.inject(try Fault(parsing: "ecm.CreateVpc:2:\(kind)"))
    let before = bench.inventory.count
    #expect(code(create(&bench)) == nil)
    #expect(code(create(&bench)) == expected)
    #expect(code(create(&bench)) == nil)
    #expect(bench.inventory.count == before + 2)
  }

  @Test("nth 0 means every call; a fault counts from its injection")
  func every() throws {
    var bench = Bench()
    _ = create(&bench)
    bench.cloud.inject(try Fault(parsing: "ecm.CreateVpc:0:throttled"))
    for _ in 1...3 { #expect(code(create(&bench)) == "RequestLimitExceeded") }
  }

  @Test("a reply is lost before or after the effect")
  func lost() throws {
    var bench = Bench()
    let before = bench.inventory
    bench.cloud.inject(try Fault(parsing: "ecm.CreateVpc:1:lost-before-effect"))
    bench.cloud.inject(try Fault(parsing: "ecm.CreateVpc:2:lost-after-effect"))
    #expect(create(&bench) == .lostBefore)
    #expect(bench.inventory == before)
    #expect(create(&bench) == .lostAfter)
    #expect(bench.inventory.count == before.count + 1)
    #expect(bench.cloud.calls.map(\.outcome) == ["lost-before-effect", "lost-after-effect"])
  }

  @Test("instances of a call that fails later end in LAUNCH_FAILED and can be terminated")
  func launch() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let before = bench.inventory
    bench.cloud.inject(try Fault(parsing: "ecm.RunInstances:1:async-failure"))
    let id = try bench.run(module)[0]
    bench.settle()
    #expect(try bench.state(id) == "LAUNCH_FAILED")
    try bench.call("TerminateInstances", ["InstanceIdSet": [.text(id)]])
    bench.settle()
    #expect(bench.inventory == before)
  }

  @Test(
    "power calls that fail later end where they began",
    arguments: [("StopInstances", "RUNNING"), ("RebootInstances", "RUNNING"), ("TerminateInstances", "RUNNING")])
  func power(_ action: String, _ end: String) throws {
    var bench = Bench()
    let id = try bench.run(try bench.makeModule())[0]
    bench.settle()
    bench.cloud.inject(try Fault(parsing: "ecm.\(action):1:async-failure"))
    try bench.call(action, ["InstanceIdSet": [.text(id)]])
    bench.settle()
    #expect(try bench.state(id) == .text(end))
    #expect(bench.world.instances[id]?.latestOperationState == "FAILED")
  }

  @Test("tasks on addresses that fail leave the address as it was")
  func addresses() throws {
    var bench = Bench()
    let instance = try bench.run(try bench.makeModule())[0]
    bench.settle()
    let before = bench.inventory
    bench.cloud.inject(try Fault(parsing: "ecm.AllocateAddresses:1:async-failure"))
    let failed = try bench.allocate()
    bench.settle()
    #expect(try bench.taskResult(failed.task) == "FAILED")
    #expect(bench.inventory == before)
    let id = try bench.allocate().ids[0]
    bench.settle()
    let named: Record = ["EcmRegion": .text(Bench.region), "AddressId": .text(id)]
    for (action, parameters) in [
      ("AssociateAddress", named.merging(["InstanceId": .text(instance)])), ("DisassociateAddress", named),
      ("ReleaseAddresses", ["EcmRegion": .text(Bench.region), "AddressIds": [.text(id)]]),
    ] as [(String, Record)] {
      let before = bench.inventory
      bench.cloud.inject(try Fault(parsing: "ecm.\(action):1:async-failure"))
      let task = try bench.call(action, parameters).text("TaskId")
      bench.settle()
      #expect(try bench.taskResult(task) == "FAILED")
      #expect(bench.inventory == before)
      try bench.call(action, parameters)
      bench.settle()
    }
  }

  @Test("a balancer's task that fails has changed nothing")
  func balancer() throws {
    var bench = Bench()
    let id = try bench.makeBalancer()
    for (action, parameters) in [
      ("CreateListener", ["LoadBalancerId": .text(id), "Ports": [80], "Protocol": "TCP"]),
      ("DeleteLoadBalancer", ["LoadBalancerIds": [.text(id)]]),
      ("CreateLoadBalancer", ["EcmRegion": .text(Bench.region), "LoadBalancerType": "OPEN", "VipIsp": "CTCC"]),
    ] as [(String, Record)] {
      let before = bench.inventory
      bench.cloud.inject(try Fault(parsing: "ecm.\(action):1:async-failure"))
      let (_, requestID) = try bench.callWithID(action, parameters)
      bench.settle()
      #expect(try bench.call("DescribeLoadBalanceTaskStatus", ["TaskId": .text(requestID)])["Status"] == 1)
      #expect(bench.inventory == before)
    }
  }

  @Test("an image's task that fails makes none")
  func image() throws {
    var bench = Bench()
    let id = try bench.run(try bench.makeModule())[0]
    bench.settle()
    let before = bench.inventory
    bench.cloud.inject(try Fault(parsing: "ecm.CreateImage:1:async-failure"))
    let create: Record = ["InstanceId": .text(id), "ImageName": "golden", "ForcePoweroff": "true"]
    let task = try bench.call("CreateImage", create).text("TaskId")
    bench.settle()
    let status = try bench.call(
      "DescribeTaskStatus", ["TaskSet": [["Operation": "CreateImage", "TaskId": .text(task)]]])
    #expect(status.at("TaskSet[0].Status") == "FAILED")
    #expect(status.at("TaskSet[0].Message") == "Create image failed")
    #expect(bench.inventory == before)
  }
}
