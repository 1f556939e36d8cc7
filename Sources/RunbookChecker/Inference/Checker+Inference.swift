import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// How deep expressions and blocks may nest; the parser stops earlier.
  static let maximumDepth = 400

  /// The type of an expression, noted in the table. Problems inside are reported; what they leave open is `.unknown`.
  mutating func infer(_ expression: Expression) -> ValueType {
    guard enterLevel(expression.span) else { return .unknown }
    defer { depth -= 1 }
    let type = inferKind(expression)
    note(type, of: expression)
    return type
  }

  /// False, with a problem reported, when the text nests too deep to be looked at.
  mutating func enterLevel(_ span: Span) -> Bool {
    guard depth < Checker.maximumDepth else {
      report(.tooDeep(span))
      return false
    }
    depth += 1
    return true
  }

  private mutating func inferKind(_ expression: Expression) -> ValueType {
    switch expression.kind {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .duration: .duration
    case .quantity(let text): Quantity(text).map { .quantity($0.kind) } ?? .unknown
    case .cidr: .cidr
    case .text(let segments): inferText(segments)
    case .name(let text): resolveName(Name(text, expression.span))
    case .it: resolveIt(expression.span)
    case .member(let base, let name): inferMember(base, name)
    case .index(let base, let index): inferIndex(base, index)
    case .each(let base, let name): inferEach(base, name)
    case .list(let elements): inferList(elements)
    case .record(let entries): inferRecord(entries)
    case .map(let entries): inferMap(entries)
    case .match(let subject, let cases): inferMatch(expression, subject, cases)
    case .comprehension(let comprehension): inferComprehension(comprehension, expecting: nil)
    case .not(let operand): inferNot(operand)
    case .negate(let operand): inferNegate(operand)
    case .binary: inferBinary(expression)
    case .range(let lower, let upper): inferRange(lower, upper)
    case .choice(let condition, let then, let otherwise): inferChoice(condition, then, otherwise, expression.span)
    case .function(let invocation): infer(invocation, expression)
    case .call(let call): checkMisplacedCall(call)
    case .missing: .unknown
    }
  }

  private mutating func inferText(_ segments: [TextSegment]) -> ValueType {
    var isSecret = false
    for case .hole(let hole) in segments where infer(hole).holdsSecret { isSecret = true }
    return ValueType.text.secret(when: isSecret)
  }

  private mutating func inferList(_ elements: [Expression]) -> ValueType {
    guard let first = elements.first else { return .list(.unknown) }
    var type = infer(first)
    for element in elements.dropFirst() {
      let next = infer(element)
      guard let both = type.united(with: next) else {
        report(.mixedList(element.span, next, first.span, type))
        type = .unknown
        continue
      }
      type = both
    }
    return .list(type)
  }

  private mutating func inferRecord(_ entries: [RecordEntry]) -> ValueType {
    var fields: [ValueType.RecordField] = []
    var seen: [String: Span] = [:]
    for entry in entries {
      let type = infer(entry.value)
      if let earlier = seen.updateValue(entry.name.span, forKey: entry.name.text) {
        report(.duplicateEntry(entry.name, earlier))
      } else {
        fields.append(ValueType.RecordField(entry.name.text, type))
      }
    }
    return .record(fields)
  }

  /// `expecting` what each element must be, when the place says so.
  mutating func inferComprehension(_ comprehension: Comprehension, expecting wanted: Expectation?) -> ValueType {
    let sequence = infer(comprehension.sequence)
    let element = iterated(sequence, comprehension.sequence)
    scope.enter()
    declarePattern(comprehension.pattern, of: element)
    if let condition = comprehension.condition { checkCondition(condition) }
    let key = comprehension.key.map { inferKey($0) }
    let body: ValueType
    if let wanted { body = check(comprehension.body, wanted) } else { body = infer(comprehension.body) }
    leaveScope()
    let type = key.map { ValueType.map(key: $0, value: body) } ?? .list(body)
    return type.secret(when: sequence.isSecret)
  }

  private mutating func inferChoice(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression, _ span: Span
  ) -> ValueType {
    let conditionIsSecret = checkCondition(condition)
    let first = infer(then)
    let second = infer(otherwise)
    guard let both = first.united(with: second) else {
      report(.mixedChoice(otherwise.span, second, then.span, first))
      return .unknown
    }
    return both.secret(when: conditionIsSecret)
  }

  private mutating func inferRange(_ lower: Expression, _ upper: Expression) -> ValueType {
    let element = inferBounds(lower, upper)
    if !element.fits(.int) { report(.rangeOfOthers(lower.span.union(upper.span), element)) }
    return .list(.int)
  }

  /// The type of the two ends of a range.
  mutating func inferBounds(_ lower: Expression, _ upper: Expression) -> ValueType {
    let low = infer(lower)
    let high = infer(upper)
    if low.isUnknown || high.isUnknown { return .unknown }
    let both = low.plain.united(with: high.plain)
    guard let both, both.isNumber || both.isMeasure else {
      report(.badBounds(lower.span.union(upper.span), low, high))
      return .unknown
    }
    return both
  }

  /// Reports what is no condition; true when its answer depends on a secret.
  @discardableResult
  mutating func checkCondition(_ condition: Expression) -> Bool {
    let type = infer(condition)
    if !type.fits(.bool) { report(.notCondition(condition.span, type)) }
    return type.isSecret
  }
}

extension Diagnostic {
  fileprivate static func tooDeep(_ span: Span) -> Diagnostic {
    Diagnostic(
      .tooDeep, span, "this nests deeper than \(Checker.maximumDepth) levels",
      hint: "bind the inner parts to names with 'let'")
  }

  fileprivate static func mixedList(_ span: Span, _ type: ValueType, _ firstSpan: Span, _ first: ValueType)
    -> Diagnostic
  {
    Diagnostic(
      .typeMismatch, span, "the elements of a list are of one kind, but this is \(type.described)",
      notes: [DiagnosticNote("the first is \(first.described)", firstSpan)])
  }

  fileprivate static func duplicateEntry(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateName, name.span, "the record has two members '\(name.text)'",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func mixedChoice(_ span: Span, _ type: ValueType, _ firstSpan: Span, _ first: ValueType)
    -> Diagnostic
  {
    Diagnostic(
      .typeMismatch, span, "both branches give one kind of value, but this is \(type.described)",
      notes: [DiagnosticNote("the other branch gives \(first.described)", firstSpan)])
  }

  fileprivate static func rangeOfOthers(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(
      .typeMismatch, span, "a range that is a list counts in Ints, but its ends are of type \(type.shown)",
      hint: "ranges of other types may stand after 'in' in a condition only")
  }

  fileprivate static func badBounds(_ span: Span, _ low: ValueType, _ high: ValueType) -> Diagnostic {
    Diagnostic(
      .badOperands, span,
      "a range goes from one number or quantity to another, not from \(low.described) to \(high.described)",
      hint: Checker.unitHint(low.plain, high.plain))
  }

  fileprivate static func notCondition(_ span: Span, _ type: ValueType) -> Diagnostic {
    let hint: String? =
      switch type.plain {
      case .int, .float: "compare it: '… > 0'"
      case .list: "ask for its size: 'count(…) > 0'"
      case .text, .id, .enumeration: "compare it: '… == \"…\"'"
      default: nil
      }
    return Diagnostic(.notCondition, span, "a condition is a Bool, but this is \(type.described)", hint: hint)
  }
}
