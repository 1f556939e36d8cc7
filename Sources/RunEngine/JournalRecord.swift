import CloudCatalog
import Values

/// What happened in a run, in order. Everything that is told of a run is a fold over these.
package indirect enum JournalRecord: Hashable, Sendable {
  /// `inputs` hold secrets by name only; `by` is who started it; `source` is the whole text the run was started with,
  /// and `files` holds those of the files it uses, by path.
  case created(
    runbook: String, version: String, path: String, source: String, inputs: Record, cloud: String, by: String,
    files: Record = Record())
  /// A mutating call is about to leave. `before` is the before-image its undo needs.
  /// `kept` is the author's reason why it will not be undone.
  /// `known` are the ids that were there before, where a probe tells by what is new.
  case intent(StepAddress, ActionID, arguments: Record, before: Value, known: [Value], kept: String?, Place)
  /// A read answered.
  case read(StepAddress, ActionID, result: Record, requestID: String, Place)
  case done(StepAddress, result: Record, requestID: String, attempts: Int, adopted: Bool)
  case refused(StepAddress, CloudError, attempts: Int)
  /// It is not known whether the call took effect.
  case unknown(StepAddress, reason: String)
  /// The intent was written, but the call never left.
  case notSent(StepAddress)
  case waitBegan(StepAddress, step: StepAddress?, within: Duration, Place)
  case waitEnded(StepAddress, problem: String?)
  /// A `timeout` runs from here on.
  case timeoutBegan(StepAddress, within: Duration, Place)
  /// An attempt failed; unless it keeps its work, that is undone now.
  case attemptFailed(StepAddress, RunFailure)
  /// What the attempt did is undone or kept, and its `rescue` begins.
  case rescueBegan(StepAddress)
  /// An `always` failed while what is around it was being undone.
  case alwaysFailed(StepAddress, RunFailure)
  case approvalAsked(ApprovalAsk)
  case approvalDecided(StepAddress, ApprovalDecision)
  case notified(Notification)
  case committed(reason: String)
  case output(name: String, value: Value)
  case failed(RunFailure)
  case undoBegan
  /// An undo call is about to leave. `known` is as with `intent`.
  case undoIntent(StepAddress, ActionID, arguments: Record, known: [Value])
  /// An undo call was answered; `wasGone` when it found nothing to take away.
  case undoDone(StepAddress, ActionID, result: Record, requestID: String, wasGone: Bool, note: String)
  case undoRefused(StepAddress, ActionID, CloudError)
  /// Everything of the step is undone.
  case undone(StepAddress)
  case undoFailed(StepAddress, reason: String)
  /// A person asked for something: `by` says who.
  case asked(RunVerb, by: String)
  case finished(RunStatus)

  /// What the note of an `undoDone` begins with whose call found nothing to take away. Older records say it in no other
  /// way.
  static let alreadyGone = "it was already gone"

  /// The name under which the record is stored.
  package var kind: String {
    switch self {
    case .created: "created"
    case .intent: "intent"
    case .read: "read"
    case .done: "done"
    case .refused: "refused"
    case .unknown: "unknown"
    case .notSent: "not-sent"
    case .waitBegan: "wait-began"
    case .waitEnded: "wait-ended"
    case .timeoutBegan: "timeout-began"
    case .attemptFailed: "attempt-failed"
    case .rescueBegan: "rescue-began"
    case .alwaysFailed: "always-failed"
    case .approvalAsked: "approval-asked"
    case .approvalDecided: "approval-decided"
    case .notified: "notified"
    case .committed: "committed"
    case .output: "output"
    case .failed: "failed"
    case .undoBegan: "undo-began"
    case .undoIntent: "undo-intent"
    case .undoDone: "undo-done"
    case .undoRefused: "undo-refused"
    case .undone: "undone"
    case .undoFailed: "undo-failed"
    case .asked: "asked"
    case .finished: "finished"
    }
  }
}
