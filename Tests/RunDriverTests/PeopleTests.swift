import CloudCatalog
import RunDriver
import RunEngine
import Testing
import Values

/// Deadlines of blocks, approvals, notifications, and runs that hold.
@Suite struct PeopleTests {
  private static func driver(
    _ verdict: ApprovalDecision.Verdict?, after: Duration = .minutes(3)
  ) -> SimulatedDriver {
    SimulatedDriver { _ in verdict.map { (ApprovalDecision($0, by: "bob", comment: "because"), after) } }
  }

  @Test func aTimeoutIsAFailureOfTheBlock() {
    let slow = Line.until("p", every: .seconds(10), within: .minutes(90), looks: 60)
    let rescued = Played([
      Scripts.vpc("v"), .attempt([.timeout("t", .minutes(1), [Scripts.module("m"), slow])], rescue: [.tell("code")]),
    ])
    #expect(rescued.status == .succeeded && rescued.undone == ["m"] && rescued.report.outputs.first?.value == "Timeout")
    #expect(rescued.elapsed >= .minutes(1) && rescued.elapsed < .seconds(62))
    let alone = Played([Scripts.vpc("v"), .timeout("t", .minutes(1), [Scripts.module("m"), slow])])
    #expect(alone.status == .rolledBack && alone.undone == ["m", "v"] && alone.report.failure?.kind == .timeout)
    let inTime = Played([.timeout("t", .minutes(1), [Scripts.module("m")]), slow])
    #expect(inTime.status == .succeeded)
  }

  @Test func anAttemptInsideDoesNotRescueTheTimeoutAroundIt() {
    let slow = Line.until("p", every: .seconds(10), within: .minutes(90), looks: 60)
    let run = Played([
      .timeout(
        "t", .minutes(1), [.attempt([slow], rescue: [Scripts.module("never")], always: [Scripts.module("owed")])])
    ])
    #expect(run.status == .rolledBack && run.report.failure?.kind == .timeout && run.undone == ["owed"])
    #expect(!run.trace.contains("intent never"))
  }

  @Test func approvals() {
    let lines: [Line] = [
      Scripts.vpc("v"), .approve("a", within: .minutes(30)), Scripts.module("m"),
    ]
    let given = Played(lines, driver: Self.driver(.given))
    #expect(given.status == .succeeded && given.elapsed > .minutes(3))
    #expect(
      given.trace == [
        "intent v", "done v", "approval-asked a", "approval-decided a", "intent m", "done m", "finished succeeded",
      ])
    #expect(given.report.approvals.first?.decision?.by == "bob")
    let denied = Played(lines, driver: Self.driver(.denied))
    #expect(denied.status == .rolledBack && denied.cloud.living == [])
    #expect(denied.report.failure?.message == "the approval was denied by bob: because")
    let late = Played(lines, driver: Self.driver(.given, after: .minutes(31)))
    #expect(late.status == .rolledBack && late.report.failure?.code == "ApprovalExpired")
    #expect(late.elapsed >= .minutes(30) && late.elapsed < .minutes(31))
    let rescued = Played([.attempt(lines, rescue: [.tell("code")])], driver: Self.driver(.denied))
    #expect(rescued.status == .succeeded && rescued.report.outputs.first?.value == "ApprovalDenied")
  }

  @Test func nothingGoesOnUntilAPersonDecides() {
    let lines: [Line] = [.parallel([[.approve("a"), Scripts.module("m")], [Scripts.vpc("v"), Scripts.module("n")]])]
    let run = Played(lines, driver: Self.driver(nil))
    #expect(run.status == .waiting && run.cloud.living("em") == 1)
    #expect(run.trace.last == "done n" && run.report.pendingApprovals.map(\.ask.address.text) == ["a"])
  }

  @Test func anApprovalInAFailedBlockIsWithdrawn() {
    let run = Played(
      [.attempt([.parallel([[.approve("a")], [Scripts.vpc("v"), .fail("no")]])], rescue: [])],
      driver: Self.driver(nil))
    #expect(run.status == .succeeded && run.report.pendingApprovals.isEmpty)
    #expect(run.report.approvals.first?.decision?.verdict == .withdrawn)
  }

  @Test func cancelWhileWaiting() {
    let run = Played([Scripts.vpc("v"), .approve("a")], cancelAfter: .minutes(1), driver: Self.driver(nil))
    #expect(run.status == .rolledBack && run.cloud.living == [])
  }

  @Test func aRunThatHolds() {
    let lines: [Line] = [
      Scripts.vpc("v"), .attempt([Scripts.module("m"), .fail("no")], rescue: []), Scripts.module("n"), .fail("held"),
    ]
    let held = Played(lines, driver: SimulatedDriver(onFailure: .hold))
    #expect(held.status == .needsAttention && held.report.isHeld && held.undone == ["m"])
    #expect(held.trace.suffix(2) == ["failed", "finished needs-attention"])
    #expect(held.report.remaining.map(\.address.text) == ["v", "n"])
    let cancelled = Played(
      [Scripts.vpc("v"), Scripts.module("m")], cancelAfter: .milliseconds(10), driver: SimulatedDriver(onFailure: .hold)
    )
    #expect(cancelled.status == .rolledBack && cancelled.cloud.living == [])
  }

  @Test func notificationsAreTold() {
    let run = Played([.notify("hello"), Scripts.vpc("v")])
    #expect(
      run.trace.first == "notified notify hello" && run.report.notifications.map(\.notification.text) == ["hello"])
  }
}
