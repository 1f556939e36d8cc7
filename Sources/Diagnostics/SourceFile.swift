/// One text that people wrote: a runbook, an inputs file. Offsets inside are UTF-8 bytes, from 0.
package struct SourceFile: Sendable {
  /// The path as the user gave it, for display.
  package let path: String
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  /// The longest text that is read: one past it is refused with a problem, not a crash.
  package static let maximumByteCount = 4 * 1024 * 1024

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

  package init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }

  package var lineCount: Int { lineStarts.count }

  /// The text between two byte offsets; bytes that are not UTF-8 come out as U+FFFD.
  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The 1-based line that holds a byte offset.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The bytes of a 1-based line, without its line end.
  package func lineRange(_ line: Int) -> Range<Int> {
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }

  /// Line and column, both 1-based; the column counts characters as people see them, not bytes.
  package func position(at offset: Int) -> (line: Int, column: Int) {
    let clamped = min(max(offset, 0), bytes.count)
    let line = line(at: clamped)
    let start = lineRange(line).lowerBound
    let before = bytes[start..<max(start, clamped)]
    // Of ASCII each byte is a character, but a line's CR and LF are one.
    if before.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\r") }) { return (line, before.count + 1) }
    return (line, text(before.startIndex..<before.endIndex).count + 1)
  }
}

/// Which text of a ``SourceMap`` a span lies in.
package struct SourceID: Hashable, Sendable {
  package let index: Int32
  package init(_ index: Int) { self.index = Int32(index) }
}

/// A stretch of a source text: byte offsets, end excluded.
package struct Span: Hashable, Sendable {
  package let source: SourceID
  package let lower: Int32
  package let upper: Int32

  package init(_ source: SourceID, _ lower: Int, _ upper: Int) {
    self.source = source
    self.lower = Int32(lower)
    self.upper = Int32(max(lower, upper))
  }

  /// The smallest span that covers both; both lie in the same text.
  package func union(_ other: Span) -> Span {
    Span(source, Int(min(lower, other.lower)), Int(max(upper, other.upper)))
  }

  package var range: Range<Int> { Int(lower)..<Int(upper) }
}

/// The texts of one check, in the order in which they were read.
package struct SourceMap: Sendable {
  package private(set) var files: [SourceFile] = []
  package init() {}

  package mutating func add(_ file: SourceFile) -> SourceID {
    files.append(file)
    return SourceID(files.count - 1)
  }

  package subscript(id: SourceID) -> SourceFile { files[Int(id.index)] }

  /// `path:line:column` of the start of a span.
  package func place(of span: Span) -> String {
    let file = self[span.source]
    let position = file.position(at: Int(span.lower))
    return "\(file.path):\(position.line):\(position.column)"
  }
}
