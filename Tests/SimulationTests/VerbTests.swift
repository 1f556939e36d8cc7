import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import RunPlanner
import TestSupport
import Testing
import Values

/// What a person asks of a run that has stopped, as its journal has it and as often as the run is taken up.
@Suite struct VerbTests {
  private typealias Journal = [(Instant, JournalRecord)]
  private static let text = """
    runbook test.verbs 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    let net = ecm.CreateVpc(VpcName: "net", CidrBlock: 10.0.0.0/16)
    let sub = ecm.CreateSubnet(
      VpcId: net.Vpc.VpcId,
      SubnetName: "sub",
      CidrBlock: 10.0.1.0/24,
      Zone: "ap-hangzhou-ecm-1",
    )
    let group = ecm.CreateSecurityGroup(GroupName: "group", GroupDescription: "d")
    output subnet = sub.Subnet.SubnetId

    """

  private struct Stage {
    let rehearsal: Rehearsal
    var world: SimulatedWorld
    let before: [InventoryLine]
    var journal: Journal

    var kinds: [String] {
      let known = Set(before)
      return world.cloud.inventory(account: Rehearsal.account).filter { !known.contains($0) }.map(\.kind).sorted()
    }

    /// Asks, and takes the run up; then takes up every prefix of what that wrote, which must end the same.
    mutating func ask(_ verb: RunVerb, after delay: Duration = .seconds(60)) throws -> RunStatus {
      let at = (journal.last?.0 ?? Rehearsal.start) + delay
      journal.append((at, .asked(verb, by: "a test")))
      let start = (world, journal)
      let outcome = try rehearsal.goOn(from: journal, in: &world)
      for count in journal.count..<outcome.records.count {
        var (world, journal) = start
        let crash = SimulatedDriver.Crash(recordCount: count, afterSending: true)
        let first = try rehearsal.goOn(from: journal, in: &world, crash: crash)
        journal = first.records
        let second = try rehearsal.goOn(from: journal, in: &world)
        #expect(second.status == outcome.status, "\(verb), taken up at record \(count)")
      }
      journal = outcome.records
      return outcome.status
    }

    mutating func expect(_ end: RunStatus, of verb: RunVerb) throws {
      let found = try ask(verb)
      #expect(found == end, "\(verb)")
    }
  }

  /// A run that failed and holds.
  private static func held(
    _ text: String, _ faults: [String],
    approver: @escaping @Sendable (ApprovalAsk) -> (decision: ApprovalDecision, after: Duration)? = { _ in nil }
  ) throws -> Stage {
    let rehearsal = try Rehearsal(SourceFile(path: "held.belay", text: text), inputs: [:])
    var world = SimulatedWorldFixture.fresh()
    for fault in faults { world.cloud.inject(try Fault(parsing: fault)) }
    let before = world.cloud.inventory(account: Rehearsal.account)
    let outcome = try rehearsal.goOn(
      from: rehearsal.beginning, in: &world, driver: SimulatedDriver(onFailure: .hold, approver: approver))
    #expect(RunReport(outcome.records).isHeld)
    return Stage(rehearsal: rehearsal, world: world, before: before, journal: outcome.records)
  }

  @Test func aHeldRunGoesOnWhereItFailed() throws {
    var stage = try Self.held(Self.text, [Self.refused])
    let next = RunReport(stage.journal).nextCommands(RunID("r-1")).map(\.text)
    #expect(next == ["belay retry r-1", "belay rollback r-1"])
    try stage.expect(.succeeded, of: .retry)
    #expect(stage.kinds.contains("Subnet"))
  }

  /// Two rounds side by side in a deadline: one waits for a person when the other is refused.
  private static let gated = """
    runbook test.gated 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    timeout 30min {
      parallel each name in ["a", "b"] {
        if name == "a" {
          approve "a?" within 20min {
            ecm.CreateSecurityGroup(GroupName: "a", GroupDescription: "d")
          }
        } else {
          ecm.CreateSecurityGroup(GroupName: "b", GroupDescription: "d")
        }
      }
    }

    """

  @Test func theTimeOfAHeldRunStandsStill() throws {
    var stage = try Self.held(Self.gated, ["ecm.CreateSecurityGroup:1:refused=FailedOperation.X"])
    #expect(RunReport(stage.journal).approvals.map(\.decision?.verdict) == [.withdrawn])
    let found = try stage.ask(.retry, after: .minutes(300))
    #expect(found == .succeeded, "\(RunReport(stage.journal).failure?.message ?? "")")
    #expect(stage.kinds.filter { $0 == "SecurityGroup" }.count == 2)
  }

  @Test func aDeniedApprovalIsAskedForAnew() throws {
    var stage = try Self.held(Self.gated, []) { _ in (ApprovalDecision(.denied, by: "bob"), .seconds(5)) }
    #expect(RunReport(stage.journal).failure?.kind == .denied)
    try stage.expect(.succeeded, of: .retry)
    #expect(RunReport(stage.journal).approvals.map(\.decision?.verdict) == [.denied, .given])
  }

  @Test func whatTheRunbookItselfSaysIsNotTriedAgain() throws {
    let stage = try Self.held(Self.text + "fail \"no\"\n", [])
    #expect(RunReport(stage.journal).nextCommands(RunID("r-1")).map(\.text) == ["belay rollback r-1"])
    let wait = "wait ecm.DescribeVpcs() until count(it.VpcSet) > 99 every 5s within 1min else fail \"no\"\n"
    #expect(RunReport(try Self.held(Self.text + wait, []).journal).canBeRetried)
  }

  /// A run whose process ended just after it had failed, or one that has ended, by the faults.
  private static func stage(_ faults: [String], untilFailed: Bool) throws -> Stage {
    let rehearsal = try Rehearsal(SourceFile(path: "verbs.belay", text: text), inputs: [:])
    var world = SimulatedWorldFixture.fresh()
    for fault in faults { world.cloud.inject(try Fault(parsing: fault)) }
    let before = world.cloud.inventory(account: Rehearsal.account)
    var crash: SimulatedDriver.Crash?
    if untilFailed {
      var other = world
      let whole = try rehearsal.goOn(from: rehearsal.beginning, in: &other)
      let failed = try #require(whole.records.firstIndex { $0.1.kind == "failed" })
      crash = SimulatedDriver.Crash(recordCount: failed + 1, afterSending: false)
    }
    let outcome = try rehearsal.goOn(from: rehearsal.beginning, in: &world, crash: crash)
    return Stage(rehearsal: rehearsal, world: world, before: before, journal: outcome.records)
  }

  private static let refused = "ecm.CreateSubnet:1:refused=FailedOperation.X"
  private static let stuck = "ecm.DeleteVpc:1:refused=FailedOperation.X"

  @Test func retrySendsTheFailedStepAgain() throws {
    var stage = try Self.stage([Self.refused], untilFailed: true)
    try stage.expect(.succeeded, of: .retry)
    #expect(RunReport(stage.journal).step(StepAddress("sub"))?.state == .done)
    #expect(stage.kinds.contains("Subnet"))
  }

  @Test func skipGoesOnWithTheValueThatWasGiven() throws {
    var stage = try Self.stage([Self.refused], untilFailed: true)
    let given: Value = ["Subnet": ["SubnetId": "subnet-none"]]
    try stage.expect(.succeeded, of: .skip(StepAddress("sub"), result: given))
    let report = RunReport(stage.journal)
    #expect(report.outputs.map(\.value) == ["subnet-none"])
    #expect(report.step(StepAddress("sub"))?.state == .skipped)
    #expect(stage.kinds.contains("SecurityGroup") && !stage.kinds.contains("Subnet"))
    try stage.expect(.rolledBack, of: .rollback)
    #expect(stage.kinds == [])
  }

  @Test func whatAPersonMadeIsUndoneLikeAnyOther() throws {
    var stage = try Self.stage([Self.refused], untilFailed: true)
    let net = try #require(RunReport(stage.journal).step(StepAddress("net")))
    let id = try #require(ValuePath("Vpc.VpcId").value(in: .record(net.result)))
    let call = CloudCall(
      "ecm.CreateSubnet", region: nil,
      [
        "VpcId": id, "SubnetName": "by hand", "CidrBlock": "10.0.1.0/24", "Zone": "ap-hangzhou-ecm-1",
        "EcmRegion": "ap-hangzhou-ecm",
      ])
    let at = (stage.journal.last?.0 ?? Rehearsal.start) + .seconds(30)
    guard case .outcome(.done(let made, _)) = stage.world.send(call, at: at).reply else {
      Issue.record("the subnet cannot be made by hand")
      return
    }
    try stage.expect(.succeeded, of: .accept(StepAddress("sub"), result: made))
    #expect(stage.kinds.contains("Subnet"))
    try stage.expect(.rolledBack, of: .rollback)
    #expect(stage.kinds == [])
  }

  @Test func anUndoThatFailedIsTriedAgain() throws {
    for verb in [RunVerb.rollback, .retry, .resume] {
      var stage = try Self.stage([Self.refused, Self.stuck], untilFailed: false)
      #expect(RunReport(stage.journal).status == .needsAttention)
      try stage.expect(.rolledBack, of: verb)
      #expect(stage.kinds == [], "\(verb)")
    }
  }

  @Test func whatIsSkippedInAnUndoStays() throws {
    var stage = try Self.stage([Self.refused, Self.stuck], untilFailed: false)
    try stage.expect(.rolledBack, of: .skip(StepAddress("net"), result: .null))
    #expect(stage.kinds.contains("Vpc"))
    #expect(RunReport(stage.journal).remaining.isEmpty)
  }

  @Test func whatAPersonUndidCountsAsUndone() throws {
    var stage = try Self.stage([Self.refused, Self.stuck], untilFailed: false)
    try stage.expect(.rolledBack, of: .accept(StepAddress("net"), result: nil))
    #expect(RunReport(stage.journal).step(StepAddress("net"))?.state == .undone)
  }

  @Test func cancelOfARunThatNobodyDrivesUndoesIt() throws {
    let rehearsal = try Rehearsal(SourceFile(path: "verbs.belay", text: Self.text), inputs: [:])
    var world = SimulatedWorldFixture.fresh()
    let before = world.cloud.inventory(account: Rehearsal.account)
    let crash = SimulatedDriver.Crash(recordCount: 4, afterSending: true)
    let outcome = try rehearsal.goOn(from: rehearsal.beginning, in: &world, crash: crash)
    var stage = Stage(rehearsal: rehearsal, world: world, before: before, journal: outcome.records)
    try stage.expect(.rolledBack, of: .cancel(reason: "late"))
    #expect(stage.kinds == [])
    #expect(RunReport(stage.journal).failure?.message == "cancelled by a test: late")
  }
}
