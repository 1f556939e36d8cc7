import CloudCatalog
import RunDriver
import RunEngine
import Testing
import Values

/// The run's machine under a scripted program, in virtual time.
@Suite struct RunTests {
  @Test func sequentialSuccess() {
    let run = Played([
      Scripts.vpc("v"), Scripts.subnet("s", in: "v"), .output("x", 1), Scripts.instances("i", 2), .wait("i"),
    ])
    #expect(run.status == .succeeded)
    #expect(
      run.trace == [
        "intent v", "done v", "intent s", "done s", "output", "intent i", "done i", "wait-began i", "wait-ended wait i",
        "finished succeeded",
      ])
    #expect(run.cloud.living == ["ein-3", "ein-4", "subnet-2", "vpc-1"])
  }

  @Test func failureUndoesNewestFirst() {
    let run = Played([Scripts.vpc("v"), Scripts.subnet("s", in: "v"), Scripts.module("m"), .fail("no")])
    #expect(run.status == .rolledBack)
    #expect(run.undone == ["m", "s", "v"])
    #expect(run.cloud.living == [])
    #expect(run.trace.suffix(12).prefix(2) == ["failed", "undo-began"])
    #expect(run.report.failure?.message == "no")
  }

  @Test func parallelBranchesAreUndoneSideBySide() {
    let branches = (1...3).map { [Scripts.subnet("s\($0)", in: "v"), Scripts.module("m\($0)")] }
    let run = Played([Scripts.vpc("v"), .parallel(branches), Scripts.module("last"), .fail("no")])
    #expect(run.status == .rolledBack)
    #expect(run.undone.first == "last" && run.undone.last == "v")
    // All three at once: the intents of the second stand before the first is undone.
    #expect(run.undone[1...3].sorted() == ["m1", "m2", "m3"])
    #expect(run.undone[4...6].sorted() == ["s1", "s2", "s3"])
    #expect(run.cloud.living == [])
    let undo = run.trace.drop { $0 != "undone last" }.dropFirst().prefix(3)
    #expect(undo.allSatisfy { $0.hasPrefix("undo-intent ") })
  }

  @Test func nestedParallelBranches() {
    let inner = (1...2).map { [Scripts.subnet("a\($0)", in: "v")] }
    let run = Played([
      Scripts.vpc("v"), .parallel([[Scripts.module("x"), .parallel(inner), Scripts.module("y")], []]), .fail("no"),
    ])
    #expect(run.status == .rolledBack)
    #expect(run.undone.first == "y" && run.undone.suffix(2) == ["x", "v"])
    #expect(run.cloud.living == [] && run.cloud.defaults == [:])
  }

  @Test func failureInOneBranchLetsTheOthersEnd() {
    let run = Played([
      .parallel([[Scripts.vpc("v")], [.fail("no")], [Scripts.module("m"), Scripts.module("never")]])
    ])
    #expect(run.status == .rolledBack)
    #expect(run.cloud.living == [])
    #expect(!run.trace.contains("intent never"))
  }

  @Test func cancelWhileCallsAreInFlight() {
    let run = Played([Scripts.vpc("v"), Scripts.module("m")], cancelAfter: .milliseconds(10))
    #expect(run.status == .rolledBack)
    // The answer of the call under way is taken before it is undone.
    #expect(
      run.trace == [
        "intent v", "failed", "done v", "undo-began", "undo-intent v", "undo-done v", "undone v",
        "finished rolled-back",
      ])
    #expect(run.cloud.living == [] && run.report.failure?.kind == .cancelled)
  }

  @Test func callsThatHaveNotLeftAreWithdrawn() {
    let branches = (0..<50).map { [Scripts.vpc("v\($0)")] }
    let run = Played([.parallel(branches)], cancelAfter: .milliseconds(500))
    #expect(run.status == .rolledBack)
    #expect(run.cloud.living == [])
    // 20 have left within the first second; the others never do.
    #expect(run.cloud.count("ecm.CreateVpc") == 20)
    #expect(run.trace.count { $0.hasPrefix("not-sent") } == 30)
    #expect(run.undone.count == 20)
  }

  @Test func cancelDuringAWaitUndoesWhatWasAwaited() {
    let run = Played([Scripts.instances("i"), .wait("i"), Scripts.module("m")], cancelAfter: .seconds(1))
    #expect(run.status == .rolledBack && run.cloud.living == [] && run.undone == ["i"])
  }

  @Test func cancelDuringAPauseDoesNotWaitForIt() {
    let run = Played(
      [Scripts.vpc("v"), .until("p", every: .minutes(30), within: .seconds(7200), looks: 2)], cancelAfter: .seconds(1))
    #expect(run.status == .rolledBack && run.elapsed < .seconds(5) && run.cloud.living == [])
  }

  @Test func cancelDuringUndoChangesNothing() {
    let lines = [Scripts.vpc("v"), Scripts.module("m"), .fail("no")]
    let run = Played(lines, cancelAfter: .milliseconds(70))
    #expect(run.status == .rolledBack && run.report.failure?.message == "no" && run.cloud.living == [])
  }

  @Test func commitKeeps() {
    let run = Played([Scripts.vpc("v"), .commit, Scripts.module("m"), .fail("no")])
    #expect(run.status == .rolledBack && run.undone == ["m"] && run.cloud.living == ["vpc-1"])
    #expect(run.report.step(StepAddress("v"))?.state == .committed)
  }

  @Test func keptStepsStay() {
    let run = Played([Scripts.vpc("v", undo: .none(reason: "wanted")), Scripts.module("m"), .fail("no")])
    #expect(run.status == .rolledBack && run.undone == ["m"] && run.cloud.living == ["vpc-1"])
    #expect(run.report.step(StepAddress("v"))?.state == .kept)
  }

  @Test func undoBlockRunsInsteadOfTheCatalogsUndo() {
    let run = Played(
      [Scripts.vpc("v"), Scripts.module("m", undo: .block(UndoBlockID(0))), .fail("no")],
      blocks: [[.call("m.undo.block", "ecm.DeleteModule") { _ in ["ModuleId": "em-2"] }]])
    #expect(run.status == .rolledBack && run.cloud.living == [] && run.undone == ["m", "v"])
    #expect(run.trace.contains("done m.undo.block"))
  }

  @Test func failedUndoBlockNeedsAttention() {
    let run = Played(
      [Scripts.vpc("v"), Scripts.module("m", undo: .block(UndoBlockID(0))), .fail("no")], blocks: [[.fail("block")]])
    #expect(run.status == .needsAttention && run.undone == [] && run.cloud.living == ["em-2", "vpc-1"])
    #expect(run.report.remaining.map(\.address.text) == ["v", "m"])
  }

  /// A fiber that was answered in the moment of the failure must not go on during the undo.
  @Test func noForwardCallAfterTheUndoBegan() {
    let run = Played([
      Scripts.vpc("v"),
      .parallel([[.wait("v"), Scripts.vpc("never")], [.fail("no")]]),
    ])
    #expect(run.status == .rolledBack && run.cloud.living == [])
    #expect(run.cloud.count("ecm.CreateVpc") == 1)
  }

  @Test func waitsAreSettledOnce() {
    let once = Played([Scripts.instances("i"), .wait("i")])
    let twice = Played([Scripts.instances("i"), .wait("i"), .wait("i"), .wait("i")])
    #expect(twice.status == .succeeded)
    #expect(twice.cloud.count("ecm.DescribeInstances") == once.cloud.count("ecm.DescribeInstances"))
    // A step without asynchronous work needs no wait at all.
    #expect(Played([Scripts.vpc("v"), .wait("v")]).cloud.calls.count == 1)
  }

  @Test func waitThatRunsOutOfTimeIsUndone() {
    let run = Played([Scripts.instances("i"), .wait("i", within: .seconds(1))])
    #expect(run.status == .rolledBack && run.cloud.living == [])
    #expect(run.report.failure?.kind == .wait)
    #expect(run.report.failure?.message.contains("last seen: PENDING") == true)
  }

  @Test func pauses() {
    let lines = { (looks: Int) in
      [Line.until("p", every: .seconds(10), within: .seconds(30), looks: looks), Scripts.module("m")]
    }
    let good = Played(lines(3))
    #expect(good.status == .succeeded)
    #expect(good.trace.prefix(2) == ["wait-began p", "wait-ended p"])
    #expect(good.elapsed >= .seconds(30) && good.elapsed < .seconds(31))
    let late = Played(lines(4))
    #expect(late.status == .rolledBack && late.cloud.living == [] && late.report.failure?.kind == .wait)
  }
}
