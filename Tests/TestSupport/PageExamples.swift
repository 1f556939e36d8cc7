/// What the pages show and a reader may copy.
package enum PageExamples {
  /// One ```belay block of a page.
  package struct Block: Sendable {
    package let path: String
    /// The line of its first line in the page, so that problems in it can be placed.
    package let line: Int
    package let text: String
  }

  package static func blocks(_ path: String, _ text: String, language: String = "belay") -> [Block] {
    var blocks: [Block] = []
    var open: (line: Int, lines: [Substring])?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let block = open {
        if line.hasPrefix("```") {
          blocks.append(Block(path: path, line: block.line, text: block.lines.joined(separator: "\n") + "\n"))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line == "```\(language)" {
        open = (index + 2, [])
      }
    }
    return blocks
  }
}
