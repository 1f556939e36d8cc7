import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// Long random sessions of calls, sensible and not, against what must always hold.
@Suite("Random sessions")
struct RandomTests {
  /// Codes that a page does not print, since the books leave a case without one.
  private static let unprinted: Set = [
    "InvalidParameter.LBIdNotFound", "InvalidParameter.ListenerIdNotFound", "ResourceNotFound", "MissingParameter",
    "FailedOperation", "InvalidParameterValue", "InvalidParameter", "UnsupportedOperation.VersionMismatch",
  ]

  @Test("10,000 calls break no invariant", arguments: SessionSeeds.all)
  func session(_ seed: UInt64) throws {
    var bench = Bench(seed: seed, eipQuota: 12)
    var random = SplitMix64(seed: seed)
    var answered: [String: Int] = [:]
    for step in 1...SessionSeeds.calls {
      bench.pass(.milliseconds(Int64(random.within(60...4000))))
      let (action, parameters) = Caller(bench: bench).next(&random, answered)
      bench.cloud.advance(to: bench.now)
      // Now and then only: while a copy is held, every change copies what it touches.
      let before = step % 4 == 0 ? bench.world : nil
      switch bench.reply(action, parameters) {
      case .answered(let answer, _):
        answered[action, default: 0] += 1
        #expect(Shape.problems(answer, of: ActionID("ecm", action)) == [])
      case .refused(let error):
        expectPrinted(error.code, action)
        if let before {
          var after = bench.world
          after.generator = before.generator
          #expect(after == before, "\(action) was refused with \(error.code) and changed something")
        }
      case .lostBefore, .lostAfter: Issue.record("lost without a fault")
      }
      if step % SessionSeeds.callsBetweenLooks == 0 { #expect(Invariants.problems(bench.world) == []) }
    }
    bench.settle()
    #expect(Invariants.problems(bench.world) == [])
    #expect(bench.world.tasks.all.allSatisfy { $0.status != .running })
    #expect(bench.world.instances.all.allSatisfy { !$0.state.isTransient && $0.latestOperationState != "OPERATING" })
    #expect(bench.world.interfaces.all.allSatisfy { $0.state == .available })
    for action in ActionTable.ecm.keys.sorted() {
      #expect(answered[action] != nil, "\(action) never succeeded")
    }
  }

  private func expectPrinted(_ code: String, _ action: String) {
    let facts = Catalog.action(ActionID("ecm", action))
    let isKnown =
      facts?.errors.contains(code) == true || Catalog.service("ecm")?.commonErrors.contains(code) == true
      || RandomTests.unprinted.contains(code)
    #expect(isKnown, "\(action) does not print \(code)")
  }
}
