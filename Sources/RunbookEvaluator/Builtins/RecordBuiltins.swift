import RunbookChecker
import Values

extension Builtins {
  static let recordBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "keys", [.init("record", .anyRecord)], .list(.type(.text)), "The names of a record's members, in order.",
        example: "keys({ a: 1, b: 2 })", is: ["a", "b"])
    ) { (arguments) throws(BuiltinProblem) in .list(try arguments.record(0).names.map(Value.text)) },
    Builtin(
      FunctionSignature(
        "values", [.init("record", .anyRecord)], .list(.any), "The values of a record's members, in order.",
        example: "values({ a: 1, b: 2 })", is: [1, 2])
    ) { (arguments) throws(BuiltinProblem) in .list(try arguments.record(0).map(\.value)) },
  ]
}
