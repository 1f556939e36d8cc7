import Diagnostics
import RunbookSyntax
import TestSupport
import Testing

@Suite("No text makes the parser or the formatter fail")
struct FuzzTests {
  /// Each seed stands for a hundred broken texts.
  @Test("Mutated examples", arguments: SeededGenerator.seeds(30))
  func mutated(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let corpus = try Examples.read().map(\.bytes) + Chunk.read(folder: "Corpus").map(\.bytes).filter { $0.count < 5000 }
    for round in 0..<100 {
      var bytes = generator.pick(corpus)
      for _ in 0...generator.below(6) { Self.mutate(&bytes, &generator, corpus) }
      if let problem = Self.problem(bytes) {
        Issue.record(
          "BELAY_SEEDS=\(seed):1 repeats it, round \(round): \(problem)\n\(String(decoding: bytes, as: UTF8.self))")
        return
      }
    }
  }

  private static let snippets = [
    "(", ")", "[", "]", "{", "}", "\"", "\"\"\"", "${", "\\", "//", "/*", "*/", "\n", ",", ":", "=", "==", "=>", "...",
    "-", "not ", "if ", "then ", " else ", "let x = ", "each x in ", "wait ", " until ", " undo {", " retry on ",
    "inputs {", "use ", "runbook ", "10.0.0.0/8", "1.2.3", "9999999999999999999", "5m", "（", "“", "名", "\u{0}", "\r\n",
    "'", ";", "#", "&&", "?", ".", "for x in ",
  ]

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator, _ corpus: [[UInt8]]) {
    let at = generator.below(bytes.count + 1)
    let length = min(generator.below(generator.oneIn(4) ? 400 : 8), bytes.count - at)
    switch generator.below(6) {
    case 0: bytes.removeSubrange(at..<(at + length))
    case 1: bytes.insert(contentsOf: bytes[at..<(at + length)], at: at)
    case 2: bytes.insert(UInt8(generator.below(256)), at: at)
    case 3:
      let other = generator.pick(corpus)
      let start = generator.below(other.count)
      bytes.replaceSubrange(at..<(at + length), with: other[start..<min(other.count, start + generator.below(60))])
    default: bytes.insert(contentsOf: Array(generator.pick(snippets).utf8), at: at)
    }
  }

  /// What does not hold of these bytes, or nil.
  static func problem(_ bytes: [UInt8]) -> String? {
    let file = SourceFile(path: "t", bytes: bytes)
    let parsed = RunbookParser.parse(file, id: SourceID(0))
    let nodes = TreeText.nodes(of: parsed.tree)
    if Set(nodes).count != nodes.count { return "two nodes have one number" }
    if nodes.contains(where: { !parsed.tree.nodes.contains($0.index) }) { return "a node has a number past the last" }
    for diagnostic in parsed.diagnostics where diagnostic.span.lower < 0 || Int(diagnostic.span.upper) > bytes.count {
      return "\(diagnostic.message) lies outside the text"
    }
    switch RunbookFormatter.format(file, id: SourceID(0)) {
    case .unparsable(let diagnostics):
      return diagnostics == parsed.diagnostics ? nil : "the formatter sees other problems"
    case .partly(let text, let diagnostics):
      if diagnostics != parsed.diagnostics { return "the formatter sees other problems" }
      return partialProblem(String(decoding: bytes, as: UTF8.self), text)
    case .formatted(let text):
      if !parsed.diagnostics.isEmpty { return "formatted in spite of problems" }
      let before = TreeText.of(parsed.tree)
      let again = RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0))
      if TreeText.of(again.tree) != before { return "formatting changes the tree, to\n\(text)" }
      let twice = RunbookFormatter.format(SourceFile(path: "t", text: text), id: SourceID(0))
      return twice == .formatted(text) ? nil : "formatting twice changes\n\(text)\nto\n\(twice)"
    }
  }

  private static func partialProblem(_ text: String, _ laidOut: String) -> String? {
    for (what, of) in [("tokens", LayoutTests.tokens), ("comments", LayoutTests.comments)]
    where of(text) != of(laidOut) {
      return "the \(what) differ in\n\(laidOut)"
    }
    switch RunbookFormatter.format(SourceFile(path: "t", text: laidOut), id: SourceID(0)) {
    case .partly(let twice, _): return twice == laidOut ? nil : "formatting twice changes\n\(laidOut)\nto\n\(twice)"
    case .formatted: return "the problems are gone in\n\(laidOut)"
    case .unparsable: return "laid out once, but not twice:\n\(laidOut)"
    }
  }
}
