/// What a person most likely meant by a word that is not known.
package struct Suggestion: Sendable, Hashable, CustomStringConvertible {
  /// Nil when no candidate is near.
  package let name: String?
  /// Whether no other candidate is as near, so that a machine may write it.
  package let isOnly: Bool

  package static let none = Suggestion(nil, isOnly: false)

  package init(_ name: String?, isOnly: Bool) {
    self.name = name
    self.isOnly = isOnly
  }

  /// The nearest of the candidates. Ignores case and `_`; allows one slip in three letters, or so many
  /// slips. Ties go to the first, so the answer does not depend on a dictionary's order.
  package init(for word: String, among candidates: some Sequence<String>, slips: Int? = nil) {
    let wanted = folded(word)
    var best: (distance: Int, name: String, isOnly: Bool)?
    for candidate in candidates where candidate != word && !wanted.isEmpty {
      let other = folded(candidate)
      // In a word of one or two letters every other one is a slip away: only its case may differ.
      let allowed = wanted.count < 3 ? 0 : slips ?? max(1, max(wanted.count, other.count) / 3)
      guard abs(wanted.count - other.count) <= allowed else { continue }
      let distance = editDistance(wanted, other)
      guard distance <= allowed else { continue }
      if distance < best?.distance ?? Int.max {
        best = (distance, candidate, true)
      } else if distance == best?.distance, candidate != best?.name {
        best?.isOnly = false
      }
    }
    self.init(best?.name, isOnly: best?.isOnly ?? false)
  }

  package var isEmpty: Bool { name == nil }

  /// ` (did you mean 'X'?)`, or nothing.
  package var description: String { name.map { " (did you mean '\($0)'?)" } ?? "" }

  /// The name in place of what stands at the span, where there is no doubt.
  package func fixes(_ span: Span) -> [Fix] { replacing(span) { $0 } }

  /// The same for a text literal, quotes and all.
  package func quotedFixes(_ span: Span) -> [Fix] { replacing(span) { "\"\($0)\"" } }

  private func replacing(_ span: Span, _ form: (String) -> String) -> [Fix] {
    guard let name, isOnly else { return [] }
    return [Fix("write '\(form(name))'", span, form(name))]
  }
}

/// The candidate a person most likely meant, or nil when none is near.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  Suggestion(for: word, among: candidates).name
}

/// ` (did you mean 'X'?)`, or nothing.
package func didYouMean(_ word: String, among candidates: some Sequence<String>) -> String {
  Suggestion(for: word, among: candidates).description
}

private func folded(_ word: String) -> [UInt8] { word.lowercased().utf8.filter { $0 != UInt8(ascii: "_") } }

/// Damerau-Levenshtein with adjacent swaps counted as one slip.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var current = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      current[j] = min(previous[j] + 1, current[j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        current[j] = min(current[j], beforePrevious[j - 2] + 1)
      }
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
