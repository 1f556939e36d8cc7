import CloudCatalog
import Values

/// Why a run did not go on.
package struct RunFailure: Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// The cloud refused a call.
    case refused
    /// Nobody knows whether a call took effect, and nothing can tell.
    case unknown
    /// A wait ended badly or ran out of time.
    case wait
    /// `fail` or `assert` in the runbook.
    case failed
    /// The program itself: an index out of range, an overflow.
    case program
    case cancelled
    /// Nothing could be sent.
    case unreachable
    /// A `timeout` has passed.
    case timeout
    /// An approval was denied, or nobody answered in time.
    case denied
    /// The units of the day that a call takes are used up.
    case budget
  }
  package let kind: Kind
  /// One sentence, without secrets.
  package let message: String
  package let step: StepAddress?
  package let action: ActionID?
  package let place: Place?
  /// The cloud's error code.
  package let code: String?
  package let requestID: String?

  package init(
    _ kind: Kind, _ message: String, step: StepAddress? = nil, action: ActionID? = nil, place: Place? = nil,
    code: String? = nil, requestID: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.step = step
    self.action = action
    self.place = place
    self.code = code
    self.requestID = requestID
  }

  /// Whether an attempt may rescue it. What nobody knows cannot be undone, and who cancels means the whole run.
  var isRescuable: Bool {
    switch kind {
    case .refused, .wait, .failed, .program, .unreachable, .timeout, .denied, .budget: true
    case .unknown, .cancelled: false
    }
  }

  /// What a `rescue` sees: `code` is the cloud's, or a word for what went wrong.
  package var value: Value {
    [
      "code": .text(code ?? kind.code), "message": .text(message), "step": step.map { .text($0.text) } ?? .null,
      "action": action.map { .text($0.description) } ?? .null, "request_id": requestID.map(Value.text) ?? .null,
    ]
  }
}

extension RunFailure.Kind {
  /// The word for failures without a code of the cloud's.
  fileprivate var code: String {
    switch self {
    case .refused: "Refused"
    case .unknown: "Unknown"
    case .wait: "WaitFailed"
    case .failed: "Failed"
    case .program: "ProgramError"
    case .cancelled: "Cancelled"
    case .unreachable: "Unreachable"
    case .timeout: "Timeout"
    case .denied: "ApprovalDenied"
    case .budget: "BudgetExhausted"
    }
  }
}

/// Where a run stands.
package enum RunStatus: String, Sendable, CaseIterable {
  case running
  case undoing
  /// Nothing goes on until a person has decided.
  case waiting
  case succeeded
  /// Failed or cancelled, and everything was undone.
  case rolledBack = "rolled-back"
  /// Something is left that the run could not undo, or does not know about.
  case needsAttention = "needs-attention"

  package var isEnd: Bool { self != .running && self != .undoing && self != .waiting }
}
