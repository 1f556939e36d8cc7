import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// `{ [zone]: 2, ["b"]: 3 }`; `expecting` what each value must be, when the place says so.
  mutating func inferMap(_ entries: [MapEntry], expecting wanted: Expectation? = nil) -> ValueType {
    var key: ValueType?
    var value: ValueType?
    var seen: [Value: Span] = [:]
    for entry in entries {
      let keyType = inferKey(entry.key)
      key = key.map { $0.united(with: keyType) ?? .text } ?? keyType
      if let text = constant(entry.key), let earlier = seen.updateValue(entry.key.span, forKey: text) {
        report(.duplicateKey(entry.key.span, earlier))
      }
      let next: ValueType
      if let wanted { next = check(entry.value, wanted) } else { next = infer(entry.value) }
      guard let both = (value ?? next).united(with: next) else {
        report(.mixedMap(entry.value.span, next, value ?? next))
        value = .unknown
        continue
      }
      value = both
    }
    return .map(key: key ?? .text, value: value ?? .unknown)
  }

  /// A key is seen by all, so it is no secret.
  mutating func inferKey(_ key: Expression) -> ValueType {
    let type = infer(key)
    if type.isUnknown { return .text }
    if type.holdsSecret || !type.isTextual { report(.badMapKey(key.span, type)) }
    return type.plain
  }
}

extension Diagnostic {
  static func badMapKey(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.typeMismatch, span, "the keys of a map are texts of some kind, but this is \(type.described)")
  }

  fileprivate static func duplicateKey(_ span: Span, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateName, span, "the map has this key already", notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func mixedMap(_ span: Span, _ type: ValueType, _ first: ValueType) -> Diagnostic {
    Diagnostic(
      .typeMismatch, span, "the values of a map are of one kind: \(first.described), but this is \(type.described)")
  }
}
