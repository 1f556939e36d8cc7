import CloudCatalog
import RunEngine
import Values

/// Carries out a run in virtual time, to its end or to where its process ends; see ``SimulatedRun``.
package struct SimulatedDriver {
  package struct Outcome: Sendable {
    package let status: RunStatus
    package let records: [(Instant, JournalRecord)]
    package let endedAt: Instant
  }

  /// How many turns a run may take before it is given up: a cloud that never comes to an end.
  package static let maximumTurns = 10_000_000

  /// What people decide, and how long after they were asked; nil: they never do.
  package typealias Approver = @Sendable (ApprovalAsk) -> (decision: ApprovalDecision, after: Duration)?
  package static let givingAtOnce: Approver = { _ in (ApprovalDecision(.given, by: "simulated"), .zero) }

  private let approver: Approver
  private let onFailure: FailurePolicy

  package init(
    onFailure: FailurePolicy = .rollback, approver: @escaping Approver = SimulatedDriver.givingAtOnce
  ) {
    self.onFailure = onFailure
    self.approver = approver
  }

  /// The end of a process in the middle of a run.
  package struct Crash: Sendable {
    /// How many records the journal holds then; a batch may be cut in the middle.
    package let recordCount: Int
    /// Whether the calls that follow these records still leave.
    package let afterSending: Bool
    package init(recordCount: Int, afterSending: Bool) {
      self.recordCount = recordCount
      self.afterSending = afterSending
    }
  }

  /// Runs to the end. Nil when the run can never end: nothing is under way and no timer is set.
  package func run<Cloud: SimulatedCloud & Sendable>(
    _ id: RunID, created: JournalRecord, program: any RunProgram, cloud: inout Cloud,
    startingAt start: Instant, cancelAt: Instant? = nil, crash: Crash? = nil
  ) -> Outcome? {
    run(
      id, journal: [(start, created)], program: program, cloud: &cloud, startingAt: start, cancelAt: cancelAt,
      crash: crash)
  }

  /// Takes up a run from its journal, or begins it when the journal holds its `created` only. A crash ends it with the
  /// status that it has then.
  package func run<Cloud: SimulatedCloud & Sendable>(
    _ id: RunID, journal: [(Instant, JournalRecord)], program: any RunProgram, cloud: inout Cloud,
    startingAt start: Instant, cancelAt: Instant? = nil, crash: Crash? = nil
  ) -> Outcome? {
    var run = SimulatedRun(
      id, journal: journal, program: program, cloud: cloud, startingAt: start, onFailure: onFailure, approver: approver)
    run.cancelAt = cancelAt
    defer { cloud = run.cloud }
    for _ in 0..<SimulatedDriver.maximumTurns {
      if let crash, run.records.count >= crash.recordCount {
        if crash.afterSending, run.records.count == crash.recordCount { run.letCallsLeave() }
        return Outcome(status: run.status, records: Array(run.records.prefix(crash.recordCount)), endedAt: run.now)
      }
      switch run.state {
      case .going: run.step()
      case .ended(let end): return Outcome(status: end, records: run.records, endedAt: run.now)
      case .stalled: return nil
      }
    }
    return nil
  }
}
