import CloudCatalog
import CloudEmulator
import Diagnostics
import RunDriver
import RunEngine
import TestSupport
import Testing
import Values

/// Units that an account has a day: never more than there are, and those that an undo will take are kept for it.
@Suite struct BudgetTests {
  private static let head = """
    runbook test.budget 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")


    """

  private static func allocate(_ name: String, _ count: Int) -> String {
    """
    let \(name) = ecm.AllocateAddresses(InternetServiceProvider: "CTCC", AddressCount: \(count))
    wait \(name) is done within 3min

    """
  }

  private static func release(_ name: String, _ rest: String) -> String {
    """
    let \(name)_gone = ecm.ReleaseAddresses(AddressIds: \(name).AddressSet) \(rest)

    """
  }

  private static func awaitRelease(_ name: String) -> String {
    """
    wait \(name)_gone is done within 3min

    """
  }

  /// `quota` is how many addresses a region may have at once; twice as many may be allocated a day.
  private static func run(_ text: String, quota: Int) throws -> Rehearsal.Outcome {
    let rehearsal = try Rehearsal(SourceFile(path: "budget.belay", text: head + text), inputs: [:])
    let cloud = EmulatedCloud(
      configuration: Configuration(seed: 1, startedAt: Rehearsal.start, eipQuota: quota))
    return try rehearsal.run(in: cloud)
  }

  private static func calls(_ outcome: Rehearsal.Outcome, _ action: ActionID) -> Int {
    outcome.cloud.calls.count { $0.action == action }
  }

  private static let irreversible = "irreversible \"they are only tried out\""

  @Test func whatIsUsedUpIsNotAskedFor() throws {
    let twice = ["a", "b"].map {
      Self.allocate($0, 20) + Self.release($0, Self.irreversible) + "commit \"\($0)\"\n" + Self.awaitRelease($0)
    }.joined()
    let outcome = try Self.run(twice + Self.allocate("c", 2), quota: 20)
    #expect(outcome.status == .rolledBack)
    let failure = try #require(outcome.report.failure)
    #expect(failure.kind == .budget && failure.step == StepAddress("c"))
    #expect(
      failure.message.hasPrefix(
        "ecm.AllocateAddresses was not sent: 2 of the EIP allocations in ap-hangzhou-ecm are needed, but none of the 40"
      ), "\(failure.message)")
    #expect(Self.calls(outcome, "ecm.AllocateAddresses") == 2 && Self.calls(outcome, "ecm.DescribeAddressQuota") == 1)
    #expect(outcome.report.step(StepAddress("c"))?.state == .notSent)
  }

  @Test func theCloudIsAskedWhetherThereAreMore() throws {
    let outcome = try Self.run(Self.allocate("a", 30) + Self.allocate("b", 30), quota: 60)
    #expect(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
    #expect(Self.calls(outcome, "ecm.AllocateAddresses") == 2 && Self.calls(outcome, "ecm.DescribeAddressQuota") == 1)
  }

  @Test func whatAnUndoWillTakeIsKept() throws {
    let undo = """
      undo {
          ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
        }
      """
    let begin = Self.allocate("a", 20) + "commit \"a\"\n" + Self.release("a", undo) + Self.awaitRelease("a")
    let outcome = try Self.run(begin + Self.allocate("b", 20), quota: 20)
    let failure = try #require(outcome.report.failure)
    #expect(failure.kind == .budget && failure.message.contains("only 19 of the 40 of "), "\(failure.message)")
    #expect(failure.message.contains("1 more is kept for undo"), "\(failure.message)")
    // The one that was kept serves the undo.
    #expect(outcome.status == .rolledBack && outcome.report.undoOrder == [StepAddress("a_gone")])
    #expect(Self.calls(outcome, "ecm.AllocateAddresses") == 2)
    let enough = try Self.run(begin + Self.allocate("b", 19), quota: 20)
    #expect(enough.status == .succeeded)
    // What is final needs no undo.
    let final = try Self.run(begin + "commit \"released\"\n" + Self.allocate("b", 20), quota: 20)
    #expect(final.status == .succeeded, "\(final.report.failure?.message ?? "")")
  }

  @Test func aRescueMaySeeThatTheyAreUsedUp() throws {
    let text = """
      let got = attempt {
        let b = ecm.AllocateAddresses(InternetServiceProvider: "CTCC", AddressCount: 100)
        give count(b.AddressSet)
      } rescue err {
        assert err.code == "BudgetExhausted"
        give 0
      }
      output got = got

      """
    let outcome = try Self.run(text, quota: 20)
    #expect(outcome.status == .succeeded && outcome.report.outputs.first?.value == 0)
  }
}
