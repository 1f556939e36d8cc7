import Diagnostics
import RunbookSyntax
import Testing

@Suite("Nesting is bounded, so that no text overflows a stack")
struct DepthTests {
  /// Ways to nest: what is repeated before and after, around a middle.
  struct Nesting: CustomStringConvertible, Sendable {
    let description: String
    let before: String
    var middle = "1"
    var after = ""
    var prefix = "let x = "
    var suffix = "\n"

    func text(_ count: Int) -> String {
      "runbook t 1.0.0\n" + prefix + String(repeating: before, count: count) + middle
        + String(repeating: after, count: count) + suffix
    }
  }

  static let nestings = [
    Nesting(description: "parentheses", before: "(", after: ")"),
    Nesting(description: "lists", before: "[", middle: "", after: "]"),
    Nesting(description: "records", before: "{ A: ", after: "}"),
    Nesting(description: "calls", before: "f(", middle: "", after: ")"),
    Nesting(description: "actions", before: "ecm.F(A: ", after: ")"),
    Nesting(description: "signs", before: "-"),
    Nesting(description: "not", before: "not ", middle: "a"),
    Nesting(description: "choices", before: "if a then b else "),
    Nesting(description: "conditions", before: "if ", middle: "a", after: " then b else c"),
    Nesting(description: "comprehensions", before: "[for x in xs => ", after: "]"),
    Nesting(description: "comprehended lists", before: "[for x in ", middle: "xs", after: " => x]"),
    Nesting(description: "texts", before: "\"${", after: "}\""),
    Nesting(description: "sums", before: "1 + "),
    Nesting(description: "members", before: "", middle: "a", after: ".b"),
    Nesting(description: "indices", before: "a[", middle: "0", after: "]"),
    Nesting(description: "indices behind each other", before: "", middle: "a", after: "[0]"),
    Nesting(description: "members of each", before: "", middle: "a", after: "[].b"),
    Nesting(description: "loops", before: "each x in xs {\n", middle: "give x", after: "\n}", prefix: ""),
    Nesting(description: "ifs", before: "if a {\n", middle: "give x", after: "\n}", prefix: ""),
    Nesting(description: "else ifs", before: "if a {} else ", middle: "{}", prefix: ""),
    Nesting(description: "undo", before: "ecm.F() undo {\n", middle: "give x", after: "\n}", prefix: ""),
    Nesting(
      description: "list types", before: "[", middle: "Int", after: "]", prefix: "inputs {\n  a: ",
      suffix: "\n}\n"),
    Nesting(description: "secrets", before: "secret ", middle: "Int", prefix: "inputs {\n  a: ", suffix: "\n}\n"),
  ]

  private func codes(_ text: String) -> [DiagnosticCode] {
    RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0)).diagnostics.map(\.code)
  }

  @Test("At the limit, one past it, and far past it", arguments: nestings)
  func nesting(_ nesting: Nesting) {
    #expect(codes(nesting.text(RunbookParser.maximumDepth)) == [])
    #expect(codes(nesting.text(RunbookParser.maximumDepth + 1)) == [.tooDeep])
    #expect(codes(nesting.text(100_000)) == [.tooDeep])
  }

  @Test("The deepest texts are formatted, too", arguments: nestings)
  func formatted(_ nesting: Nesting) throws {
    let text = try LayoutTests.formatted(nesting.text(RunbookParser.maximumDepth))
    #expect(try LayoutTests.formatted(text) == text)
  }

  @Test(
    "A hundred thousand brackets that are never closed",
    arguments: ["(", "[", "{", "{ A: ", "[for x in [", "f(", "\"${", "if ("])
  func unclosed(_ bracket: String) {
    let problems = codes("runbook t 1.0.0\nlet x = " + String(repeating: bracket, count: 100_000))
    #expect(problems.contains(.tooDeep) || bracket == "{")
    #expect(problems.count < 500)
  }

  @Test("A hundred thousand nested comments, and closers of nothing")
  func commentsAndClosers() {
    let comments = String(repeating: "/*", count: 100_000) + String(repeating: "*/", count: 100_000)
    #expect(codes("runbook t 1.0.0\n" + comments) == [])
    for closer in ["}", ")", "]", "}\n"] {
      let problems = codes("runbook t 1.0.0\n" + String(repeating: closer, count: 100_000))
      #expect(problems.allSatisfy { $0 == .unexpectedToken } && !problems.isEmpty)
    }
  }

  @Test("A text with more problems than are reported is not laid out", arguments: [")", "]", "a ) "])
  func manyProblems(_ piece: String) {
    let text = "runbook t 1.0.0\n" + String(repeating: piece, count: 100_000 / piece.utf8.count)
    let laidOut = RunbookFormatter.format(SourceFile(path: "t", text: text), id: SourceID(0))
    guard case .unparsable(let problems) = laidOut else {
      Issue.record("where a problem is left out, nobody can tell what it spoils")
      return
    }
    #expect(problems.count == 1000)
  }
}
