import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// What a place of the text wants of the value that stands there.
struct Expectation {
  var type: ValueType
  /// For messages: `'SubnetId'`, `the default of 'zones'`.
  var subject: String
  /// The code of a plain mismatch.
  var code: DiagnosticCode
  var constraints = Constraints()
  /// What the cloud counts in here, so that a value with its unit may stand for the number.
  var unit: ParameterUnit?
  /// In an argument of a call, or within one.
  var isForCloud = false
  var allowsSecrets = true
  /// The way from the call's parameter to here, such as `LoginSettings.Password`.
  var path = ""

  init(_ type: ValueType, of subject: String, code: DiagnosticCode) {
    self.type = type
    self.subject = subject
    self.code = code
  }

  /// Whether such a value is sent as the number that the cloud wants.
  func takesMeasure(_ type: ValueType) -> Bool { isForCloud && unit?.takes(type.plain) == true }

  /// What is wanted of each element of a list; limits of the books on a list's values speak of its elements.
  func element(_ type: ValueType) -> Expectation {
    var copy = self
    copy.type = type
    copy.constraints.maximumItems = nil
    return copy
  }
}

extension Checker {
  /// Looks at a value with a wish in mind: a literal is judged part by part, so that each problem has its own place.
  /// Returns the value's own type.
  @discardableResult
  mutating func check(_ expression: Expression, _ wanted: Expectation) -> ValueType {
    guard enterLevel(expression.span) else { return .unknown }
    defer { depth -= 1 }
    let type = checkKind(expression, wanted)
    note(type, of: expression)
    return type
  }

  private mutating func checkKind(_ expression: Expression, _ wanted: Expectation) -> ValueType {
    switch (expression.kind, wanted.type.plain) {
    case (.list(let elements), .list(let element)):
      checkItemCount(expression, wanted)
      let types = elements.map { check($0, wanted.element(element)) }
      guard let first = types.first else { return .list(element) }
      let both = types.dropFirst().reduce(first as ValueType?) { $0?.united(with: $1) }
      return .list(both ?? element)
    case (.record(let entries), .structure(let service, let name)):
      return checkStructure(entries, service, name, expression.span, wanted)
    case (.record(let entries), .record(let fields)) where wanted.type.plain.tupleElements == nil:
      return checkRecord(entries, fields, expression.span, wanted)
    case (.choice(let condition, let then, let otherwise), _):
      let isSecret = checkCondition(condition)
      let first = check(then, wanted)
      let second = check(otherwise, wanted)
      return (first.united(with: second) ?? .unknown).secret(when: isSecret)
    case (.map(let entries), .map(_, let value)):
      let type = inferMap(entries, expecting: wanted.element(value))
      relate(expression, type, wanted)
      return type
    case (.match(let subject, let cases), _): return inferMatch(expression, subject, cases, expecting: wanted)
    case (.comprehension(let comprehension), .list(let element)) where comprehension.key == nil:
      return inferComprehension(comprehension, expecting: wanted.element(element))
    default:
      let type = infer(expression)
      relate(expression, type, wanted)
      return type
    }
  }

  /// Judges a value whose type is known.
  mutating func relate(_ expression: Expression, _ type: ValueType, _ wanted: Expectation) {
    if type.holdsSecret, !wanted.allowsSecrets { return report(.secretArgument(expression.span, wanted)) }
    let bare = type.withoutSecrets
    guard
      bare.fits(wanted.type, forCloud: wanted.isForCloud) || wanted.takesMeasure(bare)
        || literalFits(expression, wanted.type)
    else {
      return reportMismatch(expression, bare, wanted)
    }
    checkConstants(expression, wanted)
  }

  /// Whether a text, or a list or record of texts, may stand for an id although its type says only Text.
  private func literalFits(_ expression: Expression, _ wanted: ValueType) -> Bool {
    switch (expression.kind, wanted.plain) {
    case (.name(let name), _):
      return scope[name]?.literal.map { partFits($0, wanted) } ?? false
    case (.text(let segments), .id(let service, let kind)):
      guard let kind = IDKind.named(kind, service: service) else { return true }
      if let text = expression.literalText { return kind.accepts(text) }
      guard case .literal(let start)? = segments.first else { return kind.prefixes.isEmpty }
      return kind.prefixes.isEmpty || kind.prefixes.contains { start.hasPrefix($0) }
    case (.list(let elements), .list(let element)):
      return elements.allSatisfy { partFits($0, element) }
    case (.record(let entries), .structure(let service, let name)):
      guard let catalog = Catalog.service(service), let facts = catalog.structure(name) else { return true }
      return facts.members.allSatisfy { member in !member.required || entries.contains { $0.name.text == member.name } }
        && entries.allSatisfy { entry in
          facts.member(entry.name.text).map { member in
            partFits(entry.value, catalog.type(of: member))
              || ParameterUnit.of(member)?.takes(type(of: entry.value).withoutSecrets.plain) == true
          } ?? false
        }
    case (.record(let entries), .record(let fields)):
      return fields.allSatisfy { field in entries.contains { $0.name.text == field.name } }
        && entries.allSatisfy { entry in
          fields.first { $0.name == entry.name.text }.map { partFits(entry.value, $0.type) } ?? false
        }
    default: return false
    }
  }

  private func partFits(_ part: Expression, _ wanted: ValueType) -> Bool {
    type(of: part).withoutSecrets.fits(wanted, forCloud: true) || literalFits(part, wanted)
  }

  private mutating func checkRecord(
    _ entries: [RecordEntry], _ fields: [ValueType.RecordField], _ span: Span, _ wanted: Expectation
  ) -> ValueType {
    var result: [ValueType.RecordField] = []
    for entry in entries {
      guard let field = fields.first(where: { $0.name == entry.name.text }) else {
        _ = infer(entry.value)
        let near = suggestion(for: entry.name.text, among: fields.map(\.name))
        report(.surplusField(entry.name, wanted, near))
        continue
      }
      var inner = wanted
      inner.type = field.type
      inner.subject = "'\(field.name)'"
      result.append(ValueType.RecordField(field.name, check(entry.value, inner)))
    }
    let missing = fields.filter { field in
      if case .optional = field.type { return false }
      return !entries.contains { $0.name.text == field.name }
    }
    if !missing.isEmpty { report(.missingFields(span, wanted, missing.map(\.name))) }
    return .record(result)
  }

  private mutating func reportMismatch(_ expression: Expression, _ type: ValueType, _ wanted: Expectation) {
    if case .id(let service, let name) = wanted.type.plain, let kind = IDKind.named(name, service: service),
      let text = expression.literalText, type == .text
    {
      return report(.wrongPrefix(expression.span, text, kind, wanted))
    }
    if let (id, other) = Checker.ids(type, wanted.type), wanted.isForCloud {
      return report(.wrongKind(expression.span, id, other, wanted, isList: type.isList))
    }
    var isElement = false
    if case .list(let element) = wanted.type.plain { isElement = partFits(expression, element) }
    report(.mismatch(expression.span, type, wanted, isElement: isElement))
  }

  /// The two id kinds when both types are ids, or lists of ids, that do not fit.
  private static func ids(_ type: ValueType, _ wanted: ValueType) -> (ValueType, ValueType)? {
    switch (type.plain, wanted.plain) {
    case (.id, .id): (type.plain, wanted.plain)
    case (.list(let a), .list(let b)): ids(a, b)
    default: nil
    }
  }
}

extension Expression {
  /// The text of a literal without holes.
  var literalText: String? {
    guard case .text(let segments) = kind else { return nil }
    var result = ""
    for segment in segments {
      guard case .literal(let text) = segment else { return nil }
      result += text
    }
    return result
  }
}

extension ValueType {
  fileprivate var isList: Bool { if case .list = plain { true } else { false } }
}

extension Diagnostic {
  fileprivate static func secretArgument(_ span: Span, _ wanted: Expectation) -> Diagnostic {
    Diagnostic(
      .secretExposed, span, "\(wanted.subject) does not carry secrets, but this is one",
      hint: "a secret, and whatever is made from one, may go only to parameters such as 'Password'")
  }

  fileprivate static func wrongPrefix(_ span: Span, _ text: String, _ kind: IDKind, _ wanted: Expectation) -> Diagnostic
  {
    let starts = kind.prefixes.map { "'\($0)'" }.joined(separator: " or ")
    return Diagnostic(
      wanted.isForCloud ? .wrongIDKind : wanted.code, span,
      "\(wanted.subject) expects an \(kind.spelling), which begins with \(starts), but this is \"\(text)\"")
  }

  fileprivate static func wrongKind(
    _ span: Span, _ id: ValueType, _ other: ValueType, _ wanted: Expectation, isList: Bool
  ) -> Diagnostic {
    let lists = isList ? ("a list of ", "a list of ") : ("an ", "an ")
    return Diagnostic(
      .wrongIDKind, span,
      "\(wanted.subject) expects \(lists.0)\(other.spelling), but this is \(lists.1)\(id.spelling)")
  }

  fileprivate static func mismatch(
    _ span: Span, _ type: ValueType, _ wanted: Expectation, isElement: Bool
  ) -> Diagnostic {
    Diagnostic(
      wanted.code, span, "\(wanted.subject) expects \(wanted.type.plain.described), but this is \(type.described)",
      hint: isElement
        ? "put it in brackets: '[…]'"
        : wanted.unit.map { "it is in \($0.rawValue): an Int, or a value such as \($0.example)" }
          ?? mismatchHint(type, wanted.type.plain))
  }

  private static func mismatchHint(_ type: ValueType, _ wanted: ValueType) -> String? {
    switch (type.plain, wanted) {
    case (.list(let element), _) where element.fits(wanted, forCloud: true): "'x[0]' is the first element"
    case (.text, .id(let service, let kind)): "declare the input, or take it from an answer, as \(service).\(kind)"
    case (.int, .text), (.float, .text): "put the number in quotes, or write \"${…}\""
    case (.text, .int): "'int(…)' makes an Int of a Text"
    case (.quantity(let kind), .int), (.quantity(let kind), .float):
      "divided by a unit it is a number: '… / \(kind.one)'"
    case (.duration, .int), (.duration, .float): "divided by a unit it is a number: '… / 1s'"
    case (.int, .quantity(let kind)): "a \(kind.rawValue) has its unit behind the number: \(kind.example)"
    default: nil
    }
  }

  fileprivate static func surplusField(_ name: Name, _ wanted: Expectation, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      wanted.code, name.span, "\(wanted.subject) has no member '\(name.text)'\(near)", fixes: near.fixes(name.span))
  }

  fileprivate static func missingFields(_ span: Span, _ wanted: Expectation, _ names: [String]) -> Diagnostic {
    Diagnostic(wanted.code, span, "\(wanted.subject) lacks \(names.map { "'\($0)'" }.joined(separator: ", "))")
  }
}
