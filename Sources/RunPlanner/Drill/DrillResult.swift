import CloudCatalog
import CloudEmulator
import RunEngine
import Values

/// How one scenario of a drill ended.
package struct DrillResult: Sendable {
  package enum End: String, Sendable, CaseIterable {
    /// Whatever went wrong was overcome.
    case succeeded
    case rolledBack = "rolled-back"
    case needsAttention = "needs-attention"
    /// Nothing is under way any more, and the run is not at its end.
    case neverEnds = "never-ends"
  }
  /// Where the last blow was struck.
  package struct Site: Sendable, Hashable {
    /// Those whose call it was; none for looks at work under way, and for records that are no step's.
    package let steps: [StepAddress]
    /// Nil for a crash at a record.
    package let action: ActionID?
    /// The kind of the record, for a crash at one.
    package let record: String?
    /// Whether it was on the way back.
    package let isUndo: Bool
  }
  /// What the run says is left, with its reason.
  package struct Left: Sendable, Hashable {
    package let step: StepAddress
    package let state: RunReport.StepState
    package let note: String
    /// The number of the request that refused its undo, which the note names; empty when none did.
    package let requestID: String
  }
  /// A difference that the runbook announces: by `keep` or `irreversible`.
  package struct Declared: Sendable, Hashable {
    package let step: StepAddress
    package let reason: String
    package let line: InventoryLine
    /// Whether it was there before and is not as it was; otherwise it is new.
    package let isGone: Bool
  }

  package let scenario: DrillScenario
  package let site: Site
  package let end: End
  package let findings: [DrillFinding]
  package let left: [Left]
  package let declared: [Declared]
  /// From its beginning to the end of the run.
  package let undoTime: Duration?
}

/// Something that must not be.
package struct DrillFinding: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    /// It is left, and neither the runbook nor the run says so.
    case leak
    /// It was there before the run, and is gone or not as it was.
    case damage
    /// The run succeeded, and made more than without the failure.
    case duplicate
    /// The run succeeded, and made less than without the failure.
    case missing
    /// A person is asked although nothing that was tried explains it.
    case attention
    /// The cloud counted more calls a second than it allows.
    case overrun
    case neverEnds = "never-ends"
  }
  package let kind: Kind
  /// One sentence without a full stop.
  package let sentence: String
}
