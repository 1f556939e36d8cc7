import CloudEmulator
import Diagnostics
import RunEngine
import TestSupport
import Testing
import Values

/// What faults do to an answer on its way takes its time in virtual time, too.
@Suite struct LatencyTests {
  private static let text = """
    runbook test.slow 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    let net = ecm.CreateVpc(VpcName: "slow", CidrBlock: 10.0.0.0/16)
    """

  private func outcome(_ faults: String...) throws -> Rehearsal.Outcome {
    let outcome = try Rehearsal(SourceFile(path: "slow.belay", text: Self.text), inputs: [:])
      .run(faults: faults.map { try Fault(parsing: $0) })
    #expect(outcome.status == .succeeded)
    let made = outcome.after.filter { $0.kind == "Vpc" && !outcome.before.contains($0) }
    #expect(made.count == 1, "\(faults)")
    return outcome
  }

  @Test(arguments: [
    "ecm.CreateVpc:1:latency=7s", "ecm.CreateVpc:1:slow=7s", "*:0:latency=uniform(7s,7s)",
  ])
  func answersAreAsMuchLater(_ fault: String) throws {
    let clean = try outcome().elapsed
    let late = try outcome(fault).elapsed - clean
    #expect(late >= .seconds(7) && late < .seconds(15), "\(fault): \(late)")
  }

  @Test func latenciesAddUp() throws {
    let clean = try outcome().elapsed
    let late = try outcome("ecm.CreateVpc:1:latency=2s", "ecm.CreateVpc:1:latency=3s").elapsed - clean
    #expect(late == .seconds(5))
  }

  /// What arrives after the call was given up is as good as lost: the network is looked for and found.
  @Test func anAnswerPastTheTimeoutIsLost() throws {
    let run = try outcome("ecm.CreateVpc:1:latency=2min")
    #expect(run.elapsed >= .seconds(30) && run.elapsed < .minutes(2))
    #expect(isFoundAgain(run))
  }

  /// A status or garbage arrives at once, and says nothing of what was done.
  @Test(arguments: [("http=503", false), ("http-after-effect=502", true), ("garbage", true)])
  func brokenAnswersArrive(_ kind: String, _ isDone: Bool) throws {
    let run = try outcome("ecm.CreateVpc:1:\(kind)")
    #expect(run.elapsed < .seconds(30))
    #expect(isFoundAgain(run) == isDone)
  }

  /// Whether what a call had made was found by looking for it.
  private func isFoundAgain(_ run: Rehearsal.Outcome) -> Bool {
    run.records.contains { if case .done(_, _, _, _, adopted: true) = $0 { true } else { false } }
  }
}
