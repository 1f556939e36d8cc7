import RunbookChecker
import Values

/// The functions of the standard library, for the checker.
package enum StandardLibrary {
  package static let signatures: [FunctionSignature] = Builtins.all.map(\.signature)
}
