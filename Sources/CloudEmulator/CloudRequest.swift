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

/// A reply with the way in which it goes over the wire. Who has no wire takes the reply alone.
package struct Delivery: Sendable, Hashable {
  package enum Form: Sendable, Hashable {
    /// As ``reply`` says.
    case reply
    /// An HTTP status and no answer.
    case status(Int)
    /// An answer that ends within its JSON.
    case garbage
  }

  /// A status or garbage tells a caller nothing, so that the reply is then a lost one.
  package var reply: CloudReply
  package var form = Form.reply
  /// How long after the call the answer begins. Everything that the call does has been done before.
  package var delay = Duration.zero
  /// How long the answer takes from its first byte to its last.
  package var slowness: Duration?

  init(_ reply: CloudReply, _ form: Form = .reply) {
    self.reply = reply
    self.form = form
  }

  var outcome: String {
    switch (form, reply) {
    case (.status(let code), .lostAfter): "http-after-effect=\(code)"
    case (.status(let code), _): "http=\(code)"
    case (.garbage, _): "garbage"
    case (.reply, .answered): "answered"
    case (.reply, .refused(let error)): error.code
    case (.reply, .lostBefore): "lost-before-effect"
    case (.reply, .lostAfter): "lost-after-effect"
    }
  }
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
  /// `answered`, the code of the refusal, `lost-before-effect`, `lost-after-effect`, `garbage`, `http=503` or
  /// `http-after-effect=503`
  package let outcome: String
}
