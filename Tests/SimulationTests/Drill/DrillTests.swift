import CloudCatalog
import CloudEmulator
import Diagnostics
import RunEngine
import RunPlanner
import TestSupport
import Testing
import Values

/// The drill finds nothing where nothing is wrong, and what is planted where something is.
@Suite struct DrillTests {
  static func trial(_ text: String) throws -> Trial {
    try Rehearsal(SourceFile(path: "drilled.belay", text: text), inputs: [:]).trial
  }

  /// Its work is quick, so that there are few looks at it, each of which is drilled.
  static let cloud = EmulatedCloud(configuration: Configuration(seed: 1, speed: 500, startedAt: Trial.epoch))

  static func report(_ trial: Trial, depth: Int = 1, jobs: Int = 1) async -> DrillReport {
    await Drill(trial, in: cloud, depth: depth, jobs: jobs).run()
  }

  /// What was found, for messages.
  static func told(_ report: DrillReport) -> Comment {
    let lines = report.failing.flatMap { result in
      result.findings.map { "\(result.scenario) \($0.kind.rawValue): \($0.sentence)" }
    }
    return Comment(rawValue: lines.prefix(12).joined(separator: "\n"))
  }

  @Test(arguments: [
    [Piece.fleet, .address], [.looseAddress, .secondAddress], [.network, .table, .commit, .dropTable],
  ])
  func findsNothingWhereNothingIsWrong(pieces: [Piece]) async throws {
    let report = await Self.report(try Self.trial(Piece.runbook(pieces)))
    #expect(report.failing.isEmpty, Self.told(report))
    #expect(report.calm.end == .succeeded)
    #expect(report.results.count > 20)
    #expect(report.count(.rolledBack) > 0 && report.count(.succeeded) > 0)
  }

  /// In a cloud that has what they need, whose own work is quick.
  @Test(arguments: LibraryStage.paths)
  func findsNothingWrongWithWhatIsShipped(path: String) async throws {
    let stage = try LibraryStage.make(path, speed: 500)
    var cloud = stage.cloud
    cloud.advance(to: stage.start)
    let report = await Drill(try stage.rehearsal().trial, in: cloud).run()
    #expect(report.failing.isEmpty, Self.told(report))
    #expect(report.calm.end == .succeeded)
    #expect(report.count(.rolledBack) > 0 && report.count(.succeeded) > 0)
  }

  @Test(arguments: PlantedEngine.all)
  func findsWhatIsWrongWithTheEngine(planted: PlantedEngine) async throws {
    var trial = try Self.trial(planted.text)
    planted.plant(&trial)
    let report = await Self.report(trial)
    #expect(!report.failing.isEmpty, "it found nothing in \(report.results.count) scenarios")
    #expect(planted.finds.contains { report.count($0) > 0 }, Self.told(report))
  }

  @Test(arguments: PlantedRunbook.all)
  func findsWhatIsWrongWithTheRunbook(planted: PlantedRunbook) async throws {
    let report = await Self.report(try Self.trial(planted.text))
    #expect(!report.failing.isEmpty, "it found nothing in \(report.results.count) scenarios")
    #expect(planted.finds.contains { report.count($0) > 0 }, Self.told(report))
  }

  @Test func thereAreEnoughPlants() {
    #expect(PlantedEngine.all.count >= 10)
    #expect(PlantedRunbook.all.count >= 20)
  }

  @Test func isTheSameOnAnyNumberOfThreads() async throws {
    let trial = try Self.trial(Piece.runbook([.vpc, .table]))
    let one = await Self.report(trial, depth: 2)
    let three = await Self.report(trial, depth: 2, jobs: 3)
    #expect(one.results.map(\.scenario) == three.results.map(\.scenario))
    #expect(one.results.map(\.end) == three.results.map(\.end))
    #expect(one.results.map(\.undoTime) == three.results.map(\.undoTime))
    #expect(one.results.contains { $0.scenario.blows.count == 2 })
    #expect(one.failing.isEmpty, Self.told(one))
  }

  /// Every scenario's name leads back to it.
  @Test func isReplayedByItsName() async throws {
    let trial = try Self.trial(Piece.runbook([.vpc, .table]))
    let drill = Drill(trial, in: Self.cloud, depth: 2)
    let report = await drill.run()
    for result in report.results.enumerated().filter({ $0.offset.isMultiple(of: 7) }).map(\.element) {
      let scenario = try #require(DrillScenario(result.scenario.description))
      let replay = try DrillReplay(scenario, of: drill)
      #expect(replay.result.end == result.end, "\(scenario)")
      #expect(replay.result.undoTime == result.undoTime, "\(scenario)")
      let blows = replay.events.count { if case .blow = $0 { true } else { false } }
      #expect(blows == scenario.blows.count)
    }
    #expect(throws: DrillReplay.Problem.self) {
      try DrillReplay(DrillScenario([Blow(.call(999), .crash)]), of: drill)
    }
  }

  @Test func declaredThingsAreNamedAndNoLeak() async throws {
    let kept = Piece(text: Piece.vpc.text + " keep \"others use it\"")
    let report = await Self.report(try Self.trial(Piece.runbook([kept, .looseAddress])))
    #expect(report.failing.isEmpty, Self.told(report))
    let declared = report.results.flatMap(\.declared)
    #expect(Set(declared.map(\.step.text)) == ["net"])
    #expect(Set(declared.map(\.reason)) == ["others use it"])
  }

  /// People say no or nothing, and times run out.
  @Test func peopleAndTimesAreTried() async throws {
    let report = await Self.report(
      try Self.trial(
        Piece.runbook([.vpc]) + """
          approve "Go on?" within 1h {
            timeout 10min {
              ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "late")
            }
          }
          approve "Really?" {
            ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "later")
          }
          """))
    #expect(report.failing.isEmpty, Self.told(report))
    let names = report.results.map(\.scenario.description)
    #expect(names.filter { $0.hasPrefix("a") } == ["a1:denied", "a1:expired", "a2:denied"])
    let families = Dictionary(uniqueKeysWithValues: report.families.map { ($0.family, $0.ends) })
    #expect(families["denied"] == [.rolledBack: 2] && families["expired"] == [.rolledBack: 1])
    #expect(families["timeout"]?[.rolledBack] == 2)
    #expect(report.rows.contains { $0.step == "approve" && $0.families == ["denied", "expired"] })
  }

  /// A look that is refused says nothing of the work, which may go on: its undo waits for the end all the same.
  @Test func aRefusedLookIsNoEnd() throws {
    let made = try Self.trial(Piece.runbook([.module, .instances, .running])).run(in: Self.cloud)
    let vm = try #require(made.after.inventory(account: made.account).first { $0.kind == "Instance" }?.id)
    let trial = try Self.trial(
      Piece.runbook([]) + """
        let off = ecm.StopInstances(InstanceIdSet: ["\(vm)"])
        wait off is STOPPED within 10min
        """)
    let look = Blow(.call(2), .fault(.refused(code: "InvalidParameter.InvalidDataFormat")))
    let result = try DrillReplay(DrillScenario([look]), of: Drill(trial, in: made.after)).result
    #expect(result.end == .rolledBack)
    #expect(result.findings.isEmpty, "\(result.findings)")
  }

  /// A process that ends right after an undo call found nothing there: the next one waits for no work of that call.
  @Test func whatWasGoneIsNotWaitedFor() throws {
    let trial = try Self.trial(
      Piece.runbook([]) + """
        let made = ecm.CreateLoadBalancer(LoadBalancerType: "OPEN", VipIsp: "CTCC", Number: 1)
        wait made is done within 5min
        """)
    let drill = Drill(trial, in: Self.cloud)
    let first = try DrillReplay(DrillScenario([Blow(.call(1), .fault(.asyncFailure))]), of: drill)
    let records: [JournalRecord] = first.events.compactMap {
      if case .record(_, let record) = $0 { record } else { nil }
    }
    let gone = try #require(
      records.firstIndex { if case .undoDone(_, _, _, _, let wasGone, _) = $0 { wasGone } else { false } })
    let second = DrillScenario([Blow(.call(1), .fault(.asyncFailure)), Blow(.record(gone + 1), .crash)])
    let result = try DrillReplay(second, of: drill).result
    #expect(result.end == .rolledBack)
    #expect(result.findings.isEmpty)
  }

  /// The second depth also strikes while an attempt is undone, and what goes on after it.
  @Test func theUndoOfAnAttemptIsStruck() async throws {
    let trial = try Self.trial(
      Piece.runbook([.vpc]) + """
        attempt {
          ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "one")
          ecm.CreateRouteTable(VpcId: net.Vpc.VpcId, RouteTableName: "two")
        } rescue {
          ecm.ModifyVpcAttribute(VpcId: net.Vpc.VpcId, VpcName: "without")
        }
        """)
    let report = await Self.report(trial, depth: 2)
    #expect(report.failing.isEmpty, Self.told(report))
    let second = report.results.filter { $0.scenario.blows.count == 2 && $0.site.action == "ecm.DeleteRouteTable" }
    #expect(second.contains { $0.end == .succeeded }, "the attempt was undone after all, and the run went on")
    #expect(second.contains { $0.end == .rolledBack || $0.end == .needsAttention })
  }

  @Test func namesAreReadAsTheyAreWritten() {
    for text in [
      "c12:throttled", "c3:refused=ResourceInUse", "r34:crash", "c1:crash", "c4:cancel", "c2:sold-out+c9:partial=1",
      "c5:timeout", "a1:denied", "a2:expired",
    ] {
      #expect(DrillScenario(text)?.description == text)
    }
    for text in [
      "", "c0:throttled", "x1:crash", "c1", "r3:throttled", "c1:nonsense", "c1:throttled+", "a1:crash", "c1:denied",
    ] {
      #expect(DrillScenario(text) == nil, "\(text)")
    }
  }
}
