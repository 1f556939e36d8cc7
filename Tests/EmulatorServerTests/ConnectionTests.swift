import Foundation
import Synchronization
import Testing
import Values

@testable import EmulatorServer

/// What a connection does beside carrying one request and its answer.
@Suite("Connections")
struct ConnectionTests {
  private static let close = "Connection: close"

  private func call(_ client: Client, _ action: String = "DescribeNode", _ more: String...) -> String {
    let plain = RawConnection.text(client.request(action, "{}"))
    return more.isEmpty ? plain : plain.replacing("\r\nHost:", with: more.map { "\r\n\($0)" }.joined() + "\r\nHost:")
  }

  /// The status lines of the answers, and what their bodies begin with.
  private func statuses(_ text: String) -> [String] {
    text.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
  }

  @Test("many requests at once are answered in their order, and the last closes")
  func pipelined() async throws {
    try await withServer { client, _ async throws in
      let actions = (1...5).map { "NoSuchAction\($0)" }
      let requests = actions.dropLast().map { call(client, $0) } + [call(client, actions[4], ConnectionTests.close)]
      let answer = try await RawConnection.exchange([requests.joined()], port: client.port)
      let order = answer.matches(of: /NoSuchAction\d/).map { String($0.output) }
      #expect(order == actions)
      #expect(statuses(answer) == Array(repeating: "200", count: 5))
      #expect(answer.components(separatedBy: "connection: close").count == 2)
    }
  }

  @Test("those behind an answer that has to wait come after it, however many they are")
  func queued() async throws {
    let waits = Mutex<[Duration]>([])
    let wait: @Sendable (Duration) async -> Void = { pause in
      waits.withLock { $0.append(pause) }
      await Task.yield()
    }
    try await withServer(controlToken: "secret", wait: wait) { client, _ async throws in
      let faults = #"{"faults": ["ecm.DescribeNode:1:latency=3s", "ecm.DescribeNode:2:slow=20s"]}"#
      #expect(try await client.control("POST", "/_belay/faults", token: "secret", body: faults).0 == 200)
      let stray = "GET /stray HTTP/1.1\r\nHost: a\r\n\r\n"
      let requests = [
        call(client), call(client), String(repeating: stray, count: 2000), call(client, "DescribeNode", Self.close),
      ]
      let answer = try await RawConnection.exchange([requests.joined()], port: client.port)
      #expect(statuses(answer) == ["200", "200"] + Array(repeating: "404", count: 2000) + ["200"])
      #expect(waits.withLock { $0.first } == .seconds(3))
      #expect(waits.withLock { $0.dropFirst().reduce(.zero, +) } > .seconds(19.9))
    }
  }

  @Test("who takes answers slowly gets them all, also after sending nothing more")
  func slowReader() async throws {
    try await withServer { client, _ async throws in
      let filler = String(repeating: "x", count: 60_000)
      let requests = (0..<50).map { "GET /\($0)/\(filler) HTTP/1.1\r\nHost: a\r\n\r\n" }
      let answer = try await RawConnection.exchange(requests, port: client.port, ends: true)
      let numbers = answer.split(separator: "nothing at /").dropFirst().map { Int($0.prefix { $0 != "/" }) }
      #expect(numbers == Array(0..<50))
      #expect(answer.hasSuffix("x.\"}"))
    }
  }

  @Test("a body may come in chunks, and in pieces")
  func chunked() async throws {
    try await withServer { client, _ async throws in
      let whole = RawConnection.text(client.request("DescribeNode", "{}"), "Transfer-Encoding: chunked", Self.close)
      let head = String(whole.dropLast(2))
      let answer = try await RawConnection.exchange([head, "1\r\n{\r\n", "1\r\n}\r\n0\r\n\r\n"], port: client.port)
      #expect(statuses(answer) == ["200"])
      #expect(answer.contains("NodeSet"))
    }
  }

  @Test("who asks first whether to send the body is told to")
  func expected() async throws {
    try await withServer { client, _ async throws in
      let asking = call(client, "DescribeNode", "Expect: 100-continue", ConnectionTests.close)
      let answer = try await RawConnection.exchange([asking], port: client.port)
      #expect(statuses(answer) == ["100", "200"])
    }
  }

  @Test("the answer to HEAD has a length and no body")
  func head() async throws {
    try await withServer { client, _ async throws in
      let request = "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      let answer = try await RawConnection.exchange([request], port: client.port)
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(answer.hasSuffix("\r\n\r\n"))
      #expect(!answer.contains("content-length: 0\r\n"))
      #expect(answer.contains("date: Fri, 02 Jan 2026 03:04:05 GMT\r\n"))
    }
  }

  @Test("the older version closes unless it is told not to")
  func older() async throws {
    try await withServer { client, _ async throws in
      let stays = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
      let answer = try await RawConnection.exchange([stays + "GET /b HTTP/1.0\r\n\r\n"], port: client.port)
      #expect(statuses(answer) == ["404", "404"])
      #expect(answer.contains("connection: keep-alive") && answer.contains("connection: close"))
    }
  }

  @Test("who sends nothing more gets the answers to what it has sent")
  func halfClosed() async throws {
    try await withServer(controlToken: "secret") { client, _ async throws in
      let faults = #"{"faults": ["ecm.DescribeNode:1:latency=3s"]}"#
      #expect(try await client.control("POST", "/_belay/faults", token: "secret", body: faults).0 == 200)
      let answer = try await RawConnection.exchange([call(client) + call(client)], port: client.port, ends: true)
      #expect(statuses(answer) == ["200", "200"])
    }
  }

  @Test("what is not HTTP is answered with 400, and the connection closed")
  func nonsense() async throws {
    try await withServer { client, _ async throws in
      let nonsense = [
        "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12",
      ]
      for text in nonsense {
        let answer = try await RawConnection.exchange([text], port: client.port, ends: true)
        #expect(statuses(answer) == ["400"], "\(text)")
      }
      let behind = try await RawConnection.exchange([call(client) + "nonsense\r\n\r\n"], port: client.port)
      #expect(statuses(behind) == ["200", "400"])
    }
  }

  @Test("a path and a query are found wherever a target may have them")
  func targets() {
    let cases: [(target: String, path: String, query: String)] = [
      ("/", "/", ""), ("/?a=b", "/", "a=b"), ("/a/b?c?d#e", "/a/b", "c?d"), ("*", "*", ""), ("/a?", "/a", ""),
      ("http://host:1", "/", ""), ("http://host?a=b", "/", "a=b"), ("https://host/a?b", "/a", "b"),
    ]
    for (target, path, query) in cases {
      let request = WireRequest(method: "GET", target: target, headers: [:], body: [])
      #expect((request.path, request.query) == (path, query), "\(target)")
    }
  }

  @Test("the date of an answer is as HTTP writes it")
  func dates() {
    let dates = [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
    ]
    let field = DateField()
    for (second, text) in dates {
      #expect(field.text(at: Instant(milliseconds: Int64(second) * 1000 + 999)) == text)
    }
  }

  @Test("at the end of serving, idle connections are closed, and so are those whose request never comes whole")
  func ends() async throws {
    let exchanges = Mutex<[Task<String, any Error>]>([])
    try await withServer { client, _ async throws in
      let torn = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12"
      for text in [call(client), call(client) + torn] {
        let (heard, hears) = AsyncStream.makeStream(of: Void.self)
        let exchange = Task { try await RawConnection.exchange([text], port: client.port) { hears.yield() } }
        exchanges.withLock { $0.append(exchange) }
        for await _ in heard { break }
      }
    }
    for exchange in exchanges.withLock({ $0 }) {
      let answer = try await exchange.value
      #expect(statuses(answer) == ["200"])
    }
  }
}
