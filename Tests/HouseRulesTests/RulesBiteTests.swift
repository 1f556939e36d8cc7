import TestSupport
import Testing

/// Each rule finds what it is there to find, and lets be what only looks like it.
@Suite struct RulesBiteTests {
  private let manifest = Manifest(
    """
    let outside = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
    targets: [
      source("Values"),
      source("CloudEmulator", ["Values"]),
      source("RunEngine", ["Values", "CloudClient"]),
      source("CloudClient", ["Values", "CloudEmulator", .product(name: "Crypto", package: "swift-crypto"), outside]),
      .executableTarget(name: "belay", dependencies: ["RunEngine"]),
      tests("ValuesTests", ["Values"]),
    ]
    """)
  private let table = ArrowTable(
    """
    | target | layer | what it is | may import | from outside |
    |---|---|---|---|---|
    | `Values` | 0 | values | – | – |
    | `CloudEmulator` | 3 | the cloud | `Values` | – |
    | `RunEngine` | 2 | runs | `Values`, `CloudClient` | – |
    | `CloudClient` | 3 | requests | `Values` | `Crypto`, `Foundation` |
    | `Gone` | 3 | nothing | – | – |
    """)

  private func rules(_ findings: [Finding]) -> [String] { findings.map { "\($0.line) \($0.rule)" } }

  @Test func theManifestIsRead() {
    #expect(
      manifest.targets.map(\.name) == ["Values", "CloudEmulator", "RunEngine", "CloudClient", "belay", "ValuesTests"])
    #expect(manifest.target("CloudClient")?.internals == ["Values", "CloudEmulator"])
    #expect(manifest.target("CloudClient")?.products == ["Crypto", "GRDB"])
    #expect(manifest.target("ValuesTests")?.isTest == true)
    #expect(manifest.closure(of: "belay") == ["RunEngine", "Values", "CloudClient", "CloudEmulator"])
  }

  @Test func arrowsBesideTheTableAreFound() {
    let found = Set(rules(ArrowRules.check(manifest, table)))
    #expect(found == ["6 arrow", "7 table", "5 layer", "7 table"])
    #expect(rules(ArrowRules.checkReach(manifest)) == ["6 reach"])
  }

  @Test func importsBesideTheTableAreFound() {
    let source = SwiftSource(
      path: "Sources/RunEngine/Bad.swift",
      text: """
        import Synchronization
        @testable import Values
        import CloudEmulator
        import GRDB
        import Foundation
        import struct Yams.Node
        // import Crypto
        """)
    #expect(rules(ArrowRules.check(source, manifest, table)) == ["3 arrow", "4 fence", "5 pure", "6 fence"])
  }

  @Test func onlyCodeCounts() {
    let source = SwiftSource(
      path: "Sources/Values/Bad.swift",
      text: #"""
        // print(1) in a comment, try! too
        let a = "print(1)" + "\(try! f("x))"))" /* as! */
        JSON.print(a); sprint(a)
        print(a as! Int)
        let raw = ##"fatalError("#"##; fatalError("really")
        """#)
    #expect(
      rules(TextRules.checkCode(source)) == [
        "2 banned try!", "4 banned as!", "5 banned fatalError(", "4 banned print(",
      ])
  }

  @Test func aFileMayCallItsOwnPrint() {
    let source = SwiftSource(path: "Sources/Values/Own.swift", text: "func print(_ a: Int) { print(a + 1) }\n")
    #expect(TextRules.checkCode(source).isEmpty)
  }

  @Test func namesThatSayNothingAreFound() {
    let source = SwiftSource(
      path: "Sources/Values/Bad.swift",
      text: "enum Values {}\nstruct RunManager {}\nfinal class Tree {}\n// struct InHelper\nactor ZoneInfo {}\n")
    #expect(TextRules.checkNames(source).map(\.line) == [1, 2, 5])
  }

  @Test func wordsAndPathsAreFound() {
    let lines = [
      "fine", "// TO" + "DO later", "a to" + "do list", "see '/ho" + "me/someone/x'", "https://example.com/wo" + "rk/x",
    ]
    #expect(TextRules.checkWords("x", lines).map(\.line) == [2, 4])
  }

  @Test func sizesAreFound() {
    let lines = Array(repeating: "x", count: TextRules.longestFile) + [String(repeating: "x", count: 121)]
    let source = SwiftSource(path: "Sources/Values/Long.swift", text: lines.joined(separator: "\n"))
    #expect(rules(TextRules.checkSize(source)) == ["401 size", "401 width"])
  }

  @Test func codesWithoutAChunkAreFound() {
    let source = "case a = \"B0001\"\ncase b = \"B0002\"\ncase c = \"B0101\"\ncase d = \"B0102\"\n"
    #expect(
      rules(DiagnosticCoverage.check(source, chunks: ["#! B0102"], elsewhere: ["B0001": "", "B0002": ""])) == [
        "3 coverage"
      ])
    #expect(rules(DiagnosticCoverage.check("", chunks: [], elsewhere: ["B0009": ""])) == ["1 coverage"])
  }

  @Test func blocksAndLinksAreFound() {
    let page = """
      # x
      ```belay
      runbook a.b 1.0.0
      ```
      ```sh
      ls
      ```
      [a](Package.swift) [b](nowhere.md) [c](https://example.com/z) [d](#there)
      """
    let blocks = PageExamples.blocks("p.md", page)
    #expect(blocks.map(\.text) == ["runbook a.b 1.0.0\n"])
    #expect(blocks.map(\.line) == [3])
    #expect(rules(PageExamples.checkLinks("p.md", page)) == ["8 link"])
  }

  @Test func findingsAreToldInOneLine() {
    #expect(Finding("a.swift", 3, "size", "split it").description == "a.swift:3: size: split it")
  }
}
