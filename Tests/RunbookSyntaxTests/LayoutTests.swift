import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import RunbookSyntax

@Suite("The formatter has one layout for each text, and keeps what the text says")
struct LayoutTests {
  /// Chunks of a text, a line `===`, and its layout.
  @Test("Corpus", arguments: try Chunk.read(folder: "Corpus/Layout"))
  func chunk(_ chunk: Chunk) throws {
    let text = String(decoding: chunk.bytes, as: UTF8.self)
    let parts = text.components(separatedBy: "\n===\n")
    try #require(parts.count == 2)
    let header = "runbook t 1.0.0\n"
    let expected = text.hasPrefix(header) ? header + "\n" + parts[1] : parts[1]
    #expect(try Self.formatted(parts[0]) == expected)
    try Self.checkFaithful(parts[0])
    try Self.checkFaithful(expected)
  }

  @Test("Line ends of other systems become this one")
  func lineEnds() throws {
    #expect(
      try Self.formatted("runbook t 1.0.0\r\nlet a = 1 // x\r\n\r\n\r\nlet b = 2")
        == "runbook t 1.0.0\n\nlet a = 1 // x\n\nlet b = 2\n")
    #expect(try Self.formatted("\u{FEFF}runbook t 1.0.0") == "runbook t 1.0.0\n")
  }

  @Test("Random programs in random layouts", arguments: SeededGenerator.seeds(200))
  func randomPrograms(seed: UInt64) throws {
    var writer = ProgramWriter(seed: seed)
    let text = writer.write()
    do {
      try Self.checkFaithful(text)
    } catch {
      Issue.record("BELAY_SEEDS=\(seed):1 repeats it: \(error)\n\(text)")
    }
  }

  @Test("The examples, shaken", arguments: SeededGenerator.seeds(60))
  func shaken(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let file = generator.pick(try Examples.read())
    let text = Self.shaken(file, &generator)
    do {
      try Self.checkFaithful(text)
    } catch {
      Issue.record("BELAY_SEEDS=\(seed):1 repeats it: \(error)\n\(text)")
    }
  }

  // MARK: What must hold

  struct Unfaithful: Error, CustomStringConvertible {
    let description: String
  }

  static func formatted(_ text: String) throws -> String {
    switch RunbookFormatter.format(SourceFile(path: "t", text: text), id: SourceID(0)) {
    case .formatted(let text): return text
    case .partly(_, let diagnostics), .unparsable(let diagnostics):
      throw Unfaithful(description: "does not parse: \(diagnostics.map { "\($0.code.rawValue) \($0.message)" })")
    }
  }

  /// Same tokens, same comments, same tree; formatting again changes nothing; no line is wider than it must be.
  static func checkFaithful(_ text: String) throws {
    let once = try formatted(text)
    if try formatted(once) != once {
      throw Unfaithful(description: "formatting twice changes\n\(once)\nto\n\(try formatted(once))")
    }
    for (what, of) in [("tokens", tokens), ("comments", comments), ("tree", tree)] as [(String, (String) -> [String])]
    where of(text) != of(once) {
      throw Unfaithful(description: "the \(what) differ:\n\(of(text))\n\(of(once))\nin\n\(once)")
    }
    if once.contains(" \n") && !text.contains(" \n") {
      throw Unfaithful(description: "a line ends in a blank:\n\(once)")
    }
  }

  /// Other systems' line ends, which the formatter replaces, are left out.
  private static func lexed(_ text: String) -> (SourceFile, LexedText) {
    let file = SourceFile(path: "t", text: text.replacingOccurrences(of: "\r\n", with: "\n"))
    return (file, Lexer.lex(file, id: SourceID(0)))
  }

  /// The texts of the tokens, trailing commas left out; of `"""` texts, whose indentation changes, their kinds.
  static func tokens(_ text: String) -> [String] {
    let (file, lexed) = lexed(text)
    return lexed.tokens.indices.compactMap { index in
      let token = lexed.tokens[index]
      if token.kind == .comma, lexed.tokens[index + 1].kind.isCloser { return nil }
      return token.flags.contains(.isMultiline) ? "\(token.kind)" : file.text(token.range)
    }
  }

  static func comments(_ text: String) -> [String] {
    let (file, lexed) = lexed(text)
    return lexed.comments.map { comment in
      file.text(comment.range).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }
  }

  static func tree(_ text: String) -> [String] {
    TreeText.of(RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0)).tree)
      .split(separator: "\n").map(String.init)
  }

  /// The same text with other blanks, more line ends where there were some, and comments.
  private static func shaken(_ file: SourceFile, _ generator: inout SeededGenerator) -> String {
    let lexed = Lexer.lex(file, id: SourceID(0))
    var result = ""
    var end = 0
    for (index, token) in lexed.tokens.enumerated() {
      var lines = file.text(end..<Int(token.lower)).split(separator: "\n", omittingEmptySubsequences: false)[...]
      let isInText = token.kind == .textMiddle || token.kind == .textTail
      result += lines.removeFirst()
      if lines.isEmpty, !isInText, index > 0, lexed.tokens[index - 1].kind != .minus {
        result += String(repeating: " ", count: generator.below(3)) + (generator.oneIn(20) ? "/* c */ " : "")
      }
      for line in lines {
        result +=
          String(repeating: "\n", count: 1 + generator.below(3)) + String(repeating: " ", count: generator.below(4))
        result += (generator.oneIn(9) ? "// shaken\n" : "") + line
      }
      result += file.text(token.range)
      end = Int(token.upper)
    }
    return result
  }
}
