import Values

/// A block that was opened; each opening has its own.
package struct BlockID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
  /// The run itself. A program counts its blocks from 1.
  package static let run = BlockID(0)
}

/// A stretch of a fiber that is treated as one.
package struct BlockAsk: Sendable {
  package enum Kind: Sendable {
    /// What fails in it is rescued. Its work is undone first, unless `keeps`.
    case attempt(keeps: Bool)
    /// Its `always { … }` is owed when it is left by a failure; see ``RunProgram/startAlways(_:)``.
    case guarded
    /// The `always { … }` itself: what fails around it does not stop it.
    case always
    /// It fails when it is not over in time.
    case timeout(Duration)
  }
  package let address: StepAddress
  package let kind: Kind
  package let place: Place
  package init(address: StepAddress, kind: Kind, place: Place) {
    self.address = address
    self.kind = kind
    self.place = place
  }
}

/// `approve "…" by role R, not requester, within D`: a person's word that a fiber waits for.
package struct ApprovalAsk: Hashable, Sendable {
  /// `role ops_lead`, `person "wang"`
  package struct Approver: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable { case role, person }
    package let kind: Kind
    package let name: String
    package init(_ kind: Kind, _ name: String) {
      self.kind = kind
      self.name = name
    }
    package var description: String { "\(kind.rawValue) \(name)" }
  }
  package let address: StepAddress
  package let text: String
  /// Whose word it takes, any one of them; none: anybody's.
  package let approvers: [Approver]
  /// Whether whoever started the run may not approve.
  package let notRequester: Bool
  package let within: Duration?
  package let place: Place
  package init(
    address: StepAddress, text: String, approvers: [Approver], notRequester: Bool, within: Duration?, place: Place
  ) {
    self.address = address
    self.text = text
    self.approvers = approvers
    self.notRequester = notRequester
    self.within = within
    self.place = place
  }
}

/// What became of an approval.
package struct ApprovalDecision: Hashable, Sendable {
  package enum Verdict: String, Sendable, CaseIterable {
    case given, denied
    /// Nobody answered in time.
    case expired
    /// What asked for it has stopped.
    case withdrawn
  }
  package let verdict: Verdict
  /// Who decided, as the local account says, or as that account claims; empty when nobody did.
  package let by: String
  package let role: String?
  package let comment: String
  package init(_ verdict: Verdict, by: String = "", role: String? = nil, comment: String = "") {
    self.verdict = verdict
    self.by = by
    self.role = role
    self.comment = comment
  }
}

/// `notify "…" to "…"`
package struct Notification: Hashable, Sendable {
  package let address: StepAddress
  package let text: String
  package let channel: String?
  package let place: Place
  package init(address: StepAddress, text: String, channel: String?, place: Place) {
    self.address = address
    self.text = text
    self.channel = channel
    self.place = place
  }
}

/// What a run does when it fails.
package enum FailurePolicy: String, Sendable, CaseIterable {
  /// Undoes what it did.
  case rollback
  /// Stops with everything in place.
  case hold
}
