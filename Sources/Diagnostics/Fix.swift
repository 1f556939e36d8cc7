/// A change of the text that takes a problem away, certain enough for a machine to make it.
package struct Fix: Sendable, Hashable {
  /// A stretch of the text and what stands there instead.
  package struct Edit: Sendable, Hashable {
    package let span: Span
    package let replacement: String

    package init(_ span: Span, _ replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }

  /// What to do, as help says it: `write ':' instead of '='`.
  package let sentence: String
  /// All in one text, in its order, none over another; at least one.
  package let edits: [Edit]

  package init(_ sentence: String, _ edits: [Edit]) {
    self.sentence = sentence
    self.edits = edits
  }

  package init(_ sentence: String, _ span: Span, _ replacement: String) {
    self.init(sentence, [Edit(span, replacement)])
  }

  /// Whether the two change the same bytes, or put something into the same place.
  fileprivate func overlaps(_ other: Fix) -> Bool {
    edits.contains { edit in
      other.edits.contains { edit.span.lower <= $0.span.upper && $0.span.lower <= edit.span.upper }
    }
  }
}

extension SourceFile {
  /// The text with fixes made: of those that overlap only the first one given. What was left out may apply to the
  /// result.
  package func applying(_ fixes: [Fix]) -> (file: SourceFile, made: [Fix]) {
    var made: [Fix] = []
    for fix in fixes where !made.contains(where: fix.overlaps) { made.append(fix) }
    let edits = made.flatMap(\.edits).sorted { $0.span.lower < $1.span.lower }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var at = 0
    for edit in edits {
      result += bytes[at..<Int(edit.span.lower)]
      result += Array(edit.replacement.utf8)
      at = Int(edit.span.upper)
    }
    result += bytes[at...]
    return (SourceFile(path: path, bytes: result), made)
  }
}
