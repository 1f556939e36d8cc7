/// What a value may be. The checker infers it, the catalog states it for parameters and results.
package indirect enum ValueType: Hashable, Sendable {
  /// Known only at run time; everything fits it. Follow-on problems of a hole in the text are muted by it.
  case unknown
  case null
  case bool
  case int
  case float
  case text
  case duration
  case quantity(Quantity.Kind)
  case cidr
  case list(ValueType)
  case record([RecordField])
  /// Values by keys that are texts of some kind.
  case map(key: ValueType, value: ValueType)
  /// A structure of the catalog, such as `ecm.Vpc`, looked up when a member is asked for.
  case structure(service: String, name: String)
  /// What an API call answers, such as `ecm.CreateVpc`.
  case result(service: String, action: String)
  /// A text that identifies one kind of resource, such as `ecm.VpcId`.
  case id(service: String, kind: String)
  /// A text that is one of a few, such as `ecm.ISP`.
  case enumeration(name: String, values: [String])
  case optional(ValueType)
  case secret(ValueType)

  package struct RecordField: Hashable, Sendable {
    package let name: String
    package let type: ValueType
    package init(_ name: String, _ type: ValueType) {
      self.name = name
      self.type = type
    }
  }

  /// As a runbook writes it.
  package var spelling: String {
    switch self {
    case .unknown: "?"
    case .null: "Null"
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .text: "Text"
    case .duration: "Duration"
    case .quantity(let kind): kind.rawValue
    case .cidr: "CIDR"
    case .list(let element): "[\(element.spelling)]"
    case .record(let fields): "{ " + fields.map { "\($0.name): \($0.type.spelling)" }.joined(separator: ", ") + " }"
    case .map(let key, let value): "{ [\(key.spelling)]: \(value.spelling) }"
    case .structure(let service, let name): "\(service).\(name)"
    case .result(let service, let action): "the result of \(service).\(action)"
    case .id(let service, let kind): "\(service).\(kind)"
    case .enumeration(let name, _): name
    case .optional(let wrapped): "\(wrapped.spelling)?"
    case .secret(let wrapped): "secret \(wrapped.spelling)"
    }
  }
}
