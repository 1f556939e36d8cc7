import RunbookChecker
import Values

extension Builtins {
  private static let text = TypePattern.type(.text)

  static let textBuiltins: [Builtin] = [
    Builtin(
      FunctionSignature(
        "join", [.init("list", .list(text)), .init("separator", text)], text,
        "The texts as one, with a separator between them.",
        example: "join([\"a\", \"b\"], \", \")", is: "a, b")
    ) { (arguments) throws(BuiltinProblem) in
      let texts = try arguments.texts(0)
      let separator = try arguments.text(1)
      let length = texts.reduce(0) { $0 + $1.utf8.count } + separator.utf8.count * max(0, texts.count - 1)
      guard length <= maximumTextLength else { throw .tooLong }
      return .text(texts.joined(separator: separator))
    },
    Builtin(
      FunctionSignature(
        "split", [.init("text", text), .init("separator", text)], .list(text),
        "The parts between separators, empty ones too; with an empty separator the characters.",
        example: "split(\"a,b,,c\", \",\")", is: ["a", "b", "", "c"])
    ) { (arguments) throws(BuiltinProblem) in
      let text = try arguments.text(0)
      let separator = try arguments.text(1)
      if separator.isEmpty { return .list(text.map { .text(String($0)) }) }
      return .list(text.split(separator: separator, omittingEmptySubsequences: false).map { .text(String($0)) })
    },
    Builtin(
      FunctionSignature(
        "upper", [.init("text", text)], text, "In capital letters.", example: "upper(\"web\")", is: "WEB")
    ) { (arguments) throws(BuiltinProblem) in .text(try arguments.text(0).uppercased()) },
    Builtin(
      FunctionSignature("lower", [.init("text", text)], text, "In small letters.", example: "lower(\"TCP\")", is: "tcp")
    ) { (arguments) throws(BuiltinProblem) in .text(try arguments.text(0).lowercased()) },
    Builtin(
      FunctionSignature(
        "trim", [.init("text", text)], text, "Without white space at both ends.", example: "trim(\"  a b \")", is: "a b"
      )
    ) { (arguments) throws(BuiltinProblem) in
      let head = try arguments.text(0).drop(while: \.isWhitespace)
      return .text(String(head[..<(head.lastIndex { !$0.isWhitespace }.map(head.index(after:)) ?? head.startIndex)]))
    },
    Builtin(
      FunctionSignature(
        "starts_with", [.init("text", text), .init("part", text)], .type(.bool), "Whether a text begins with another.",
        example: "starts_with(\"ein-1\", \"ein-\")", is: true)
    ) { (arguments) throws(BuiltinProblem) in .bool(try arguments.text(0).hasPrefix(arguments.text(1))) },
    Builtin(
      FunctionSignature(
        "ends_with", [.init("text", text), .init("part", text)], .type(.bool), "Whether a text ends with another.",
        example: "ends_with(\"ap-hangzhou-ecm-1\", \"-1\")", is: true)
    ) { (arguments) throws(BuiltinProblem) in .bool(try arguments.text(0).hasSuffix(arguments.text(1))) },
    Builtin(
      FunctionSignature(
        "replace", [.init("text", text), .init("old", text), .init("new", text)], text,
        "The text with another in each place of a part.", example: "replace(\"a.b.c\", \".\", \"-\")", is: "a-b-c")
    ) { (arguments) throws(BuiltinProblem) in
      let parts = try arguments.text(0).split(separator: try wholePart(arguments), omittingEmptySubsequences: false)
      let new = try arguments.text(2)
      let length = parts.reduce(0) { $0 + $1.utf8.count } + new.utf8.count * (parts.count - 1)
      guard length <= maximumTextLength else { throw .tooLong }
      return .text(parts.joined(separator: new))
    },
  ]

  private static func wholePart(_ arguments: [Value]) throws(BuiltinProblem) -> String {
    let old = try arguments.text(1)
    guard !old.isEmpty else { throw BuiltinProblem("the part to be replaced is empty") }
    return old
  }
}

extension BuiltinProblem {
  static var tooLong: BuiltinProblem {
    BuiltinProblem("the text would be longer than \(Builtins.maximumTextLength) bytes")
  }
}
