/// The lines of a text that a problem is about, with its places marked below them.
struct Excerpt {
  struct Mark {
    let span: Span
    let severity: Severity
    let label: String?

    init(_ span: Span, _ severity: Severity, _ label: String? = nil) {
      self.span = span
      self.severity = severity
      self.label = label
    }
  }

  /// Text in the colour of a severity, or in none.
  struct Piece {
    let text: String
    let ink: Severity?
  }

  /// The part of a mark that lies in one line, in bytes of the file.
  private struct Stroke {
    let range: Range<Int>
    let mark: Mark
    /// The label stands with the first stroke of its mark.
    let label: String?
  }

  private(set) var lines: [[Piece]] = []
  private let file: SourceFile
  private let gutter: Int
  private let width: Int
  /// How the places of notes are marked: as what the excerpt is about where there is nothing else.
  private let noteSign: Character

  /// The first mark is the problem itself, and lies over the others; all are in the one file.
  init(file: SourceFile, marks: [Mark], width: Int) {
    self.file = file
    noteSign = marks.first?.severity == .note ? "^" : "-"
    var strokes: [Int: [Stroke]] = [:]
    for mark in marks.reversed() {
      for (line, stroke) in Excerpt.strokes(of: mark, in: file) { strokes[line, default: []].append(stroke) }
    }
    let numbers = strokes.keys.sorted()
    gutter = String(numbers.last ?? 1).count
    self.width = max(40, width - gutter - 4)
    var last: Int?
    for number in numbers {
      if let last, number == last + 2 { addSource(last + 1, around: 0..<0) }
      if let last, number > last + 2 { lines.append([Piece(text: "...", ink: nil)]) }
      addMarked(number, strokes[number] ?? [])
      last = number
    }
  }

  /// A span over several lines is marked in its first and its last.
  private static func strokes(of mark: Mark, in file: SourceFile) -> [(line: Int, stroke: Stroke)] {
    let lower = min(Int(mark.span.lower), file.bytes.count)
    let upper = min(max(Int(mark.span.upper), lower), file.bytes.count)
    let first = file.line(at: lower)
    let firstLine = file.lineRange(first)
    let from = min(max(lower, firstLine.lowerBound), firstLine.upperBound)
    let head = Stroke(range: from..<max(from, min(upper, firstLine.upperBound)), mark: mark, label: mark.label)
    let last = file.line(at: max(lower, upper - 1))
    guard last > first, mark.severity != .note else { return [(first, head)] }
    var start = file.lineRange(last).lowerBound
    while start < upper, file.bytes[start] == UInt8(ascii: " ") || file.bytes[start] == UInt8(ascii: "\t") {
      start += 1
    }
    let end = min(upper, file.lineRange(last).upperBound)
    guard start < end else { return [(first, head)] }
    return [(first, head), (last, Stroke(range: start..<end, mark: mark, label: nil))]
  }

  // MARK: Lines

  @discardableResult
  private mutating func addSource(_ number: Int, around focus: Range<Int>) -> LineWindow {
    let window = LineWindow(file, file.lineRange(number), focus: focus, width: width)
    let shown = String(number)
    let margin = " " + String(repeating: " ", count: gutter - shown.count) + shown + " | "
    lines.append([Piece(text: margin + window.text, ink: nil)])
    return window
  }

  /// Strokes come in the order of drawing: later ones over earlier ones.
  private mutating func addMarked(_ number: Int, _ strokes: [Stroke]) {
    guard let main = strokes.last else { return }
    let window = addSource(number, around: main.range)
    var row: [Severity?] = []
    var labels: [(column: Int, end: Int, label: String, ink: Severity)] = []
    for stroke in strokes {
      let columns = window.columns(of: stroke.range)
      while row.count < columns.upperBound { row.append(nil) }
      for column in columns { row[column] = stroke.mark.severity }
      if let label = stroke.label {
        labels.append((columns.lowerBound, columns.upperBound, label, stroke.mark.severity))
      }
    }
    let margin = " " + String(repeating: " ", count: gutter) + " | "
    var line = [Piece(text: margin, ink: nil)] + pieces(of: row)
    labels.sort { $0.column < $1.column }
    if let last = labels.last, last.end == row.count {
      line.append(Piece(text: " " + last.label, ink: last.ink))
      labels.removeLast()
    }
    lines.append(line)
    for label in labels.reversed() {
      let indent = String(repeating: " ", count: label.column)
      lines.append([Piece(text: margin + indent, ink: nil), Piece(text: label.label, ink: label.ink)])
    }
  }

  private func pieces(of row: [Severity?]) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    while start < row.count {
      var end = start + 1
      while end < row.count, row[end] == row[start] { end += 1 }
      let sign: Character = row[start] == nil ? " " : row[start] == .note ? noteSign : "^"
      pieces.append(Piece(text: String(repeating: sign, count: end - start), ink: row[start]))
      start = end
    }
    return pieces
  }
}

/// A line of source as it is shown: tabs as two cells, control characters visible, cut to a width around a place.
struct LineWindow {
  /// Bytes before and behind the place that are looked at; no terminal is as wide.
  private static let reach = 1024

  let text: String
  private let file: SourceFile
  private let start: Int
  private let width: Int
  /// Cells left out at the start, and those of a mark that says so.
  private let skipped: Int

  init(_ file: SourceFile, _ line: Range<Int>, focus: Range<Int>, width: Int) {
    self.file = file
    self.width = width
    let low = LineWindow.boundary(file, max(line.lowerBound, min(focus.lowerBound, line.upperBound) - Self.reach))
    let high = LineWindow.boundary(file, min(line.upperBound, max(focus.lowerBound, low) + Self.reach))
    start = low
    let whole = LineWindow.shown(file.text(low..<max(low, high)))
    let isCutBefore = low > line.lowerBound
    let isCutAfter = high < line.upperBound
    let total = displayWidth(whole)
    guard total > width || isCutBefore || isCutAfter else {
      skipped = 0
      text = whole
      return
    }
    let from = displayWidth(LineWindow.shown(file.text(low..<max(low, focus.lowerBound))))
    let to = from + displayWidth(LineWindow.shown(file.text(focus)))
    // The place with what follows it, and a third of the width before it.
    let first = to + 8 <= width && !isCutBefore ? 0 : max(0, min(from - width / 3, max(0, total - width + 1)))
    skipped = first
    let isCut = first > 0 || isCutBefore
    let middle = LineWindow.cells(whole, from: first + (isCut ? 1 : 0), count: width - (isCut ? 2 : 1))
    let rest = total - first > width - 1 || isCutAfter
    text = (isCut ? "…" : "") + middle + (rest ? "…" : "")
  }

  /// The cells that a stretch of the file takes in the text shown; at least one.
  func columns(of range: Range<Int>) -> Range<Int> {
    let before = displayWidth(LineWindow.shown(file.text(min(start, range.lowerBound)..<range.lowerBound))) - skipped
    let length = displayWidth(
      LineWindow.shown(file.text(range.lowerBound..<min(range.upperBound, start + 2 * Self.reach))))
    let lower = min(max(0, before), width - 1)
    return lower..<max(lower + 1, min(before + length, width))
  }

  private static func boundary(_ file: SourceFile, _ offset: Int) -> Int {
    var offset = offset
    while offset > 0, offset < file.bytes.count, file.bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  /// The characters within a range of cells; half a wide one is a space.
  private static func cells(_ text: String, from: Int, count: Int) -> String {
    if isPlain(text) { return String(decoding: text.utf8.dropFirst(from).prefix(count), as: UTF8.self) }
    var result = ""
    var column = 0
    for character in text {
      let next = column + displayWidth(character)
      if next > from + count { break }
      if column >= from { result.append(character) } else if next > from { result += " " }
      column = next
    }
    return result
  }

  /// A line may have a thousand problems, each with an excerpt of its own: most lines are bytes of one cell each.
  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

  /// Tabs as two spaces; what would move the terminal's cursor or turn its direction as U+FFFD.
  private static func shown(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09: result.append(contentsOf: "  ".unicodeScalars)
      case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
