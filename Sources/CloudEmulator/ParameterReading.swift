import Values

/// The parameters of a call, read by name. Their types have been checked, so a value of another type counts as absent.
protocol ParameterReading {
  var parameters: Record { get }
}

extension ParameterReading {
  func text(_ name: String) -> String? { parameters[name]?.asText }
  func int(_ name: String) -> Int? { parameters[name]?.asInt }
  func bool(_ name: String) -> Bool? { parameters[name]?.asBool }
  func list(_ name: String) -> [Value] { parameters[name]?.asList ?? [] }
  func record(_ name: String) -> Record? { parameters[name]?.asRecord }
  func texts(_ name: String) -> [String] { list(name).compactMap(\.asText) }
  func ints(_ name: String) -> [Int] { list(name).compactMap(\.asInt) }
  func has(_ name: String) -> Bool { parameters[name] != nil }

  /// A Boolean, or a text that means one: `TRUE`, `True`, `true`.
  func isTrue(_ name: String) -> Bool { bool(name) ?? (text(name)?.lowercased() == "true") }

  /// A parameter that the page marks as required; the check of the parameters has made sure of it.
  func required(_ name: String) throws(Refusal) -> String {
    guard let text = text(name) else { throw Refusal("MissingParameter", "The parameter \(name) is missing.") }
    return text
  }
}
