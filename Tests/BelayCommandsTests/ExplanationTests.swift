import Diagnostics
import RunbookChecker
import RunbookEvaluator
import Testing

@testable import BelayCommands

/// The table behind `belay explain` and docs/generated/diagnostics.md.
@Suite struct ExplanationTests {
  /// No text can have these; see the table of the house rules.
  private static let withoutExample: Set<DiagnosticCode> = [.unclassifiedAction]

  private static func problems(of example: StaticString) -> (codes: Set<String>, rendered: String) {
    let file = SourceFile(path: "example.belay", bytes: DiagnosticExplanation.bytes(of: example))
    let result = RunbookCheck.check(file, functions: StandardLibrary.signatures)
    let rendered = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
    return (Set(result.diagnostics.map(\.code.rawValue)), rendered)
  }

  @Test func eachCodeIsExplainedOnceInOrder() {
    #expect(DiagnosticExplanation.all.map(\.code.rawValue) == DiagnosticCode.allCases.map(\.rawValue))
    for explanation in DiagnosticExplanation.all {
      #expect((explanation.examples == nil) == Self.withoutExample.contains(explanation.code), "\(explanation.code)")
    }
  }

  @Test(arguments: DiagnosticCode.allCases) func wrongHasTheCodeAndRightHasNone(_ code: DiagnosticCode) throws {
    guard let examples = try #require(code.explanation, "\(code) has no explanation").examples else { return }
    let wrong = Self.problems(of: examples.wrong)
    #expect(wrong.codes == [code.rawValue], "\(wrong.rendered)")
    let right = Self.problems(of: examples.right)
    #expect(right.codes == [], "\(code): \(right.rendered)")
  }

  @Test func generatedPage() { PageFile.check("docs/generated/diagnostics.md", ExplanationPage.markdown) }

  @Test func everyFamilyHasATitle() {
    let known = ExplanationPage.families.map(\.0)
    for code in DiagnosticCode.allCases { #expect(known.contains(String(code.rawValue.prefix(3))), "\(code)") }
  }

  @Test func linesFitATerminal() {
    for explanation in DiagnosticExplanation.all {
      for line in ExplanationPage.lines(of: explanation) where line.width > 130 {
        Issue.record("\(explanation.code.rawValue): \(line.text(.plain))")
      }
    }
  }
}
