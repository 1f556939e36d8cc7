import Testing
import Values

@testable import CloudCatalog
@testable import RunEngine

@Suite struct WatchBoardTests {
  private static let start = Instant(milliseconds: 0)

  private static func poll(
    _ ids: [Value], absent: Poll.Absence = .running, fallback: [Poll] = [], hasCrowd: Bool = false
  ) -> Poll {
    func poll(_ size: Int, _ arguments: [(String, Template)], fallback: [Poll] = [], crowd: [Poll] = []) -> Poll {
      Poll(
        action: "ecm.DescribeInstances", ids: .constant(.list(ids)), idsPerCall: size, arguments: arguments,
        rows: "InstanceSet[]", rowID: "InstanceId", status: "InstanceState", done: ["RUNNING"],
        failed: ["LAUNCH_FAILED"], absent: absent, detail: "Why", expected: .seconds(20), fallback: fallback,
        crowd: crowd)
    }
    let whole = poll(Poll.everything, [("Limit", .constant(100))])
    return poll(
      5, [("Filters", .list([.filter("instance-id", .ids)]))], fallback: fallback, crowd: hasCrowd ? [whole] : [])
  }

  private static func watch(_ poll: Poll, deadline: Duration = .minutes(1)) -> Watch? {
    Watch(
      CloudCall("ecm.RunInstances", [:]), .poll(poll), TemplateContext(), since: start, deadline: start + deadline)
  }

  private static func watching(_ poll: Poll, deadline: Duration = .minutes(1)) throws -> Watching {
    Watching(try #require(watch(poll, deadline: deadline)), at: start)
  }

  private static func rows(_ states: [(Value, Value)], total: Int? = nil) -> Reply {
    .outcome(
      .done(
        [
          "TotalCount": .int(total ?? states.count),
          "InstanceSet": .list(states.map { ["InstanceId": $0.0, "InstanceState": $0.1, "Why": "no stock"] }),
        ], requestID: "q"))
  }

  private static func refusal(_ code: String) -> Reply {
    .outcome(.refused(CloudError(code: code, message: "m", requestID: "q")))
  }

  private static func ids(_ range: ClosedRange<Int>) -> [Value] { range.map { .text("i\($0)") } }

  @Test func asksFiveAtATime() throws {
    var watching = try Self.watching(Self.poll(Self.ids(1...11)))
    for (range, end) in [(1...5, Watch.News?.none), (6...10, nil), (11...11, .done)] {
      #expect(watching.asked() == Value.list(Self.ids(range)).display)
      #expect(watching.answer(Self.rows(Self.ids(range).map { ($0, "RUNNING") })) == end)
    }
    #expect(watching.asked() == "nothing")
  }

  @Test func goesOnWhileOneIsRunning() throws {
    var watching = try Self.watching(Self.poll(["a", "b", "c"]))
    _ = watching.look()
    let reply = Self.rows([("a", "RUNNING"), ("b", "PENDING"), ("c", "PENDING")])
    #expect(watching.answer(reply) == .running("2 × PENDING"))
    // What is over is not asked for again, and what is said twice is told once.
    #expect(watching.asked() == #"["b","c"]"#)
    #expect(watching.answer(Self.rows([("b", "PENDING"), ("c", "PENDING")])) == nil)
    _ = watching.look()
    #expect(watching.answer(Self.rows([("c", "RUNNING"), ("b", "RUNNING")])) == .done)
  }

  @Test func severalShareACall() throws {
    var watching = Watching(at: Self.start)
    for index in 0..<4 {
      watching.add(try #require(Self.watch(Self.poll([.text("i\(index)"), "common"]))), as: index)
    }
    #expect(watching.asked() == #"["i0","common","i1","i2","i3"]"#)
    let news = watching.answerAll(
      Self.rows([
        ("i0", "RUNNING"), ("common", "RUNNING"), ("i1", "PENDING"), ("i2", "LAUNCH_FAILED"), ("i3", "RUNNING"),
      ]))
    #expect(news.map(\.index) == [2, 0, 1, 3])
    #expect(news.map(\.news) == [.failed("i2 is LAUNCH_FAILED: no stock"), .done, .running("PENDING"), .done])
    #expect(watching.asked() == #"["i1"]"#)
  }

  /// Until the first end of an action has been seen, only a few of those who wait for it are looked at.
  @Test func theFirstEndIsSeenByAFew() throws {
    var watching = Watching(at: Self.start)
    for index in 1...20 { watching.add(try #require(Self.watch(Self.poll([.text("i\(index)")]))), as: index) }
    #expect(watching.asked() == Value.list(Self.ids(1...5)).display)
    let news = watching.answerAll(Self.rows((1...5).map { (Value.text("i\($0)"), "RUNNING") }))
    #expect(news.map(\.news) == Array(repeating: .done, count: 5))
    #expect(watching.asked() == Value.list(Self.ids(6...10)).display)
  }

  /// With one that has ended already: what it took is known.
  private func watchingAfterOne() throws -> Watching {
    var watching = Watching(at: Self.start)
    watching.add(try #require(Self.watch(Self.poll(["first"], hasCrowd: true))), as: 0)
    _ = watching.look()
    #expect(watching.answer(Self.rows([("first", "RUNNING")])) == .done)
    return watching
  }

  @Test func manyAreLookedUpInTheWholeList() throws {
    var watching = try watchingAfterOne()
    for index in 1...20 {
      watching.add(try #require(Self.watch(Self.poll([.text("i\(index)")], absent: .done, hasCrowd: true))), as: index)
    }
    #expect(watching.asked() == #"{"Limit":100}"#)
    // Two pages are still cheaper than four calls.
    let page = (1...100).map { (Value.text("i\($0 <= 15 ? $0 : $0 + 1000)"), Value("RUNNING")) }
    #expect(watching.answerAll(Self.rows(page, total: 102)).isEmpty)
    #expect(watching.asked() == #"{"Limit":100,"Offset":100}"#)
    let news = watching.answerAll(Self.rows([("i16", "RUNNING"), ("i17", "PENDING")], total: 102))
    #expect(news.filter { $0.news == .done }.map(\.index) == Array(1...16))
    // A row may be missing because the list moved under its pages: the three that are not there are asked for.
    #expect(watching.asked() == #"["i18","i19","i20"]"#)
    #expect(watching.answerAll(Self.rows([])).map(\.news) == [.done, .done, .done])
  }

  @Test func aListTooLongIsNotReadOn() throws {
    var watching = try watchingAfterOne()
    for index in 1...20 {
      watching.add(try #require(Self.watch(Self.poll([.text("i\(index)")], hasCrowd: true))), as: index)
    }
    #expect(watching.asked() == #"{"Limit":100}"#)
    _ = watching.answerAll(Self.rows([("other", "RUNNING")], total: 5000))
    #expect(watching.asked() == Value.list(Self.ids(1...5)).display)
  }

  @Test func failedTellsWhy() throws {
    var watching = try Self.watching(Self.poll(["a", "b"]))
    _ = watching.look()
    let reply = Self.rows([("a", "PENDING"), ("b", "LAUNCH_FAILED")])
    #expect(watching.answer(reply) == .failed("b is LAUNCH_FAILED: no stock"))
  }

  @Test func whatAbsenceMeans() throws {
    let expectations: [(Poll.Absence, Watch.News)] = [
      (.running, .running("not listed yet")), (.done, .done), (.failed, .failed("a is not there any more")),
    ]
    for (absent, news) in expectations {
      var watching = try Self.watching(Self.poll(["a"], absent: absent))
      _ = watching.look()
      #expect(watching.answer(Self.rows([])) == news)
    }
    var refused = try Self.watching(Self.poll(["a"], absent: .done))
    _ = refused.look()
    #expect(refused.answer(Self.refusal("ResourceNotFound")) == .done)
  }

  @Test func eachHasItsOwnEndOfASharedQuestion() throws {
    var watching = try Self.watching(Self.poll(["a"]))
    watching.add(try #require(Self.watch(Self.poll(["b"], absent: .done))), as: 1)
    #expect(watching.asked() == #"["a","b"]"#)
    let news = watching.answerAll(Self.rows([]))
    #expect(news.map(\.index) == [0, 1] && news.map(\.news) == [.running("not listed yet"), .done])
  }

  @Test func fallback() throws {
    var watching = try Self.watching(Self.poll([], fallback: [Self.poll(["a"])]))
    #expect(watching.asked() == #"["a"]"#)
    #expect(Self.watch(Self.poll([])) == nil)
    #expect(Self.watch(Self.poll([], fallback: [Self.poll([])])) == nil)
  }

  @Test func errorsOnTheWay() throws {
    var watching = try Self.watching(Self.poll(["a"]))
    for code in ["RequestLimitExceeded", "InternalError", "FailedOperation.OperationConflict"] {
      _ = watching.look()
      #expect(watching.answer(Self.refusal(code)) == .running("\(code): m"))
    }
    _ = watching.look()
    #expect(watching.answer(.outcome(.unknown("lost"))) == .running("lost"))
    _ = watching.look()
    #expect(watching.answer(.unreachable("down")) == .running("down"))
    _ = watching.look()
    #expect(watching.answer(Self.refusal("UnauthorizedOperation")) == .refused("UnauthorizedOperation: m"))
  }

  /// A call for several that is refused is halved until it is known whom the refusal meets.
  @Test func aRefusalMeetsTheOneItIsAbout() throws {
    var watching = Watching(at: Self.start)
    for index in 0..<4 { watching.add(try #require(Self.watch(Self.poll([.text("i\(index)")]))), as: index) }
    var ends: [Int: Watch.News] = [:]
    while ends.count < 4, let call = watching.look() {
      let ids = ValuePath("Filters[0].Values").value(in: .record(call.arguments))?.asList ?? []
      let reply = ids.contains("i2") ? Self.refusal("InvalidParameterValue") : Self.rows(ids.map { ($0, "RUNNING") })
      for (index, news) in watching.answerAll(reply) { ends[index] = news }
    }
    #expect(ends == [0: .done, 1: .done, 2: .refused("InvalidParameterValue: m"), 3: .done])
  }

  /// It looks until its deadline, and once more in that very moment.
  @Test(arguments: [400, 1000, 2500, 10_000, 60_000]) func deadline(_ milliseconds: Int) throws {
    let limit = Duration.milliseconds(milliseconds)
    var watching = try Self.watching(Self.poll(["a"]), deadline: limit)
    var looks = 0
    var news: Watch.News?
    while watching.look() != nil {
      looks += 1
      news = watching.answer(Self.rows([("a", "PENDING")])) ?? news
    }
    #expect(news == .deadlinePassed("PENDING"))
    #expect(watching.now == Self.start + limit)
    #expect(looks >= (milliseconds < 500 ? 1 : 2))
  }

  /// In a plan and in the run of it, which begin at other times and get their answers sooner or later.
  @Test(arguments: [0, 37, 1_767_323_045_123], [0, 3, 90]) func looksAtNewWorkFallAlike(_ begin: Int64, _ answer: Int) {
    func offsets(_ since: Instant, _ answer: Duration) -> [Duration] {
      var pace = WatchPace()
      pace.begin(at: since)
      var (now, looks) = (since, [Duration]())
      while looks.count < 15 {
        let next = pace.nextLook(
          at: "ecm.RunInstances", books: .seconds(20), after: now, since: since, deadline: since + .minutes(9),
          pressure: .zero)
        #expect(next > now)
        looks.append(next - since)
        now = next + answer
      }
      return looks
    }
    let looks = offsets(Instant(milliseconds: begin), .milliseconds(answer))
    #expect(looks == offsets(Self.start, .zero))
    #expect(looks[14] < .seconds(14))
  }

  @Test func whoLeavesIsNotAskedForAnyMore() throws {
    var watching = Watching(at: Self.start)
    var board = watching.board
    for index in 0..<3 {
      let watch = try #require(Self.watch(Self.poll([.text("i\(index)")])))
      board.add(watch, for: .init(run: RunSlot(index % 2), watch: WatchID(index)), at: Self.start)
    }
    board.remove(run: RunSlot(0))
    let looks = board.takeLooks(at: Self.start + .minutes(1))
    #expect(looks.count == 1 && "\(looks[0].call.arguments)".contains("i1"))
    #expect(watching.look() == nil)
  }
}
