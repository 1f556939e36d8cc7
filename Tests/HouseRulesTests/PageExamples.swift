/// What the pages show and a reader may copy.
enum PageExamples {
  /// One ```belay block of a page.
  struct Block {
    let path: String
    /// The line of its first line in the page, so that problems in it can be placed.
    let line: Int
    let text: String
  }

  static var pages: [String] { ["README.md"] + Repository.files(under: "docs", endingIn: ".md") }

  static func blocks(_ path: String, _ text: String, language: String = "belay") -> [Block] {
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

  /// Links to files that are not there. Generated pages are their generators' business.
  static func checkLinks(_ path: String, _ text: String) -> [Finding] {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
      index, line -> [Finding] in
      line.matches(of: /\]\(([^)#\s]+)[^)]*\)/).compactMap { match in
        let link = String(match.1)
        guard !link.contains("://"), !link.hasPrefix("mailto:") else { return nil }
        let target = folder.isEmpty ? link : "\(folder)/\(link)"
        return Repository.exists(target) ? nil : Finding(path, index + 1, "link", "there is no \(target)")
      }
    }
  }
}
