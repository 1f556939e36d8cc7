import Diagnostics

package enum FormattedRunbook: Sendable, Equatable {
  case formatted(String)
  /// The text has problems; it is left as it is.
  case unparsable([Diagnostic])
}

/// The one canonical layout. Changes blanks, line ends and trailing commas, nothing else; formatting twice changes
/// nothing more.
package enum RunbookFormatter {
  /// Lines are broken to stay within this many terminal cells where the grammar allows it; comments never are.
  package static let lineWidth = 100
  package static let indentWidth = 2

  package static func format(_ file: SourceFile, id: SourceID) -> FormattedRunbook {
    let text = Lexer.lex(file, id: id)
    var parser = Parser(
      text, bytes: file.bytes, source: id, layout: Layout(tokenCount: text.tokens.count))
    _ = parser.parseRunbook()
    let diagnostics = parser.diagnostics.inReadingOrder()
    guard let layout = parser.layout, !diagnostics.hasErrors else { return .unparsable(diagnostics) }
    var builder = LayoutBuilder(text, bytes: file.bytes, layout: layout)
    var printer = LayoutPrinter(builder.build(), text: text, bytes: file.bytes)
    return .formatted(printer.print())
  }
}
