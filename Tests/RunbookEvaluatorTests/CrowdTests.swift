import Diagnostics
import RunEngine
import RunbookChecker
import Testing
import Values

@testable import RunbookEvaluator

/// Rounds of one loop, more than run at a time.
@Suite struct CrowdTests {
  private static let count = 3000

  private func program() throws -> RunbookProgram {
    let text = """
      runbook test.crowd 1.0.0

      use ecm with (EcmRegion: "ap-hangzhou-ecm")

      let base = 7
      let names = parallel each i in range(\(CrowdTests.count)) {
        let before = base + i
        let first = ecm.CreateVpc(VpcName: "a${i}", CidrBlock: 10.0.0.0/16)
        let second = ecm.CreateVpc(VpcName: "b${before}", CidrBlock: 10.0.0.0/16)
        give "${before} ${first.Vpc.VpcId} ${second.Vpc.VpcId}"
      }
      output names = names
      """
    let checked = RunbookCheck.check(
      SourceFile(path: "t.belay", text: text), functions: StandardLibrary.signatures)
    let runbook = try #require(checked.runbook, "\(checked.diagnostics.map(\.message))")
    return try #require(
      RunbookProgram.prepare(runbook, code: RunbookCompiler.compile(runbook), inputs: Record()).program)
  }

  /// Each begins when its turn comes, and finds all that it had when it goes on, whatever the order of the answers.
  @Test func theyWaitWithWhatIsTheirOwn() throws {
    var program = try program()
    var asked: [(AskID, CallAsk)] = []
    var begun = 0
    var advances = 0
    repeat {
      advances += 1
      for event in program.advance() {
        if case .started = event { begun += 1 }
        if case .call(let ask, _, let call) = event { asked.append((ask, call)) }
      }
      #expect(begun == asked.count)
    } while program.isReady
    #expect(begun == CrowdTests.count && advances > 1)
    var output: Value?
    while !asked.isEmpty {
      let turn = asked.reversed()
      asked = []
      for (ask, call) in turn {
        let name = try #require(call.call.arguments["VpcName"])
        program.answer(ask, .result(["Vpc": ["VpcId": name]]))
      }
      while program.isReady {
        for event in program.advance() {
          if case .call(let ask, _, let call) = event { asked.append((ask, call)) }
          if case .output(_, let value) = event { output = value }
        }
      }
    }
    let names = (0..<CrowdTests.count).map { i in Value.text("\(i + 7) a\(i) b\(i + 7)") }
    #expect(output == .list(names))
  }
}
