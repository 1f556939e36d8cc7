import CloudCatalog
import Diagnostics
import RunbookChecker
import Testing
import Values

@testable import BelayCommands

/// The pages that people read: docs/generated/catalog.md, `belay action`, `belay actions`.
@Suite struct CatalogPageTests {
  @Test func generatedPage() { PageFile.check("docs/generated/catalog.md", CatalogPage.text) }

  @Test func onePageRowAnAction() {
    let rows = CatalogPage.text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    for action in ActionLookup.all { #expect(rows.count { $0.hasPrefix("| \(action.name) |") } >= 1, "\(action)") }
    #expect(rows.filter { $0.count { $0 == "|" } == 9 }.count == ActionLookup.all.count + 2)
  }

  static let shown: [ActionID] = [
    "ecm.RunInstances", "ecm.CreateVpc", "ecm.TerminateInstances", "ecm.DescribeVpcs", "cvm.RunInstances",
    "cvm.DescribeZones", "cvm.AllocateHosts",
  ]

  @Test(arguments: shown) func actionPage(_ id: ActionID) throws {
    let facts = try #require(Catalog.action(id))
    PageFile.golden("action-\(id)", ActionPage(facts).lines.text(.plain))
  }

  static let printed: [ActionID] = ["ecm.CreateVpc", "ecm.CreateImage", "ecm.DescribeInstances"]

  @Test(arguments: printed) func actionDocument(_ id: ActionID) throws {
    let facts = try #require(Catalog.action(id))
    PageFile.golden("json-\(id)", JSON.prettyPrint(.record(CatalogDocument.record(of: facts))) + "\n")
  }

  /// No line runs over unless one word of it is that long.
  @Test func pagesAreNotWiderThanTheyMayBe() throws {
    for id in ActionLookup.all {
      let facts = try #require(Catalog.action(id))
      for line in ActionPage(facts).lines where line.width > 100 {
        #expect(line.text(.plain).split(separator: " ").contains { $0.count > 32 }, "\(id): \(line.text(.plain))")
      }
    }
  }

  @Test(arguments: ActionLookup.all) func examplePassesTheChecker(_ id: ActionID) throws {
    let facts = try #require(Catalog.action(id))
    let text = ExampleRunbook(ActionNature(facts)).whole
    let file = SourceFile(path: "example.belay", bytes: Array(text.utf8))
    let result = RunbookCheck.check(file, functions: [])
    let problems = result.diagnostics.filter { $0.severity == .error && $0.code != .unclassifiedAction }
    #expect(problems.map(\.message) == [], "\(text)")
  }
}

extension TerminalStyle {
  static let plain = TerminalStyle(colour: false, unicode: true, width: 100, height: 24, isInteractive: false)
}
