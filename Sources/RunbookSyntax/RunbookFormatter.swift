import Diagnostics

package enum FormattedRunbook: Sendable, Equatable {
  case formatted(String)
  /// The text has problems: what parses is laid out, the rest stands byte for byte as it was.
  case partly(String, [Diagnostic])
  /// The text has problems of which nobody can tell where they end, or that move the rest about each time it is laid
  /// out; it is left as it is.
  case unparsable([Diagnostic])
}

/// The one canonical layout. Changes blanks, line ends and trailing commas, nothing else; formatting twice changes
/// nothing more.
package enum RunbookFormatter {
  /// Lines are broken to stay within this many terminal cells where the grammar allows it; comments never are.
  package static let lineWidth = 100
  package static let indentWidth = 2

  /// What one round takes out may show that something around it does not parse either.
  static let maximumRounds = 20

  package static func format(_ file: SourceFile, id: SourceID) -> FormattedRunbook {
    let parsed = ParsedLayout(file, id: id)
    let problems = parsed.diagnostics
    guard problems.hasErrors else { return .formatted(parsed.print()) }
    guard let text = layOutRest(parsed, id: id) else { return .unparsable(problems) }
    let again = ParsedLayout(SourceFile(path: file.path, text: text), id: id)
    guard parsed.saysTheSame(as: again), again.diagnostics.hasErrors, layOutRest(again, id: id) == text else {
      return .unparsable(problems)
    }
    return .partly(text, problems)
  }

  /// The text with what parses laid out; nil when nobody can tell where its problems end.
  static func layOutRest(_ parsed: ParsedLayout, id: SourceID) -> String? {
    guard var kept = KeptParts(parsed.file, parsed.diagnostics) else { return nil }
    var attempt = parsed
    var obstacles = parsed.diagnostics.filter(KeptParts.isObstacle)
    for _ in 0..<maximumRounds where !obstacles.isEmpty {
      guard kept.keep(obstacles, attempt) else { return nil }
      attempt = ParsedLayout(kept.rest, id: id)
      obstacles = attempt.diagnostics.filter(KeptParts.isObstacle)
    }
    return obstacles.isEmpty ? kept.restored(in: attempt.print()) : nil
  }
}

/// A text as the parser sees it for the formatter.
struct ParsedLayout {
  let file: SourceFile
  let text: LexedText
  let layout: Layout
  /// In reading order.
  let diagnostics: [Diagnostic]

  init(_ file: SourceFile, id: SourceID) {
    self.file = file
    text = Lexer.lex(file, id: id)
    var empty = Layout(tokenCount: text.tokens.count)
    var parser = Parser(text, bytes: file.bytes, source: id, layout: empty)
    _ = parser.parseRunbook()
    empty = parser.layout ?? empty
    empty.parts = ParsedLayout.outsideOfTexts(empty.parts, text.tokens)
    layout = empty
    diagnostics = parser.diagnostics.inReadingOrder()
  }

  /// The parts without those that begin or end in a text: a hole has no lines of its own.
  private static func outsideOfTexts(_ parts: [Range<Int>], _ tokens: [Token]) -> [Range<Int>] {
    var depth = 0
    var isInside: [Bool] = []
    for token in tokens {
      isInside.append(depth > 0)
      if token.kind == .textHead { depth += 1 }
      if token.kind == .textTail { depth -= 1 }
    }
    return parts.filter { !isInside[$0.lowerBound] && !isInside[min($0.upperBound, tokens.count - 1)] }
  }

  func print() -> String {
    var builder = LayoutBuilder(text, bytes: file.bytes, layout: layout)
    var printer = LayoutPrinter(builder.build(), text: text, bytes: file.bytes)
    return printer.print()
  }

  /// Whether another text differs in blanks, line ends and trailing commas only: its bytes, its tokens and its
  /// comments are these.
  func saysTheSame(as other: ParsedLayout) -> Bool {
    ParsedLayout.significant(file.bytes) == ParsedLayout.significant(other.file.bytes)
      && ParsedLayout.words(text, file.bytes) == ParsedLayout.words(other.text, other.file.bytes)
      && text.comments.count == other.text.comments.count
  }

  private static func significant(_ bytes: [UInt8]) -> [UInt8] {
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    return bytes.filter { !isBlank($0) && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: ",") }
  }

  /// Each token but trailing commas, as it stands but for other systems' line ends; of `"""` texts, whose indentation
  /// changes, what is no blank.
  private static func words(_ text: LexedText, _ bytes: [UInt8]) -> [Word] {
    text.tokens.indices.compactMap { index in
      let token = text.tokens[index]
      if token.kind == .comma, text.tokens[index + 1].kind.isCloser { return nil }
      let word = bytes[token.range].filter { $0 != UInt8(ascii: "\r") }
      return Word(kind: token.kind, bytes: token.flags.contains(.isMultiline) ? significant(word) : word)
    }
  }

  private struct Word: Equatable {
    let kind: TokenKind
    let bytes: [UInt8]
  }
}
