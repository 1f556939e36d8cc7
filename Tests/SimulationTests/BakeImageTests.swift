import CloudCatalog
import CloudEmulator
import RunEngine
import TestSupport
import Testing
import Values

/// The second runbook, on an instance of a fleet that the first has made.
@Suite struct BakeImageTests {
  private struct Stage {
    let rehearsal: Rehearsal
    let cloud: EmulatedCloud
    let start: Instant
  }

  private static func stage() throws -> Stage {
    let fleet = try WebFleetTests.rehearsal().run()
    let instance = try #require(fleet.report.outputs.first?.value.asList?.first)
    let file = try #require(Repository.source("runbooks/ecm/image/bake_image.belay"))
    let inputs: Record = ["instance": instance, "name": "golden", "password": "Belay-2026-demo"]
    return Stage(
      rehearsal: try Rehearsal(file, inputs: inputs), cloud: fleet.cloud, start: Rehearsal.start + .minutes(60))
  }

  private static func run(_ stage: Stage, faults: [Fault] = [], cancelAfter: Duration? = nil) throws
    -> Rehearsal.Outcome
  {
    try stage.rehearsal.run(in: stage.cloud, faults: faults, cancelAfter: cancelAfter, startingAt: stage.start)
  }

  @Test func succeeds() throws {
    let outcome = try Self.run(try Self.stage())
    #expect(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
    let added = outcome.after.filter { !outcome.before.contains($0) }
    #expect(added.contains { $0.kind == "Image" && $0.name == "golden" })
    #expect(added.contains { $0.kind == "Instance" && $0.name == "golden-proof" })
  }

  @Test func theUndoPutsTheOldImageBack() throws {
    let fault = try Fault(parsing: "ecm.RunInstances:1:async-failure")
    let outcome = try Self.run(try Self.stage(), faults: [fault])
    #expect(outcome.status == .rolledBack, "\(outcome.report.failure?.message ?? "")")
    #expect(outcome.after == outcome.before)
    #expect(
      outcome.report.undoOrder.map(\.text) == ["proof", "ModifyModuleImage", "started", "task", "stopped"])
  }

  @Test(arguments: [
    "refused=FailedOperation.X", "async-failure", "lost-before-effect", "lost-after-effect", "server-error",
    "throttled",
  ])
  func everyFaultAtEveryChange(kind: String) throws {
    let stage = try Self.stage()
    for step in try Self.run(stage).changes {
      let action = try #require(step.action)
      let text = "\(action):1:\(kind)"
      let outcome = try Self.run(stage, faults: [Fault(parsing: text)])
      let why: Comment = "\(text): \(outcome.status) \(outcome.report.failure?.message ?? "")"
      switch outcome.status {
      case .succeeded: #expect(kind != "refused=FailedOperation.X", why)
      case .rolledBack: #expect(outcome.after == outcome.before, why)
      case .running, .undoing, .waiting, .needsAttention:
        Issue.record("\(why) \(outcome.left)")
      }
    }
  }

  /// A second thing goes wrong, on the way back.
  @Test(arguments: ["lost-before-effect", "lost-after-effect", "server-error", "throttled"])
  func everyFaultAtEveryUndo(kind: String) throws {
    let stage = try Self.stage()
    let first = try Fault(parsing: "ecm.RunInstances:1:async-failure")
    for step in try Self.run(stage, faults: [first]).changes {
      for action in step.undoneBy {
        let nth = action == "ecm.ModifyModuleImage" || action.name.hasPrefix("St") ? 2 : 1
        let text = "\(action):\(nth):\(kind)"
        let outcome = try Self.run(stage, faults: [first, Fault(parsing: text)])
        #expect(outcome.status == .rolledBack, "\(text): \(outcome.left)")
        #expect(outcome.after == outcome.before, "\(text)")
      }
    }
  }

  @Test func cancelledAtAnySecondItLeavesNothing() throws {
    let stage = try Self.stage()
    let whole = try Self.run(stage).elapsed
    var at = Duration.zero
    while at < whole {
      let outcome = try Self.run(stage, cancelAfter: at)
      #expect(outcome.status == .rolledBack, "cancelled after \(at.watchText)")
      #expect(outcome.after == outcome.before, "cancelled after \(at.watchText)")
      at += .milliseconds(1733)
    }
  }
}
