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
  }
  package let kind: Kind
  /// One sentence, without secrets.
  package let message: String
  package let step: StepAddress?
  package let place: Place?
  /// The cloud's error code.
  package let code: String?
  package let requestID: String?

  package init(
    _ kind: Kind, _ message: String, step: StepAddress? = nil, place: Place? = nil, code: String? = nil,
    requestID: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.step = step
    self.place = place
    self.code = code
    self.requestID = requestID
  }
}

/// Where a run stands.
package enum RunStatus: String, Sendable, CaseIterable {
  case running
  case undoing
  case succeeded
  /// Failed or cancelled, and everything was undone.
  case rolledBack = "rolled-back"
  /// Something is left that the run could not undo, or does not know about.
  case needsAttention = "needs-attention"

  package var isEnd: Bool { self != .running && self != .undoing }
}
