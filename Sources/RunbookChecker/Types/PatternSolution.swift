import Values

/// What the variables of a function's signature stand for in one use of it.
struct PatternSolution {
  private var variables: [String: ValueType] = [:]

  /// The type that an argument must have, when the pattern and what is solved so far leave no choice.
  func known(_ pattern: TypePattern) -> ValueType? {
    switch pattern {
    case .type(let type): return type
    case .variable(let name), .restricted(let name, _):
      guard let type = variables[name], !type.isUnknown else { return nil }
      return type
    case .list(let element): return known(element).map(ValueType.list)
    case .any, .tuple, .anyRecord, .oneOf: return nil
    }
  }

  /// Whether such a value fits; variables take the first type they meet, or what unites it with later ones.
  mutating func match(_ type: ValueType, _ pattern: TypePattern) -> Bool {
    let type = type.plain
    switch pattern {
    case .any: return true
    case .type(let wanted): return type.fits(wanted)
    case .variable(let name): return bind(name, type)
    case .restricted(let name, let allowed):
      guard type == .unknown || allowed.contains(where: { type.fits($0) }) else { return false }
      return bind(name, type)
    case .list(let element):
      guard let inner = type == .null ? .unknown : type.element else { return false }
      return match(inner, element)
    case .tuple(let patterns):
      if let elements = type.tupleElements {
        return elements.count == patterns.count && zip(elements, patterns).allSatisfy { match($0, $1) }
      }
      guard let inner = type.element else { return false }
      return patterns.allSatisfy { match(inner, $0) }
    case .anyRecord:
      switch type {
      case .unknown, .structure, .result, .map: return true
      case .record: return type.tupleElements == nil
      default: return false
      }
    case .oneOf(let patterns):
      for pattern in patterns {
        var copy = self
        if copy.match(type, pattern) {
          self = copy
          return true
        }
      }
      return false
    }
  }

  private mutating func bind(_ name: String, _ type: ValueType) -> Bool {
    guard let present = variables[name], !present.isUnknown else {
      variables[name] = type
      return true
    }
    guard let both = present.united(with: type) else { return false }
    variables[name] = both
    return true
  }

  func type(of pattern: TypePattern) -> ValueType {
    switch pattern {
    case .any, .anyRecord, .oneOf: .unknown
    case .type(let type): type
    case .variable(let name), .restricted(let name, _): variables[name] ?? .unknown
    case .list(let element): .list(type(of: element))
    case .tuple(let elements): .tuple(elements.map { type(of: $0) })
    }
  }
}
