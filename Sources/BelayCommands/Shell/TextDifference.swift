/// Two texts compared line by line, in the unified form that `patch` takes. Empty when they are equal.
enum TextDifference {
  private static let context = 3

  private enum Line: Equatable {
    case kept(Substring)
    case removed(Substring)
    case added(Substring)
  }

  static func unified(_ old: String, _ new: String, path: String) -> String {
    guard Array(old.utf8) != Array(new.utf8) else { return "" }
    let lines = script(lines(of: old), lines(of: new))
    var result = "--- \(path)\n+++ \(path)\n"
    for hunk in hunks(lines) { result += text(of: lines, hunk) }
    return result
  }

  /// Each with its line end; `\n` only, so that a line end of another system is part of its line.
  private static func lines(of text: String) -> [Substring] {
    var lines: [Substring] = []
    var start = text.unicodeScalars.startIndex
    let scalars = text.unicodeScalars
    while start < scalars.endIndex {
      let end = scalars[start...].firstIndex(of: "\n").map { scalars.index(after: $0) } ?? scalars.endIndex
      lines.append(text[start..<end])
      start = end
    }
    return lines
  }

  private static func script(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var removed = Set<Int>()
    var added = Set<Int>()
    let byBytes: (Substring, Substring) -> Bool = { $0.utf8.elementsEqual($1.utf8) }
    for change in new.difference(from: old, by: byBytes) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (before, after) = (0, 0)
    while before < old.count || after < new.count {
      if removed.contains(before) {
        lines.append(.removed(old[before]))
        before += 1
      } else if added.contains(after) {
        lines.append(.added(new[after]))
        after += 1
      } else {
        lines.append(.kept(old[before]))
        before += 1
        after += 1
      }
    }
    return lines
  }

  /// Stretches of the script with changes and the lines around them.
  private static func hunks(_ lines: [Line]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (index, line) in lines.enumerated() {
      if case .kept = line { continue }
      let around = max(0, index - context)..<min(lines.count, index + context + 1)
      if let last = hunks.last, around.lowerBound <= last.upperBound {
        hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
      } else {
        hunks.append(around)
      }
    }
    return hunks
  }

  private static func text(of lines: [Line], _ hunk: Range<Int>) -> String {
    func counts(_ lines: ArraySlice<Line>) -> (old: Int, new: Int) {
      lines.reduce(into: (0, 0)) { count, line in
        switch line {
        case .kept: count = (count.0 + 1, count.1 + 1)
        case .removed: count.0 += 1
        case .added: count.1 += 1
        }
      }
    }
    let before = counts(lines[..<hunk.lowerBound])
    let inside = counts(lines[hunk])
    func range(_ before: Int, _ count: Int) -> String { "\(count == 0 ? before : before + 1),\(count)" }
    var result = "@@ -\(range(before.old, inside.old)) +\(range(before.new, inside.new)) @@\n"
    for line in lines[hunk] {
      switch line {
      case .kept(let text): result += shown(" ", text)
      case .removed(let text): result += shown("-", text)
      case .added(let text): result += shown("+", text)
      }
    }
    return result
  }

  private static func shown(_ sign: String, _ line: Substring) -> String {
    line.utf8.last == UInt8(ascii: "\n") ? sign + line : sign + line + "\n\\ No newline at end of file\n"
  }
}
