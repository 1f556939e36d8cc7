import Values

/// What a function of the standard library takes and gives, with the documentation of it.
package struct FunctionSignature: Sendable {
  package struct Parameter: Sendable {
    package let name: String
    package let type: TypePattern
    package let optional: Bool
    package init(_ name: String, _ type: TypePattern, optional: Bool = false) {
      self.name = name
      self.type = type
      self.optional = optional
    }
  }

  package let name: String
  /// Optional ones stand last.
  package let parameters: [Parameter]
  package let result: TypePattern
  /// One sentence.
  package let summary: String
  /// A Belay expression that uses the function.
  package let example: String
  package let exampleResult: Value

  package init(
    _ name: String, _ parameters: [Parameter], _ result: TypePattern, _ summary: String, example: String,
    is exampleResult: Value
  ) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.summary = summary
    self.example = example
    self.exampleResult = exampleResult
  }

  /// `index_of(list: [T], value: T) -> Int`
  package var spelling: String {
    let list = parameters.map { "\($0.name): \($0.type.spelling)\($0.optional ? "?" : "")" }
    return "\(name)(\(list.joined(separator: ", "))) -> \(result.spelling)"
  }
}

/// A type with holes: what a parameter of a function takes, so that `flatten: [[T]] -> [T]` can be written down.
package indirect enum TypePattern: Sendable {
  case any
  case type(ValueType)
  /// Stands for one type in the whole signature.
  case variable(String)
  /// The same, for the types that have an order or a sum only.
  case restricted(String, [ValueType])
  case list(TypePattern)
  /// A list of as many elements, each with its own type: what `zip` gives for a round of a loop.
  case tuple([TypePattern])
  /// A record, a structure or an answer, whatever its members.
  case anyRecord
  case oneOf([TypePattern])

  package var spelling: String {
    switch self {
    case .any: "Any"
    case .type(let type): type.spelling
    case .variable(let name): name
    case .restricted(let name, let types): "\(name) (\(TypePattern.listed(types)))"
    case .list(let element): "[\(element.spelling)]"
    case .tuple(let elements): "(\(elements.map(\.spelling).joined(separator: ", ")))"
    case .anyRecord: "record"
    case .oneOf(let patterns): patterns.map(\.spelling).joined(separator: " or ")
    }
  }

  /// Those with a unit in one word: they are many.
  private static func listed(_ types: [ValueType]) -> String {
    let plain = types.filter { !$0.isQuantity }.map(\.spelling)
    return (plain + (plain.count < types.count ? ["quantity"] : [])).joined(separator: " or ")
  }
}
