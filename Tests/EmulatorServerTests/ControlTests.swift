import CloudEmulator
import Foundation
import Synchronization
import Testing
import Values

@testable import EmulatorServer

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("The control API")
struct ControlTests {
  private let vpc: Record = ["VpcName": "net", "CidrBlock": "10.1.0.0/16", "EcmRegion": "ap-hangzhou-ecm"]

  private func post(_ client: Client, _ path: String, _ body: Value) async throws -> (Int, Record) {
    let (status, answer) = try await client.control(
      "POST", "/_belay/\(path)", token: "secret", body: JSON.print(body))
    return (status, answer.asRecord ?? Record())
  }

  private func get(_ client: Client, _ path: String, _ method: String = "GET") async throws -> (Int, Record) {
    let (status, answer) = try await client.control(method, "/_belay/\(path)", token: "secret")
    return (status, answer.asRecord ?? Record())
  }

  private func code(_ response: Record) -> String? { response["Error"]?.asRecord?["Code"]?.asText }

  @Test("a manual clock stands still until it is told to go on, and signatures go by the machine's")
  func manualClock() async throws {
    let manual = ManualClock(Instant(milliseconds: 1_767_323_045_000))
    try await withServer(controlToken: "secret", manualClock: manual) { client, clock async throws in
      let made = try await client.call(
        "CreateLoadBalancer", ["EcmRegion": "ap-hangzhou-ecm", "LoadBalancerType": "OPEN", "VipIsp": "CTCC"])
      func status() async throws -> Value? {
        try await client.call("DescribeLoadBalanceTaskStatus", ["TaskId": made["RequestId"] ?? .null])["Status"]
      }
      clock.set(clock.now + .seconds(60))
      #expect(try await status() == 2)
      let shown = try await get(client, "clock").1
      #expect(shown["Clock"] == "manual" && shown["Time"] == "2026-01-02 03:04:05")
      let next = try #require(shown["NextEvent"]?.asInt)
      let step = next - 1_767_323_045_000
      #expect(try await post(client, "clock", ["advance_ms": .int(step - 1)]).0 == 200)
      #expect(try await status() == 2)
      let after = try await post(client, "clock", ["advance_ms": 1]).1
      #expect(after["Now"] == .int(next) && after["NextEvent"] == .null)
      #expect(try await status() == 0)
      for wrong in [["advance_ms": -1], ["advance_ms": "1s"], [:]] as [Value] {
        #expect(try await post(client, "clock", wrong).0 == 400)
      }
    }
  }

  @Test("the machine's clock cannot be advanced")
  func wallClock() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      #expect(try await get(client, "clock").1["Clock"] == "wall")
      let (status, answer) = try await post(client, "clock", ["advance_ms": 1])
      #expect(status == 400)
      #expect(answer["Error"]?.asText?.contains("--clock manual") == true)
    }
  }

  @Test("a snapshot is restored as often as one likes, its clock with it; differences are told in lines")
  func snapshots() async throws {
    let manual = ManualClock(Instant(milliseconds: 1_767_323_045_000))
    try await withServer(controlToken: "secret", manualClock: manual) { client, _ async throws in
      _ = try await client.call("CreateVpc", vpc)
      #expect(try await post(client, "snapshot", ["name": "before"]).0 == 200)
      for _ in 1...2 {
        let id = try await client.call("CreateVpc", vpc.merging(["CidrBlock": "10.2.0.0/16"]))["Vpc"]
        _ = try await post(client, "clock", ["advance_ms": 60_000])
        let lines = try await get(client, "diff?from=before").1["Lines"]?.asList?.compactMap(\.asText) ?? []
        #expect(lines.first == "time: 2026-01-02 03:04:05 → 2026-01-02 03:05:05")
        #expect(lines.contains { $0.hasPrefix("tester: + vpcs \(id?.asRecord?["VpcId"]?.asText ?? "")") })
        _ = try await post(client, "snapshot", ["name": "after"])
        #expect(try await post(client, "restore", ["name": "before"]).0 == 200)
        #expect(manual.now == Instant(milliseconds: 1_767_323_045_000))
        #expect(try await get(client, "diff?from=before").1["Lines"] == [])
        #expect(try await get(client, "diff?from=before&to=after").1["Lines"] == .list(lines.map(Value.text)))
      }
      #expect(try await get(client, "snapshot").1["Snapshots"] == ["after", "before"])
      #expect(try await post(client, "restore", ["name": "never"]).0 == 400)
      #expect(try await post(client, "snapshot", ["name": ""]).0 == 400)
      #expect(try await get(client, "diff?from=never").0 == 400)
      #expect(try await get(client, "diff").0 == 400)
    }
  }

  @Test("no more than 100 snapshots are kept")
  func manySnapshots() {
    let host = CloudHost(
      ServerConfiguration(credentials: [:], cloud: EmulatedCloud(configuration: Configuration())))
    for number in 1...CloudHost.maximumSnapshots { #expect(host.snapshot("\(number)")) }
    #expect(host.snapshot("100"))
    #expect(!host.snapshot("101"))
  }

  @Test("faults are armed, listed and cleared")
  func faults() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      let (status, armed) = try await post(
        client, "faults", ["faults": ["ecm.DescribeVpcs:0:throttled", ["fault": "storm 1 1h", "after": "1h"]]])
      #expect(status == 200)
      #expect(armed["Armed"] == ["ecm.DescribeVpcs:0:throttled", "storm 1 1h"])
      #expect(try await code(client.call("DescribeVpcs")) == "RequestLimitExceeded")
      let listed = try await get(client, "faults").1["Faults"]?.asList ?? []
      #expect(listed.first?.asRecord?["Struck"] == 1 && listed.count == 2)
      #expect(try await get(client, "faults?number=1", "DELETE").0 == 200)
      #expect(try await get(client, "faults?number=1", "DELETE").0 == 400)
      #expect(try await get(client, "faults?number=x", "DELETE").0 == 400)
      #expect(try await code(client.call("DescribeVpcs")) == nil)
      #expect(try await get(client, "faults", "DELETE").0 == 200)
      #expect(try await get(client, "faults").1["Faults"] == [])
    }
  }

  @Test("the calls of one account are listed apart")
  func calls() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      _ = try await client.call("DescribeVpcs")
      #expect(try await get(client, "calls?account=tester").1["Calls"]?.asList?.count == 1)
      #expect(try await get(client, "calls?account=other").1["Calls"] == [])
    }
  }

  @Test("latency and slow bytes wait by the given clock; the answer is whole")
  func slow() async throws {
    let waited = Mutex<[Duration]>([])
    let wait: @Sendable (Duration) async -> Void = { time in waited.withLock { $0.append(time) } }
    try await withServer(controlToken: "secret", wait: wait) { client, _ async throws in
      _ = try await post(
        client, "faults", ["faults": ["ecm.DescribeVpcs:1:latency=3s", "ecm.DescribeVpcs:2:slow=10s"]])
      #expect(try await client.call("DescribeVpcs")["TotalCount"] == 12)
      #expect(waited.withLock { $0 } == [.seconds(3)])
      #expect(try await client.call("DescribeVpcs")["TotalCount"] == 12)
      let parts = waited.withLock { Array($0.dropFirst()) }
      #expect(parts.count >= 10)
      let sum = parts.reduce(Duration.zero, +)
      #expect(sum > .milliseconds(9_999) && sum < .milliseconds(10_001))
    }
  }

  @Test("an HTTP status and garbage are what they say, before and after the effect")
  func broken() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      _ = try await post(
        client, "faults",
        ["faults": ["ecm.CreateVpc:1:http=503", "ecm.CreateVpc:2:http-after-effect=502", "ecm.CreateVpc:3:garbage"]])
      var statuses: [Int] = []
      for number in 1...3 {
        let parameters = vpc.merging(["CidrBlock": .text("10.\(number).0.0/16")])
        let request = client.request("CreateVpc", JSON.print(.record(parameters)))
        let session = URLSession(configuration: .ephemeral)
        let (data, response) = try await session.data(for: request)
        session.finishTasksAndInvalidate()
        statuses.append((response as? HTTPURLResponse)?.statusCode ?? 0)
        #expect(throws: JSON.Problem.self) { try JSON.parse(Array(data)) }
      }
      #expect(statuses == [503, 502, 200])
      #expect(try await client.call("DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])["TotalCount"] == 3)
    }
  }

  @Test("a server whose clock is off refuses signatures of the right time, until the fault is cleared")
  func skew() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      _ = try await post(client, "faults", ["faults": ["skew -10min"]])
      #expect(try await code(client.call("DescribeVpcs")) == "AuthFailure.SignatureExpire")
      var late = client
      late.timestamp -= 600
      #expect(try await code(late.call("DescribeVpcs")) == nil)
      _ = try await get(client, "faults", "DELETE")
      #expect(try await code(client.call("DescribeVpcs")) == nil)
    }
  }

  @Test("a temporary key of an account sees that account's world")
  func temporary() async throws {
    try await withServer { client, _ async throws in
      _ = try await client.call("CreateVpc", vpc)
      var passing = client
      (passing.secretID, passing.secretKey) = ("AKIDtemporary", "passing-key")
      #expect(try await code(passing.call("DescribeVpcs")) == "AuthFailure.TokenFailure")
      passing.token = "the-token"
      let shown = try await passing.call("DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])
      #expect(shown["TotalCount"] == 2)
    }
  }
}
