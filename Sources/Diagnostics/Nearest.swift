/// The candidate a person most likely meant, or nil when none is near. Ignores case and `_`; allows one slip in three
/// letters. Ties go to the first candidate, so the answer does not depend on a dictionary's order.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let wanted = folded(word)
  guard !wanted.isEmpty else { return nil }
  var best: (distance: Int, candidate: String)?
  for candidate in candidates where candidate != word {
    let other = folded(candidate)
    // In a word of one or two letters every other one is a slip away: only its case may differ.
    let allowed = wanted.count < 3 ? 0 : max(1, max(wanted.count, other.count) / 3)
    guard abs(wanted.count - other.count) <= allowed else { continue }
    let distance = editDistance(wanted, other)
    if distance <= allowed, distance < best?.distance ?? Int.max { best = (distance, candidate) }
  }
  return best?.candidate
}

/// ` (did you mean 'X'?)`, or nothing.
package func didYouMean(_ word: String, among candidates: some Sequence<String>) -> String {
  nearest(to: word, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
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
