import CloudCatalog
import CloudEmulator
import Testing
import Values

@testable import EmulatorServer

/// One list of calls, played in this process and over HTTP: the answers are the same, to the last id.
@Suite("In-process and over HTTP")
struct ConformanceTests {
  private struct Step: Sendable {
    let action: String
    let parameters: Record
    /// Before the call.
    let pass: Duration

    init(_ action: String, _ parameters: Record = [:], after pass: Duration = .milliseconds(60)) {
      (self.action, self.parameters, self.pass) = (action, parameters, pass)
    }
  }

  private static let region: Value = "ap-hangzhou-ecm"

  private static let scenarios: [(faults: [String], steps: [Step])] = [
    (
      [],
      [
        Step("DescribeNode"), Step("CreateVpc", ["VpcName": "a", "CidrBlock": "10.0.0.0/16", "EcmRegion": region]),
        Step("CreateVpc", ["VpcName": "a", "CidrBlock": "8.8.8.8/99", "EcmRegion": region]),
        Step("CreateVpc", ["VpcName": "a"]), Step("DescribeVpcs", ["EcmRegion": region, "Limit": "5"]),
        Step("DescribeVpcs", ["Nonsense": 1]), Step("NoSuchAction"),
        Step("AllocateAddresses", ["EcmRegion": region, "AddressCount": 2, "InternetServiceProvider": "CTCC"]),
        Step("DescribeAddresses", ["EcmRegion": region]),
        Step("DescribeAddresses", ["EcmRegion": region], after: .seconds(5)),
      ]
    ),
    (
      [
        "ecm.DescribeVpcs:2:throttled", "ecm.DescribeVpcs:3:server-error", "ecm.AllocateAddresses:1:async-failure",
        "ecm.AllocateAddresses:2:stuck", "storm 1 1s", "*:p=0.2:refused=InternalError",
      ],
      [
        Step("DescribeVpcs"), Step("DescribeVpcs"), Step("DescribeVpcs", after: .seconds(2)), Step("DescribeVpcs"),
        Step("AllocateAddresses", ["EcmRegion": region, "AddressCount": 1, "InternetServiceProvider": "CTCC"]),
        Step("AllocateAddresses", ["EcmRegion": region, "AddressCount": 1, "InternetServiceProvider": "CUCC"]),
        Step("DescribeAddresses", ["EcmRegion": region], after: .seconds(60)), Step("DescribeNode"),
        Step("DescribeNode"), Step("DescribeNode"), Step("DescribeNode"),
      ]
    ),
  ]

  private func inProcess(_ faults: [Fault], _ steps: [Step], _ start: Instant) -> [Record] {
    var cloud = EmulatedCloud(configuration: Configuration(startedAt: start))
    for fault in faults { cloud.inject(fault) }
    var now = start
    return steps.map { step in
      now = now + step.pass
      let request = CloudRequest(account: "tester", action: ActionID("ecm", step.action), step.parameters)
      switch cloud.handle(request, now: now) {
      case .answered(var answer, let requestID):
        answer["RequestId"] = .text(requestID)
        return answer
      case .refused(let error):
        return [
          "Error": ["Code": .text(error.code), "Message": .text(error.message)], "RequestId": .text(error.requestID),
        ]
      case .lostBefore, .lostAfter: return ["Lost": true]
      }
    }
  }

  @Test("the same scenario gives the same answers", arguments: 0..<2)
  func same(_ index: Int) async throws {
    let (texts, steps) = ConformanceTests.scenarios[index]
    let faults = try texts.map { try Fault(parsing: $0) }
    try await withServer(controlToken: "secret") { client, clock async throws in
      let expected = inProcess(faults, steps, clock.now)
      let body: Value = ["faults": .list(texts.map(Value.text))]
      _ = try await client.control("POST", "/_belay/faults", token: "secret", body: JSON.print(body))
      for (step, answer) in zip(steps, expected) {
        clock.set(clock.now + step.pass)
        #expect(try await client.call(step.action, step.parameters) == answer, "\(step.action)")
      }
      #expect(expected.contains { $0["Error"] != nil } && expected.contains { $0["Error"] == nil })
    }
  }
}
