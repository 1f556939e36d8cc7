import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// An irreversible call in one of the cases counts for what follows them all.
  mutating func checkMatch(_ match: Match) {
    let subject = infer(match.subject)
    checkCases(match.cases, of: match.subject, subject)
    let before = pendingIrreversible
    var after = match.cases.contains { $0.pattern == nil } ? nil : before
    for item in match.cases {
      pendingIrreversible = before
      checkBlock(item.body)
      after = after ?? pendingIrreversible
    }
    pendingIrreversible = after
  }

  /// The value of the case that applies; `expecting` what each must be, when the place says so.
  mutating func inferMatch(
    _ match: Expression, _ subject: Expression, _ cases: [MatchCase<Expression>], expecting wanted: Expectation? = nil
  ) -> ValueType {
    let type = infer(subject)
    let covered = checkCases(cases, of: subject, type)
    if !cases.contains(where: { $0.pattern == nil }), !covers(covered, type) {
      report(.missingCase(match.span, Checker.missing(covered, of: type)))
    }
    var result: ValueType?
    for item in cases {
      let next: ValueType
      if let wanted { next = check(item.body, wanted) } else { next = infer(item.body) }
      guard let both = (result ?? next).united(with: next) else {
        // Against what is wanted it has been judged already.
        if wanted != nil { return .unknown }
        report(.mixedCases(item.body.span, next, cases[0].body.span, result ?? next))
        return .unknown
      }
      result = both
    }
    return (result ?? .unknown).secret(when: type.holdsSecret)
  }

  /// Returns the values that the cases name, where they are known.
  @discardableResult
  private mutating func checkCases<Body>(
    _ cases: [MatchCase<Body>], of subject: Expression, _ type: ValueType
  ) -> Set<Value> {
    var covered: [Value: Span] = [:]
    for pattern in cases.compactMap(\.pattern) {
      let own = infer(pattern)
      let isMember = CheckedRunbook.isMembership(own, of: type)
      let compared = isMember ? own.element ?? .unknown : own
      if isMember ? type.holdsHiddenText : false { report(.notOnSecrets(pattern.span, .isIn)) }
      if !areComparable(subject, type.withoutSecrets, pattern, compared.withoutSecrets) {
        report(.neverApplies(pattern.span, compared, type))
      }
      for part in isMember ? pattern.elements : [pattern] {
        guard let value = constant(part) else { continue }
        if let earlier = covered.updateValue(part.span, forKey: value) {
          report(.repeatedCase(part.span, earlier))
        }
      }
    }
    return Set(covered.keys)
  }

  private func covers(_ values: Set<Value>, _ type: ValueType) -> Bool {
    switch type.withoutSecrets {
    case .bool: values.isSuperset(of: [.bool(true), .bool(false)])
    case .enumeration(_, let all): all.allSatisfy { values.contains(.text($0)) }
    case .unknown: true
    case .null, .int, .float, .text, .duration, .quantity, .cidr, .list, .record, .map, .structure, .result, .id,
      .optional,
      .secret:
      false
    }
  }

  private static func missing(_ values: Set<Value>, of type: ValueType) -> [String] {
    guard case .enumeration(_, let all) = type.plain else { return [] }
    return all.filter { !values.contains(.text($0)) }
  }
}

extension CheckedRunbook {
  /// Whether a case stands for each element of its list or range, rather than for the list itself.
  package static func isMembership(_ pattern: ValueType, of subject: ValueType) -> Bool {
    guard case .list = pattern.plain else { return false }
    if case .list = subject.plain { return false }
    return true
  }
}

extension Expression {
  fileprivate var elements: [Expression] { if case .list(let elements) = kind { elements } else { [] } }
}

extension Diagnostic {
  fileprivate static func missingCase(_ span: Span, _ missing: [String]) -> Diagnostic {
    Diagnostic(
      .missingCase, Span(span.source, Int(span.lower), Int(span.lower) + 5),
      missing.isEmpty
        ? "this 'match' has no value when no case applies"
        : "this 'match' has no value for \(listed(missing.map { "\"\($0)\"" }))",
      hint: "end it with 'else => …'")
  }

  fileprivate static func mixedCases(_ span: Span, _ type: ValueType, _ firstSpan: Span, _ first: ValueType)
    -> Diagnostic
  {
    Diagnostic(
      .typeMismatch, span, "the values of a 'match' are of one kind, but this is \(type.described)",
      notes: [DiagnosticNote("the first is \(first.described)", firstSpan)])
  }

  fileprivate static func neverApplies(_ span: Span, _ pattern: ValueType, _ subject: ValueType) -> Diagnostic {
    Diagnostic(
      .badOperands, span, "this case never applies: it is \(pattern.described), the value \(subject.described)")
  }

  fileprivate static func repeatedCase(_ span: Span, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .repeatedCase, span, "this case is never reached: an earlier one takes the value",
      notes: [DiagnosticNote("it stands here", earlier)])
  }
}
