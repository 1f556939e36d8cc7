/// What the language and the cloud pass around. Data only: equal, hashable, printable, the same in every process.
package enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case text(String)
  case duration(Duration)
  case quantity(Quantity)
  case cidr(CIDR)
  case list([Value])
  case record(Record)
  // Rare, and larger than all others: kept apart, so that each value is smaller.
  indirect case secret(Secret)

  package static let empty = Value.record(Record())

  package var isNull: Bool { self == .null }

  package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var asInt: Int? { if case .int(let value) = self { value } else { nil } }
  package var asText: String? { if case .text(let value) = self { value } else { nil } }
  package var asDuration: Duration? { if case .duration(let value) = self { value } else { nil } }
  package var asRecord: Record? { if case .record(let value) = self { value } else { nil } }

  /// The elements of a list. The cloud sends null for an empty array, so null counts as one.
  package var asList: [Value]? {
    switch self {
    case .list(let elements): elements
    case .null: []
    default: nil
    }
  }

  /// What the value is called in messages.
  package var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .text: "Text"
    case .duration: "Duration"
    case .quantity(let value): value.kind.rawValue
    case .cidr: "CIDR"
    case .list: "list"
    case .record: "record"
    case .secret: "secret"
    }
  }

  /// The text that an interpolation `"${x}"` puts in place of the value. A secret shows as `***`; see ``concealing``.
  package var display: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value): "\(value)"
    case .text(let value): value
    case .duration(let value): value.belayText
    case .quantity(let value): value.description
    case .cidr(let value): value.description
    case .list, .record: JSON.print(self)
    case .secret: Secret.mask
    }
  }

  /// Whether a secret stands anywhere in the value.
  package var holdsSecret: Bool {
    switch self {
    case .secret: true
    case .list(let elements): elements.contains { $0.holdsSecret }
    case .record(let record): record.contains { $0.value.holdsSecret }
    default: false
    }
  }

  /// The value with every secret replaced by its text. Only what goes to the cloud may ask for it.
  package var revealed: Value {
    switch self {
    case .secret(let secret): .text(secret.text)
    case .list(let elements): .list(elements.map(\.revealed))
    case .record(let record): .record(record.mapValues(\.revealed))
    default: self
    }
  }
}

/// A text that must not be seen: it has a name for messages and journals, and its text only for the cloud.
package struct Secret: Hashable, Sendable {
  /// The input it came from.
  package let name: String
  package let text: String

  package static let mask = "***"

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { Secret.mask }
  package var debugDescription: String { Secret.mask }
  package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByStringInterpolation
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(floatLiteral value: Double) { self = .float(value) }
  package init(arrayLiteral elements: Value...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, Value)...) { self = .record(Record(literal: elements)) }
}
