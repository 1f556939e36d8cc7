/// Why a client cannot be made from what was configured. `message` is one sentence for the user, without a line end; it
/// never holds a secret.
package struct ClientProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Sendable {
    case credentials
    case endpoint
    /// The file of certificate authorities.
    case authority
  }
  package let kind: Kind
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }
}
