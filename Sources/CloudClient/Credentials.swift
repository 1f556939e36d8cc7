/// A key pair of an account, with a token when it is temporary. Prints masked, also in dumps.
package struct Credentials: Hashable, Sendable {
  /// Not a secret, but shown cut short: it names an account.
  package let secretID: String
  package let secretKey: String
  package let token: String?

  package init(secretID: String, secretKey: String, token: String? = nil) {
    self.secretID = secretID
    self.secretKey = secretKey
    self.token = token
  }

  /// What may be shown of the account: `AKIDz8kr…`
  package var maskedID: String { secretID.count > 12 ? "\(secretID.prefix(8))…" : "\(secretID.prefix(2))…" }

  /// Texts that no message may carry.
  var concealed: [String] { [secretKey] + (token.map { [$0] } ?? []) }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "credentials of \(maskedID)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["secretID": maskedID]) }
}
