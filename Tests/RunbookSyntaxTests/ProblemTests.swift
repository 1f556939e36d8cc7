import Diagnostics
import Foundation
import RunbookSyntax
import Testing

@Suite("Problems of a text are found, all of them, where they are")
struct ProblemTests {
  @Test("Corpus", arguments: try Chunk.read(folder: "Corpus"))
  func chunk(_ chunk: Chunk) {
    let file = SourceFile(path: chunk.path, bytes: chunk.bytes)
    var missing = chunk.problems
    for diagnostic in RunbookParser.parse(file, id: SourceID(0)).diagnostics {
      let line = chunk.line(of: diagnostic, in: file)
      let text = diagnostic.message + (diagnostic.hint.map { " (\($0))" } ?? "")
      let match = missing.firstIndex { wanted in
        wanted.line == line && wanted.code == diagnostic.code.rawValue
          && (wanted.text.isEmpty || text.contains(wanted.text))
      }
      if let match {
        missing.remove(at: match)
      } else {
        Issue.record("\(chunk.path):\(line): extra problem: #! \(diagnostic.code.rawValue) \(text)")
      }
    }
    for problem in missing {
      Issue.record("\(chunk.path):\(problem.line): missing problem: #! \(problem.code) \(problem.text)")
    }
  }

  @Test("Every code of text, tokens and grammar has a chunk")
  func everyCodeHasAChunk() throws {
    let codes = Set(try Chunk.read(folder: "Corpus").flatMap { $0.problems.map(\.code) })
    for code in DiagnosticCode.allCases where code.rawValue.hasPrefix("B00") || code.rawValue.hasPrefix("B01") {
      #expect(codes.contains(code.rawValue), "\(code.rawValue) \(code) has no chunk")
    }
  }

  @Test("A problem points at its place to the byte")
  func spans() {
    let text = "runbook t 1.0.0\nlet a = ecm.CreateVpc(VpcName = \"x\" CidrBlock: 1)\nlet b = 5m\nlet c =\n"
    let file = SourceFile(path: "t", text: text)
    let places = RunbookParser.parse(file, id: SourceID(0)).diagnostics.map { diagnostic in
      let start = file.position(at: Int(diagnostic.span.lower))
      return "\(start.line):\(start.column)+\(diagnostic.span.range.count)"
    }
    #expect(places == ["2:31+1", "2:36+0", "3:10+1", "4:8+0"])
  }

  @Test("Ten slips are ten problems")
  func tenProblems() {
    let text = """
      runbook t 1.0
      let a = ecm.CreateVpc(VpcName = "x")
      let b : 2
      if a = 1 { give 1 }
      let c = a && b
      let d = 5m
      let e = 10.0.0.0/33
      let f = "open
      wait a
      comit "x"

      """
    let problems = RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0)).diagnostics
    let lines = problems.map { SourceFile(path: "t", text: text).line(at: Int($0.span.lower)) }
    #expect(lines == Array(1...10))
  }

  @Test("Past a thousand problems no more are kept")
  func problemLimit() {
    for (count, kept) in [(998, 998), (1002, 1000)] {
      let text = "runbook t 1.0.0\n" + String(repeating: "let a = `\n", count: count)
      let problems = RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0)).diagnostics
      #expect(problems.count == kept)
    }
  }
}
