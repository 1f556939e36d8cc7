import Diagnostics
import Foundation
import RunbookSyntax
import Testing

@Suite("The examples in docs/language.md")
struct DocumentationTests {
  /// A fenced block of the language; without a header of its own it gets one.
  struct Block: CustomStringConvertible, Sendable {
    let description: String
    let text: String
  }

  static func blocks() throws -> [Block] {
    let url = Examples.root.appendingPathComponent("docs/language.md")
    var blocks: [Block] = []
    var lines: [Substring]?
    for (index, line) in try String(contentsOf: url, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .enumerated() {
      if line == "```belay" {
        lines = []
      } else if line == "```", let block = lines {
        let hasHeader = block.contains { $0.hasPrefix("runbook ") || $0.hasPrefix("library ") }
        let text = (hasHeader ? "" : "runbook t 1.0.0\n\n") + block.joined(separator: "\n") + "\n"
        blocks.append(Block(description: "docs/language.md:\(index + 1 - block.count)", text: text))
        lines = nil
      } else {
        lines?.append(line)
      }
    }
    return blocks
  }

  @Test("There are some") func found() throws { #expect(try Self.blocks().count >= 12) }

  @Test("Parse, and are in the canonical layout", arguments: try blocks())
  func block(_ block: Block) throws {
    #expect(
      RunbookParser.parse(SourceFile(path: block.description, text: block.text), id: SourceID(0)).diagnostics == [])
    #expect(try LayoutTests.formatted(block.text) == block.text)
  }
}
