import CloudCatalog
import Values

extension ValueType {
  /// Whether a value of this type may stand where `expected` is wanted. Secrets are another rule's business, and the
  /// cloud sends null where it likes, so both `secret` and `?` are looked through; `null` itself fits only what may be
  /// null. `forCloud`: in an argument, where a network is sent as its text.
  func fits(_ expected: ValueType, forCloud: Bool = false) -> Bool {
    let actual = plain
    let wanted = expected.plain
    if actual == wanted { return true }
    switch (actual, wanted) {
    case (.unknown, _), (_, .unknown): return true
    case (.null, _): return expected.allowsNull
    case (.int, .float): return true
    case (.id, .text), (.enumeration, .text): return true
    case (.cidr, .text): return forCloud
    case (.id(let service, let kind), .enumeration):
      return IDKind.named(kind, service: service)?.prefixes.isEmpty == true
    // What the cloud answers is often typed as a text where it is one of a few; the cloud checks it again.
    case (.text, .enumeration): return true
    case (.enumeration(let name, let values), .enumeration(let other, let allowed)):
      return name == other || values.allSatisfy(allowed.contains)
    case (.list(let element), .list(let other)): return element.fits(other, forCloud: forCloud)
    case (.record(let fields), .list(let element)) where actual.tupleElements != nil:
      return fields.allSatisfy { $0.type.fits(element, forCloud: forCloud) }
    case (.map(let key, let value), .map(let otherKey, let other)):
      return key.fits(otherKey, forCloud: forCloud) && value.fits(other, forCloud: forCloud)
    case (.record(let fields), .map(let key, let value)) where actual.tupleElements == nil:
      return (fields.isEmpty || ValueType.text.fits(key))
        && fields.allSatisfy { $0.type.fits(value, forCloud: forCloud) }
    case (.record(let fields), .record(let others)): return ValueType.fit(fields, others, forCloud)
    case (.record(let fields), .structure(let service, let name)):
      return ValueType.fit(fields, service, name)
    default: return false
    }
  }

  private var allowsNull: Bool {
    switch self {
    case .optional, .null, .unknown: true
    case .secret(let wrapped): wrapped.allowsNull
    case .bool, .int, .float, .text, .duration, .quantity, .cidr, .list, .record, .map, .structure, .result, .id,
      .enumeration:
      false
    }
  }

  private static func fit(_ fields: [RecordField], _ wanted: [RecordField], _ forCloud: Bool) -> Bool {
    guard fields.allSatisfy({ field in wanted.contains { $0.name == field.name } }) else { return false }
    return wanted.allSatisfy { other in
      guard let field = fields.first(where: { $0.name == other.name }) else { return other.type.allowsNull }
      return field.type.fits(other.type, forCloud: forCloud)
    }
  }

  private static func fit(_ fields: [RecordField], _ service: String, _ structure: String) -> Bool {
    guard let catalog = Catalog.service(service), let facts = catalog.structure(structure) else { return true }
    let allKnown = fields.allSatisfy { field in
      facts.member(field.name).map { member in
        field.type.fits(catalog.type(of: member), forCloud: true)
          || ParameterUnit.of(member)?.takes(field.type.plain) == true
      } ?? false
    }
    return allKnown
      && facts.members.allSatisfy { member in !member.required || fields.contains { $0.name == member.name } }
  }

  /// The type of a value that is one or the other; nil when nothing sensible is both.
  func united(with other: ValueType) -> ValueType? {
    if self == other { return self }
    if isSecret || other.isSecret {
      return withoutOuterSecret.united(with: other.withoutOuterSecret)?.secret(when: true)
    }
    switch (self, other) {
    case (.unknown, _), (_, .unknown): return .unknown
    case (.null, let some), (let some, .null): return some.allowsNull ? some : .optional(some)
    case (.optional(let a), .optional(let b)), (.optional(let a), let b), (let a, .optional(let b)):
      return a.united(with: b).map { $0.allowsNull ? $0 : .optional($0) }
    case (.int, .float), (.float, .int): return .float
    case (.id(_, let kind), .id(_, let otherKind)): return kind == otherKind ? self : nil
    case (.list(let a), .list(let b)): return a.united(with: b).map(ValueType.list)
    case (.record(let a), .record(let b)): return ValueType.united(a, b)
    case (.map(let key, let a), .map(let otherKey, let b)):
      guard let key = key.united(with: otherKey), let value = a.united(with: b) else { return nil }
      return .map(key: key, value: value)
    case _ where isTextual && other.isTextual: return .text
    default: return nil
    }
  }

  private var withoutOuterSecret: ValueType {
    if case .secret(let wrapped) = self { return wrapped }
    if case .optional(let wrapped) = self { return .optional(wrapped.withoutOuterSecret) }
    return self
  }

  /// Fields that only one of the two has may be missing.
  private static func united(_ a: [RecordField], _ b: [RecordField]) -> ValueType? {
    var fields: [RecordField] = []
    for field in a {
      guard let other = b.first(where: { $0.name == field.name }) else {
        fields.append(RecordField(field.name, field.type.allowsNull ? field.type : .optional(field.type)))
        continue
      }
      guard let type = field.type.united(with: other.type) else { return nil }
      fields.append(RecordField(field.name, type))
    }
    for field in b where !a.contains(where: { $0.name == field.name }) {
      fields.append(RecordField(field.name, field.type.allowsNull ? field.type : .optional(field.type)))
    }
    return .record(fields)
  }
}
