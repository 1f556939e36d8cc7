import Testing
import Values

@testable import CloudEmulator

@Suite("Scenario files")
struct ScenarioTests {
  private func scenario(_ text: String) throws -> Scenario { try Scenario(decoding: JSON.parse(text)) }

  @Test("texts and objects mean the same")
  func forms() throws {
    let texts = try scenario(
      #"{"faults": ["ecm.CreateVpc:2:throttled", "ecm.*:every=3:stuck", "*:p=0.5:garbage", "ecm.CreateVpc:0:stuck"]}"#)
    let objects = try scenario(
      #"""
      {"description": "the same", "faults": [
        {"action": "ecm.CreateVpc", "nth": 2, "kind": "throttled"}, {"action": "ecm.*", "every": 3, "kind": "stuck"},
        {"action": "*", "probability": 0.5, "kind": "garbage"}, {"action": "ecm.CreateVpc", "kind": "stuck"}]}
      """#)
    #expect(texts == objects)
  }

  @Test("a fault that comes later strikes and counts from then on")
  func after() throws {
    var bench = Bench()
    let armed = bench.cloud.inject(
      try scenario(#"{"faults": [{"fault": "ecm.DescribeVpcs:1:throttled", "after": "30s"}]}"#))
    #expect(armed.map(\.from) == [Bench.start + .seconds(30)])
    try bench.call("DescribeVpcs")
    bench.pass(.seconds(30))
    #expect(bench.refusal("DescribeVpcs") == "RequestLimitExceeded")
    try bench.call("DescribeVpcs")
  }

  @Test("a scenario's seed draws its probabilities, whatever the cloud's own")
  func seed() throws {
    func outcomes(_ seed: UInt64) throws -> [String] {
      var bench = Bench(seed: seed)
      bench.cloud.inject(try scenario(#"{"seed": 9, "faults": ["*:p=0.5:throttled"]}"#))
      for _ in 1...40 {
        bench.pass(.milliseconds(100))
        _ = bench.reply("DescribeNode")
      }
      return bench.cloud.calls.map(\.outcome)
    }
    #expect(try outcomes(1) == outcomes(2))
  }

  @Test(
    "what is wrong in a scenario is told with its place",
    arguments: [
      ("[]", "it must be {\"faults\": [FAULT, …]}"), (#"{"faults": [], "sede": 1}"#, "sede: there is no such member"),
      (#"{"faults": [1]}"#, "faults[0]: a text or an object is wanted"),
      (#"{"faults": [], "seed": "x"}"#, "seed: a whole number"),
      (#"{"faults": ["x"]}"#, "it must be ACTION:NTH:KIND"),
      (#"{"faults": [{"action": "ecm.CreateVpc"}]}"#, "faults[0]: fault is missing, or action and kind"),
      (#"{"faults": [{"fault": "storm 1 1s", "nth": 2}]}"#, "faults[0]: fault says it all"),
      (#"{"faults": [{"fault": "storm 1 1s", "after": 5}]}"#, "faults[0].after: a duration is wanted"),
      (#"{"faults": [{"action": "*", "kind": "stuck", "nth": 2, "every": 3}]}"#, "only one of nth, every"),
    ])
  func wrong(_ text: String, _ reason: String) {
    let problem = #expect(throws: FaultProblem.self) { try scenario(text) }
    #expect(problem?.description.contains(reason) == true, "\(problem?.description ?? "")")
  }
}
