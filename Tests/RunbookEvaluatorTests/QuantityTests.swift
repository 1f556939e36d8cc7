import Diagnostics
import RunEngine
import RunbookChecker
import RunbookSyntax
import Testing
import Values

@testable import RunbookEvaluator

@Suite("Numbers with units")
struct QuantityTests {
  /// The value of the text's output, or what is said instead.
  private static func outcome(_ text: String) -> (value: Value?, problems: [String]) {
    let checked = RunbookCheck.check(
      SourceFile(path: "t.belay", text: "runbook t 1.0.0\n" + text), functions: StandardLibrary.signatures)
    guard let runbook = checked.runbook else { return (nil, checked.diagnostics.map(\.code.rawValue)) }
    let prepared = RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: Record())
    guard var program = prepared.program else { return (nil, prepared.problems.map(\.message)) }
    for event in program.advance() {
      if case .output(_, let value) = event { return (value, []) }
      if case .failed(_, let failure) = event { return (nil, [failure.message]) }
    }
    return (nil, ["no output"])
  }

  @Test(
    "Arithmetic",
    arguments: [
      ("50GiB * 3 + 512MiB", "154112MiB"), ("2 * 50GiB - 1GiB", "99GiB"), ("100GiB / 3", "35791394133B"),
      ("100GiB / 30GiB", "3"), ("100GiB % 30GiB", "10GiB"), ("-5GiB + 2GiB", "-3GiB"), ("40GiB / 100Mbps", "3435974ms"),
      ("45GiB / 1h", "107374182bps"), ("100Mbps * 10s", "125000000B"), ("10s * 100Mbps", "125000000B"),
      ("20/s * 1min", "1200"), ("100 / 20/s", "5s"), ("7 / 3/s", "2334ms"), ("600 / 1min", "10/s"),
      ("1.5CNY * 3", "4.5CNY"), ("1.5CNY * 0.333", "0.4995CNY"), ("0.5 * 1.5USD", "0.75USD"), ("1CNY / 3", "0.3333CNY"),
      ("1CNY / 3.0", "0.3333CNY"), ("3CNY / 1.5CNY", "2.0"), ("5min / 30s", "10"), ("5min % 2min", "1min"),
      ("10min / 4", "150s"), ("2 * 5min", "10min"), ("12.5CNY / 1CNY * 0.14USD", "1.75USD"),
      ("sort([3GiB, 512MiB])", "[\"512MiB\",\"3GiB\"]"), ("sum([1CNY, 2.5CNY])", "3.5CNY"), ("abs(-2/s)", "2/s"),
      ("max([1GiB, 1500MiB])", "1500MiB"), ("{ a: 1.50CNY }", "{\"a\":\"1.5CNY\"}"), ("\"${1024KiB}\"", "1MiB"),
      ("text(0B) + to_json([20/s])", "0B[\"20/s\"]"), ("60/min == 1/s", "true"), ("1GiB == 1024MiB", "true"),
      ("1Gbps > 999Mbps", "true"), ("2GiB in 1GiB...3GiB", "true"), ("1.5USD in [1.50USD]", "true"),
      ("match 1024MiB { 1GiB => 1, else => 2 }", "1"),
    ])
  func arithmetic(text: String, shown: String) {
    let (value, problems) = Self.outcome("output x = \(text)\n")
    #expect(value?.display == shown, "\(problems)")
  }

  @Test(
    "What fails when it runs",
    arguments: [
      ("1GiB / zero", "division by zero"), ("1GiB / (1GiB * zero)", "division by zero"),
      ("1CNY / 0.0", "division by zero"),
      ("5 / (1/s * zero)", "division by zero"), ("5min % (1s * zero)", "division by zero"),
      ("8388607TiB * 1000", "8388607TiB * 1000 is too large"), ("1d * 1_000_000_000", "1d * 1000000000 is too large"),
      ("90000000000000CNY * 1000.0", "90000000000000CNY * 1000.0 is too large"),
      ("8388607TiB + 1TiB", "8388607TiB + 1TiB is too large"),
    ])
  func failing(text: String, message: String) {
    #expect(
      Self.outcome("let zero = count([1]) - 1\noutput x = if zero == 0 then \(text) else \(text)\n").problems == [
        message
      ])
  }

  private static let operands = [
    "7", "2.5", "90s", "3GiB", "8Mbps", "20/s", "1.5CNY", "2USD", "\"a\"", "true", "[1]", "10.0.0.0/8",
  ]

  /// Every operator between every two kinds: what the checker lets pass has a value of the type it says, and what it
  /// refuses the evaluator refuses, too.
  @Test("The checker and the evaluator have one table") func oneTable() throws {
    let values = try Self.operands.map { try #require(Self.outcome("output x = \($0)\n").value) }
    for symbol in BinaryOperator.allCases where ![.and, .or, .isIn].contains(symbol) {
      for (left, a) in zip(Self.operands, values) {
        for (right, b) in zip(Self.operands, values) {
          let text = "\(left) \(symbol.rawValue) \(right)"
          let runbook = RunbookCheck.check(
            SourceFile(path: "t.belay", text: "runbook t 1.0.0\noutput x = \(text)\n"),
            functions: StandardLibrary.signatures
          ).runbook
          let result = try? Operators.apply(symbol, a, b)
          if case .output(_, let whole)? = runbook?.tree.body.statements.first?.kind {
            let type = try #require(runbook?.type(of: whole))
            let name = if case .list = type { "list" } else { type.spelling }
            #expect(result?.kindName == name, "\(text)")
          } else if symbol != .equal, symbol != .notEqual {
            #expect(result == nil, "\(text)")
          }
        }
      }
    }
  }

  /// The lexer checks the form, and the value is read from the text again.
  @Test(
    "What the lexer lets pass has a value",
    arguments: [
      "8388607TiB", "8388608TiB", "8589934591GiB", "8589934592GiB", "9223372036Gbps", "9223372037Gbps",
      "2562047788015215/s", "2562047788015216/s", "153722867280912930/min", "153722867280912931/min",
      "99999999999999CNY", "100000000000000CNY", "0.1234USD", "0.12345USD", "1_000GiB", "9223372036854775807B",
      "9223372036854775808B",
    ])
  func lexed(text: String) {
    let parsed = RunbookParser.parse(
      SourceFile(path: "t.belay", text: "runbook t 1.0.0\noutput x = \(text)\n"), id: SourceID(0))
    #expect(parsed.diagnostics.isEmpty == (Quantity(text.filter { $0 != "_" }) != nil))
  }
}
