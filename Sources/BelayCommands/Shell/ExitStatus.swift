import RunEngine

/// How `belay` ends. Documented in docs/operations.md; scripts rely on the numbers.
package enum ExitStatus: Int32, Sendable {
  case done = 0
  /// Failed or cancelled, and rolled back clean.
  case rolledBack = 1
  /// The runbook or the arguments are wrong; nothing was called.
  case wrong = 2
  /// Something is left that needs a person.
  case needsAttention = 3
  /// The cloud or the store cannot be reached.
  case unreachable = 4
  case waitingForApproval = 5
}

/// Ends a command with a status and one paragraph for the user, or none when everything has been said.
package struct CommandFailure: Error, Sendable {
  package let status: ExitStatus
  package let message: String?
  package init(_ status: ExitStatus, _ message: String? = nil) {
    self.status = status
    self.message = message
  }
}
