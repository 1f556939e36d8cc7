import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  mutating func inferMember(_ base: Expression, _ name: Name) -> ValueType {
    if case .name(let text) = base.kind, scope[text] == nil, services[text] != nil {
      report(.actionWithoutCall(base.span.union(name.span), text, name))
      return .unknown
    }
    let type = infer(base)
    return member(name, of: type)
  }

  /// What may be null in an answer is used as if it never were.
  private mutating func member(_ name: Name, of type: ValueType) -> ValueType {
    if type.isUnknown { return .unknown }
    guard type.tupleElements == nil, let members = Catalog.members(of: type) else {
      report(.noMembers(name, type))
      return .unknown
    }
    guard let found = members.first(where: { $0.name == name.text }) else {
      let near = suggestion(for: name.text, among: members.map(\.name))
      report(.unknownMember(name, type, near, members.map(\.name)))
      return .unknown
    }
    let result: ValueType = if case .optional(let wrapped) = found.type { wrapped } else { found.type }
    return result.secret(when: type.isSecret)
  }

  mutating func inferEach(_ base: Expression, _ name: Name) -> ValueType {
    let type = infer(base)
    if type.isUnknown { return .list(.unknown) }
    guard case .list(var element) = type.plain else {
      report(.notAList(base.span, type))
      return .unknown
    }
    if case .list(let inner) = element.plain { element = inner }
    return ValueType.list(member(name, of: element)).secret(when: type.isSecret)
  }

  mutating func inferIndex(_ base: Expression, _ index: Expression) -> ValueType {
    let type = infer(base)
    let indexType = infer(index)
    if type.isUnknown { return .unknown }
    if case .map(let key, let value) = type.plain {
      relate(index, indexType, Expectation(key, of: "the key of the map", code: .typeMismatch))
      return value.secret(when: type.isSecret)
    }
    guard let element = type.element else {
      report(.notIndexable(base.span, type))
      return .unknown
    }
    if !indexType.fits(.int) { report(.badIndex(index.span, indexType)) }
    guard let elements = type.tupleElements, case .int(let place) = index.kind else {
      return element.secret(when: type.isSecret)
    }
    guard elements.indices.contains(place) else {
      report(.outsideTuple(index.span, elements.count))
      return .unknown
    }
    return elements[place]
  }

  /// What a loop over such a value gives its rounds.
  mutating func iterated(_ type: ValueType, _ sequence: Expression) -> ValueType {
    guard let element = type.element else {
      report(.notIterable(sequence.span, type))
      return .unknown
    }
    return element.secret(when: type.isSecret)
  }

  /// One name takes the element, several take it apart.
  mutating func declarePattern(_ pattern: [Name], of element: ValueType, owner: Owner? = nil) {
    guard pattern.count > 1 else {
      guard let name = pattern.first else { return }
      var binding = Binding(name: name, type: element, origin: .loop)
      binding.owner = owner
      return declare(binding)
    }
    let parts: [ValueType]
    if let elements = element.plain.tupleElements {
      parts = elements
      if elements.count != pattern.count {
        report(.patternCount(pattern[0].span.union(pattern[pattern.count - 1].span), pattern.count, element))
      }
    } else if case .list(let inner) = element.plain {
      parts = Array(repeating: inner, count: pattern.count)
    } else {
      parts = []
      if !element.isUnknown {
        report(.patternCount(pattern[0].span.union(pattern[pattern.count - 1].span), pattern.count, element))
      }
    }
    for (place, name) in pattern.enumerated() {
      let type = parts.indices.contains(place) ? parts[place] : .unknown
      declare(Binding(name: name, type: type.secret(when: element.isSecret), origin: .loop))
    }
  }
}

extension Diagnostic {
  fileprivate static func actionWithoutCall(_ span: Span, _ service: String, _ name: Name) -> Diagnostic {
    Diagnostic(
      .unknownName, span, "'\(service)' is a service, not a value",
      hint: "an action is called with its parameters: '\(service).\(name.text)(…)'")
  }

  fileprivate static func noMembers(_ name: Name, _ type: ValueType) -> Diagnostic {
    var hint: String?
    if case .list = type.plain {
      hint = "'x[].\(name.text)' takes it from each element, 'x[0].\(name.text)' from the first"
    }
    return Diagnostic(.unknownMember, name.span, "\(type.described) has no member '\(name.text)'", hint: hint)
  }

  fileprivate static func unknownMember(_ name: Name, _ type: ValueType, _ near: Suggestion, _ members: [String])
    -> Diagnostic
  {
    let what = type.plain.tupleElements == nil && type.plain.isRecord ? "the record" : type.plain.described
    return Diagnostic(
      .unknownMember, name.span, "\(what) has no member '\(name.text)'\(near)",
      hint: near.isEmpty && !members.isEmpty ? "it has \(listed(members))" : nil, fixes: near.fixes(name.span))
  }

  fileprivate static func notAList(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.notIterable, span, "'[].' takes each element of a list, but this is \(type.described)")
  }

  fileprivate static func notIndexable(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.notIndexable, span, "'[…]' takes one element of a list, but this is \(type.described)")
  }

  fileprivate static func badIndex(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.typeMismatch, span, "the place of an element is an Int, but this is \(type.described)")
  }

  fileprivate static func outsideTuple(_ span: Span, _ count: Int) -> Diagnostic {
    Diagnostic(.notIndexable, span, "the tuple has \(count) elements; the first is number 0")
  }

  fileprivate static func notIterable(_ span: Span, _ type: ValueType) -> Diagnostic {
    let hint = type.plain == .int ? "'1...n' counts from 1 to n" : nil
    return Diagnostic(.notIterable, span, "a loop goes over a list, but this is \(type.described)", hint: hint)
  }

  fileprivate static func patternCount(_ span: Span, _ count: Int, _ type: ValueType) -> Diagnostic {
    Diagnostic(
      .patternMismatch, span, "\(count) names take a list of \(count) elements apart, but this is \(type.described)")
  }
}

extension ValueType {
  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }
}
