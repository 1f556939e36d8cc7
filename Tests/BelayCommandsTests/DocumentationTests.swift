import Diagnostics
import RunbookChecker
import RunbookEvaluator
import TestSupport
import Testing

/// Every example of the pages is a runbook that checks, or a piece that checks behind the context that
/// docs/language.md gives.
@Suite struct DocumentationTests {
  static let pages = [
    "README.md", "docs/language.md", "docs/runbooks.md", "docs/testing.md", "docs/operations.md", "docs/plan.md",
    "docs/architecture.md",
  ]

  static func blocks(_ page: String) throws -> [PageExamples.Block] {
    let bytes = try #require(Repository.bytes(page))
    return PageExamples.blocks(page, String(decoding: bytes, as: UTF8.self))
  }

  static func isWhole(_ text: String) -> Bool {
    text.split(separator: "\n").contains { $0.hasPrefix("runbook ") || $0.hasPrefix("library ") }
  }

  /// A piece stands where it may: what belongs to the head behind a header, statements behind the whole context.
  static func whole(_ piece: String, _ context: String) -> String {
    if isWhole(piece) { return piece }
    if piece.hasPrefix("use ") { return "runbook docs.piece 1.0.0\n\n" + piece }
    if piece.hasPrefix("inputs ") { return "runbook docs.piece 1.0.0\n\nuse ecm\n\n" + piece }
    return context + "\n" + piece
  }

  @Test(arguments: pages)
  func examplesAreSound(page: String) throws {
    let context = try #require(Self.blocks("docs/language.md").first { $0.text.contains("runbook docs.context") })
    for block in try Self.blocks(page) {
      let text = Self.whole(block.text, context.text)
      let result = RunbookCheck.check(
        SourceFile(path: "\(page):\(block.line)", text: text), functions: StandardLibrary.signatures)
      let errors = result.diagnostics.filter { $0.severity == .error }
      #expect(errors.isEmpty, "\(DiagnosticRenderer(sources: result.sources).render(errors))")
    }
  }

  @Test func thereAreExamples() throws {
    #expect(try Self.blocks("README.md").count >= 1)
    #expect(try Self.blocks("docs/language.md").count >= 10)
  }
}
