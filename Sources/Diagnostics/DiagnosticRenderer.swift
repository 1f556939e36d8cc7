/// Words problems for people: `path:line:column: error[B0123]: cause`, the source line with the span marked, help.
package struct DiagnosticRenderer: Sendable {
  private let sources: SourceMap
  private let colour: Bool

  package init(sources: SourceMap, colour: Bool = false) {
    self.sources = sources
    self.colour = colour
  }

  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.inReadingOrder().map(render).joined(separator: "\n")
  }

  /// One problem, ending in a line end.
  package func render(_ diagnostic: Diagnostic) -> String {
    let kind = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]"
    let place = sources.place(of: diagnostic.span)
    var text = "\(bold(place + ":")) \(paint(kind, diagnostic.severity)): \(bold(diagnostic.message))\n"
    text += excerpt(diagnostic.span, diagnostic.severity)
    for note in diagnostic.notes {
      if let span = note.span {
        text += "\(sources.place(of: span)): note: \(note.message)\n" + excerpt(span, .note)
      } else {
        text += "  note: \(note.message)\n"
      }
    }
    if let hint = diagnostic.hint { text += "  help: \(hint)\n" }
    return text
  }

  /// The line the span starts in, with the part of the span that lies in it marked.
  private func excerpt(_ span: Span, _ severity: Severity) -> String {
    let file = sources[span.source]
    let line = file.line(at: min(Int(span.lower), file.bytes.count))
    let range = file.lineRange(line)
    let from = min(max(Int(span.lower), range.lowerBound), range.upperBound)
    let to = min(max(Int(span.upper), from), range.upperBound)
    let before = expandTabs(file.text(range.lowerBound..<from))
    let marked = expandTabs(file.text(from..<to))
    let after = expandTabs(file.text(to..<range.upperBound))
    let number = String(line)
    let gutter = String(repeating: " ", count: number.count)
    let mark = String(repeating: "^", count: max(1, displayWidth(marked)))
    let indent = String(repeating: " ", count: displayWidth(before))
    return " \(number) | \(before)\(marked)\(after)\n \(gutter) | \(indent)\(paint(mark, severity))\n"
  }

  /// Tabs as two spaces; other control characters, which would move the terminal's cursor, as U+FFFD.
  private func expandTabs(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        result += "  "
      } else {
        result.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
      }
    }
    return result
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
