import RunbookChecker
import Values

extension Builtins {
  private static let number = TypePattern.restricted("T", [.int, .float] + measures)

  static let numberBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "text", [.init("x", .any)], .type(.text), "The value as \"${x}\" shows it.", example: "text(15)", is: "15")
    ) { (arguments) throws(BuiltinProblem) in try Value.text(arguments[0].display).checkedSize() },
    Builtin(
      FunctionSignature(
        "int", [.init("x", .oneOf([.type(.float), .type(.text)]))], .type(.int),
        "The Int that a text spells, or a number without its fraction.", example: "int(\"15\")", is: 15)
    ) { (arguments) throws(BuiltinProblem) in
      switch arguments[0] {
      case .int: return arguments[0]
      case .float(let number):
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
          throw BuiltinProblem("\(number) does not fit an Int")
        }
        return .int(whole)
      case .text(let text):
        guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }), let number = Int(text) else {
          throw BuiltinProblem("\"\(text)\" is not an Int")
        }
        return .int(number)
      default: throw .unfit(arguments[0], "a number or a Text")
      }
    },
    Builtin(
      FunctionSignature(
        "abs", [.init("x", number)], number, "The number or quantity without its sign.", example: "abs(-3)", is: 3)
    ) { (arguments) throws(BuiltinProblem) in
      switch arguments[0] {
      case .int(let number):
        guard number != .min else { throw BuiltinProblem("\(number) without its sign does not fit an Int") }
        return .int(Swift.abs(number))
      case .float(let number): return .float(Swift.abs(number))
      case .duration(let duration): return .duration(duration < .zero ? .zero - duration : duration)
      case .quantity(let quantity): return .quantity(Quantity(quantity.kind, Swift.abs(quantity.amount)))
      default: throw .unfit(arguments[0], "a number or a quantity")
      }
    },
  ]
}
