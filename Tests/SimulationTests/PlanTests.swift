import CloudCatalog
import CloudEmulator
import Diagnostics
import RunEngine
import RunPlanner
import TestSupport
import Testing
import Values

/// What a plan says, held against runs of the same runbook.
@Suite struct PlanTests {
  static func fleet() throws -> Trial { try WebFleetTests.rehearsal().trial }

  static func plan(
    _ trial: Trial, in cloud: EmulatedCloud = Rehearsal.freshCloud(),
    _ change: (inout RunPlan.Question) -> Void = { _ in }
  ) async -> RunPlan {
    var question = RunPlan.Question(trial, in: cloud)
    change(&question)
    return await RunPlan(question)
  }

  /// Rounds that run side by side do not wait for each other.
  @Test func theLongestChainStaysInItsStrand() async throws {
    let plan = await Self.plan(try Self.fleet())
    let rounds = Set(plan.forecast.path.compactMap { $0.text.split(separator: "]").first }).filter {
      $0.hasPrefix("fleet[")
    }
    #expect(rounds.count == 1)
    let sum = plan.forecast.shares.reduce(Duration.zero) { $0 + $1.time }
    #expect(sum == plan.forecast.makespan)
    #expect(plan.forecast.makespan == plan.outcome.elapsed)
  }

  /// Whatever goes wrong, no action is called that the policy does not allow.
  @Test(arguments: ["refused=FailedOperation.X", "lost-after-effect", "lost-before-effect", "async-failure"])
  func thePolicyCoversEveryCall(kind: String) async throws {
    let trial = try Self.fleet()
    let cloud = Rehearsal.freshCloud()
    let allowed = Set(await Self.plan(trial).permissions.actions)
    for action in Set(trial.run(in: cloud).asked.map(\.call.action)).sorted(by: { $0.name < $1.name }) {
      guard Catalog.meaning(action)?.effect != .read else { continue }
      let outcome = trial.run(in: cloud, faults: [try Fault(parsing: "\(action):1:\(kind)")])
      let missing = Set(outcome.calls.map(\.action)).subtracting(allowed)
      #expect(missing.isEmpty, "\(action) \(kind)")
    }
  }

  /// After every step, a failure takes back what was made until then and leaves nothing, up to the commit.
  @Test func undoFromEveryStepLeavesNothing() async throws {
    let plan = await Self.plan(try Self.fleet()) { $0.undoFrom = .all }
    let changes = plan.steps.filter { $0.kind == .change }
    #expect(plan.undoFrom.count == changes.count)
    for preview in plan.undoFrom {
      #expect(preview.status == .rolledBack, "\(preview.point)")
      #expect(preview.residue.isEmpty, "\(preview.point)")
      guard case .step(let step) = preview.point else { continue }
      #expect(preview.tape.contains { $0.step == step }, "\(step)")
    }
    let end = try #require(plan.undo.first)
    #expect(end.tape.count == changes.count)
    #expect(plan.undo.last?.tape.isEmpty == true)
  }

  /// A name that the runbook makes up is known although the answer repeats it; an id is from where it was drawn.
  @Test func parametersAreTold() async throws {
    let plan = await Self.plan(try Self.fleet())
    let sub = try #require(plan.steps.first { $0.action == "ecm.CreateSubnet" })
    let values = Dictionary(uniqueKeysWithValues: plan.parameters(of: sub).map { ($0.name, $0.value) })
    #expect(values["SubnetName"]?.document == "web-ap-hangzhou-ecm-1")
    #expect(values["VpcId"]?.document == ["from": "net.Vpc.VpcId"])
    #expect(values["Zone"]?.certainty == .known)
    #expect(sub.certainty == .symbolic)
    let bound = try #require(plan.steps.last { $0.action == "ecm.AssociateAddress" && $0.kind == .change })
    #expect(bound.name.hasSuffix(".vm[<vms.InstanceIdSet[0]>].bound"))
    let address = plan.parameters(of: bound).first { $0.name == "AddressId" }?.value.document
    #expect(address == ["from": "eip.AddressSet[0]"])
  }

  /// Two worlds that draw other ids make the same outline.
  @Test func theOutlineDoesNotDependOnIDs() async throws {
    let trial = try Self.fleet()
    let first = await Self.plan(trial, in: Rehearsal.freshCloud(seed: 1))
    let second = await Self.plan(trial, in: Rehearsal.freshCloud(seed: 2))
    #expect(first.outcome.asked.map(\.call) != second.outcome.asked.map(\.call))
    // How often a condition is looked at hangs on how long a world takes.
    let outlines = [first, second].map { plan in plan.outline.filter { !$0.contains(" until: ") }.sorted() }
    #expect(outlines[0] == outlines[1])
  }

  @Test func whatIsLentIsNamed() async throws {
    let text = """
      runbook test.stop 1.0.0

      use ecm

      inputs { instance: borrowed ecm.InstanceId }

      let stopped = ecm.StopInstances(InstanceIdSet: [instance])
      wait stopped is STOPPED within 5min
      """
    let fleet = try Self.fleet().run(in: Rehearsal.freshCloud())
    let made = fleet.after.inventory(account: fleet.account).first { $0.kind == "Instance" }
    let id = try #require(made?.id)
    let rehearsal = try Rehearsal(
      SourceFile(path: "stop.belay", text: text), inputs: ["instance": .text(id)])
    let plan = await Self.plan(rehearsal.trial, in: fleet.after) {
      $0.lent = [id: "instance"]
      $0.isReal = true
    }
    #expect(plan.succeeds)
    let entries = plan.blast.entries
    #expect(entries.map(\.fate) == [.changed])
    #expect(entries.first?.lentBy == "instance")
    #expect(entries.first?.detail == "RUNNING → STOPPED")
  }

  /// What a long plan keeps of each round is its parameters and times; everything that it says of them is still there.
  @Test func aLongPlanKeepsNoAnswers() async throws {
    let text = """
      runbook test.many 1.0.0

      use ecm with (EcmRegion: "ap-hangzhou-ecm")

      let net = ecm.CreateVpc(VpcName: "many", CidrBlock: 10.0.0.0/16)
      each n in 1...300 {
        ecm.ModifyVpcAttribute(VpcId: net.Vpc.VpcId, Description: "number ${n}")
      }
      """
    let rehearsal = try Rehearsal(SourceFile(path: "many.belay", text: text), inputs: [:])
    let plan = await Self.plan(rehearsal.trial)
    #expect(plan.succeeds)
    #expect(plan.outcome.records.isEmpty && plan.outcome.times.isEmpty && plan.outcome.calls.isEmpty)
    #expect(plan.report.steps.allSatisfy { $0.result.isEmpty && $0.requestID.isEmpty })
    #expect(plan.steps.count == 301 && plan.outcome.asked.count == 301)
    let last = try #require(plan.steps.last)
    #expect(last.name == "n[300].ModifyVpcAttribute" && last.undo == .calls(["ecm.ModifyVpcAttribute"]))
    let parameters = Record(plan.parameters(of: last).map { ($0.name, $0.value.document) })
    #expect(parameters["VpcId"] == ["from": "net.Vpc.VpcId"] && parameters["Description"] == "number 300")
    let end = try #require(plan.undo.first)
    #expect(end.tape.first?.step == last.address && end.tape.count == 301 && end.callCount == 301)
    #expect(end.status == .rolledBack && end.residue.isEmpty)
    #expect(plan.forecast.path.count == 301 && plan.forecast.makespan == plan.outcome.elapsed)
    let live = rehearsal.trial.run(in: Rehearsal.freshCloud())
    #expect(live.asked.count == plan.callCounts.reduce(0) { $0 + $1.count } && live.elapsed == plan.outcome.elapsed)
  }
}
