import Diagnostics

package enum FormattedRunbook: Sendable, Equatable {
  case formatted(String)
  /// The text has problems: what parses is laid out, the rest stands byte for byte as it was.
  case partly(String, [Diagnostic])
  /// The text has problems of which nobody can tell where they end; it is left as it is.
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
    var attempt = ParsedLayout(file, id: id)
    let problems = attempt.diagnostics
    guard problems.hasErrors else { return .formatted(attempt.print()) }
    guard var kept = KeptParts(file, problems) else { return .unparsable(problems) }
    var obstacles = problems.filter(KeptParts.isObstacle)
    for _ in 0..<maximumRounds where !obstacles.isEmpty {
      guard kept.keep(obstacles, attempt) else { return .unparsable(problems) }
      attempt = ParsedLayout(kept.rest, id: id)
      obstacles = attempt.diagnostics.filter(KeptParts.isObstacle)
    }
    guard obstacles.isEmpty else { return .unparsable(problems) }
    let text = kept.restored(in: attempt.print())
    return KeptParts.sayTheSame(file.bytes, Array(text.utf8)) ? .partly(text, problems) : .unparsable(problems)
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
    let empty = Layout(tokenCount: text.tokens.count)
    var parser = Parser(text, bytes: file.bytes, source: id, layout: empty)
    _ = parser.parseRunbook()
    layout = parser.layout ?? empty
    diagnostics = parser.diagnostics.inReadingOrder()
  }

  func print() -> String {
    var builder = LayoutBuilder(text, bytes: file.bytes, layout: layout)
    var printer = LayoutPrinter(builder.build(), text: text, bytes: file.bytes)
    return printer.print()
  }
}
