import CloudCatalog
import RunEngine
import Values

/// One step of a plan.
package struct PlannedStep: Sendable {
  package enum Undo: Sendable, Hashable {
    /// A read or a wait, or a change after which nothing is to be undone.
    case nothing
    /// These calls, in this order.
    case calls([ActionID])
    /// The author keeps it, with the reason.
    case kept(String)
    /// Nothing can take it back; the author says why that is meant.
    case irreversible(String)
  }
  package let address: StepAddress
  /// The address, with ids that the cloud will draw replaced by where they come from.
  package let name: String
  package let kind: RunReport.StepKind
  /// Of a wait: the action whose work is awaited; nil for a `wait … until`.
  package let action: ActionID?
  package let place: Place
  package let region: String?
  package let parameters: [(name: String, value: PlannedValue)]
  /// After the start of the run.
  package let from: Duration
  package let to: Duration
  /// How much of that the limit of its action takes.
  package let held: Duration
  /// What ended last before it began; nil for what begins with the run.
  package let after: StepAddress?
  package let undo: Undo
  /// The number of the commit that makes it final, from 0; nil when none does.
  package let commit: Int?
  /// Whether it comes out as planned; a run that fails in the plan has steps that do not.
  package let state: RunReport.StepState
  package let note: String

  package var certainty: PlannedValue.Certainty { parameters.map(\.value.certainty).max() ?? .known }
}

/// What a bound of the runbook allows, and what the plan uses of it.
package struct PlannedBound: Sendable {
  package let subject: String
  package let limit: Int
  package let used: Int
  package init(subject: String, limit: Int, used: Int) {
    self.subject = subject
    self.limit = limit
    self.used = used
  }
}
