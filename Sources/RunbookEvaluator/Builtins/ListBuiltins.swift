import RunbookChecker
import Values

extension Builtins {
  private static let element = TypePattern.variable("T")
  private static let anyList = TypePattern.list(.variable("T"))

  static let listBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "count", [.init("of", .oneOf([.list(.any), .type(.text), .anyRecord]))], .type(.int),
        "How many elements a list has, characters a text, members a record.", example: "count([\"a\", \"b\"])", is: 2)
    ) { (arguments) throws(BuiltinProblem) in
      switch arguments[0] {
      case .list(let elements): .int(elements.count)
      case .null: 0
      case .text(let text): .int(text.count)
      case .record(let record): .int(record.count)
      default: throw .unfit(arguments[0], "a list, a Text or a record")
      }
    },
    Builtin(
      FunctionSignature(
        "flatten", [.init("lists", .list(anyList))], anyList, "One list of the elements of several.",
        example: "flatten([[1, 2], [], [3]])", is: [1, 2, 3])
    ) { (arguments) throws(BuiltinProblem) in
      var result: [Value] = []
      for inner in try arguments.list(0) {
        guard let elements = inner.asList else { throw .unfit(inner, "a list of lists") }
        result += elements
      }
      return try Value.list(result).checkedSize()
    },
    Builtin(
      FunctionSignature(
        "index_of", [.init("list", anyList), .init("value", element)], .type(.int),
        "The place of the first element that equals a value, from 0; a problem when there is none.",
        example: "index_of([\"a\", \"b\"], \"b\")", is: 1)
    ) { (arguments) throws(BuiltinProblem) in
      guard let place = try arguments.list(0).firstIndex(where: { $0.isSame(as: arguments[1]) }) else {
        throw BuiltinProblem("\(arguments[1].display) is not in the list")
      }
      return .int(place)
    },
    Builtin(
      FunctionSignature(
        "first", [.init("list", anyList)], element, "The first element; a problem when the list is empty.",
        example: "first([3, 1, 2])", is: 3)
    ) { (arguments) throws(BuiltinProblem) in
      guard let value = try arguments.list(0).first else { throw .emptyList("first") }
      return value
    },
    Builtin(
      FunctionSignature(
        "last", [.init("list", anyList)], element, "The last element; a problem when the list is empty.",
        example: "last([3, 1, 2])", is: 2)
    ) { (arguments) throws(BuiltinProblem) in
      guard let value = try arguments.list(0).last else { throw .emptyList("last") }
      return value
    },
    Builtin(
      FunctionSignature(
        "range", [.init("n", .type(.int))], .list(.type(.int)), "The Ints from 0 up to, and without, n.",
        example: "range(3)", is: [0, 1, 2])
    ) { (arguments) throws(BuiltinProblem) in
      let count = try arguments.int(0)
      guard count >= 0 else { throw BuiltinProblem("a range has 0 elements or more, not \(count)") }
      guard count <= maximumCount else {
        throw BuiltinProblem("the list would have more than \(maximumCount) elements")
      }
      return .list((0..<count).map(Value.int))
    },
    Builtin(
      FunctionSignature(
        "zip", [.init("a", .list(.variable("A"))), .init("b", .list(.variable("B")))],
        .list(.tuple([.variable("A"), .variable("B")])),
        "Pairs of the elements that stand at the same place; as many as the shorter list has.",
        example: "zip([1, 2], [\"a\", \"b\"])", is: [[1, "a"], [2, "b"]])
    ) { (arguments) throws(BuiltinProblem) in
      .list(zip(try arguments.list(0), try arguments.list(1)).map { .list([$0, $1]) })
    },
    Builtin(
      FunctionSignature(
        "enumerate", [.init("list", anyList)], .list(.tuple([.type(.int), element])),
        "Pairs of each element's place, from 0, and the element.", example: "enumerate([\"a\", \"b\"])",
        is: [[0, "a"], [1, "b"]])
    ) { (arguments) throws(BuiltinProblem) in
      .list(try arguments.list(0).enumerated().map { .list([.int($0.offset), $0.element]) })
    },
    Builtin(
      FunctionSignature(
        "chunk", [.init("list", anyList), .init("size", .type(.int))], .list(anyList),
        "The list in pieces of so many elements; the last may be shorter.", example: "chunk([1, 2, 3], 2)",
        is: [[1, 2], [3]])
    ) { (arguments) throws(BuiltinProblem) in
      let list = try arguments.list(0)
      let size = try arguments.int(1)
      guard size >= 1 else { throw BuiltinProblem("a piece has at least 1 element, not \(size)") }
      return .list(
        stride(from: 0, to: list.count, by: min(size, max(1, list.count))).map { start in
          .list(Array(list[start..<min(list.count - start > size ? start + size : list.count, list.count)]))
        })
    },
    Builtin(
      FunctionSignature(
        "unique", [.init("list", anyList)], anyList, "Each element once, in the order of first appearance.",
        example: "unique([2, 1, 2])", is: [2, 1])
    ) { (arguments) throws(BuiltinProblem) in
      var seen: Set<Value> = []
      return .list(try arguments.list(0).filter { seen.insert($0).inserted })
    },
    Builtin(
      FunctionSignature(
        "contains", [.init("in", .oneOf([anyList, .type(.text)])), .init("x", element)], .type(.bool),
        "Whether a list has such an element, or a text such a part.", example: "contains(\"web-1\", \"web\")", is: true)
    ) { (arguments) throws(BuiltinProblem) in
      if case .text(let text) = arguments[0] { return .bool(try text.contains(arguments.text(1))) }
      return .bool(try arguments.list(0).contains { $0.isSame(as: arguments[1]) })
    },
    Builtin(
      FunctionSignature(
        "all", [.init("list", .list(.type(.bool)))], .type(.bool),
        "Whether every element is true; true for an empty list. Null counts as false.", example: "all([true, false])",
        is: false)
    ) { (arguments) throws(BuiltinProblem) in .bool(try arguments.bools(0).allSatisfy { $0 }) },
    Builtin(
      FunctionSignature(
        "any", [.init("list", .list(.type(.bool)))], .type(.bool),
        "Whether some element is true; false for an empty list. Null counts as false.", example: "any([true, false])",
        is: true)
    ) { (arguments) throws(BuiltinProblem) in .bool(try arguments.bools(0).contains(true)) },
  ]
}

extension BuiltinProblem {
  static func emptyList(_ name: String) -> BuiltinProblem {
    BuiltinProblem("'\(name)' of an empty list: it has no elements")
  }
}
