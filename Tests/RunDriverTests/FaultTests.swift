import CloudCatalog
import RunEngine
import Testing
import Values

/// What a run makes of a cloud that misbehaves.
@Suite struct FaultTests {
  @Test(arguments: [ToyFault.throttled, .busy, .lostBefore, .lostAfter, .serverBefore, .serverAfter, .unreachable])
  func forwardFaultsAreOvercome(_ fault: ToyFault) {
    let actions: [(ActionID, Line)] = [
      ("ecm.CreateVpc", Scripts.vpc("x")), ("ecm.CreateModule", Scripts.module("x")),
      ("ecm.RunInstances", Scripts.instances("x", 3)), ("ecm.AllocateAddresses", Scripts.addresses("x", 2)),
    ]
    for (action, line) in actions {
      let clean = Played([line, .wait("x")])
      let run = Played([line, .wait("x")], faults: [action: [1: fault]])
      #expect(run.status == .succeeded, "\(action)")
      #expect(run.cloud.rows.count == clean.cloud.rows.count, "\(action)")
      #expect(run.trace.count { $0 == "intent x" } == 1, "\(action)")
      let adopted = run.records.contains { if case .done(_, _, _, _, true) = $0 { true } else { false } }
      #expect(adopted == (fault == .lostAfter || fault == .serverAfter), "\(action)")
    }
  }

  @Test(arguments: ToyFault.allCases) func undoFaultsAreOvercome(_ fault: ToyFault) {
    let actions: [(ActionID, Line)] = [
      ("ecm.DeleteVpc", Scripts.vpc("x")), ("ecm.DeleteModule", Scripts.module("x")),
      ("ecm.TerminateInstances", Scripts.instances("x", 3)), ("ecm.ReleaseAddresses", Scripts.addresses("x", 2)),
    ]
    for (action, line) in actions {
      let run = Played([Scripts.vpc("first"), line, .fail("no")], faults: [action: [1: fault]])
      guard fault == .refused else {
        #expect(run.status == .rolledBack && run.cloud.living == [], "\(action)")
        continue
      }
      #expect(run.status == .needsAttention, "\(action)")
      // What came before is still in use by what is left.
      #expect(run.undone == [] && run.cloud.rows["vpc-1"] != nil, "\(action)")
      #expect(run.report.remaining.map(\.address.text).contains("x"), "\(action)")
    }
  }

  @Test func refusedCallIsNotOnTheTape() {
    let run = Played([Scripts.vpc("v"), Scripts.module("m")], faults: ["ecm.CreateModule": [1: .refused]])
    #expect(run.status == .rolledBack && run.undone == ["v"] && run.cloud.living == [])
    #expect(run.trace.contains("refused m"))
    #expect(run.report.failure?.code == "InvalidParameterValue")
  }

  @Test func failedUndoOfOneBranchSparesTheOthers() {
    let run = Played(
      [Scripts.vpc("v"), .parallel([[Scripts.module("a")], [Scripts.module("b")]]), .fail("no")],
      faults: ["ecm.DeleteModule": [1: .refused]])
    #expect(run.status == .needsAttention)
    #expect(run.undone == ["b"] || run.undone == ["a"])
    #expect(run.cloud.living("em") == 1 && run.cloud.living("vpc") == 1)
  }

  /// A delete whose answer was lost and that is refused as gone when sent again took effect: it is done, and undone
  /// too.
  @Test func lostDeleteIsFoundDone() {
    let lines = [Scripts.vpc("v"), .commit, Scripts.deleteVpc("d", of: "v")]
    let done = Played(lines, faults: ["ecm.DeleteVpc": [1: .lostAfter]])
    #expect(done.status == .succeeded && done.trace.contains("done d"))
    let undone = Played(lines + [.fail("no")], faults: ["ecm.DeleteVpc": [1: .lostAfter]])
    #expect(undone.status == .rolledBack && undone.undone == ["d"] && undone.cloud.living("vpc") == 1)
  }

  /// Cancelled between a lost answer and the next sending: whether it took effect is found out, then undone.
  @Test func cancelWhileInDoubt() {
    for milliseconds in [25, 100, 400, 600] {
      let run = Played(
        [Scripts.vpc("v"), .commit, Scripts.deleteVpc("d", of: "v")], faults: ["ecm.DeleteVpc": [1: .lostAfter]],
        cancelAfter: .milliseconds(40 + milliseconds))
      #expect(!run.trace.contains("not-sent d"), "\(milliseconds)")
      #expect(run.cloud.living("vpc") == (run.status == .succeeded ? 0 : 1), "\(milliseconds)")
    }
  }

  @Test func manyThrottledAnswersDoNotUseUpTheProbes() {
    var faults = Dictionary(uniqueKeysWithValues: (1...9).map { ($0, ToyFault.throttled) })
    faults[10] = .lostAfter
    let run = Played([Scripts.vpc("v")], faults: ["ecm.CreateVpc": faults])
    #expect(run.status == .succeeded && run.cloud.living == ["vpc-1"])
  }

  /// `retry on InternalError` must not make a thing twice.
  @Test func authorsRetryDoesNotSkipTheProbe() {
    let rule = RetryRule(codes: ["InternalError"], every: .seconds(1), upTo: 3)
    let run = Played([Scripts.vpc("v", retry: rule)], faults: ["ecm.CreateVpc": [1: .serverAfter]])
    #expect(run.status == .succeeded && run.cloud.living == ["vpc-1"])
  }

  /// A probe that is refused has seen nothing either way.
  @Test func refusedProbeStopsAndAsks() {
    let run = Played(
      [Scripts.module("m"), Scripts.vpc("v")],
      faults: ["ecm.CreateVpc": [1: .lostAfter], "ecm.DescribeVpcs": [1: .refused]])
    #expect(run.status == .needsAttention && run.cloud.count("ecm.CreateVpc") == 1)
    #expect(run.report.remaining.map(\.address.text) == ["v"])
    #expect(run.undone == ["m"])
  }

  @Test func unreachableForGoodIsRolledBack() {
    let faults = Dictionary(uniqueKeysWithValues: (1...4).map { ($0, ToyFault.unreachable) })
    let run = Played([Scripts.vpc("v"), Scripts.module("m")], faults: ["ecm.CreateModule": faults])
    #expect(run.status == .rolledBack && run.report.failure?.kind == .unreachable && run.cloud.living == [])
    #expect(run.trace.contains("not-sent m"))
  }

  @Test func alreadyGoneCountsAsUndone() {
    // Deleted by the run itself in a block of its own, then undone by the catalog.
    let run = Played([
      Scripts.module("m"), .call("gone", "ecm.DeleteModule", undo: .none(reason: "x")) { _ in ["ModuleId": "em-1"] },
      .fail("no"),
    ])
    #expect(run.status == .rolledBack && run.undone == ["m"] && run.cloud.living == [])
    #expect(run.report.step(StepAddress("m"))?.note.hasPrefix("it was already gone") == true)
  }

  @Test func dependentsAreWaitedFor() {
    // The subnet is deleted late: the network's delete is repeated until then.
    let run = Played(
      [.parallel([[Scripts.vpc("v")], [Scripts.module("m")]]), Scripts.subnet("s", in: "v"), .fail("no")],
      faults: ["ecm.DeleteSubnet": [1: .busy]])
    #expect(run.status == .rolledBack && run.cloud.living == [])
  }
}
