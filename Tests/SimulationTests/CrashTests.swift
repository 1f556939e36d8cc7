import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import TestSupport
import Testing
import Values

/// The process ends at any record of the journal, and the run is taken up again: nothing twice, nothing left behind.
@Suite struct CrashTests {
  private static func kinds(_ lines: [InventoryLine]) -> [String] { lines.map(\.kind).sorted() }

  @Test(arguments: [false, true])
  func aRunGoesOnFromAnyRecord(afterSending: Bool) throws {
    let rehearsal = try WebFleetTests.rehearsal()
    let whole = try rehearsal.run()
    for count in 1...whole.records.count {
      let outcome = try rehearsal.runThroughCrash(.init(recordCount: count, afterSending: afterSending))
      let why: Comment =
        "crash at record \(count): \(outcome.status) \(outcome.report.failure?.message ?? "") \(outcome.left)"
      #expect(outcome.status == .succeeded, why)
      #expect(Self.kinds(outcome.after) == Self.kinds(whole.after), why)
    }
  }

  @Test(arguments: [false, true])
  func anUndoGoesOnFromAnyRecord(afterSending: Bool) throws {
    let rehearsal = try WebFleetTests.rehearsal()
    let fault = try Fault(parsing: "ecm.BatchRegisterTargets:1:refused=FailedOperation.X")
    let whole = try rehearsal.run(faults: [fault])
    let failed = try #require(whole.records.firstIndex { $0.kind == "failed" })
    for count in (failed + 1)...whole.records.count {
      let outcome = try rehearsal.runThroughCrash(
        .init(recordCount: count, afterSending: afterSending), faults: [fault])
      let why: Comment = "crash at record \(count): \(outcome.status) \(outcome.left)"
      #expect(outcome.status == .rolledBack, why)
      #expect(outcome.after == outcome.before, why)
    }
  }

  @Test func aTamperedJournalIsNotGuessedAt() throws {
    let rehearsal = try WebFleetTests.rehearsal()
    var world = SimulatedWorldFixture.fresh()
    let records = try rehearsal.journal().map { entry -> (Instant, JournalRecord) in
      guard case .intent(let step, let action, _, let before, let known, let kept, let place) = entry.1 else {
        return entry
      }
      return (
        entry.0, .intent(step, action, arguments: ["VpcName": "other"], before: before, known: known, kept: kept, place)
      )
    }
    #expect(rehearsal.resume(records, in: &world) == nil)
  }
}
