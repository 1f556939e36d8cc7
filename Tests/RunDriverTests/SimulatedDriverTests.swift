import CloudCatalog
import RunDriver
import RunEngine
import Testing
import Values

@Suite struct SimulatedDriverTests {
  @Test func timeJumps() {
    let run = Played([.until("p", every: .seconds(86_400), within: .seconds(864_000), looks: 9), Scripts.vpc("v")])
    #expect(run.status == .succeeded)
    #expect(run.elapsed == .seconds(9 * 86_400) + .milliseconds(20))
  }

  @Test func sameInputsSameRecords() {
    let lines = [Scripts.vpc("v"), .parallel((0..<40).map { [Scripts.module("m\($0)")] }), .fail("no")]
    let runs = (0..<2).map { _ in
      Played(lines, faults: ["ecm.CreateModule": [3: .throttled, 9: .lostAfter]], random: SplitMix(seed: 7))
    }
    #expect(runs[0].records == runs[1].records)
    #expect(runs[0].outcome?.records.map(\.0) == runs[1].outcome?.records.map(\.0))
  }

  @Test func timesNeverGoBack() {
    let run = Played([.parallel((0..<40).map { [Scripts.instances("i\($0)"), .wait("i\($0)")] })])
    let times = run.outcome?.records.map(\.0) ?? []
    #expect(times == times.sorted() && run.status == .succeeded)
  }

  @Test func cancelAtAnyMomentLeavesNothing() {
    let lines = [
      Scripts.vpc("v"), Scripts.subnet("s", in: "v"), Scripts.instances("i"), .wait("i"), Scripts.module("m"),
    ]
    for milliseconds in stride(from: 0, through: 4000, by: 7) {
      let run = Played(lines, cancelAfter: .milliseconds(milliseconds))
      #expect(run.status == .rolledBack || run.elapsed <= .milliseconds(milliseconds), "\(milliseconds) ms")
      if run.status == .rolledBack { #expect(run.cloud.living == [], "\(milliseconds) ms") }
    }
  }

  @Test func aRunThatCannotEndIsTold() {
    /// A program that never asks and never ends.
    struct Idle: RunProgram {
      mutating func advance() -> [ProgramEvent] { [] }
      mutating func answer(_ ask: AskID, _ answer: Answer) {}
      func undoActions(_ block: UndoBlockID) -> [ActionID] { [] }
      mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID { .root }
      mutating func rescue(_ block: BlockID, _ failure: RunFailure) {}
      mutating func startAlways(_ block: BlockID) -> FiberID { FiberID(1) }
    }
    var cloud = ToyCloud()
    let outcome = SimulatedDriver().run(
      RunID("run"), created: Scripts.created, program: Idle(), cloud: &cloud, startingAt: Scripts.start)
    #expect(outcome == nil)
  }

  /// 200 calls of one action at 20 a second.
  @Test(arguments: [5, 50, 200]) func fanOutAtTheLimit(_ latency: Int) {
    let run = Played(
      [.parallel((0..<200).map { [Scripts.vpc("v\($0)")] })], latency: .milliseconds(latency))
    #expect(run.status == .succeeded && run.elapsed <= .milliseconds(10_300))
  }
}
