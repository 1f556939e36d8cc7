import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  private static let plainTypes: [String: ValueType] = [
    "Bool": .bool, "Int": .int, "Float": .float, "Text": .text, "Duration": .duration, "CIDR": .cidr, "Any": .unknown,
    "Size": .quantity(.size), "Bandwidth": .quantity(.bandwidth), "Rate": .quantity(.rate), "CNY": .quantity(.yuan),
    "USD": .quantity(.dollar),
  ]

  /// What people bring along from other languages.
  private static let foreignTypes: [String: String] = [
    "String": "Text", "str": "Text", "string": "Text", "Integer": "Int", "int": "Int", "number": "Int",
    "Boolean": "Bool", "bool": "Bool", "Double": "Float", "float": "Float", "Number": "Int",
  ]

  mutating func resolveType(_ type: TypeExpression) -> ValueType {
    guard enterLevel(type.span) else { return .unknown }
    defer { depth -= 1 }
    switch type.kind {
    case .named(nil, let name): return resolvePlainType(name)
    case .named(let service?, let name): return resolveCloudType(service, name)
    case .list(let element): return .list(resolveType(element))
    case .optional(let wrapped): return .optional(resolveType(wrapped))
    case .secret(let wrapped): return .secret(resolveType(wrapped))
    case .record(let fields): return resolveRecordType(fields)
    case .map(let key, let value): return resolveMapType(key, value)
    case .missing: return .unknown
    }
  }

  /// Its keys are texts of some kind.
  private mutating func resolveMapType(_ key: TypeExpression, _ value: TypeExpression) -> ValueType {
    let keyType = resolveType(key)
    if !keyType.isUnknown, !keyType.isTextual || keyType.isSecret { report(.badMapKey(key.span, keyType)) }
    return .map(key: keyType, value: resolveType(value))
  }

  private mutating func resolvePlainType(_ name: Name) -> ValueType {
    if let type = Checker.plainTypes[name.text] { return type }
    let near: Suggestion
    if let meant = Checker.foreignTypes[name.text] {
      near = Suggestion(meant, isOnly: true)
    } else {
      near = suggestion(for: name.text, among: Checker.plainTypes.keys.sorted())
    }
    let services = Catalog.serviceNames.filter { IDKind.named(name.text, service: $0) != nil }
    report(.unknownType(name, near, service: services.first))
    return .unknown
  }

  private mutating func resolveCloudType(_ service: Name, _ name: Name) -> ValueType {
    guard let catalog = services[service.text]?.catalog ?? Catalog.service(service.text) else {
      if !tree.uses.contains(where: { ($0.alias ?? $0.service).text == service.text }) {
        let names = Catalog.serviceNames + services.keys.sorted()
        report(.unknownTypeService(service, suggestion(for: service.text, among: names)))
      }
      return .unknown
    }
    if IDKind.named(name.text, service: catalog.name) != nil { return .id(service: catalog.name, kind: name.text) }
    if catalog.structure(name.text) != nil { return .structure(service: catalog.name, name: name.text) }
    let values = catalog.enumeration(name.text)
    if !values.isEmpty { return .enumeration(name: "\(catalog.name).\(name.text)", values: values) }
    report(
      .unknownCloudType(name, catalog.name, suggestion(for: name.text, among: IDKind.names + catalog.structureNames)))
    return .unknown
  }

  private mutating func resolveRecordType(_ fields: [(name: Name, type: TypeExpression)]) -> ValueType {
    var result: [ValueType.RecordField] = []
    var seen: [String: Span] = [:]
    for field in fields {
      let type = resolveType(field.type)
      if let earlier = seen.updateValue(field.name.span, forKey: field.name.text) {
        report(.duplicateField(field.name, earlier))
      } else {
        result.append(ValueType.RecordField(field.name.text, type))
      }
    }
    return .record(result)
  }
}

extension ServiceCatalog {
  /// What a parameter or member of that name may be, over all actions and structures, in the order of the books. Empty
  /// when the books name no values.
  fileprivate func enumeration(_ name: String) -> [String] {
    var values: [String] = []
    let members =
      actionNames.compactMap { action($0)?.parameter(name) } + structureNames.compactMap { structure($0)?.member(name) }
    for member in members where member.type == .string {
      for value in member.constraints.enumeration where !values.contains(value) { values.append(value) }
    }
    return values
  }
}

extension Diagnostic {
  fileprivate static func unknownType(_ name: Name, _ near: Suggestion, service: String?) -> Diagnostic {
    let hint =
      service.map { "a type of the cloud stands after its service: '\($0).\(name.text)'" }
      ?? (near.isEmpty
        ? "the plain types are Bool, Int, Float, Text, Duration, Size, Bandwidth, Rate, CNY, USD, CIDR and Any" : nil)
    return Diagnostic(
      .unknownType, name.span, "there is no type '\(name.text)'\(near)", hint: hint, fixes: near.fixes(name.span))
  }

  fileprivate static func unknownTypeService(_ name: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownService, name.span, "there is no service '\(name.text)'\(near)", fixes: near.fixes(name.span))
  }

  fileprivate static func unknownCloudType(_ name: Name, _ service: String, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownType, name.span, "'\(service)' has no type '\(name.text)'\(near)",
      hint: near.isEmpty ? "its types are its id kinds, such as \(service).VpcId, and the structures of its book" : nil,
      fixes: near.fixes(name.span))
  }

  fileprivate static func duplicateField(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateName, name.span, "the record has two members '\(name.text)'",
      notes: [DiagnosticNote("the first is here", earlier)])
  }
}
