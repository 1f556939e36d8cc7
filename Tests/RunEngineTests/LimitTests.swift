import CloudCatalog
import Testing
import Values

@testable import RunEngine

/// Limits, against a server that sees a call somewhere between its leaving and its answer.
@Suite struct LimitTests {
  private static let start = Instant(milliseconds: 0)

  private struct Flight {
    let ticket: Int
    let back: Instant
  }
  /// How long an answer takes, and after how much of that the server sees the call; in milliseconds.
  private typealias Journey = (latency: Int, seen: Int)

  /// Runs `count` calls of an action through a dispatcher, and beside them a look every 100 ms that is answered after
  /// so many milliseconds; returns when the server saw the calls and when the last answer came.
  private static func run(
    _ count: Int, looks: Int? = nil, _ journey: () -> Journey
  ) -> (arrivals: [Instant], end: Instant) {
    var dispatcher = Dispatcher()
    func enqueue(_ action: ActionID) -> Int {
      dispatcher.enqueue(account: "a", call: CloudCall(action, ["EcmRegion": "r"]), .init(isUndo: false))
    }
    var open = Set((0..<count).map { _ in enqueue("ecm.CreateVpc") })
    var now = start
    var nextLook = looks == nil ? nil : Optional(now)
    var flights: [Flight] = []
    var arrivals: [Instant] = []
    while !open.isEmpty {
      if let due = nextLook, due <= now {
        _ = enqueue("ecm.DescribeVpcs")
        nextLook = now + .milliseconds(100)
      }
      for flight in flights where flight.back <= now {
        dispatcher.returned(flight.ticket, at: now, throttled: false)
        open.remove(flight.ticket)
      }
      flights.removeAll { $0.back <= now }
      for ticket in dispatcher.release(at: now) {
        let (latency, seen) = open.contains(ticket) ? journey() : (looks ?? 0, 0)
        if open.contains(ticket) { arrivals.append(now + .milliseconds(seen)) }
        flights.append(Flight(ticket: ticket, back: now + .milliseconds(latency)))
      }
      let next = [flights.map(\.back).min(), dispatcher.nextRelease(after: now), nextLook].compactMap { $0 }.min()
      guard let next else { break }
      precondition(next > now, "time stands still")
      now = next
    }
    return (arrivals, now)
  }

  private static func worst(_ arrivals: [Instant]) -> Int {
    let sorted = arrivals.sorted()
    return sorted.indices.map { first in sorted[first...].prefix { $0 - sorted[first] < .seconds(1) }.count }.max() ?? 0
  }

  /// At least 95 % of the limit, from the first call to the last answer.
  private static func isNearTheLimit(_ end: Instant, count: Int, _ longest: Int) -> Bool {
    end - start <= .milliseconds(count * 50 * 100 / 95 + longest)
  }

  @Test func neverMoreThanTheLimitInAnySecond() {
    for seed in 0..<60 {
      var random = SplitMix(seed: seed)
      let longest = 1 + random.below(400)
      let (arrivals, _) = Self.run(150) {
        let latency = 1 + random.below(longest)
        return (latency, random.below(min(latency, 50) + 1))
      }
      #expect(arrivals.count == 150 && Self.worst(arrivals) <= 20, "seed \(seed)")
    }
  }

  /// As on a machine that is overloaded: some requests are late on their way, and are answered as soon as they arrive.
  @Test func lateRequestsCountFromTheirAnswers() {
    for seed in 0..<60 {
      var random = SplitMix(seed: seed)
      let (arrivals, _) = Self.run(150) {
        let latency = 1 + random.below(random.below(3) == 0 ? 1500 : 10)
        return (latency, latency)
      }
      #expect(arrivals.count == 150 && Self.worst(arrivals) <= 20, "seed \(seed)")
    }
  }

  /// The server takes its time, but sees each call soon: how soon is told by the calls that it answers at once.
  @Test func slowWorkOfManyLengthsKeepsTheLimit() {
    for seed in 0..<10 {
      var random = SplitMix(seed: seed)
      let (arrivals, end) = Self.run(1000, looks: 5) { (300 + random.below(1200), random.below(50)) }
      #expect(Self.worst(arrivals) <= 20 && Self.isNearTheLimit(end, count: 1000, 1500), "seed \(seed): \(end)")
    }
  }

  /// And when those that it answers at once are late as well, so may the slow ones have been.
  @Test func aSlowWayIsSeenByTheLooks() {
    for seed in 0..<10 {
      var random = SplitMix(seed: seed)
      let (arrivals, _) = Self.run(300, looks: 45) { (300 + random.below(1200), random.below(45)) }
      #expect(Self.worst(arrivals) <= 20, "seed \(seed)")
    }
  }

  @Test(arguments: [5, 50, 200, 2000]) func nearTheLimit(_ latency: Int) {
    let (arrivals, end) = Self.run(200) { (latency, 0) }
    #expect(end - Self.start <= .milliseconds(10_300 + (latency > 1000 ? 2 * latency : 0)))
    #expect(Self.worst(arrivals) == 20)
    let (_, late) = Self.run(2000) { (latency, 0) }
    #expect(Self.isNearTheLimit(late, count: 2000, latency))
  }

  @Test func throttlingLowersThenRecovers() {
    var window = SlidingWindow(limit: 20)
    var now = Self.start
    func burst() -> Int {
      var count = 0
      while window.admits(at: now) {
        window.left(1000 * Int(now.milliseconds) + count, at: now)
        window.returned(1000 * Int(now.milliseconds) + count, at: now, throttled: false)
        count += 1
      }
      return count
    }
    #expect(burst() == 20)
    window.returned(0, at: now, throttled: true)
    // Nothing leaves within a second of it.
    let early = window.admits(at: now + .milliseconds(1000))
    #expect(!early)
    now = now + .milliseconds(1100)
    #expect(burst() == 16)
    for _ in 0..<10 {
      now = now + .milliseconds(1100)
      _ = burst()
    }
    now = now + .milliseconds(1100)
    #expect(burst() == 20)
  }

  @Test func throttlingNeverStopsABucket() {
    var window = SlidingWindow(limit: 2)
    for call in 0..<50 { window.returned(call, at: Self.start, throttled: true) }
    #expect(window.nextChange(after: Self.start) == Self.start + .milliseconds(1001))
    let isOpen = window.admits(at: Self.start + .milliseconds(1001))
    #expect(isOpen)
  }

  private static func enqueue(
    _ dispatcher: inout Dispatcher, _ action: ActionID = "ecm.CreateVpc", region: Value = "r", account: String = "a",
    isUndo: Bool = false, remaining: Int = 0
  ) -> Int {
    dispatcher.enqueue(
      account: account, call: CloudCall(action, ["EcmRegion": region]), .init(isUndo: isUndo, remaining: remaining))
  }

  @Test func undoFirstThenArrival() {
    var dispatcher = Dispatcher(AccountLimits(rates: ["ecm.CreateVpc": 3]))
    let forward = (0..<4).map { _ in Self.enqueue(&dispatcher) }
    let undo = (0..<2).map { _ in Self.enqueue(&dispatcher, isUndo: true) }
    #expect(dispatcher.release(at: Self.start) == undo + [forward[0]])
    #expect(dispatcher.release(at: Self.start) == [])
    // Without an answer, nobody knows when the server sees them.
    #expect(dispatcher.nextRelease(after: Self.start) == Self.start + .milliseconds(3001))
    let answered = Self.start + .milliseconds(20)
    for ticket in undo + [forward[0]] { dispatcher.returned(ticket, at: answered, throttled: false) }
    #expect(dispatcher.release(at: answered) == [])
    let next = dispatcher.nextRelease(after: answered)
    #expect(next == answered + .milliseconds(1001))
    #expect(dispatcher.release(at: next ?? Self.start) == Array(forward[1...]))
  }

  /// Undo first, the longest way first, then arrival.
  @Test func theOrderOfAQueue() {
    var dispatcher = Dispatcher(AccountLimits(rates: ["ecm.CreateVpc": 9]))
    let urgencies = [(false, 2), (false, 5), (true, 1), (false, 5), (true, 3), (false, 0), (true, 3)]
    let tickets = urgencies.map { Self.enqueue(&dispatcher, isUndo: $0.0, remaining: $0.1) }
    #expect(dispatcher.release(at: Self.start) == [4, 6, 2, 1, 3, 0, 5].map { tickets[$0] })
  }

  @Test func bucketsAreIndependent() {
    var dispatcher = Dispatcher(AccountLimits(rates: ["ecm.CreateVpc": 1]))
    let first = Self.enqueue(&dispatcher)
    _ = Self.enqueue(&dispatcher)
    let elsewhere = Self.enqueue(&dispatcher, region: "r2")
    let other = Self.enqueue(&dispatcher, "ecm.DeleteVpc")
    let account = Self.enqueue(&dispatcher, account: "b")
    #expect(Set(dispatcher.release(at: Self.start)) == [first, elsewhere, other, account])
  }

  @Test func withdrawing() {
    var dispatcher = Dispatcher(AccountLimits(rates: ["ecm.CreateVpc": 1]))
    let first = Self.enqueue(&dispatcher)
    let second = Self.enqueue(&dispatcher)
    let third = Self.enqueue(&dispatcher)
    #expect(dispatcher.release(at: Self.start) == [first])
    let withdrawn = [first, second, second, 999].map { dispatcher.withdraw($0) }
    #expect(withdrawn == [false, true, false, false])
    #expect(dispatcher.release(at: Self.start + .seconds(4)) == [third])
    #expect(dispatcher.nextRelease(after: Self.start) == nil)
  }

  @Test func ratesComeFromTheBooks() {
    var dispatcher = Dispatcher()
    for _ in 0..<30 {
      _ = dispatcher.enqueue(
        account: "a", call: CloudCall("cvm.RunInstances", region: "r", [:]), .init(isUndo: false))
      _ = Self.enqueue(&dispatcher, "nowhere.Nothing")
    }
    #expect(dispatcher.release(at: Self.start).count == 10 + 1)
  }
}
