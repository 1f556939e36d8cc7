import CloudCatalog
import Foundation
import RunDriver
import RunEngine
import Testing
import Values

/// How well the engine uses what the cloud allows: how long a wide run takes, and how many calls it needs for it.
@Suite struct ScheduleTests {
  private struct Outcome {
    let status: RunStatus?
    let elapsed: Duration
    let cloud: TaskCloud
    let records: [JournalRecord]
    var report: RunReport
  }

  private static func play(_ lines: [Line], latency: Duration = .milliseconds(10), badPort: Int? = nil) -> Outcome {
    var cloud = TaskCloud(latency: latency)
    cloud.badPort = badPort
    let outcome = SimulatedDriver().run(
      RunID("run"), created: Scripts.created, program: ScriptedProgram(lines), cloud: &cloud,
      startingAt: Scripts.start)
    return Outcome(
      status: outcome?.status, elapsed: (outcome?.endedAt ?? Scripts.start) - Scripts.start, cloud: cloud,
      records: outcome?.records.map(\.1) ?? [], report: RunReport(outcome?.records ?? []))
  }

  private static func power(_ name: String, _ action: ActionID, of step: String) -> Line {
    .call(name, action) { results in
      ["InstanceIdSet": results[step].flatMap { ValuePath("InstanceIdSet").value(in: $0) } ?? .null]
    }
  }

  private static func launch(_ name: String) -> Line {
    .call(name, "ecm.RunInstances") { _ in
      ["ZoneInstanceCountISPSet": [["Zone": "z", "InstanceCount": 1, "ISP": "CTCC"]]]
    }
  }

  // MARK: Makespan

  /// 200 calls, 600, and 2,000; `BELAY_STRANDS=N` adds a wider run, and tells how long it took.
  private static let strands =
    [67, 200, 667] + [ProcessInfo.processInfo.environment["BELAY_STRANDS"].flatMap { Int($0) }].compactMap { $0 }

  /// Each strand makes three calls at 20 a second and waits for 54 seconds of work. No schedule is shorter than the
  /// time that the calls of one action take at their limit, twenty at once in each second, and the work of the last.
  @Test(arguments: Self.strands) func wideRunsTakeLittleLongerThanTheyMust(_ count: Int) {
    let strands = (0..<count).map { index in
      [
        Self.launch("r\(index)"), Line.wait("r\(index)"), Self.power("s\(index)", "ecm.StopInstances", of: "r\(index)"),
        .wait("s\(index)"), Self.power("t\(index)", "ecm.StartInstances", of: "r\(index)"), .wait("t\(index)"),
      ]
    }
    let outcome = Self.play([.parallel(strands)])
    #expect(outcome.status == .succeeded)
    let bound = Duration.seconds((count - 1) / 20 + 54)
    if Self.strands.count > 3 { print("\(count) strands: \(outcome.elapsed), at least \(bound)") }
    #expect(outcome.elapsed <= bound * 102 / 100, "\(outcome.elapsed) of \(bound)")
    #expect(outcome.cloud.densest <= 20)
  }

  // MARK: Polling

  /// Asked for one by one, each of 500 instances costs as many calls as one alone does.
  @Test func fiveHundredWaitsTakeAFewCalls() {
    let alone = Self.play([Self.launch("r"), .wait("r")]).cloud.count("DescribeInstances")
    let outcome = Self.play([.parallel((0..<500).map { [Self.launch("r\($0)"), .wait("r\($0)")] })])
    #expect(outcome.status == .succeeded)
    let calls = outcome.cloud.count("DescribeInstances")
    #expect(calls * 100 <= 500 * alone * 4, "\(calls) calls where one by one takes \(500 * alone)")
  }

  // MARK: Conflicts

  private static func register(_ name: String, port: Int, listener: Value = "lbl-1") -> Line {
    .call(name, "ecm.BatchRegisterTargets") { _ in
      [
        "LoadBalancerId": "lb-1",
        "Targets": [["ListenerId": listener, "InstanceId": .text("ein-\(port)"), "Port": .int(port)]],
      ]
    }
  }

  private static func rename(_ name: String) -> Line {
    .call(name, "ecm.ModifyLoadBalancerAttributes") { _ in
      ["LoadBalancerId": "lb-1", "LoadBalancerName": .text(name)]
    }
  }

  @Test func changesOfOneThingQueue() {
    let outcome = Self.play([.parallel((0..<6).map { [Self.rename("m\($0)")] })])
    #expect(outcome.status == .succeeded && outcome.cloud.collisions == 0)
    #expect(outcome.cloud.count("ModifyLoadBalancerAttributes") == 6)
    // Nobody waits longer than for the work of those before.
    #expect(outcome.elapsed >= .seconds(10) && outcome.elapsed < .seconds(13))
  }

  /// 250 registrations of one target each are three calls; each keeps its own intent and outcome.
  @Test func callsOfOneKindLeaveTogether() {
    let outcome = Self.play([.parallel((0..<250).map { [Self.register("t\($0)", port: $0)] })])
    #expect(outcome.status == .succeeded && outcome.cloud.collisions == 0)
    #expect(outcome.cloud.count("BatchRegisterTargets") == 3)
    #expect(outcome.cloud.targets.sorted() == Array(0..<250))
    #expect(outcome.records.count { $0.kind == "intent" } == 250 && outcome.records.count { $0.kind == "done" } == 250)
  }

  /// What is in the way of all is found by sending each alone; only the strand that asked for it fails.
  @Test func aRefusalOfTheCommonCallMeetsOne() {
    let outcome = Self.play([.parallel((0..<10).map { [Self.register("t\($0)", port: $0)] })], badPort: 7)
    #expect(outcome.cloud.collisions == 0)
    #expect(outcome.report.failure?.step == StepAddress("t7"))
    #expect(outcome.records.count { $0.kind == "refused" } == 1)
  }

  /// A listener that failed is told to those who named it.
  @Test func partialFailureMeetsThoseItIsAbout() {
    let strands = (0..<4).map { [Self.register("t\($0)", port: $0, listener: $0 == 2 ? "lbl-bad" : "lbl-1")] }
    let outcome = Self.play([.parallel(strands)])
    #expect(outcome.report.failure?.step == StepAddress("t2"))
    #expect(outcome.cloud.count("BatchRegisterTargets") == 1)
  }

  @Test func theSameRunWritesTheSameJournal() {
    let strands = (0..<40).map { [Self.register("t\($0)", port: $0), Self.launch("r\($0)"), .wait("r\($0)")] }
    #expect(Self.play([.parallel(strands)]).records == Self.play([.parallel(strands)]).records)
  }
}
