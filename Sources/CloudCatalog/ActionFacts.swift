/// The type of a parameter or member, as the books print it.
package indirect enum FactType: Hashable, Sendable, CustomStringConvertible {
  case integer, float, boolean, string, timestamp
  case array(FactType)
  case structure(String)

  package init(_ spelling: some StringProtocol) {
    switch spelling {
    case "Integer": self = .integer
    case "Float": self = .float
    case "Boolean": self = .boolean
    case "String": self = .string
    default:
      if spelling.hasPrefix("Array of ") {
        self = .array(FactType(spelling.dropFirst("Array of ".count)))
      } else if spelling.hasPrefix("Timestamp") || spelling.hasPrefix("Date") {
        self = .timestamp
      } else {
        self = .structure(String(spelling))
      }
    }
  }

  package var description: String {
    switch self {
    case .integer: "Integer"
    case .float: "Float"
    case .boolean: "Boolean"
    case .string: "String"
    case .timestamp: "Timestamp"
    case .array(let element): "Array of \(element)"
    case .structure(let name): name
    }
  }
}

/// What the books say a value must be, beyond its type. Nil or empty where they say nothing.
package struct Constraints: Hashable, Sendable {
  package var defaultValue: String?
  package var enumeration: [String] = []
  package var minimum: Double?
  package var maximum: Double?
  /// In characters.
  package var minimumLength: Int?
  package var maximumLength: Int?
  package var maximumItems: Int?
  package var pattern: String?
  package var format: String?
  /// Parameters that may not be given together with this one.
  package var exclusive: [String] = []
  package init() {}
}

/// A parameter of a call, or a member of a structure. A class, as are the others, since every call is held against them
/// and copies none.
package final class MemberFacts: Sendable {
  package let name: String
  package let type: FactType
  package let required: Bool
  /// Whether an answer may carry null here.
  package let nullable: Bool
  package let constraints: Constraints

  init(name: String, type: FactType, required: Bool, nullable: Bool, constraints: Constraints) {
    (self.name, self.type, self.required, self.nullable) = (name, type, required, nullable)
    self.constraints = constraints
  }
}

/// What the books state of one action.
package final class ActionFacts: Sendable {
  package let id: ActionID
  /// Whether the books list the action without a page, so that its parameters, results and errors are inferred.
  package let isInferred: Bool
  package let summary: String
  package let category: String
  /// Requests a second, for each account and region.
  package let rate: Int
  /// Whether the common parameter Region must be given (CVM).
  package let regionRequired: Bool
  package let parameters: [MemberFacts]
  /// Without RequestId, which every answer carries.
  package let outputs: [MemberFacts]
  package let errors: [String]

  init(
    id: ActionID, isInferred: Bool, summary: String, category: String, rate: Int, regionRequired: Bool,
    parameters: [MemberFacts], outputs: [MemberFacts], errors: [String]
  ) {
    (self.id, self.isInferred, self.summary, self.category) = (id, isInferred, summary, category)
    (self.rate, self.regionRequired) = (rate, regionRequired)
    (self.parameters, self.outputs, self.errors) = (parameters, outputs, errors)
  }

  package func parameter(_ name: String) -> MemberFacts? { parameters.first { $0.name == name } }
  package func output(_ name: String) -> MemberFacts? { outputs.first { $0.name == name } }
}

package final class StructureFacts: Sendable {
  package let name: String
  package let summary: String
  package let members: [MemberFacts]

  init(name: String, summary: String, members: [MemberFacts]) {
    (self.name, self.summary, self.members) = (name, summary, members)
  }

  package func member(_ name: String) -> MemberFacts? { members.first { $0.name == name } }
}
