import CloudCatalog
import CloudEmulator
import RunEngine
import TestSupport
import Testing
import Values

/// The flagship runbook in the simulated world: it succeeds, and whatever goes wrong at any of its calls, it either
/// goes on or leaves the cloud as it found it.
@Suite struct WebFleetTests {
  static let inputs: Record = ["password": "Belay-2026-demo"]

  static func rehearsal() throws -> Rehearsal {
    let file = try #require(Repository.source("runbooks/ecm/fleet/web_fleet.belay"))
    return try Rehearsal(file, inputs: inputs)
  }

  @Test func succeeds() throws {
    let outcome = try Self.rehearsal().run()
    #expect(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
    #expect(outcome.report.outputs.map(\.name) == ["instances", "load_balancer", "vpc"])
    #expect(outcome.report.outputs.first?.value.asList?.count == 4)
    #expect(outcome.report.commits == ["the fleet is serving"])
  }

  @Test func sameInputsMakeTheSameJournal() throws {
    let rehearsal = try Self.rehearsal()
    let fault = try Fault(parsing: "ecm.AllocateAddresses:2:lost-after-effect")
    let first = try rehearsal.run(faults: [fault])
    let second = try rehearsal.run(faults: [fault])
    #expect(first.records == second.records)
  }

  /// Every call of the undisturbed run that changes something, as `(action, how many-th)`.
  static func mutatingCalls() throws -> [(ActionID, Int)] {
    var counts: [ActionID: Int] = [:]
    return try rehearsal().run().changes.compactMap { step in
      guard let action = step.action else { return nil }
      counts[action, default: 0] += 1
      return (action, counts[action, default: 0])
    }
  }

  @Test(arguments: [
    "refused=FailedOperation.X", "async-failure", "lost-before-effect", "lost-after-effect", "server-error",
    "throttled",
  ])
  func everyFaultAtEveryChange(kind: String) throws {
    let rehearsal = try Self.rehearsal()
    for (action, nth) in try Self.mutatingCalls() {
      let text = "\(action):\(nth):\(kind)"
      let outcome = try rehearsal.run(faults: [Fault(parsing: text)])
      let why: Comment = "\(text): \(outcome.status) \(outcome.report.failure?.message ?? "")"
      switch outcome.status {
      case .succeeded:
        #expect(kind != "refused=FailedOperation.X", why)
        #expect(outcome.after.count == outcome.before.count + 14 + 4, why)
      case .rolledBack: #expect(outcome.after == outcome.before, why)
      case .running, .undoing, .waiting, .needsAttention:
        Issue.record("\(why) \(outcome.left)")
      }
    }
  }

  @Test func cancelledAtAnySecondItLeavesNothing() throws {
    let rehearsal = try Self.rehearsal()
    let whole = try rehearsal.run().elapsed
    var at = Duration.zero
    while at < whole {
      let outcome = try rehearsal.run(cancelAfter: at)
      let why: Comment = "cancelled after \(at.watchText): \(outcome.status)"
      if outcome.report.commits.isEmpty {
        #expect(outcome.status == .rolledBack, why)
        #expect(outcome.after == outcome.before, why)
      }
      at += .milliseconds(937)
    }
  }

  /// A second thing goes wrong, on the way back.
  @Test(arguments: ["async-failure", "lost-before-effect", "lost-after-effect", "server-error", "throttled"])
  func everyFaultAtEveryUndo(kind: String) throws {
    let rehearsal = try Self.rehearsal()
    let first = try Fault(parsing: "ecm.DescribeTargetHealth:1:refused=FailedOperation.X")
    var counts: [ActionID: Int] = [:]
    for step in try rehearsal.run(faults: [first]).changes {
      for action in step.undoneBy {
        counts[action, default: 0] += 1
        let text = "\(action):\(counts[action, default: 0]):\(kind)"
        let outcome = try rehearsal.run(faults: [first, Fault(parsing: text)])
        let why: Comment = "\(text): \(outcome.status) \(outcome.left)"
        if kind == "async-failure", outcome.status == .needsAttention { continue }
        #expect(outcome.status == .rolledBack, why)
        #expect(outcome.after == outcome.before, why)
      }
    }
  }

  @Test func undoesNewestFirst() throws {
    let fault = try Fault(parsing: "ecm.BatchRegisterTargets:1:refused=FailedOperation.X")
    let outcome = try Self.rehearsal().run(faults: [fault])
    let order = outcome.report.undoOrder.map(\.text)
    #expect(order.prefix(2) == ["listener", "balancers"])
    #expect(order.suffix(4).first == "mod")
    #expect(order.last == "net")
  }
}
