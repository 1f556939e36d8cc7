/// Words problems for people: `path:line:column: error[B0123]: cause`, the source lines with the places marked, help.
package struct DiagnosticRenderer: Sendable {
  /// Notes no further than this many lines from the problem are labels of its excerpt.
  private static let labelDistance = 4

  private let sources: SourceMap
  private let colour: Bool
  private let width: Int

  /// `width` is that of the terminal in cells; longer source lines are cut around the place that matters.
  package init(sources: SourceMap, colour: Bool = false, width: Int = 120) {
    self.sources = sources
    self.colour = colour
    self.width = width
  }

  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.inReadingOrder().map(render).joined(separator: "\n")
  }

  /// One problem, ending in a line end.
  package func render(_ diagnostic: Diagnostic) -> String {
    let kind = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]"
    let place = sources.place(of: diagnostic.span)
    var text = "\(bold(place + ":")) \(paint(kind, diagnostic.severity)): \(bold(diagnostic.message))\n"
    let labels = diagnostic.notes.filter { isNear($0, diagnostic.span) }
    let main = Excerpt.Mark(diagnostic.span, diagnostic.severity)
    text += excerpt([main] + labels.compactMap { note in note.span.map { .init($0, .note, note.message) } })
    for note in diagnostic.notes where !isNear(note, diagnostic.span) {
      if let span = note.span {
        text += "\(bold(sources.place(of: span) + ":")) \(paint("note", .note)): \(note.message)\n"
        text += excerpt([.init(span, .note)])
      } else {
        text += "  \(paint("note", .note)): \(note.message)\n"
      }
    }
    for sentence in diagnostic.help { text += "  \(paint("help", .note)): \(sentence)\n" }
    return text
  }

  private func isNear(_ note: DiagnosticNote, _ main: Span) -> Bool {
    guard let span = note.span, span.source == main.source, span != main else { return false }
    let file = sources[main.source]
    return abs(file.line(at: Int(span.lower)) - file.line(at: Int(main.lower))) <= DiagnosticRenderer.labelDistance
  }

  private func excerpt(_ marks: [Excerpt.Mark]) -> String {
    Excerpt(file: sources[marks[0].span.source], marks: marks, width: width).lines
      .map { line in line.map { piece in piece.ink.map { paint(piece.text, $0) } ?? piece.text }.joined() + "\n" }
      .joined()
  }

  private func bold(_ text: String) -> String { colour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  private func paint(_ text: String, _ severity: Severity) -> String {
    guard colour else { return text }
    let code =
      switch severity {
      case .error: "31"
      case .warning: "33"
      case .note: "36"
      }
    return "\u{1B}[1;\(code)m\(text)\u{1B}[0m"
  }
}
