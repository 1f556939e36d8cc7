import CloudCatalog
import Values

/// One request as it reaches the cloud, after its signature was checked.
package struct CloudRequest: Sendable, Hashable {
  package let account: String
  package let action: ActionID
  /// The common parameter Region.
  package let region: String?
  package let parameters: Record

  package init(account: String, action: ActionID, region: String? = nil, _ parameters: Record) {
    self.account = account
    self.action = action
    self.region = region
    self.parameters = parameters
  }
}

/// What comes back.
package enum CloudReply: Sendable, Hashable {
  /// The answer without its envelope and RequestId.
  case answered(Record, requestID: String)
  case refused(CloudError)
  /// The connection drops; nothing was done.
  case lostBefore
  /// The connection drops; the call took effect.
  case lostAfter
}

/// One thing that exists in an account. Two worlds hold the same resources when their lines are equal.
package struct InventoryLine: Sendable, Hashable {
  /// Such as `Vpc`
  package let kind: String
  package let id: String
  package let name: String
  /// What else tells two states of it apart; what the account came with says `system`.
  package let detail: String

  package var value: Value {
    ["Kind": .text(kind), "Id": .text(id), "Name": .text(name), "Detail": .text(detail)]
  }
}

/// One call that the cloud has seen.
package struct CallRecord: Sendable, Hashable {
  package let instant: Instant
  package let account: String
  package let region: String
  package let action: ActionID
  /// `answered`, the code of the refusal, `lost-before-effect` or `lost-after-effect`
  package let outcome: String
}
