import Values

/// What bodies ask of their arguments. The checker has judged the types where they are known before the run; what comes
/// from the cloud or from JSON is judged here.
extension [Value] {
  func list(_ place: Int) throws(BuiltinProblem) -> [Value] {
    guard let list = self[place].asList else { throw .unfit(self[place], "a list") }
    return list
  }

  func text(_ place: Int) throws(BuiltinProblem) -> String {
    guard case .text(let text) = self[place] else { throw .unfit(self[place], "a Text") }
    return text
  }

  func int(_ place: Int) throws(BuiltinProblem) -> Int {
    guard case .int(let number) = self[place] else { throw .unfit(self[place], "an Int") }
    return number
  }

  func record(_ place: Int) throws(BuiltinProblem) -> Record {
    guard case .record(let record) = self[place] else { throw .unfit(self[place], "a record") }
    return record
  }

  /// A network, or a text that is one, as the cloud answers it.
  func network(_ place: Int) throws(BuiltinProblem) -> CIDR {
    switch self[place] {
    case .cidr(let network): return network
    case .text(let text):
      guard let network = CIDR(text) else { throw BuiltinProblem("\"\(text)\" is not a network such as 10.20.0.0/16") }
      return network
    default: throw .unfit(self[place], "a network")
    }
  }

  /// The elements that are texts; anything else is a problem.
  func texts(_ place: Int) throws(BuiltinProblem) -> [String] {
    var result: [String] = []
    for element in try list(place) {
      guard case .text(let text) = element else { throw .unfit(element, "a list of Texts") }
      result.append(text)
    }
    return result
  }

  /// Null, which the cloud sends for what it does not know, counts as false.
  func bools(_ place: Int) throws(BuiltinProblem) -> [Bool] {
    var result: [Bool] = []
    for element in try list(place) {
      switch element {
      case .bool(let value): result.append(value)
      case .null: result.append(false)
      default: throw .unfit(element, "a list of Bools")
      }
    }
    return result
  }
}

extension BuiltinProblem {
  static func unfit(_ value: Value, _ wanted: String) -> BuiltinProblem {
    BuiltinProblem("\(wanted) is wanted here, but this is \(value.kindName)")
  }
}

extension Value {
  /// Whether two values are the same to people who read a runbook: 1 and 1.0 are.
  func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)): Double(a) == b
    default: self == other
    }
  }

  /// Limits what a function may make.
  func checkedSize() throws(BuiltinProblem) -> Value {
    if case .list(let elements) = self, elements.count > Builtins.maximumCount {
      throw BuiltinProblem("the list would have more than \(Builtins.maximumCount) elements")
    }
    if case .text(let text) = self, text.utf8.count > Builtins.maximumTextLength {
      throw BuiltinProblem("the text would be longer than \(Builtins.maximumTextLength) bytes")
    }
    return self
  }
}
