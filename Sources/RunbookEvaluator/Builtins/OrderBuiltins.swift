import RunbookChecker
import Values

extension Builtins {
  /// What is a number with its unit.
  static let measures = [ValueType.duration] + Quantity.Kind.allCases.map(ValueType.quantity)
  private static let ordered = TypePattern.restricted("T", [.int, .float, .text] + measures)
  private static let summed = TypePattern.restricted("T", [.int, .float] + measures)

  static let orderBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "sum", [.init("list", .list(summed))], summed, "The sum of numbers or quantities; 0 of an empty list.",
        example: "sum([1, 2, 3])", is: 6)
    ) { (arguments) throws(BuiltinProblem) in
      let list = try arguments.list(0)
      guard var total = list.first else { return 0 }
      guard total.isSummable else { throw .unfit(total, "a list of numbers or quantities") }
      for element in list.dropFirst() { total = try total.adding(element) }
      return total
    },
    Builtin(
      FunctionSignature(
        "min", [.init("list", .list(ordered))], ordered, "The least element; a problem when the list is empty.",
        example: "min([3, 1, 2])", is: 1)
    ) { (arguments) throws(BuiltinProblem) in
      guard let value = try sorted(arguments.list(0)).first else { throw .emptyList("min") }
      return value
    },
    Builtin(
      FunctionSignature(
        "max", [.init("list", .list(ordered))], ordered, "The greatest element; a problem when the list is empty.",
        example: "max([3, 1, 2])", is: 3)
    ) { (arguments) throws(BuiltinProblem) in
      guard let value = try sorted(arguments.list(0)).last else { throw .emptyList("max") }
      return value
    },
    Builtin(
      FunctionSignature(
        "sort", [.init("list", .list(ordered))], .list(ordered),
        "From least to greatest; texts by their characters' code points, equal elements in their old order.",
        example: "sort([\"b\", \"c\", \"a\"])", is: ["a", "b", "c"])
    ) { (arguments) throws(BuiltinProblem) in .list(try sorted(arguments.list(0))) },
    Builtin(
      FunctionSignature(
        "reverse", [.init("list", .list(.variable("T")))], .list(.variable("T")), "From last to first.",
        example: "reverse([1, 2, 3])", is: [3, 2, 1])
    ) { (arguments) throws(BuiltinProblem) in .list(try arguments.list(0).reversed()) },
  ]

  private static func sorted(_ list: [Value]) throws(BuiltinProblem) -> [Value] {
    if let first = list.first {
      for element in list where !element.hasOrder(with: first) {
        throw BuiltinProblem("\(element.kindName) and \(first.kindName) have no order")
      }
    }
    return list.sorted { $0.isLess(than: $1) }
  }
}

extension Value {
  fileprivate var isSummable: Bool {
    switch self {
    case .int, .float, .duration, .quantity: true
    case .null, .bool, .text, .cidr, .list, .record, .secret: false
    }
  }

  fileprivate func hasOrder(with other: Value) -> Bool {
    switch (self, other) {
    case (.int, .int), (.int, .float), (.float, .int), (.float, .float), (.duration, .duration), (.text, .text): true
    case (.quantity(let a), .quantity(let b)): a.kind == b.kind
    default: false
    }
  }

  fileprivate func isLess(than other: Value) -> Bool {
    switch (self, other) {
    case (.int(let a), .int(let b)): a < b
    case (.int(let a), .float(let b)): Double(a) < b
    case (.float(let a), .int(let b)): a < Double(b)
    case (.float(let a), .float(let b)): a < b
    case (.duration(let a), .duration(let b)): a < b
    case (.quantity(let a), .quantity(let b)): a.amount < b.amount
    case (.text(let a), .text(let b)): a < b
    default: false
    }
  }

  fileprivate func adding(_ other: Value) throws(BuiltinProblem) -> Value {
    switch (self, other) {
    case (.int(let a), .int(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      guard !overflow else { throw BuiltinProblem("the sum does not fit 64 bits") }
      return .int(sum)
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)): return .float(Double(a) + b)
    case (.float(let a), .float(let b)): return .float(a + b)
    case (.duration(let a), .duration(let b)): return .duration(try a.adding(b))
    case (.quantity(let a), .quantity(let b)) where a.kind == b.kind:
      let (sum, overflow) = a.amount.addingReportingOverflow(b.amount)
      guard !overflow, sum != .min else { throw BuiltinProblem("the sum does not fit 64 bits") }
      return .quantity(Quantity(a.kind, sum))
    default: throw BuiltinProblem("\(kindName) and \(other.kindName) have no sum")
    }
  }
}

extension Duration {
  fileprivate func adding(_ other: Duration) throws(BuiltinProblem) -> Duration {
    let (_, overflow) = components.seconds.addingReportingOverflow(other.components.seconds)
    guard !overflow else { throw BuiltinProblem("the sum of the Durations is too long") }
    return self + other
  }
}
