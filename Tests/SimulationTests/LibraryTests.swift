import CloudCatalog
import CloudEmulator
import RunEngine
import TestSupport
import Testing
import Values

/// Every shipped runbook in the simulated world: it succeeds, and whatever of its changes goes wrong, what it did is
/// undone.
@Suite struct LibraryTests {
  @Test(arguments: LibraryStage.paths) func succeeds(_ path: String) throws {
    let stage = try LibraryStage.make(path)
    let outcome = try stage.run(try stage.rehearsal())
    #expect(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
    #expect(!outcome.changes.isEmpty)
    #expect(!outcome.report.outputs.isEmpty)
  }

  /// The two older ones have suites of their own.
  @Test(arguments: LibraryStage.paths.dropFirst(2)) func everyFaultAtEveryChange(_ path: String) throws {
    let stage = try LibraryStage.make(path)
    let rehearsal = try stage.rehearsal()
    var counts: [ActionID: Int] = [:]
    for step in try stage.run(rehearsal).changes {
      let action = try #require(step.action)
      counts[action, default: 0] += 1
      for kind in ["refused=FailedOperation.X", "async-failure", "lost-after-effect"] {
        let text = "\(action):\(counts[action, default: 0]):\(kind)"
        let outcome = try stage.run(rehearsal, faults: [Fault(parsing: text)])
        let why: Comment = "\(text): \(outcome.status) \(outcome.report.failure?.message ?? "") \(outcome.left)"
        switch outcome.status {
        case .succeeded: #expect(kind != "refused=FailedOperation.X", why)
        case .rolledBack:
          if outcome.report.commits.isEmpty { #expect(outcome.after == outcome.before, why) }
        // The cloud took the change and failed at it half-way: what became of it is for a person to see.
        case .needsAttention: #expect(kind == "async-failure" && !outcome.left.isEmpty, why)
        case .running, .undoing, .waiting: Issue.record(why)
        }
      }
    }
  }
}
