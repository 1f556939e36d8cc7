import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// The key of a round is its address, so no two may have the same. What is known only at run time is looked at then.
  mutating func checkKeysDiffer(_ loop: Loop) {
    guard let key = loop.key else { return checkElementsDiffer(loop.sequence) }
    if case .list(let elements) = loop.sequence.kind, elements.count < 2 { return }
    let names = loop.pattern.map(\.text)
    let used = key.mentions
    if used.isDisjoint(with: names) { return report(.sameKey(key.span, names)) }
    for (name, factor) in zip(names, loop.sequence.factors) where names.count == loop.sequence.factors.count {
      if case .list(let elements) = factor.kind, elements.count < 2 { continue }
      if names.count > 1, !used.contains(name) { return report(.keyLacks(key.span, name)) }
    }
  }

  private mutating func checkElementsDiffer(_ sequence: Expression) {
    guard case .list(let elements) = sequence.kind else { return }
    var seen: [Value: Span] = [:]
    for element in elements {
      guard let value = constant(element) else { continue }
      if let earlier = seen.updateValue(element.span, forKey: value) {
        return report(.elementTwice(element.span, earlier))
      }
    }
  }
}

extension Expression {
  /// Of `zones * isps * [1, 2]`, the three lists; the expression itself when it is no product.
  fileprivate var factors: [Expression] {
    var result: [Expression] = []
    var rest = self
    while case .binary(.multiply, let left, let right) = rest.kind {
      result.append(right)
      rest = left
    }
    return (result + [rest]).reversed()
  }
}

extension Diagnostic {
  fileprivate static func sameKey(_ span: Span, _ names: [String]) -> Diagnostic {
    Diagnostic(
      .collidingKeys, span, "every round has this key, but the key tells one round from the others",
      hint: "let it speak of \(names.map { "'\($0)'" }.joined(separator: " and "))")
  }

  fileprivate static func keyLacks(_ span: Span, _ name: String) -> Diagnostic {
    Diagnostic(
      .collidingKeys, span, "rounds that differ in '\(name)' only have the same key",
      hint: "let the key speak of '\(name)', too, or leave it out")
  }

  fileprivate static func elementTwice(_ span: Span, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .collidingKeys, span, "this stands in the list twice, and without a 'key' the element is the round's address",
      hint: "leave it out, or give the rounds a key: 'each (i, x) in enumerate(xs) key i'",
      notes: [DiagnosticNote("the first is here", earlier)])
  }
}
