import TestSupport
import Testing

/// The rules of docs/architecture.md, held against the repository as it is.
@Suite struct HouseRulesTests {
  /// Read once for all tests.
  private static let sources = Result { try Repository.swiftSources(under: "Sources") }
  private static let tests = Result { try Repository.swiftSources(under: "Tests") }

  private let manifest: Manifest
  private let table: ArrowTable
  private let sources: [SwiftSource]
  private let tests: [SwiftSource]

  init() throws {
    manifest = Manifest(try Repository.text("Package.swift"))
    table = ArrowTable(try Repository.text(ArrowTable.page))
    sources = try HouseRulesTests.sources.get()
    tests = try HouseRulesTests.tests.get()
  }

  @Test func theRepositoryIsFound() {
    #expect(manifest.targets.count > 10)
    #expect(table.rows.count > 10)
    #expect(sources.count > 100)
  }

  @Test func theManifestKeepsToTheTable() {
    expectNone(ArrowRules.check(manifest, table) + ArrowRules.checkReach(manifest))
  }

  @Test func importsKeepToTheTable() {
    expectNone(sources.flatMap { ArrowRules.check($0, manifest, table) })
  }

  @Test func filesAndLinesAreShort() {
    expectNone((sources + tests).flatMap(TextRules.checkSize))
  }

  @Test func nothingStopsTheProcessOrPrints() {
    expectNone(sources.flatMap(TextRules.checkCode))
  }

  @Test func typesAreNamedForWhatTheyAre() {
    expectNone(sources.flatMap(TextRules.checkNames))
  }

  @Test func nothingIsLeftUnfinishedOrTiedToOneMachine() throws {
    expectNone((sources + tests).filter { !$0.isGenerated }.flatMap { TextRules.checkWords($0.path, $0.lines) })
    let pages =
      PageExamples.pages + Repository.files(under: "runbooks", endingIn: ".belay")
      + Repository.files(under: "contrib", endingIn: ".sh", ".belay", ".md")
    for page in pages {
      let lines = try Repository.text(page).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      expectNone(TextRules.checkWords(page, lines))
    }
  }

  @Test func everyDiagnosticCodeIsShown() throws {
    let chunks = try Repository.files(under: "Tests", endingIn: ".chunks").map(Repository.text)
    expectNone(DiagnosticCoverage.check(try Repository.text(DiagnosticCoverage.table), chunks: chunks))
  }

  /// `swift test` is run without XCTest, so a test written with it would never run.
  @Test func testsAreWrittenWithSwiftTesting() {
    expectNone(
      tests.flatMap { source in
        source.imports.filter { $0.module == "XCTest" }.map {
          Finding(source.path, $0.line, "testing", "write the test with Swift Testing")
        }
      })
  }

  @Test func linksOfThePagesLeadSomewhere() throws {
    expectNone(try PageExamples.pages.flatMap { PageExamples.checkLinks($0, try Repository.text($0)) })
  }

  /// The runbooks that the README shows. Each block is a whole runbook; whoever has the checker at hand holds each of
  /// them against it.
  @Test func theReadmeShowsWholeRunbooks() throws {
    let blocks = PageExamples.blocks("README.md", try Repository.text("README.md"))
    #expect(!blocks.isEmpty)
    for block in blocks {
      let hasHeader = block.text.hasPrefix("runbook ") || block.text.contains("\nrunbook ")
      #expect(hasHeader, "\(block.path):\(block.line): the runbook has no header")
    }
  }
}
