import CloudCatalog
import CloudEmulator
import Diagnostics
import Foundation
import RunEngine
import TestSupport
import Testing
import Values

/// Creates whose answers are lost, before or after they took effect: each is found or made again, so that nothing is
/// there twice and nothing is left. `BELAY_AMBIGUOUS=N` goes on until N answers were lost, and prints the count.
@Suite struct AmbiguityTests {
  /// The answers of this run that were lost, of creates.
  private static func lost(_ outcome: Rehearsal.Outcome, _ creates: [ActionID]) -> Int {
    outcome.cloud.calls.count { call in
      creates.contains(call.action) && ["lost-before-effect", "lost-after-effect"].contains(call.outcome)
    }
  }

  private static var wanted: Int {
    ProcessInfo.processInfo.environment["BELAY_AMBIGUOUS"].flatMap { Int($0) } ?? 200
  }

  @Test func nothingTwiceNothingLeft() throws {
    let whole = GeneratedRunbook.whole(width: 8)
    let succeeding = try Rehearsal(SourceFile(path: "all.belay", text: whole.text), inputs: [:])
    let failing = try Rehearsal(SourceFile(path: "all.belay", text: whole.text + "fail \"no\"\n"), inputs: [:])
    let calm = try succeeding.run()
    #expect(calm.status == .succeeded, "\(calm.report.failure?.message ?? "")")
    let kinds = calm.after.map(\.kind).sorted()
    var (count, duplicates, leaks, asked, round) = (0, 0, 0, 0, 0)
    while count < Self.wanted {
      let faults = whole.creates.enumerated().map { index, action in
        Fault.onCall(.action(action), .chance(0.35), (index + round).isMultiple(of: 2) ? .lostAfter : .lostBefore)
      }
      let cloud = Rehearsal.freshCloud(seed: UInt64(round + 2))
      let outcome = try (round.isMultiple(of: 4) ? failing : succeeding).run(in: cloud, faults: faults)
      count += Self.lost(outcome, whole.creates)
      switch outcome.status {
      case .succeeded:
        let found = outcome.after.map(\.kind).sorted()
        duplicates += max(0, found.count - kinds.count)
        leaks += max(0, kinds.count - found.count)
        #expect(found == kinds, "seed \(round + 2)")
      case .rolledBack:
        leaks += max(0, outcome.after.count - outcome.before.count)
        #expect(outcome.after == outcome.before, "seed \(round + 2)")
      case .needsAttention:
        asked += 1
        #expect(!outcome.left.isEmpty, "seed \(round + 2)")
      case .running, .undoing, .waiting: Issue.record("seed \(round + 2): \(outcome.status)")
      }
      round += 1
    }
    let actions = whole.creates.map(\.name).joined(separator: ", ")
    print(
      "\(duplicates) duplicates, \(leaks) leaks in \(count) ambiguous outcomes of \(actions); "
        + "\(asked) of \(round) runs stopped and asked")
    #expect(duplicates == 0 && leaks == 0)
    #expect(asked * 10 <= round, "\(asked) of \(round) runs asked")
  }
}
