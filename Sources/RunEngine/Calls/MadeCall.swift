import CloudCatalog
import Values

/// A call that has come to its conclusion.
struct MadeCall: Sendable {
  /// Without the step's mark, which can be added again.
  let call: CloudCall
  let meaning: ActionMeaning
  /// The before-image; null when none was needed.
  var before = Value.null
  var attempts = 0

  var isRead: Bool { meaning.effect == .read }
}

/// What came back for a send.
package enum Reply: Sendable {
  case outcome(CallOutcome)
  /// Nothing was sent: the endpoint could not be reached.
  case unreachable(String)
}
