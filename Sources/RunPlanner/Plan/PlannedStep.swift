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
  /// Where among what the run asks for its own call is; nil for a wait.
  let call: Int?
  /// How sure the least sure of its parameters is.
  package let certainty: PlannedValue.Certainty
  /// After the start of the run.
  package let from: Duration
  package let to: Duration
  /// How much of that the limit of its action takes.
  package let held: Duration
  /// What ended last before it began; nil for what begins with the run.
  package let after: StepAddress?
  package internal(set) var undo: Undo
  /// The number of the commit that makes it final, from 0; nil when none does.
  package let commit: Int?
  /// Whether it comes out as planned; a run that fails in the plan has steps that do not.
  package let state: RunReport.StepState
  package let note: String
}

extension RunPlan {
  /// The common parameter Region of the step's call.
  package func region(of step: PlannedStep) -> String? { step.call.flatMap { outcome.asked[$0].call.region } }

  /// Made when they are asked for: together they are larger than everything else of a long plan.
  package func parameters(of step: PlannedStep) -> [(name: String, value: PlannedValue)] {
    guard let call = step.call else { return [] }
    return outcome.asked[call].call.arguments.map { ($0.key, origins.planned($0.value, in: step.address)) }
  }
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
