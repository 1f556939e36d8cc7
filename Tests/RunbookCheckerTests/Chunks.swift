import Diagnostics
import RunbookChecker
import RunbookEvaluator

/// A corpus file: pieces of Belay text between lines `---`. A line with problems ends in ` #! B0123 part of the
/// message`, once for each; a warning counts as one. A piece without a header gets one, and `use ecm` with a region.
struct Chunk {
  let line: Int
  let text: String
  let expected: [Expected]

  struct Expected {
    let line: Int
    let code: String
    let part: String
  }

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
    var text = lines.contains { $0.hasPrefix("runbook ") } ? "" : Chunk.prelude
    for line in lines {
      let parts = line.split(separator: " #! ", omittingEmptySubsequences: false)
      text += parts[0] + "\n"
      let number = text.count { $0 == "\n" }
      for part in parts.dropFirst() {
        expected.append(Expected(line: number, code: String(part.prefix(5)), part: String(part.dropFirst(6))))
      }
    }
    self.text = text
    self.expected = expected
  }

  /// What differs between the problems found and those expected, one a line.
  func differences() -> [String] {
    let result = RunbookCheck.check(
      SourceFile(path: "chunk.belay", text: text), functions: Builtins.all.map(\.signature))
    let renderer = DiagnosticRenderer(sources: result.sources)
    let file = result.sources.files[0]
    var open = expected
    var differences: [String] = []
    for problem in result.diagnostics {
      let line = file.line(at: Int(problem.span.lower))
      let words = problem.message + "\n" + (problem.hint ?? "")
      let place = open.firstIndex {
        $0.line == line && $0.code == problem.code.rawValue && ($0.part.isEmpty || words.contains($0.part))
      }
      if let place { open.remove(at: place) } else { differences.append("extra: " + renderer.render(problem)) }
    }
    return differences + open.map { "missing: line \($0.line) of the piece: \($0.code) \($0.part)" }
  }
}
