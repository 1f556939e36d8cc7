/// The shape of a closed `"""` text: its content begins on the line after the opening quotes, the closing quotes stand
/// on a line of their own, and what stands before them is taken off every line.
struct MultilineText {
  struct Problem {
    let offset: Int
    let message: String
    let hint: String
  }

  let indent: ArraySlice<UInt8>
  private(set) var problem: Problem?
  private var contents: [Range<Int>]

  func content(of piece: Int) -> Range<Int> { contents[piece] }

  init(pieces: [Token], bytes: [UInt8]) {
    contents = pieces.enumerated().map { position, piece in
      let lower = Int(piece.lower) + (position == 0 ? 3 : 1)
      let upper = Int(piece.upper) - (position == pieces.count - 1 ? 3 : 2)
      return lower..<max(lower, upper)
    }
    let last = contents[contents.count - 1]
    let closing = last.upperBound
    let lineStart = bytes[last].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    guard let lineStart, bytes[lineStart..<closing].allSatisfy(isBlank) else {
      indent = []
      let hint = "move the closing quotes to the next line"
      problem = Problem(offset: closing, message: "the closing \"\"\" stands on a line of its own", hint: hint)
      return
    }
    indent = bytes[lineStart..<closing]
    checkLines(bytes)
    trimEnds(bytes, lineStart: lineStart)
  }

  private mutating func trimEnds(_ bytes: [UInt8], lineStart: Int) {
    let last = contents.count - 1
    var end = lineStart - 1
    if end > contents[last].lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    contents[last] = contents[last].lowerBound..<max(contents[last].lowerBound, end)
    let first = contents[0]
    var start = first.lowerBound
    while start < bytes.count, isBlank(bytes[start]) { start += 1 }
    guard start < bytes.count, bytes[start] == UInt8(ascii: "\n") else {
      let hint = "move the text to the next line"
      problem = Problem(offset: first.lowerBound, message: "the line ends after the opening \"\"\"", hint: hint)
      return
    }
    start = MultilineText.lineContent(start + 1, first.upperBound, indent: indent, bytes)
    contents[0] = min(start, first.upperBound)..<first.upperBound
  }

  private mutating func checkLines(_ bytes: [UInt8]) {
    for range in contents {
      for offset in range where bytes[offset] == UInt8(ascii: "\n") && problem == nil {
        let line = bytes[(offset + 1)...]
        if !line.starts(with: indent), !isBlankLine(line) {
          let hint = "every line is indented at least as far as the closing \"\"\""
          problem = Problem(
            offset: offset + 1, message: "this line is indented less than the closing \"\"\"", hint: hint)
        }
      }
    }
  }

  private func isBlankLine(_ line: ArraySlice<UInt8>) -> Bool {
    line.first { !isBlank($0) }.map { $0 == UInt8(ascii: "\n") } ?? true
  }

  /// Where a line's content begins: after the indentation, or at the end of a blank line.
  static func lineContent(_ start: Int, _ end: Int, indent: ArraySlice<UInt8>, _ bytes: [UInt8]) -> Int {
    guard start < end else { return start }
    let line = bytes[start..<end]
    if line.starts(with: indent) { return start + indent.count }
    var at = start
    while at < end, isBlank(bytes[at]) { at += 1 }
    return at
  }
}
