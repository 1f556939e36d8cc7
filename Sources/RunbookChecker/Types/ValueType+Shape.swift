import CloudCatalog
import Values

/// What the checker asks of a type.
extension ValueType {
  /// A list of so many elements, each with its own type: an element of `zones * isps`. It is a record whose fields are
  /// named by their place, which no record that people write can be; its value is a list.
  static func tuple(_ elements: [ValueType]) -> ValueType {
    .record(elements.enumerated().map { RecordField(String($0.offset), $0.element) })
  }

  /// The types of a tuple's elements; nil for everything else.
  var tupleElements: [ValueType]? {
    guard case .record(let fields) = self, fields.first?.name == "0" else { return nil }
    return fields.map(\.type)
  }

  /// Without `secret` and `?` around it.
  var plain: ValueType {
    if case .optional(let wrapped) = self { return wrapped.plain }
    if case .secret(let wrapped) = self { return wrapped.plain }
    return self
  }

  var isUnknown: Bool { plain == .unknown }

  var isSecret: Bool {
    if case .optional(let wrapped) = self { return wrapped.isSecret }
    if case .secret = self { return true }
    return false
  }

  /// Whether a secret may stand anywhere in such a value.
  var holdsSecret: Bool {
    switch self {
    case .secret: true
    case .optional(let wrapped), .list(let wrapped): wrapped.holdsSecret
    case .record(let fields): fields.contains { $0.type.holdsSecret }
    case .map(_, let value): value.holdsSecret
    case .unknown, .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .structure, .result, .id,
      .enumeration:
      false
    }
  }

  /// Whether a text that must not be seen may stand anywhere in such a value. What is no text, such as the length of a
  /// secret, is kept from being shown by its type only.
  var holdsHiddenText: Bool {
    switch self {
    case .secret(let wrapped):
      switch wrapped.plain {
      case .null, .bool, .int, .float, .duration, .quantity, .cidr: false
      case .unknown, .text, .list, .record, .map, .structure, .result, .id, .enumeration, .optional, .secret: true
      }
    case .optional(let wrapped), .list(let wrapped): wrapped.holdsHiddenText
    case .record(let fields): fields.contains { $0.type.holdsHiddenText }
    case .map(_, let value): value.holdsHiddenText
    case .unknown, .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .structure, .result, .id,
      .enumeration:
      false
    }
  }

  /// The same type as if nothing in it were secret.
  var withoutSecrets: ValueType {
    guard holdsSecret else { return self }
    switch self {
    case .secret(let wrapped): return wrapped.withoutSecrets
    case .optional(let wrapped): return .optional(wrapped.withoutSecrets)
    case .list(let element): return .list(element.withoutSecrets)
    case .record(let fields): return .record(fields.map { RecordField($0.name, $0.type.withoutSecrets) })
    case .map(let key, let value): return .map(key: key.withoutSecrets, value: value.withoutSecrets)
    case .unknown, .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .structure, .result, .id,
      .enumeration:
      return self
    }
  }

  /// Secret when `condition` holds; never twice.
  func secret(when condition: Bool) -> ValueType { condition && !isSecret ? .secret(self) : self }

  /// A text of some kind: interpolated, compared and joined as a text.
  var isTextual: Bool {
    switch plain {
    case .text, .id, .enumeration: true
    case .unknown, .null, .bool, .int, .float, .duration, .quantity, .cidr, .list, .record, .map, .structure, .result,
      .optional,
      .secret:
      false
    }
  }

  var isNumber: Bool { plain == .int || plain == .float }

  /// A number with its unit, time among them.
  var isMeasure: Bool { if case .quantity = plain { true } else { plain == .duration } }

  /// What the elements of a list are; nil for what is no list.
  var element: ValueType? {
    if case .list(let element) = plain { return element }
    if plain == .unknown { return .unknown }
    guard let elements = plain.tupleElements else { return nil }
    return elements.dropFirst().reduce(elements[0]) { $0.united(with: $1) ?? .unknown }
  }

  /// Whether a type has grown so large, by lists of lists of …, that it is not worth following any more. Texts in which
  /// each line doubles the type of the line above would take for ever otherwise.
  var isHuge: Bool {
    var budget = 2000
    return exceeds(&budget, depth: 100)
  }

  private func exceeds(_ budget: inout Int, depth: Int) -> Bool {
    budget -= 1
    guard budget > 0, depth > 0 else { return true }
    switch self {
    case .list(let wrapped), .optional(let wrapped), .secret(let wrapped):
      return wrapped.exceeds(&budget, depth: depth - 1)
    case .record(let fields):
      for field in fields where field.type.exceeds(&budget, depth: depth - 1) { return true }
      return false
    case .map(let key, let value):
      return key.exceeds(&budget, depth: depth - 1) || value.exceeds(&budget, depth: depth - 1)
    case .unknown, .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .structure, .result, .id,
      .enumeration:
      return false
    }
  }

  /// With its article, for messages: `an Int`, `a list of ecm.Zone`.
  var described: String {
    switch self {
    case .unknown: "anything"
    case .null: "null"
    case .list(let element): element == .unknown ? "a list" : "a list of \(element.shown)"
    case .result: spelling
    case .record where tupleElements == nil: "a record"
    case .map: "a map \(shown)"
    case .record: "a tuple \(shown)"
    case .optional(let wrapped): "\(wrapped.described) or null"
    case .secret(let wrapped): "a secret \(wrapped.shown)"
    case .bool, .int, .float, .text, .duration, .quantity, .cidr, .structure, .id, .enumeration:
      "\("AEIOaeio".contains(spelling.first ?? "x") ? "an" : "a") \(spelling)"
    }
  }

  /// As a runbook writes it; a tuple as `(ecm.Zone, ecm.ISP)`.
  var shown: String {
    if let elements = tupleElements { return "(\(elements.map(\.shown).joined(separator: ", ")))" }
    switch self {
    case .list(let element): return "[\(element.shown)]"
    case .optional(let wrapped): return "\(wrapped.shown)?"
    case .secret(let wrapped): return "secret \(wrapped.shown)"
    case .map(let key, let value): return "{ [\(key.shown)]: \(value.shown) }"
    case .unknown, .null, .bool, .int, .float, .text, .duration, .quantity, .cidr, .record, .structure, .result, .id,
      .enumeration:
      return spelling
    }
  }
}
