import Diagnostics
import RunbookChecker
import RunbookSyntax
import Testing
import Values

@testable import RunbookEvaluator

@Suite struct BuiltinTests {
  /// Each example is checked as a runbook, then evaluated by walking its tree: literals and calls of builtins only.
  @Test(arguments: Builtins.all.map(\.name)) func exampleHolds(_ name: String) throws {
    let builtin = try #require(Builtins.named(name))
    let text = "runbook test.example 1.0.0\noutput x = \(builtin.signature.example)\n"
    let result = RunbookCheck.check(
      SourceFile(path: "\(name).belay", text: text), functions: Builtins.all.map(\.signature))
    #expect(DiagnosticRenderer(sources: result.sources).render(result.diagnostics) == "")
    let runbook = try #require(result.runbook)
    guard case .output(_, let expression)? = runbook.tree.body.statements.first?.kind else {
      Issue.record("the example is no expression")
      return
    }
    #expect(try Self.value(expression) == builtin.signature.exampleResult)
  }

  private static func value(_ expression: Expression) throws -> Value {
    switch expression.kind {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .duration(let value): return .duration(value)
    case .quantity(let text): return .quantity(try #require(Quantity(text)))
    case .cidr(let text): return .cidr(try #require(CIDR(text)))
    case .text(let segments):
      return .text(segments.map { if case .literal(let text) = $0 { text } else { "?" } }.joined())
    case .negate(let operand):
      if case .int(let number) = try value(operand) { return .int(-number) }
      throw BuiltinProblem("not an Int")
    case .list(let elements): return .list(try elements.map(value))
    case .record(let entries): return .record(Record(try entries.map { ($0.name.text, try value($0.value)) }))
    case .function(let invocation):
      let arguments = invocation.arguments
      let builtin = try #require(Builtins.named(invocation.name.text))
      var values = Array(repeating: Value.null, count: builtin.signature.parameters.count)
      for (place, argument) in arguments.enumerated() {
        let named = argument.name.flatMap { name in builtin.signature.parameters.firstIndex { $0.name == name.text } }
        values[named ?? place] = try value(argument.value)
      }
      return try builtin.call(values)
    default: throw BuiltinProblem("more than an example may hold")
    }
  }

  private static func call(_ name: String, _ arguments: Value...) throws -> Value {
    try #require(Builtins.named(name)).call(arguments)
  }

  private static func problem(_ name: String, _ arguments: Value...) -> String? {
    do {
      _ = try Builtins.named(name)?.call(arguments)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func namesAreUniqueAndSignaturesComplete() {
    #expect(Set(Builtins.all.map(\.name)).count == Builtins.all.count)
    #expect(Builtins.all.count == 38)
    for builtin in Builtins.all { #expect(builtin.signature.summary.hasSuffix(".")) }
  }

  @Test func emptyListsAreProblems() {
    for name in ["first", "last", "min", "max"] { #expect(Self.problem(name, [])?.contains("empty list") == true) }
    #expect(Self.problem("index_of", [1], 2) == "2 is not in the list")
  }

  @Test func nullFromTheCloudIsAnEmptyList() throws {
    #expect(try Self.call("count", .null) == 0)
    #expect(try Self.call("flatten", [[1], .null]) == [1])
    #expect(try Self.call("all", [true, .null]) == false)
    #expect(try Self.call("sum", .null) == 0)
  }

  @Test func numbersAreOneKind() throws {
    #expect(try Self.call("contains", [1, 2.5], 1.0) == true)
    #expect(try Self.call("index_of", [0.5, 1.0], 1) == 1)
    #expect(try Self.call("sort", [2, 1.5, 1]) == [1, 1.5, 2])
    #expect(try Self.call("sum", [1, 0.5]) == 1.5)
    #expect(try Self.call("sum", [.duration(.seconds(1)), .duration(.seconds(2))]) == .duration(.seconds(3)))
    #expect(try Self.call("int", 2.9) == 2)
    #expect(try Self.call("int", -2.9) == -2)
  }

  @Test func limitsHold() {
    #expect(Self.problem("sum", [.int(.max), 1]) == "the sum does not fit 64 bits")
    #expect(Self.problem("abs", .int(.min)) != nil)
    #expect(Self.problem("int", 1e300) != nil)
    #expect(Self.problem("int", "12a") == "\"12a\" is not an Int")
    #expect(Self.problem("int", "+1") != nil)
    #expect(Self.problem("range", .int(-1)) != nil)
    #expect(Self.problem("range", .int(Builtins.maximumCount)) == nil)
    #expect(Self.problem("range", .int(Builtins.maximumCount + 1)) != nil)
    let text = Value.text(String(repeating: "a", count: 2049))
    #expect(Self.problem("replace", text, "a", .text(String(repeating: "b", count: 2048))) != nil)
    #expect(Self.problem("replace", text, "", "b") != nil)
    #expect(Self.problem("chunk", [1], 0) != nil)
    #expect(Self.problem("chunk", [1, 2], .int(.max)) == nil)
    #expect(Self.problem("subnet", "10.0.0.0/8", 7, 0) != nil)
    #expect(Self.problem("subnet", "10.0.0.0/8", 33, 0) != nil)
    #expect(Self.problem("subnet", "10.0.0.0/24", 24, 1) != nil)
    #expect(Self.problem("address", "10.0.0.0/24", 256) != nil)
    #expect(Self.problem("address", "0.0.0.0/0", .int(.max)) != nil)
    #expect(Self.problem("size", "10.0.0.1/24") != nil)
    #expect(Self.problem("from_json", "{") != nil)
  }

  @Test func base64PadsAsTheStandardSays() throws {
    for (text, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
      #expect(try Self.call("base64", .text(text)) == .text(coded))
    }
  }

  @Test func textsAtTheirEdges() throws {
    #expect(try Self.call("trim", " \n ") == "")
    #expect(try Self.call("trim", "") == "")
    #expect(try Self.call("split", "", ",") == [""])
    #expect(try Self.call("split", "ab", "") == ["a", "b"])
    #expect(try Self.call("contains", "abc", "") == true)
    #expect(try Self.call("replace", "aaa", "aa", "b") == "ba")
  }

  @Test func secretsSpread() throws {
    let secret = Value.secret(Secret(name: "password", text: "hunter2"))
    #expect(try Self.call("upper", secret) == .secret(Secret(name: "password", text: "HUNTER2")))
    #expect(try Self.call("split", secret, "t").holdsSecret)
    #expect(try Self.call("to_json", ["p": secret]).revealed == "{\"p\":\"hunter2\"}")
    #expect(try Self.call("count", secret) == 7)
    #expect(Self.problem("int", secret) == "'int' does not take the value of the secret 'password'")
    #expect(Self.problem("index_of", ["a"], secret)?.contains("hunter2") == false)
  }
}
