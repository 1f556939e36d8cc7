import RunbookChecker
import Values

/// A function of the standard library: pure and total. What it cannot do is a problem, never a crash. An object, so
/// that the machine has it in one word.
package final class Builtin: Sendable {
  package let signature: FunctionSignature
  /// Takes one value for each parameter, in order; `null` for an optional one that is not given.
  package let body: @Sendable ([Value]) throws(BuiltinProblem) -> Value

  package var name: String { signature.name }

  init(_ signature: FunctionSignature, _ body: @escaping @Sendable ([Value]) throws(BuiltinProblem) -> Value) {
    self.signature = signature
    self.body = body
  }

  /// The result; every text in it is secret when a secret stands anywhere in the arguments. Numbers and Bools of
  /// secrets stay what they are: the checker keeps them from being shown.
  package func call(_ arguments: [Value]) throws(BuiltinProblem) -> Value {
    var secret: Secret?
    for argument in arguments where secret == nil { secret = argument.firstSecret }
    guard let secret else { return try body(arguments) }
    do {
      return try body(arguments.map(\.revealed)).concealed(as: secret.name)
    } catch {
      // The problem's own words may show the value.
      throw BuiltinProblem("'\(name)' does not take the value of the secret '\(secret.name)'")
    }
  }
}

/// Why a function has no result, in one sentence without a line end.
package struct BuiltinProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package let message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

package enum Builtins {
  /// The longest list that a function makes.
  package static let maximumCount = 1_000_000
  /// The longest text that a function makes, in bytes.
  package static let maximumTextLength = 4 * 1024 * 1024

  package static let all: [Builtin] =
    listBuiltins + orderBuiltins + textBuiltins + recordBuiltins + numberBuiltins + networkBuiltins + encodingBuiltins

  /// Those that the machine carries out by itself when the arguments are what they mostly are.
  enum Known {
    static let count = builtin("count")
    static let range = builtin("range")
    static let text = builtin("text")
    static let all = builtin("all")
    static let any = builtin("any")

    private static func builtin(_ name: String) -> Builtin {
      guard let builtin = named(name) else { preconditionFailure("there is no function \(name)") }
      return builtin
    }
  }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  package static func named(_ name: String) -> Builtin? { byName[name] }
}

extension Value {
  fileprivate var firstSecret: Secret? {
    switch self {
    case .secret(let secret): return secret
    case .list(let elements):
      for element in elements { if let secret = element.firstSecret { return secret } }
      return nil
    case .record(let record):
      for (_, member) in record { if let secret = member.firstSecret { return secret } }
      return nil
    case .null, .bool, .int, .float, .text, .duration, .quantity, .cidr: return nil
    }
  }

  fileprivate func concealed(as name: String) -> Value {
    switch self {
    case .text(let text): .secret(Secret(name: name, text: text))
    case .list(let elements): .list(elements.map { $0.concealed(as: name) })
    case .record(let record): .record(record.mapValues { $0.concealed(as: name) })
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: self
    }
  }
}
