import CloudCatalog
import RunDriver
import RunEngine
import Testing
import Values

/// Attempts: what fails in them is undone, rescued, and what is owed is done in every case.
@Suite struct AttemptTests {
  @Test func whatSucceedsIsUndoneWithTheRest() {
    let attempt = Line.attempt([Scripts.subnet("s", in: "v")], rescue: [Scripts.module("never")])
    let good = Played([Scripts.vpc("v"), attempt, Scripts.module("m")])
    #expect(good.status == .succeeded && good.report.attempts.isEmpty)
    let bad = Played([Scripts.vpc("v"), attempt, Scripts.module("m"), .fail("no")])
    #expect(bad.status == .rolledBack && bad.undone == ["m", "s", "v"] && bad.cloud.living == [])
  }

  @Test func theWorkIsUndoneBeforeTheRescue() {
    let run = Played([
      Scripts.vpc("v"),
      .attempt(
        [Scripts.subnet("s", in: "v"), Scripts.module("a"), .fail("no")],
        rescue: [.tell("code"), Scripts.module("b")]),
      Scripts.module("c"),
    ])
    #expect(run.status == .succeeded)
    #expect(
      run.trace == [
        "intent v", "done v", "intent s", "done s", "intent a", "done a", "attempt-failed attempt1", "undo-intent a",
        "undo-done a", "undone a", "undo-intent s", "undo-done s", "undone s", "rescue-began attempt1", "output",
        "intent b", "done b", "intent c", "done c", "finished succeeded",
      ])
    #expect(run.cloud.living("vpc") == 1 && run.cloud.living("subnet") == 0 && run.cloud.living("em") == 2)
    #expect(run.report.outputs.first?.value == "Failed")
    #expect(run.report.failure == nil && run.report.attempts.map(\.failure.message) == ["no"])
  }

  @Test func aRefusedCallTellsItsCode() {
    let run = Played(
      [.attempt([Scripts.module("m")], rescue: [.tell("code")])], faults: ["ecm.CreateModule": [1: .refused]])
    #expect(run.status == .succeeded && run.report.outputs.first?.value == "InvalidParameterValue")
    let failure = run.report.attempts.first?.failure
    #expect(failure?.action == "ecm.CreateModule" && failure?.requestID == "q" && failure?.step == StepAddress("m"))
  }

  @Test func keptWorkStaysOnTheTape() {
    let lines: [Line] = [
      Scripts.vpc("v"),
      .attempt([Scripts.subnet("s", in: "v"), .fail("no")], rescue: [Scripts.module("m")], keeps: true),
    ]
    let good = Played(lines)
    #expect(good.status == .succeeded && good.cloud.living("subnet") == 1 && good.cloud.living("em") == 1)
    let bad = Played(lines + [.fail("later")])
    #expect(bad.status == .rolledBack && bad.undone == ["m", "s", "v"] && bad.cloud.living == [])
  }

  @Test func withoutARescueTheFailureGoesOutward() {
    let run = Played([
      Scripts.vpc("v"),
      .attempt([Scripts.subnet("s", in: "v"), .fail("no")], always: [Scripts.module("owed")]), Scripts.module("never"),
    ])
    #expect(run.status == .rolledBack && run.cloud.living == [] && run.report.failure?.message == "no")
    // The work first, then what is owed; that is undone in its turn, before what was there already.
    #expect(run.undone == ["s", "owed", "v"])
    let kinds = run.trace
    #expect(kinds.firstIndex(of: "undone s")! < kinds.firstIndex(of: "intent owed")!)
    #expect(!kinds.contains("intent never"))
  }

  @Test func alwaysRunsWhateverHappens() {
    let always = [Scripts.module("owed")]
    let good = Played([.attempt([Scripts.vpc("v")], rescue: [], always: always)])
    #expect(good.status == .succeeded && good.cloud.living("em") == 1 && good.cloud.living("vpc") == 1)
    let rescued = Played([.attempt([Scripts.vpc("v"), .fail("no")], rescue: [], always: always)])
    #expect(rescued.status == .succeeded && rescued.cloud.living == ["em-2"])
    let failed = Played([.attempt([.fail("no")], rescue: [Scripts.vpc("v"), .fail("again")], always: always)])
    #expect(failed.status == .rolledBack && failed.undone == ["v", "owed"] && failed.cloud.living == [])
    #expect(failed.report.failure?.message == "again")
  }

  @Test func aFailingAlwaysIsAFailureOfItsOwn() {
    let alone = Played([Scripts.vpc("v"), .attempt([Scripts.module("m")], always: [.fail("always")])])
    #expect(alone.status == .rolledBack && alone.report.failure?.message == "always" && alone.cloud.living == [])
    // On the way back it cannot be done again: everything else is undone, and a person is told.
    let owed = Played([Scripts.vpc("v"), .attempt([Scripts.module("m"), .fail("no")], always: [.fail("always")])])
    #expect(owed.status == .needsAttention && owed.report.failure?.message == "no" && owed.cloud.living == [])
    #expect(owed.report.failedAlways.map(\.failure.message) == ["always"])
  }

  @Test func nestedAttempts() {
    let inner = Line.attempt([Scripts.module("a"), .fail("inner")], rescue: [Scripts.module("b"), .fail("outer")])
    let run = Played([
      Scripts.vpc("v"), .attempt([Scripts.subnet("s", in: "v"), inner], rescue: [.tell("code"), Scripts.module("c")]),
    ])
    #expect(run.status == .succeeded && run.undone == ["a", "b", "s"])
    #expect(run.report.attempts.map(\.failure.message) == ["inner", "outer"])
    #expect(run.cloud.living("vpc") == 1 && run.cloud.living("em") == 1 && run.cloud.living("subnet") == 0)
  }

  @Test func onlyTheSiblingsInsideAreStopped() {
    let run = Played([
      Scripts.vpc("v"),
      .parallel([
        [
          .attempt(
            [.parallel([[Scripts.module("x"), .fail("no")], [Scripts.module("y"), Scripts.module("stopped")]])],
            rescue: [Scripts.module("rescued")])
        ],
        [Scripts.module("o1"), Scripts.module("o2"), Scripts.module("o3")],
      ]),
      Scripts.module("after"),
    ])
    #expect(run.status == .succeeded)
    #expect(Set(run.undone) == ["x", "y"])
    let names = run.cloud.rows.values.map(\.name).filter { !$0.isEmpty }
    #expect(Set(names) == ["rescued", "o1", "o2", "o3", "after"])
    #expect(!run.trace.contains("done stopped"))
  }

  @Test func anUndoThatFailsIsNotRescued() {
    let run = Played(
      [
        Scripts.vpc("v"), .attempt([Scripts.module("m"), .fail("no")], rescue: [Scripts.module("never")]),
      ], faults: ["ecm.DeleteModule": [1: .refused]])
    #expect(run.status == .needsAttention && run.cloud.living == ["em-2", "vpc-1"])
    #expect(!run.trace.contains("intent never") && run.report.remaining.map(\.address.text) == ["v", "m"])
    #expect(run.report.failure?.message == "no; what the attempt did could not be undone")
  }

  @Test func whatNobodyKnowsIsNotRescued() {
    let run = Played(
      [.attempt([Scripts.vpc("v")], rescue: [Scripts.module("never")])],
      faults: ["ecm.CreateVpc": [1: .lostAfter], "ecm.DescribeVpcs": [1: .refused]])
    #expect(run.status == .needsAttention && !run.trace.contains("intent never"))
  }

  @Test func cancelIsNotRescuedAndOwesTheAlways() {
    let lines: [Line] = [
      Scripts.vpc("v"),
      .attempt(
        [Scripts.module("a"), Scripts.subnet("s", in: "v"), Scripts.module("b")], rescue: [Scripts.module("never")],
        always: [Scripts.module("owed1"), Scripts.module("owed2")]), Scripts.module("c"),
    ]
    for milliseconds in stride(from: 5, to: 160, by: 5) {
      let run = Played(lines, cancelAfter: .milliseconds(Int64(milliseconds)))
      guard run.status != .succeeded else { continue }
      #expect(run.status == .rolledBack && run.cloud.living == [] && run.cloud.defaults == [:], "\(milliseconds)")
      #expect(!run.trace.contains("intent never"), "\(milliseconds)")
      // Once the attempt has begun, its always is done to its end.
      if run.trace.contains("intent a") { #expect(run.trace.contains("done owed2"), "\(milliseconds)") }
    }
  }

  @Test func aLoopOfAttemptsInRounds() {
    let rounds = (1...6).map { number -> [Line] in
      [
        .attempt(
          [Scripts.module("m\(number)")] + (number % 2 == 0 ? [.fail("no")] : []),
          rescue: [Scripts.module("r\(number)")])
      ]
    }
    let good = Played([.parallel(rounds)])
    #expect(good.status == .succeeded && good.cloud.living("em") == 6 && Set(good.undone) == ["m2", "m4", "m6"])
    let bad = Played([.parallel(rounds), .fail("no")])
    #expect(bad.status == .rolledBack && bad.cloud.living == [])
  }

  @Test func parallelRoundsInAnUndoBlock() {
    let delete = { (name: String, id: String) in
      Line.call(name, "ecm.DeleteModule") { _ in ["ModuleId": .text(id)] }
    }
    let lines = [Scripts.module("m", undo: .block(UndoBlockID(0))), Scripts.module("n", undo: .none(reason: "by m"))]
    let good = Played(
      lines + [.fail("no")], blocks: [[.parallel([[delete("m.undo.a", "em-1")], [delete("m.undo.b", "em-2")]])]])
    #expect(good.status == .rolledBack && good.cloud.living == [])
    let bad = Played(
      lines + [.fail("no")], blocks: [[.parallel([[delete("m.undo.a", "em-1")], [.fail("block")]])]])
    #expect(bad.status == .needsAttention && bad.report.remaining.map(\.address.text) == ["m"])
  }
}
