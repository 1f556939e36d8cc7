import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// One after the other: a default and a condition may speak of the inputs above.
  mutating func checkInputs() {
    for declaration in tree.inputs {
      let type = resolveType(declaration.type)
      checkOwnership(declaration, type)
      checkSecrecy(declaration, type)
      if let value = declaration.defaultValue { checkDefault(value, declaration, type) }
      var binding = Binding(name: declaration.name, type: type, origin: .input)
      binding.owner = declaration.owner
      declare(binding)
      if let condition = declaration.condition {
        it = type
        checkCondition(condition)
        it = nil
      }
      inputs.append(
        CheckedInput(
          declaration: declaration, name: declaration.name.text, type: type.isSecret ? type.plain : type,
          ownership: declaration.ownership, isSecret: type.isSecret))
    }
  }

  mutating func checkDefault(_ value: Expression, _ declaration: InputDeclaration, _ type: ValueType) {
    if type.isSecret {
      _ = infer(value)
      return report(.secretDefault(value.span, declaration.name))
    }
    if case .null = value.kind {
      note(.null, of: value)
      if case .optional = type { return }
      if !type.isUnknown { report(.nullDefault(value.span, declaration.name, type)) }
      return
    }
    var wanted = Expectation(type, of: "the default of '\(declaration.name.text)'", code: .badDefault)
    wanted.allowsSecrets = false
    check(value, wanted)
    if let condition = declaration.condition, holds(condition, of: value) == false {
      report(.defaultOutside(declaration, condition.span))
    }
  }

  /// Whether a default meets a condition such as `it in 1...8` or `count(it) >= 1`; nil when that is not known before
  /// the run.
  private func holds(_ condition: Expression, of value: Expression) -> Bool? {
    guard case .binary(let operation, let left, let right) = condition.kind else { return nil }
    switch operation {
    case .and:
      let both = (holds(left, of: value), holds(right, of: value))
      return both.0 == false || both.1 == false ? false : nil
    case .isIn:
      guard case .range(let lower, let upper) = right.kind, let number = known(left, it: value),
        let low = known(lower, it: value), let high = known(upper, it: value),
        let isAbove = Checker.isLess(number, low).map({ !$0 }), let isBelow = Checker.isLess(high, number).map({ !$0 })
      else { return nil }
      return isAbove && isBelow
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let a = known(left, it: value), let b = known(right, it: value), let isLess = Checker.isLess(a, b),
        let isGreater = Checker.isLess(b, a)
      else { return nil }
      return switch operation {
      case .less: isLess
      case .lessOrEqual: !isGreater
      case .greater: isGreater
      default: !isLess
      }
    case .equal, .notEqual:
      // 1 and 1.0 are equal, too.
      guard let a = known(left, it: value), let b = known(right, it: value), a.kindName == b.kindName else {
        return nil
      }
      return (a == b) == (operation == .equal)
    default: return nil
    }
  }

  /// A part of a condition, with that default for `it`.
  private func known(_ part: Expression, it value: Expression) -> Value? {
    switch part.kind {
    case .it: return constant(value)
    case .function(let call) where call.module == nil && call.name.text == "count" && call.arguments.count == 1:
      guard case .it = call.arguments[0].value.kind else { return nil }
      if case .list(let elements) = value.kind { return .int(elements.count) }
      return value.literalText.map { .int($0.count) }
    default: return constant(part)
    }
  }

  private static func isLess(_ a: Value, _ b: Value) -> Bool? {
    switch (a, b) {
    case (.int(let a), .int(let b)): a < b
    case (.duration(let a), .duration(let b)): a < b
    case (.quantity(let a), .quantity(let b)) where a.kind == b.kind: a.amount < b.amount
    default: nil
    }
  }

  /// What is secret is a text, and all of it.
  private mutating func checkSecrecy(_ declaration: InputDeclaration, _ type: ValueType) {
    guard type.holdsSecret, !(type.isSecret && (type.isTextual || type.isUnknown)) else { return }
    report(.secretOfOther(declaration))
  }

  /// `owned`, `adopted` and `borrowed` speak of resources.
  mutating func checkOwnership(_ declaration: InputDeclaration, _ type: ValueType) {
    guard let ownership = declaration.ownership, !type.isUnknown else { return }
    var inner = type.plain
    while case .list(let element) = inner { inner = element.plain }
    if case .id(let service, let kind) = inner, IDKind.named(kind, service: service)?.prefixes.isEmpty == false {
      return
    }
    if inner != .unknown { report(.ownershipOfOther(declaration, ownership, type)) }
  }
}

extension InputDeclaration {
  var owner: Owner? { ownership.map { Owner(ownership: $0, name: name) } }
}

extension Diagnostic {
  fileprivate static func secretDefault(_ span: Span, _ name: Name) -> Diagnostic {
    Diagnostic(
      .badInput, span, "the secret '\(name.text)' may not have a default: it would stand in the text for all to read",
      hint: "leave the default out; the value is given when the runbook is run")
  }

  fileprivate static func secretOfOther(_ declaration: InputDeclaration) -> Diagnostic {
    Diagnostic(
      .badInput, declaration.type.span, "a secret input is a Text, and all of it is secret",
      hint: "write '\(declaration.name.text): secret Text'")
  }

  fileprivate static func nullDefault(_ span: Span, _ name: Name, _ type: ValueType) -> Diagnostic {
    Diagnostic(
      .badDefault, span, "the default of '\(name.text)' expects \(type.described), but this is null",
      hint: "an input that may be null has a '?' after its type: '\(type.shown)?'")
  }

  fileprivate static func defaultOutside(_ declaration: InputDeclaration, _ condition: Span) -> Diagnostic {
    Diagnostic(
      .badDefault, declaration.defaultValue?.span ?? declaration.span,
      "the default of '\(declaration.name.text)' does not meet its own condition",
      notes: [DiagnosticNote("the condition", condition)])
  }

  fileprivate static func ownershipOfOther(
    _ declaration: InputDeclaration, _ ownership: InputDeclaration.Ownership, _ type: ValueType
  ) -> Diagnostic {
    Diagnostic(
      .badInput, declaration.name.span,
      "'\(ownership.rawValue)' speaks of a resource, but '\(declaration.name.text)' is \(type.described)")
  }
}
