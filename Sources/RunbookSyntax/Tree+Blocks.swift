import Diagnostics

/// `match isp { "CTCC" => …, else => … }` as a statement: each case has statements.
package struct Match: Sendable {
  package var subject: Expression
  package var cases: [MatchCase<Block>]
  package var span: Span
}

/// `attempt { … } rescue err keep { … } always { … }`
package struct Attempt: Sendable {
  package struct Rescue: Sendable {
    package var name: Name?
    /// What the attempt did stays; otherwise it is undone before the rescue begins.
    package var keepsWork: Bool
    package var body: Block
  }
  package var id: NodeID
  package var body: Block
  package var rescue: Rescue?
  package var always: Block?
  package var span: Span
}

/// `timeout 10min { … }`
package struct Timeout: Sendable {
  package var id: NodeID
  package var limit: Expression
  package var body: Block
  package var span: Span
}

/// `approve "Retire the old fleet" by role ops_lead, not requester, within 30min { … }`
package struct Approve: Sendable {
  /// `role ops_lead`, `person "wang"`: any one of them is enough.
  package struct Approver: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case role, person }
    package var kind: Kind
    package var name: Name
  }
  package var id: NodeID
  package var message: Expression
  /// None: anybody who may approve.
  package var approvers: [Approver]
  package var excludesRequester: Bool
  package var within: Expression?
  package var body: Block
  package var span: Span
}
