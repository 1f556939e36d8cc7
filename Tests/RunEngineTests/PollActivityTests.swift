import Testing
import Values

@testable import CloudCatalog
@testable import RunEngine

@Suite struct PollActivityTests {
  private static let start = Instant(milliseconds: 0)

  private static func poll(_ ids: [Value], absent: Poll.Absence = .running, fallback: [Poll] = []) -> Poll {
    Poll(
      action: "ecm.DescribeInstances", ids: .constant(.list(ids)), idsPerCall: 5,
      arguments: [("Filters", .list([.filter("instance-id", .ids)]))], rows: "InstanceSet[]", rowID: "InstanceId",
      status: "InstanceState", done: ["RUNNING"], failed: ["LAUNCH_FAILED"], absent: absent, detail: "Why",
      expected: .seconds(20), fallback: fallback)
  }

  private static func text(_ request: PollActivity.Request) -> String {
    switch request {
    case .read(let call):
      "read " + (ValuePath("Filters[0].Values").value(in: .record(call.arguments))?.display ?? call.action.name)
    case .rest: "rest"
    case .conclude(.done): "done"
    case .conclude(.failed(let why)): "failed \(why)"
    case .conclude(.deadlinePassed(let seen)): "late \(seen)"
    }
  }

  private static func rows(_ states: [(Value, Value)]) -> Reply {
    .outcome(
      .done(
        ["InstanceSet": .list(states.map { ["InstanceId": $0.0, "InstanceState": $0.1, "Why": "no stock"] })],
        requestID: "q"))
  }

  private func activity(_ poll: Poll, deadline: Duration = .minutes(1)) throws -> PollActivity {
    try #require(PollActivity(poll, TemplateContext(), deadline: Self.start + deadline))
  }

  @Test func asksFiveAtATime() throws {
    let ids = (1...11).map { Value.text("i\($0)") }
    var poll = try activity(Self.poll(ids))
    #expect(Self.text(poll.begin()) == #"read ["i1","i2","i3","i4","i5"]"#)
    let done = { (range: ClosedRange<Int>) in Self.rows(range.map { (.text("i\($0)"), "RUNNING") }) }
    #expect(Self.text(poll.received(done(1...5), at: Self.start)) == #"read ["i6","i7","i8","i9","i10"]"#)
    #expect(Self.text(poll.received(done(6...10), at: Self.start)) == #"read ["i11"]"#)
    #expect(Self.text(poll.received(done(11...11), at: Self.start)) == "done")
  }

  @Test func goesOnWhileOneIsRunning() throws {
    var poll = try activity(Self.poll(["a", "b", "c"]))
    _ = poll.begin()
    let reply = Self.rows([("a", "RUNNING"), ("b", "PENDING"), ("c", "PENDING")])
    #expect(Self.text(poll.received(reply, at: Self.start)) == "rest")
    #expect(poll.lastSeen == "2 × PENDING")
    #expect(Self.text(poll.rested()) == #"read ["a","b","c"]"#)
    let end = Self.rows([("c", "RUNNING"), ("b", "RUNNING"), ("a", "RUNNING")])
    #expect(Self.text(poll.received(end, at: Self.start)) == "done")
  }

  @Test func failedTellsWhy() throws {
    var poll = try activity(Self.poll(["a", "b"]))
    let reply = Self.rows([("a", "PENDING"), ("b", "LAUNCH_FAILED")])
    #expect(Self.text(poll.received(reply, at: Self.start)) == "failed b is LAUNCH_FAILED: no stock")
  }

  @Test func whatAbsenceMeans() throws {
    let none = Self.rows([])
    var running = try activity(Self.poll(["a"]))
    #expect(Self.text(running.received(none, at: Self.start)) == "rest")
    #expect(running.lastSeen == "not listed yet")
    var done = try activity(Self.poll(["a"], absent: .done))
    #expect(Self.text(done.received(none, at: Self.start)) == "done")
    var failed = try activity(Self.poll(["a"], absent: .failed))
    #expect(Self.text(failed.received(none, at: Self.start)) == "failed a is not there any more")
    let gone = Reply.outcome(.refused(CloudError(code: "ResourceNotFound", message: "m", requestID: "q")))
    var refused = try activity(Self.poll(["a"], absent: .done))
    #expect(Self.text(refused.received(gone, at: Self.start)) == "done")
  }

  @Test func fallback() throws {
    let other = Self.poll(["a"])
    var poll = try activity(Self.poll([], fallback: [other]))
    #expect(Self.text(poll.begin()) == #"read ["a"]"#)
    #expect(PollActivity(Self.poll([]), TemplateContext(), deadline: Self.start) == nil)
    #expect(PollActivity(Self.poll([], fallback: [Self.poll([])]), TemplateContext(), deadline: Self.start) == nil)
  }

  @Test func errorsOnTheWay() throws {
    var poll = try activity(Self.poll(["a"]))
    for code in ["RequestLimitExceeded", "InternalError", "FailedOperation.OperationConflict"] {
      let reply = Reply.outcome(.refused(CloudError(code: code, message: "m", requestID: "q")))
      #expect(Self.text(poll.received(reply, at: Self.start)) == "rest")
    }
    #expect(Self.text(poll.received(.outcome(.unknown("lost")), at: Self.start)) == "rest")
    #expect(Self.text(poll.received(.unreachable("down"), at: Self.start)) == "rest")
    let refused = Reply.outcome(.refused(CloudError(code: "UnauthorizedOperation", message: "m", requestID: "q")))
    #expect(Self.text(poll.received(refused, at: Self.start)) == "failed UnauthorizedOperation: m")
  }

  /// It looks until its deadline, and once more in that very moment.
  @Test(arguments: [400, 1000, 2500, 10_000, 60_000]) func deadline(_ milliseconds: Int) throws {
    let limit = Duration.milliseconds(milliseconds)
    var poll = try activity(Self.poll(["a"]), deadline: limit)
    var now = Self.start
    var looks = 0
    while true {
      looks += 1
      switch poll.received(Self.rows([("a", "PENDING")]), at: now) {
      case .rest(let duration):
        #expect(duration > .zero)
        now = now + duration
        continue
      case .conclude(.deadlinePassed("PENDING")): break
      default: Issue.record("unexpected")
      }
      break
    }
    #expect(now == Self.start + limit)
    #expect(looks >= 2)
    var late = try activity(Self.poll(["a"]), deadline: limit)
    let reply = Self.rows([("a", "PENDING")])
    #expect(Self.text(late.received(reply, at: now + .milliseconds(1))) == "late PENDING")
  }
}
