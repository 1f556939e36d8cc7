import CloudCatalog
import Foundation
import GRDB
import RunEngine
import RunJournal
import Synchronization
import Testing
import Values

/// Two processes on one account: two dispatchers over two connections to one file.
@Suite struct LimitStoreTests {
  private static func stores(_ count: Int) throws -> (folder: URL, stores: [SQLiteLimitStore]) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("belay-limits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent("limits.sqlite").path
    return (folder, try (0..<count).map { _ in try SQLiteLimitStore(path: path) })
  }

  private static func send(_ traffic: inout Traffic, _ count: Int) {
    let run = traffic.join()
    for index in 0..<count {
      let call = CloudCall("ecm.CreateVpc", ["EcmRegion": "r"])
      traffic.send(OutgoingCall(SendID(index: index), call, .init(isUndo: false)), of: run)
    }
  }

  @Test func twoProcessesStayWithinOneLimit() throws {
    let (folder, stores) = try Self.stores(2)
    defer { try? FileManager.default.removeItem(at: folder) }
    var processes = [Traffic(account: "a", process: 1), Traffic(account: "a", process: 2)]
    for index in processes.indices { Self.send(&processes[index], 60) }
    var now = Instant(milliseconds: 1_000_000)
    var leavings: [Instant] = []
    var flights: [(process: Int, ticket: Int, back: Instant)] = []
    while leavings.count < 120 {
      for index in processes.indices {
        for flight in flights where flight.process == index && flight.back <= now {
          processes[index].returned(flight.ticket, .outcome(.done([:], requestID: "q")), at: now)
        }
        flights.removeAll { $0.process == index && $0.back <= now }
        for departure in processes[index].departures(sharing: stores[index], clock: { now }).departures {
          leavings.append(now)
          flights.append((index, departure.ticket, now + .milliseconds(30)))
        }
      }
      now = now + .milliseconds(10)
    }
    let most = leavings.indices.map { first in
      leavings[first...].prefix { $0 - leavings[first] < .seconds(1) }.count
    }.max()
    #expect(most == 20)
    #expect(now - Instant(milliseconds: 1_000_000) < .milliseconds(5500))
  }

  private static func allocate(_ traffic: inout Traffic, _ count: Int, by holder: String) -> SendID {
    let run = traffic.join()
    let call = CloudCall("ecm.AllocateAddresses", ["EcmRegion": "r", "AddressCount": .int(count)])
    let claim = Catalog.meaning(call.action).flatMap { BudgetClaim(call, $0, holder: holder) }
    traffic.send(OutgoingCall(SendID(index: 0), call, .init(isUndo: false), claim: claim), of: run)
    return SendID(index: 0)
  }

  /// What one process has used of a day is not there for another, nor for one that begins later; the next day begins
  /// anew.
  @Test func daysAreShared() throws {
    let (folder, stores) = try Self.stores(3)
    defer { try? FileManager.default.removeItem(at: folder) }
    let noon = Instant(milliseconds: 1_790_000_000_000)
    func leave(_ traffic: inout Traffic, _ store: Int, _ now: Instant) -> [Departure] {
      traffic.departures(sharing: stores[store], clock: { now }).departures
    }
    func quota(_ used: Int) -> Reply {
      let row: Value = ["QuotaId": "DAILY_EIP_APPLY", "QuotaCurrent": .int(used), "QuotaLimit": 40]
      return .outcome(.done(["QuotaSet": [row]], requestID: "q"))
    }
    var first = Traffic(account: "a", process: 1)
    _ = Self.allocate(&first, 25, by: "r-1/x")
    #expect(leave(&first, 0, noon).map(\.call.action) == ["ecm.AllocateAddresses"])
    // A second attempt of the same step takes nothing more.
    _ = Self.allocate(&first, 25, by: "r-1/x")
    #expect(leave(&first, 0, noon + .seconds(2)).count == 1)

    var second = Traffic(account: "a", process: 2)
    _ = Self.allocate(&second, 20, by: "r-2/x")
    let look = try #require(leave(&second, 1, noon + .seconds(4)).first)
    #expect(look.call.action == "ecm.DescribeAddressQuota")
    second.returned(look.ticket, quota(25), at: noon + .seconds(5))
    #expect(leave(&second, 1, noon + .seconds(5)).isEmpty)
    let shortages = second.takeNews().compactMap { news -> BudgetShortage? in
      if case .exhausted(_, let shortage) = news.event { shortage } else { nil }
    }
    #expect(shortages.map(\.used) == [25] && shortages.map(\.limit) == [40])
    _ = Self.allocate(&second, 15, by: "r-2/y")
    #expect(leave(&second, 1, noon + .seconds(6)).count == 1)

    var third = Traffic(account: "a", process: 3)
    _ = Self.allocate(&third, 40, by: "r-3/x")
    #expect(leave(&third, 2, noon + .minutes(24 * 60)).map(\.call.action) == ["ecm.AllocateAddresses"])
    var elsewhere = Traffic(account: "b", process: 4)
    _ = Self.allocate(&elsewhere, 40, by: "r-4/x")
    #expect(leave(&elsewhere, 2, noon + .seconds(8)).map(\.call.action) == ["ecm.AllocateAddresses"])
  }

  /// A throttling that one process meets slows the other down, too.
  @Test func throttlingIsShared() throws {
    let (folder, stores) = try Self.stores(2)
    defer { try? FileManager.default.removeItem(at: folder) }
    var first = Traffic(account: "a", process: 1)
    var second = Traffic(account: "a", process: 2)
    Self.send(&first, 1)
    let now = Instant(milliseconds: 1_000_000)
    let departure = try #require(first.departures(sharing: stores[0], clock: { now }).departures.first)
    let refusal = CloudError(code: "RequestLimitExceeded", message: "m", requestID: "q")
    first.returned(departure.ticket, .outcome(.refused(refusal)), at: now)
    _ = first.departures(sharing: stores[0], clock: { now }).departures
    Self.send(&second, 1)
    #expect(second.departures(sharing: stores[1], clock: { now + .milliseconds(100) }).departures.isEmpty)
    #expect(second.departures(sharing: stores[1], clock: { now + .milliseconds(1100) }).departures.count == 1)
  }

  /// The file says nothing of how many calls an account has: a run with a smaller limit leaves no trace of that.
  @Test func anotherProcessesLimitIsItsOwn() throws {
    let (folder, stores) = try Self.stores(2)
    defer { try? FileManager.default.removeItem(at: folder) }
    var narrow = Traffic(account: "a", limits: AccountLimits(rates: ["ecm.CreateVpc": 5]), process: 1)
    var wide = Traffic(account: "a", process: 2)
    Self.send(&narrow, 60)
    Self.send(&wide, 60)
    let now = Instant(milliseconds: 1_000_000)
    #expect(narrow.departures(sharing: stores[0], clock: { now }).departures.count == 5)
    #expect(wide.departures(sharing: stores[1], clock: { now }).departures.count == 15)
    let later = now + .seconds(4)
    #expect(wide.departures(sharing: stores[1], clock: { later }).departures.count == 20)
    #expect(narrow.departures(sharing: stores[0], clock: { later }).departures.isEmpty)
  }

  /// What another process left, with the clock set back since, with numbers that cannot be, and with none.
  @Test(arguments: [
    "3 9000000000 9000000000 7:9000000000", "-7 -9223372036854775808 -9223372036854775808 7:9223372036854775807",
    "99 9223372036854775807 9223372036854775807 x:1,2,3:y", "nothing", "", "- - - ",
  ])
  func impossibleWindowsHoldNobodyUpForLong(text: String) throws {
    let (folder, stores) = try Self.stores(1)
    defer { try? FileManager.default.removeItem(at: folder) }
    var traffic = Traffic(account: "a", process: 1)
    Self.send(&traffic, 1)
    try stores[0].exchange(["a r ecm.CreateVpc"]) { _ in ["a r ecm.CreateVpc": text] }
    let now = Instant(milliseconds: 1_000_000)
    var left = traffic.departures(sharing: stores[0], clock: { now }).departures
    left += traffic.departures(sharing: stores[0], clock: { now + .milliseconds(3001) }).departures
    #expect(left.count == 1)
  }

  /// The wait for another process is part of when a call leaves.
  @Test func placesAreTakenFromWhenTheWindowsAreAtHand() throws {
    let (folder, stores) = try Self.stores(2)
    defer { try? FileManager.default.removeItem(at: folder) }
    let slow = SlowStore(stores[0], now: Instant(milliseconds: 1_000_000))
    var first = Traffic(account: "a", limits: AccountLimits(rates: ["ecm.CreateVpc": 1]), process: 1)
    var second = Traffic(account: "a", limits: AccountLimits(rates: ["ecm.CreateVpc": 1]), process: 2)
    Self.send(&first, 1)
    Self.send(&second, 1)
    #expect(first.departures(sharing: slow, clock: slow.now).departures.count == 1)
    #expect(second.departures(sharing: stores[1], clock: { Instant(milliseconds: 1_003_800) }).departures.isEmpty)
    #expect(second.departures(sharing: stores[1], clock: { Instant(milliseconds: 1_003_801) }).departures.count == 1)
  }

  @Test func aLostStoreLeavesTheLimitToTheProcess() throws {
    let (folder, stores) = try Self.stores(1)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("limits.sqlite").path
    let other = try DatabaseQueue(path: path)
    try other.write { try $0.execute(sql: "DROP TABLE windows") }
    var traffic = Traffic(account: "a", process: 1)
    Self.send(&traffic, 60)
    let now = Instant(milliseconds: 1_000_000)
    let (departures, problem) = traffic.departures(sharing: stores[0], clock: { now })
    #expect(departures.count == 20)
    #expect(problem?.message.contains("the file of limits \(path) cannot be used: no such table") == true)
  }

  @Test func aLockedFileIsNamed() throws {
    let (folder, stores) = try Self.stores(1)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("limits.sqlite").path
    var problem: JournalProblem?
    try stores[0].exchange([]) { _ in
      do throws(JournalProblem) { _ = try SQLiteLimitStore(path: path, patience: 0) } catch { problem = error }
      return [:]
    }
    #expect(problem?.message == "the file of limits \(path) is locked by another process")
  }

  /// Whoever is first makes the file; the others wait for it.
  @Test func manyMayBeFirst() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("belay-limits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("limits.sqlite").path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { _ = try SQLiteLimitStore(path: path, patience: 60) } }
      try await group.waitForAll()
    }
  }
}

/// Another process is in the way for 0.8 s, each time.
private final class SlowStore: LimitStore {
  private let store: SQLiteLimitStore
  private let clock: Mutex<Instant>

  init(_ store: SQLiteLimitStore, now: Instant) {
    self.store = store
    clock = Mutex(now)
  }

  func now() -> Instant { clock.withLock { $0 } }

  func exchange(_ names: [String], _ body: ([String: String]) -> [String: String]) throws(JournalProblem) {
    clock.withLock { $0 = $0 + .milliseconds(800) }
    try store.exchange(names, body)
  }
}
