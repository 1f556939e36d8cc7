package enum Severity: String, Sendable { case error, warning, note }

/// A second place that explains a problem, such as the declaration it contradicts.
package struct DiagnosticNote: Sendable, Equatable {
  package let message: String
  package let span: Span?
  package init(_ message: String, _ span: Span? = nil) {
    self.message = message
    self.span = span
  }
}

/// One problem of a text that people wrote: where, what, and what to do next.
package struct Diagnostic: Sendable, Equatable {
  package let severity: Severity
  package let code: DiagnosticCode
  package let span: Span
  package let message: String
  package let hint: String?
  package let notes: [DiagnosticNote]
  package let fixes: [Fix]

  package init(
    _ code: DiagnosticCode, _ span: Span, _ message: String, hint: String? = nil, notes: [DiagnosticNote] = [],
    fixes: [Fix] = []
  ) {
    severity = code.severity
    self.code = code
    self.span = span
    self.message = message
    self.hint = hint
    self.notes = notes
    self.fixes = fixes
  }

  /// The same problem with one more fix.
  package func offering(_ fix: Fix) -> Diagnostic {
    Diagnostic(code, span, message, hint: hint, notes: notes, fixes: fixes + [fix])
  }

  /// The same problem with one more place that explains it.
  package func noting(_ note: DiagnosticNote) -> Diagnostic {
    Diagnostic(code, span, message, hint: hint, notes: notes + [note], fixes: fixes)
  }

  /// What to do next, one sentence each: the hint, and the fixes that neither it nor the message says already.
  package var help: [String] {
    var sentences = hint.map { [$0] } ?? []
    for fix in fixes where !sentences.contains(where: { $0.contains(fix.sentence) }) {
      if let edit = fix.edits.first, fix.edits.count == 1, message.contains("did you mean '\(edit.replacement)'?") {
        continue
      }
      sentences.append(fix.sentence)
    }
    return sentences
  }
}

extension [Diagnostic] {
  package var hasErrors: Bool { contains { $0.severity == .error } }

  /// In reading order: by text, then place, then code; equal problems once.
  package func inReadingOrder() -> [Diagnostic] {
    let sorted = enumerated().sorted { left, right in
      let a = left.element
      let b = right.element
      if a.span.source.index != b.span.source.index { return a.span.source.index < b.span.source.index }
      if a.span.lower != b.span.lower { return a.span.lower < b.span.lower }
      if a.code != b.code { return a.code.rawValue < b.code.rawValue }
      return left.offset < right.offset
    }
    var result: [Diagnostic] = []
    for (_, diagnostic) in sorted {
      let ofThisPlace = result.reversed().prefix {
        $0.span.source == diagnostic.span.source && $0.span.lower == diagnostic.span.lower
      }
      if !ofThisPlace.contains(diagnostic) { result.append(diagnostic) }
    }
    return result
  }
}
