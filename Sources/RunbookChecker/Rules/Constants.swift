import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// The value of an expression that is known before the run: literals, names of literals, arithmetic of Ints.
  func constant(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .duration(let value): return .duration(value)
    case .quantity(let text): return Quantity(text).map(Value.quantity)
    case .cidr(let text): return CIDR(text).map(Value.cidr)
    case .text: return expression.literalText.map(Value.text)
    case .name(let name): return scope[name]?.literal.flatMap { constant($0) }
    case .negate(let operand):
      switch constant(operand) {
      case .int(let value)?: return value == .min ? nil : .int(-value)
      case .float(let value)?: return .float(-value)
      case .duration(let value)?: return .duration(.zero - value)
      case .quantity(let value)?: return .quantity(Quantity(value.kind, -value.amount))
      default: return nil
      }
    default: return nil
    }
  }

  /// What the books say of a parameter's value, where the value is known.
  mutating func checkConstants(_ expression: Expression, _ wanted: Expectation) {
    guard let value = constant(expression) else { return checkItemCount(expression, wanted) }
    guard let problem = Checker.violation(of: value, wanted) else { return }
    let near = value.asText.map { suggestion(for: $0, among: Checker.choices(wanted)) } ?? .none
    var fixes: [Fix] = []
    if case .text = expression.kind { fixes = near.quotedFixes(expression.span) }
    report(
      Diagnostic(
        wanted.isForCloud ? .outOfRange : wanted.code, expression.span,
        "\(wanted.subject) \(problem), but this is \(Checker.shown(value))\(near)", fixes: fixes))
  }

  mutating func checkItemCount(_ expression: Expression, _ wanted: Expectation) {
    guard let maximum = wanted.constraints.maximumItems else { return }
    var list = expression
    if case .name(let name) = expression.kind, let literal = scope[name]?.literal { list = literal }
    guard case .list(let elements) = list.kind, elements.count > maximum else { return }
    report(
      Diagnostic(
        .outOfRange, expression.span,
        "\(wanted.subject) takes at most \(maximum) elements, but these are \(elements.count)"))
  }

  private static func choices(_ wanted: Expectation) -> [String] {
    if case .enumeration(_, let values) = wanted.type.plain { return values }
    return wanted.constraints.enumeration
  }

  private static func shown(_ value: Value) -> String {
    if case .text(let text) = value { return text.count > 40 ? "\(text.count) characters long" : "\"\(text)\"" }
    return value.display
  }

  /// What the value should be, when it is not: `is at most 10`.
  private static func violation(of value: Value, _ wanted: Expectation) -> String? {
    let limits = wanted.constraints
    let choices = choices(wanted)
    if !choices.isEmpty, value.asText != nil || value.asInt != nil, !choices.contains(value.display) {
      return "is one of \(choices.joined(separator: ", "))"
    }
    switch value {
    case .int(let number): return violation(of: Double(number), limits)
    case .float(let number): return violation(of: number, limits)
    case .text(let text): return violation(of: text, limits)
    case .duration, .quantity:
      guard let unit = wanted.unit else { return nil }
      guard let number = unit.number(of: value) else { return "is a whole number of \(unit.rawValue)" }
      return violation(of: Double(number), limits).map { "\($0) \(unit.rawValue)" }
    default: return nil
    }
  }

  private static func violation(of number: Double, _ limits: Constraints) -> String? {
    if let minimum = limits.minimum, number < minimum { return "is at least \(number: minimum)" }
    if let maximum = limits.maximum, number > maximum { return "is at most \(number: maximum)" }
    return nil
  }

  private static func violation(of text: String, _ limits: Constraints) -> String? {
    if let minimum = limits.minimumLength, text.count < minimum { return "has at least \(minimum) characters" }
    if let maximum = limits.maximumLength, text.count > maximum { return "has at most \(maximum) characters" }
    if let pattern = limits.pattern, let regex = try? Regex(pattern), (try? regex.wholeMatch(in: text)) == nil {
      return "has the form \(pattern)"
    }
    switch limits.format {
    case "cidr" where CIDR(text) == nil: return "is a network such as 10.20.0.0/16"
    case "base64" where !text.isBase64: return "is base64"
    default: return nil
    }
  }
}

extension String.StringInterpolation {
  fileprivate mutating func appendInterpolation(number: Double) {
    if let whole = Int(exactly: number) { appendInterpolation(whole) } else { appendInterpolation(number) }
  }
}

extension String {
  fileprivate var isBase64: Bool {
    utf8.count % 4 == 0
      && utf8.allSatisfy {
        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 43 || $0 == 47 || $0 == 61
      }
  }
}
