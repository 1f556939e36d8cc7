import Diagnostics
import RunEngine
import RunbookChecker
import RunbookSyntax
import TestSupport
import Testing
import Values

@testable import RunbookEvaluator

@Suite("The machine makes of a program what its text says")
struct MachineTests {
  @Test("Drawn programs, beside a walk over their trees", arguments: SeededGenerator.seeds(20))
  func drawn(seed: UInt64) throws {
    var accepted = 0
    for round in 0..<20 {
      let text = ComputingProgram.text(seed: seed &* 1000 &+ UInt64(round))
      let checked = RunbookCheck.check(
        SourceFile(path: "t.belay", text: text), functions: StandardLibrary.signatures)
      guard let runbook = checked.runbook else { continue }
      accepted += 1
      let (machine, walker) = (Self.outcome(of: runbook), Self.words(TreeWalker.outcome(of: runbook)))
      if machine != walker {
        let saying = "the machine says \(machine), the walker \(walker)"
        Issue.record("BELAY_SEEDS=\(seed):1 repeats it, round \(round): \(saying) of\n\(text)")
        return
      }
    }
    #expect(accepted >= 10, "most programs are drawn to be well typed")
  }

  private static func words(_ result: Result<Value, ProgramProblem>) -> String {
    switch result {
    case .success(let value): JSON.print(value)
    case .failure(let problem): "problem: \(problem.message)"
    }
  }

  private static func outcome(of runbook: CheckedRunbook) -> String {
    let prepared = RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: Record())
    guard var program = prepared.program else { return "not prepared: \(prepared.problems.map(\.message))" }
    for event in program.advance() {
      if case .output(_, let value) = event { return JSON.print(value) }
      if case .failed(_, let failure) = event { return "problem: \(failure.message)" }
    }
    return "no output"
  }

  // MARK: Limits

  private static func failure(_ text: String) throws -> RunFailure? {
    let checked = RunbookCheck.check(
      SourceFile(path: "t.belay", text: "runbook t 1.0.0\n" + text), functions: StandardLibrary.signatures)
    let runbook = try #require(checked.runbook, "\(checked.diagnostics.map(\.message))")
    var program = try #require(
      RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: Record()).program)
    for case .failed(_, let failure) in program.advance() { return failure }
    return nil
  }

  @Test(
    "What a program may not do ends it, at the place in the text",
    arguments: [
      ("func f(n: Int): Int = n * 2\noutput v = f(9223372036854775807)", "does not fit an Int", "t.belay:2:23"),
      ("func f(n: Int): Int = 7 / n\noutput v = f(0)", "division by zero", "t.belay:2:23"),
      ("func f(n: Int): Int = 7 % (n - 1)\noutput v = f(1)", "division by zero", "t.belay:2:23"),
      ("func f(n: Int): [Int] = range(n)\noutput v = f(1000001)", "more than 1000000 elements", "t.belay:2:25"),
      ("func f(n: Int): Int = count([for i in range(n) => i])\noutput v = f(-1)", "0 elements or more", "t.belay:2:39"),
      ("func f(n: Int): Int = [1, 2][n]\noutput v = f(2)", "there is no element 2", "t.belay:2:23"),
      ("func f(m: { [Text]: Int }): Int = m[\"b\"]\noutput v = f({ [\"a\"]: 1 })", "there is no 'b'", "t.belay:2:35"),
      (
        "func f(n: Int): Int {\n  assert n > 1 else \"too small: ${n}\"\n  give n\n}\noutput v = f(1)", "too small: 1",
        "t.belay:3:3"
      ),
      (
        "func f(k: Text): { [Text]: Int } = {for i in range(2) => [k]: i}\noutput v = f(\"a\")",
        "two values for the key 'a'", "t.belay:2:36"
      ),
      (
        "func f(n: Int): Int = count([for i in range(n) => range(n)])\noutput v = f(1000000)",
        "computes for too long", "t.belay:2:39"
      ),
    ])
  func limit(text: String, words: String, place: String) throws {
    let failure = try #require(try Self.failure(text))
    #expect(failure.message.contains(words), "\(failure.message)")
    #expect(failure.place?.description == place)
  }

  @Test("Texts do not grow without end")
  func texts() throws {
    let doubled = (1...30).map { "  let t\($0) = t\($0 - 1) + t\($0 - 1)\n" }.joined()
    let failure = try #require(
      try Self.failure("func f(t0: Text): Int {\n\(doubled)  give count(t30)\n}\noutput v = f(\"x\")"))
    #expect(failure.message.contains("longer than 4194304 bytes"))
  }

  @Test("Functions within functions: at the limit, and one past it")
  func depth() throws {
    func chain(_ count: Int) -> String {
      "func f0(n: Int): Int = n\n" + (1..<count).map { "func f\($0)(n: Int): Int = f\($0 - 1)(n) + 1\n" }.joined()
        + "output v = f\(count - 1)(0)"
    }
    #expect(try Self.failure(chain(Computation.maximumDepth)) == nil)
    #expect(try Self.failure(chain(Computation.maximumDepth + 1))?.message.contains("10000 functions") == true)
  }
}
