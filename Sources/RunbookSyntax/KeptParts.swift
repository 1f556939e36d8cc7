import Diagnostics

/// The statements of a text that do not parse. The formatter lays out the rest, in which a comment holds the place of
/// each, and puts them back byte for byte.
struct KeptParts {
  /// U+F8FF, of private use: stands on both sides of a part's number in the comment that holds its place.
  private static let mark: [UInt8] = [0xEF, 0xA3, 0xBF]

  private let original: SourceFile
  /// Of the original's bytes; in order, none over another.
  private var parts: [Range<Int>] = []
  /// Where stretches of the rest begin, and what they are in the original.
  private var origins: [(rest: Int, original: Int)] = [(0, 0)]
  /// The text without the parts.
  private(set) var rest: SourceFile

  /// Where the mark stands next. The library's own search takes longer than all the rest of laying out.
  private static func nextMark(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    var at = start
    while at + mark.count <= bytes.count {
      if bytes[at] == mark[0], bytes[at + 1] == mark[1], bytes[at + 2] == mark[2] { return at..<at + mark.count }
      at += 1
    }
    return nil
  }

  /// Nil for a text of which nobody can tell where its problems end.
  init?(_ file: SourceFile, _ problems: [Diagnostic]) {
    // Behind the last problem that is reported there may be more.
    let isHopeless =
      problems.count >= Lexer.maximumProblemCount
      || problems.contains { [.textTooLong, .notUTF8, .unclosedComment].contains($0.code) }
    guard !isHopeless, Self.nextMark(in: file.bytes, from: 0) == nil else { return nil }
    original = file
    rest = file
  }

  /// Whether the layout of what stands around a problem depends on it. The others are about single tokens, which are
  /// kept as they are, or about the order of what parses.
  static func isObstacle(_ problem: Diagnostic) -> Bool {
    guard problem.severity == .error else { return false }
    return ![.missingHeader, .misplacedDeclaration, .duplicateModifier, .badEscape, .badNumber, .badUnit, .badCIDR]
      .contains(problem.code)
  }

  /// Takes the statements out in which the problems lie; false when that is no progress.
  mutating func keep(_ problems: [Diagnostic], _ parsed: ParsedLayout) -> Bool {
    var ranges = parts
    for problem in problems {
      guard let range = KeptParts.range(around: Int(problem.span.lower), parsed) else { return false }
      ranges.append(original(range.lowerBound)..<max(original(range.lowerBound), original(range.upperBound)))
    }
    ranges.sort { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }
    var merged: [Range<Int>] = []
    for range in ranges {
      if let last = merged.last, range.lowerBound < last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    guard merged != parts, merged.allSatisfy({ !$0.isEmpty }) else { return false }
    parts = merged
    takeOut()
    return true
  }

  private func original(_ offset: Int) -> Int {
    guard let index = origins.lastIndex(where: { $0.rest <= offset }) else { return offset }
    let end = index + 1 < origins.count ? origins[index + 1].original : original.bytes.count
    return min(origins[index].original + offset - origins[index].rest, end)
  }

  private mutating func takeOut() {
    let bytes = original.bytes
    var result: [UInt8] = []
    origins = []
    var at = 0
    for (number, part) in parts.enumerated() {
      origins.append((result.count, at))
      result += bytes[at..<part.lowerBound]
      let line = original.lineRange(original.line(at: part.lowerBound)).lowerBound
      origins.append((result.count, part.lowerBound))
      if !bytes[line..<part.lowerBound].allSatisfy(isBlank) { result.append(UInt8(ascii: "\n")) }
      result += Array("//".utf8) + Self.mark + Array(String(number).utf8) + Self.mark
      let end = max(part.upperBound, original.lineRange(original.line(at: part.upperBound)).upperBound)
      if !bytes[part.upperBound..<end].allSatisfy(isBlank) { result.append(UInt8(ascii: "\n")) }
      at = part.upperBound
    }
    origins.append((result.count, at))
    result += bytes[at...]
    rest = SourceFile(path: original.path, bytes: result)
  }

  /// The text with the parts where the comments hold their places.
  func restored(in text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var at = 0
    while let open = Self.nextMark(in: bytes, from: at) {
      guard let close = Self.nextMark(in: bytes, from: open.upperBound),
        let number = Lexer.integer(bytes[open.upperBound..<close.lowerBound]), parts.indices.contains(number)
      else { break }
      result += bytes[at..<(open.lowerBound - 2)]
      let part = original.bytes[parts[number]]
      for (offset, byte) in zip(part.indices, part) {
        let endsLine = offset + 1 < part.endIndex && part[offset + 1] == UInt8(ascii: "\n")
        if byte != UInt8(ascii: "\r") || !endsLine { result.append(byte) }
      }
      at = close.upperBound
    }
    result += bytes[at...]
    // A text that is open to the end has line ends of its own there.
    while result.last == UInt8(ascii: "\n") { result.removeLast() }
    return String(decoding: result, as: UTF8.self) + "\n"
  }
}

// MARK: - Where a problem lies

extension KeptParts {
  /// The innermost statement or input around an offset, or the line when nothing but the problem stands in it.
  private static func range(around offset: Int, _ parsed: ParsedLayout) -> Range<Int>? {
    let file = parsed.file
    let line = file.lineRange(file.line(at: min(offset, file.bytes.count)))
    let tokens = parsed.text.tokens
    let first = firstToken(of: tokens, endingAtOrAfter: line.lowerBound)
    if tokens[first].kind == .end || Int(tokens[first].lower) > line.upperBound { return trimmed(line, file.bytes) }
    var innermost: Range<Int>?
    for part in parsed.layout.parts {
      let next = tokens[min(part.upperBound, tokens.count - 1)]
      guard Int(tokens[part.lowerBound].lower) <= line.upperBound, Int(next.lower) >= offset else { continue }
      let range = range(of: part, parsed, offset)
      guard range.lowerBound <= offset, offset <= range.upperBound else { continue }
      if range.count < innermost?.count ?? Int.max { innermost = range }
    }
    return innermost
  }

  private static func firstToken(of tokens: [Token], endingAtOrAfter offset: Int) -> Int {
    var (low, high) = (0, tokens.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if Int(tokens[middle].upper) < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The bytes of a part: with what stands behind it on its last line and belongs to no token, and before it on its
  /// first line when the problem lies there. A block that is open to the end of the text goes to that end.
  private static func range(of part: Range<Int>, _ parsed: ParsedLayout, _ offset: Int) -> Range<Int> {
    let tokens = parsed.text.tokens
    let file = parsed.file
    var lower = Int(tokens[part.lowerBound].lower)
    let upper = Int(tokens[part.upperBound - 1].upper)
    let lineStart = file.lineRange(file.line(at: lower)).lowerBound
    let isFirst = part.lowerBound == 0 || Int(tokens[part.lowerBound - 1].upper) <= lineStart
    if isFirst, (lineStart..<lower).contains(offset) { lower = trimmed(lineStart..<lower, file.bytes).lowerBound }
    let next = tokens[min(part.upperBound, tokens.count - 1)]
    var end = Int(next.lower)
    let isOpenToEnd = next.kind == .end && isOpen(tokens[part])
    if next.startsLine || next.kind == .end, !isOpenToEnd {
      var lineEnd = file.lineRange(file.line(at: upper)).upperBound
      for comment in parsed.text.comments where Int(comment.lower) >= upper && Int(comment.lower) < lineEnd {
        lineEnd = max(lineEnd, Int(comment.upper))
      }
      end = min(end, lineEnd)
    }
    return lower..<max(upper, trimmed(lower..<max(upper, end), file.bytes).upperBound)
  }

  private static func isOpen(_ tokens: ArraySlice<Token>) -> Bool {
    tokens.reduce(0) { $0 + ($1.kind.isOpener ? 1 : $1.kind.isCloser ? -1 : 0) } > 0
  }

  private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, isBlank(bytes[lower]) { lower += 1 }
    while lower < upper, isBlank(bytes[upper - 1]) || bytes[upper - 1] == UInt8(ascii: "\n") { upper -= 1 }
    return lower..<upper
  }
}
