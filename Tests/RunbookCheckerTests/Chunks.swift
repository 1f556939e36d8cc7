import Diagnostics
import RunbookChecker
import RunbookEvaluator

/// A corpus file: pieces of Belay text between lines `---`. A line with problems ends in ` #! B0123 part of the
/// message`, once for each; a warning counts as one. A piece without a header gets one, and `use ecm` with a region. A
/// line `-- name.belay --` begins another file, which the piece may use; the piece itself comes first.
struct Chunk {
  let line: Int
  let text: String
  /// The other files, by name.
  let others: [String: String]
  let expected: [Expected]

  struct Expected {
    let file: String
    let line: Int
    let code: String
    let part: String
  }

  static let mainFile = "chunk.belay"
  static let prelude = "runbook test.chunk 1.0.0\nuse ecm with (EcmRegion: \"ap-hangzhou-ecm\")\n"

  static func read(_ corpus: String) -> [Chunk] {
    var chunks: [Chunk] = []
    var start = 1
    var piece: [Substring] = []
    let lines: [Substring] = corpus.split(separator: "\n", omittingEmptySubsequences: false) + ["---"]
    for (place, line) in lines.enumerated() {
      guard line == "---" else {
        piece.append(line)
        continue
      }
      if piece.contains(where: { !$0.isEmpty }) { chunks.append(Chunk(piece, from: start)) }
      piece = []
      start = place + 2
    }
    return chunks
  }

  private init(_ lines: [Substring], from start: Int) {
    line = start
    var expected: [Expected] = []
    let first = lines.prefix { !$0.hasPrefix("-- ") }
    let hasHeader = first.contains { $0.hasPrefix("runbook ") || $0.hasPrefix("library ") }
    var name = Chunk.mainFile
    var others: [String: String] = [:]
    var text = hasHeader ? "" : Chunk.prelude
    for line in lines {
      if line.hasPrefix("-- "), line.hasSuffix(" --") {
        others[name] = text
        name = String(line.dropFirst(3).dropLast(3))
        text = ""
        continue
      }
      let parts = line.split(separator: " #! ", omittingEmptySubsequences: false)
      text += parts[0] + "\n"
      let number = text.count { $0 == "\n" }
      for part in parts.dropFirst() {
        expected.append(
          Expected(
            file: name, line: number, code: String(part.prefix(5)), part: String(part.dropFirst(6))))
      }
    }
    others[name] = text
    self.text = others.removeValue(forKey: Chunk.mainFile) ?? ""
    self.others = others
    self.expected = expected
  }

  /// What differs between the problems found and those expected, one a line.
  func differences() -> [String] {
    let result = RunbookCheck.check(
      SourceFile(path: Chunk.mainFile, text: text), functions: Builtins.all.map(\.signature)
    ) { path throws(UnreadableFile) in
      guard let text = others[path] else { throw UnreadableFile("is not there") }
      return SourceFile(path: path, text: text)
    }
    let renderer = DiagnosticRenderer(sources: result.sources)
    var open = expected
    var differences: [String] = []
    for problem in result.diagnostics {
      let file = result.sources[problem.span.source]
      let line = file.line(at: Int(problem.span.lower))
      let words = problem.message + "\n" + (problem.hint ?? "")
      let place = open.firstIndex {
        $0.file == file.path && $0.line == line && $0.code == problem.code.rawValue
          && ($0.part.isEmpty || words.contains($0.part))
      }
      if let place { open.remove(at: place) } else { differences.append("extra: " + renderer.render(problem)) }
    }
    return differences + open.map { "missing: \($0.file):\($0.line) of the piece: \($0.code) \($0.part)" }
  }
}
