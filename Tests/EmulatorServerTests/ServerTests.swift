import CloudCatalog
import CloudEmulator
import Foundation
import Synchronization
import Testing
import Values

@testable import EmulatorServer

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("The emulator's HTTP face")
struct ServerTests {
  private let vpc: Record = ["VpcName": "net", "CidrBlock": "10.1.0.0/16", "EcmRegion": "ap-hangzhou-ecm"]

  private func code(_ response: Record) -> String? { response["Error"]?.asRecord?["Code"]?.asText }

  @Test("a signed call is answered in the envelope, with a RequestId")
  func answered() async throws {
    try await withServer { client, _ async throws in
      let response = try await client.call("CreateVpc", vpc)
      #expect(response["Error"] == nil)
      #expect(response["RequestId"]?.asText?.count == 36)
      #expect(response["Vpc"]?.asRecord?["CidrBlock"] == "10.1.0.0/16")
      let shown = try await client.call("DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])
      #expect(shown["TotalCount"] == 2)
    }
  }

  @Test("a refusal has a code, a message and a RequestId, and HTTP status 200")
  func refused() async throws {
    try await withServer { client, _ async throws in
      let response = try await client.call("DeleteVpc", ["VpcId": "vpc-00000000", "EcmRegion": "ap-hangzhou-ecm"])
      #expect(code(response) == "ResourceNotFound")
      #expect(response["Error"]?.asRecord?["Message"]?.asText?.isEmpty == false)
      #expect(response["RequestId"]?.asText?.count == 36)
      #expect(try await code(client.call("NoSuchAction")) == "InvalidAction")
    }
  }

  @Test("who cannot show who he is, is turned away")
  func signatures() async throws {
    try await withServer { client, _ async throws in
      let cases: [(change: @Sendable (inout Client) -> Void, code: String?)] = [
        ({ _ in }, nil), ({ $0.secretID = "AKIDnobody" }, "AuthFailure.SecretIdNotFound"),
        ({ $0.secretKey = "wrong" }, "AuthFailure.SignatureFailure"),
        ({ $0.timestamp -= 301 }, "AuthFailure.SignatureExpire"), ({ $0.timestamp -= 300 }, nil),
        ({ $0.timestamp += 301 }, "AuthFailure.SignatureExpire"),
        ({ $0.clockDate = "2026-01-01" }, "AuthFailure.SignatureFailure"),
        ({ $0.version = "2017-03-12" }, "NoSuchVersion"),
        ({ $0.service = "cos" }, "NoSuchProduct"), ({ $0.contentType = "text/plain" }, "UnsupportedProtocol"),
      ]
      for (change, expected) in cases {
        var changed = client
        change(&changed)
        let found = code(try await changed.call("DescribeNode"))
        #expect(found == expected)
      }
      for header in ["", "TC3-HMAC-SHA256", "TC3-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00"] {
        var request = client.request("DescribeNode", "{}")
        request.setValue(header, forHTTPHeaderField: "Authorization")
        #expect(try await code(client.send(request)) == "AuthFailure.InvalidAuthorization")
      }
      var tampered = client.request("DescribeNode", "{}")
      tampered.httpBody = Data("{ }".utf8)
      #expect(try await code(client.send(tampered)) == "AuthFailure.SignatureFailure")
    }
  }

  @Test("requests of another form are turned away with the cloud's codes")
  func forms() async throws {
    try await withServer { client, _ async throws in
      var get = URLRequest(url: client.url("/?Action=DescribeNode"))
      get.httpMethod = "PUT"
      #expect(try await code(client.send(get)) == "UnsupportedProtocol")
      #expect(try await code(client.send(client.request("DescribeNode", "{"))) == "InvalidParameter")
      #expect(try await code(client.send(client.request("DescribeNode", "[]"))) == "InvalidParameter")
      let big = String(repeating: " ", count: Gate.maximumBody - 1) + "{}"
      #expect(try await code(client.send(client.request("DescribeNode", big))) == "RequestSizeLimitExceeded")
      #expect(try await code(client.send(client.request("DescribeNode", String(big.dropFirst())))) == nil)
      #expect(try await code(client.call("DescribeNode", ["Nonsense": 1])) == "UnknownParameter")
      #expect(try await client.control("GET", "/elsewhere", token: nil).0 == 404)
    }
  }

  @Test("each secret id has its account's world")
  func accounts() async throws {
    try await withServer { client, _ async throws in
      _ = try await client.call("CreateVpc", vpc)
      var other = client
      (other.secretID, other.secretKey) = ("AKIDother", "other-key")
      #expect(try await other.call("DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])["TotalCount"] == 1)
    }
  }

  @Test("time passes by the given clock")
  func clock() async throws {
    try await withServer { client, clock async throws in
      let (balancer, task) = try await newBalancer(client)
      #expect(try await client.call("DescribeLoadBalanceTaskStatus", ["TaskId": task])["Status"] == 2)
      clock.set(clock.now + .seconds(6))
      #expect(try await client.call("DescribeLoadBalanceTaskStatus", ["TaskId": task])["Status"] == 0)
      let shown = try await client.call("DescribeLoadBalancers", ["LoadBalancerIds": [balancer]])
      #expect(shown["TotalCount"] == 1)
    }
  }

  private func newBalancer(_ client: Client) async throws -> (id: Value, task: Value) {
    let answer = try await client.call(
      "CreateLoadBalancer", ["EcmRegion": "ap-hangzhou-ecm", "LoadBalancerType": "OPEN", "VipIsp": "CTCC"])
    return (answer["LoadBalancerIds"]?.asList?.first ?? .null, answer["RequestId"] ?? .null)
  }

  @Test("the 21st call of a second is throttled, and many at once are all answered")
  func rate() async throws {
    try await withServer { client, _ async throws in
      let codes = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 1...30 { group.addTask { code(try await client.call("DescribeNode")) ?? "" } }
        return try await group.reduce(into: [String]()) { $0.append($1) }
      }
      #expect(codes.filter { $0.isEmpty }.count == 20)
      #expect(codes.filter { $0 == "RequestLimitExceeded" }.count == 10)
    }
  }

  @Test("a lost reply is a dropped connection, before or after the effect")
  func lost() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      let faults = #"{"faults": ["ecm.CreateVpc:1:lost-before-effect", "ecm.CreateVpc:2:lost-after-effect"]}"#
      let (status, _) = try await client.control("POST", "/_belay/faults", token: "secret", body: faults)
      #expect(status == 200)
      for _ in 1...2 {
        await #expect(throws: URLError.self) { try await client.call("CreateVpc", vpc) }
      }
      let shown = try await client.call("DescribeVpcs", ["EcmRegion": "ap-hangzhou-ecm"])
      #expect(shown["TotalCount"] == 2)
      let calls = try await client.control("GET", "/_belay/calls", token: "secret").1
      #expect(
        ValuePath("Calls[].Outcome").value(in: calls) == ["lost-before-effect", "lost-after-effect", "answered"])
    }
  }

  @Test("the control API is shut without a token, and opens only to the right one")
  func token() async throws {
    try await withServer { client, _ async throws in
      #expect(try await client.control("GET", "/_belay/inventory", token: "x").0 == 404)
    }
    try await withServer(controlToken: "secret") { client, _ async throws in
      #expect(try await client.control("GET", "/_belay/inventory", token: nil).0 == 401)
      #expect(try await client.control("GET", "/_belay/inventory", token: "secre").0 == 401)
      #expect(try await client.control("GET", "/_belay/nothing", token: "secret").0 == 404)
      let bad = #"{"faults": ["ecm.CreateVcp:1:throttled"]}"#
      let (status, body) = try await client.control("POST", "/_belay/faults", token: "secret", body: bad)
      #expect(status == 400)
      #expect(body.asRecord?["Error"]?.asText?.contains("there is no action 'ecm.CreateVcp'") == true)
    }
  }

  @Test("the inventory of an account is shown, and a reset brings the first state back")
  func inventory() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      func inventory(_ query: String = "") async throws -> [Value] {
        let (_, body) = try await client.control("GET", "/_belay/inventory\(query)", token: "secret")
        return body.asRecord?["Inventory"]?.asList ?? []
      }
      let before = try await inventory("?account=tester")
      _ = try await client.call("CreateVpc", vpc)
      #expect(try await inventory("?account=tester").count == before.count + 1)
      #expect(try await inventory("?account=other").count == before.count)
      #expect(try await client.control("POST", "/_belay/reset", token: "secret").0 == 200)
      #expect(try await inventory("?account=tester") == before)
    }
  }

  @Test("whoever keeps the state is told of every change before the caller is")
  func changes() async throws {
    let documents = Mutex<[Value]>([])
    let keep: @Sendable (Value) -> Void = { document in documents.withLock { $0.append(document) } }
    try await withServer(onChange: keep) {
      client, _ async throws in
      _ = try await client.call("DescribeVpcs")
      #expect(documents.withLock { $0.count } == 0)
      let id = try await client.call("CreateVpc", vpc)["Vpc"]?.asRecord?["VpcId"]?.asText
      #expect(documents.withLock { $0.count } == 1)
      let document = try #require(documents.withLock { $0.last })
      let copy = try EmulatedCloud(decoding: JSON.parse(JSON.print(document)))
      #expect(copy.inventory(account: "tester").contains { $0.id == id })
    }
  }

  @Test("a port that is in use is told in a sentence")
  func portInUse() async throws {
    try await withServer { client, _ async throws in
      let second = CloudServer(
        configuration: ServerConfiguration(
          port: client.port, credentials: [:], cloud: EmulatedCloud(configuration: Configuration())))
      let problem = await #expect(throws: ServerProblem.self) { try await second.run { _ in } }
      #expect(
        problem?.description == "the emulator cannot listen on 127.0.0.1:\(client.port): the port is in use")
    }
  }
}
