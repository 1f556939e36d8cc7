import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import RunPlanner
import TestSupport
import Testing
import Values

/// A simulated run as a value: what the rehearsals fork.
@Suite struct TrialTests {
  static func trial() throws -> Trial {
    let text = """
      runbook test.pair 1.0.0

      use ecm with (EcmRegion: "ap-hangzhou-ecm")

      let net = ecm.CreateVpc(VpcName: "a", CidrBlock: 10.0.0.0/16)
      let eip = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
      wait eip is done within 3min
      let sub = ecm.CreateSubnet(
        VpcId: net.Vpc.VpcId,
        SubnetName: "a",
        CidrBlock: 10.0.1.0/24,
        Zone: "ap-hangzhou-ecm-1",
      )
      """
    return try Rehearsal(SourceFile(path: "pair.belay", text: text), inputs: [:]).trial
  }

  @Test func tellsEverythingThatLeft() throws {
    let outcome = try Self.trial().run(in: Rehearsal.freshCloud())
    #expect(outcome.status == .succeeded)
    #expect(outcome.asked.map(\.call.action.name).filter { $0.hasPrefix("Create") } == ["CreateVpc", "CreateSubnet"])
    #expect(outcome.asked.allSatisfy { !$0.call.arguments.isEmpty })
    let looks = outcome.calls.count { $0.action == "ecm.DescribeTaskResult" }
    #expect(looks > 0)
    #expect(outcome.calls.count == outcome.asked.count + looks)
    #expect(outcome.calls.allSatisfy { $0.problem == nil && $0.answeredAt > $0.at })
    #expect(outcome.before.inventory(account: outcome.account) != outcome.after.inventory(account: outcome.account))
    #expect(outcome.elapsed > .seconds(2))
  }

  /// From every moment of a run, a copy and the original come to the same end, and neither sees the other.
  @Test func aCopyGoesOnByItself() throws {
    let trial = try Self.trial()
    let cloud = Rehearsal.freshCloud()
    let whole = trial.run(in: cloud)
    var run = trial.begin(in: cloud)
    var forks = 0
    while run.state == .going {
      var cancelled = run
      cancelled.cancelAt = run.now
      let undone = TrialOutcome(cancelled, from: cloud, account: trial.account)
      #expect(undone.status == .rolledBack || undone.status == .succeeded)
      let same = TrialOutcome(run, from: cloud, account: trial.account)
      #expect(same.records.map(\.1) == whole.records.map(\.1))
      #expect(same.after == whole.after)
      run.step()
      forks += 1
    }
    #expect(forks > 10)
  }

  /// What a process leaves is enough to go on with.
  @Test func isTakenUpFromItsRecords() throws {
    let trial = try Self.trial()
    let cloud = Rehearsal.freshCloud()
    var run = trial.begin(in: cloud)
    while run.state == .going {
      var ended = run
      ended.letCallsLeave()
      let again = trial.resume(ended.records, in: ended.cloud.cloud, after: .seconds(30))
      let outcome = TrialOutcome(again, from: cloud, account: trial.account)
      #expect(outcome.status == .succeeded, "after \(run.records.count) records")
      #expect(outcome.report.steps.count { $0.kind == .change } == 3)
      run.step()
    }
  }

  @Test func faultsStrikeOnlyTheTrialTheyAreGivenTo() throws {
    let trial = try Self.trial()
    let cloud = Rehearsal.freshCloud()
    let fault = Fault(action: "ecm.CreateSubnet", nth: 1, kind: .refused(code: "LimitExceeded"))
    #expect(trial.run(in: cloud, faults: [fault]).status == .rolledBack)
    #expect(trial.run(in: cloud).status == .succeeded)
  }
}
