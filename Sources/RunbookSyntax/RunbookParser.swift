import Diagnostics

package struct ParsedRunbook: Sendable {
  package let tree: RunbookTree
  /// In reading order.
  package let diagnostics: [Diagnostic]
}

/// Text to tree. Total: it never throws or traps, does not stop at the first problem, and makes a tree of every text.
package enum RunbookParser {
  /// How deep brackets, blocks and operators may nest.
  package static let maximumDepth = 200

  /// `firstNode`: where the numbers of the nodes begin, so that the files of one check share none.
  package static func parse(_ file: SourceFile, id: SourceID, firstNode: Int = 0) -> ParsedRunbook {
    var parser = Parser(Lexer.lex(file, id: id), bytes: file.bytes, source: id, firstNode: firstNode)
    let tree = parser.parseRunbook()
    return ParsedRunbook(tree: tree, diagnostics: parser.diagnostics.inReadingOrder())
  }
}
