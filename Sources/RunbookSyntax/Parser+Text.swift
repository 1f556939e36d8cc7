import Diagnostics

extension Parser {
  /// A text literal: one token, or a head, holes, middles and a tail.
  mutating func parseText() -> Expression {
    let first = index
    var pieces = [token]
    var holes: [Expression] = []
    var highest = 0
    var isOpen = kind == .textHead
    advance()
    while isOpen {
      holes.append(parseHole())
      highest = max(highest, height)
      guard kind == .textMiddle || kind == .textTail else { break }
      isOpen = kind == .textMiddle
      pieces.append(advanced())
    }
    let values = decodedPieces(pieces)
    var segments: [TextSegment] = []
    for (position, value) in values.enumerated() {
      if !value.isEmpty { segments.append(.literal(value)) }
      if position < holes.count { segments.append(.hole(holes[position])) }
    }
    return grown(.text(segments), span(from: first), over: highest)
  }

  private mutating func parseHole() -> Expression {
    let value = parseExpression("a value in the hole '${…}'")
    if kind != .textMiddle, kind != .textTail {
      reportExpected("'}' after the value in the hole")
      skipHole()
    }
    return value
  }

  /// To the piece of text that follows this hole.
  private mutating func skipHole() {
    var open = 0
    while !isAtEnd {
      if kind == .textHead { open += 1 }
      if kind == .textMiddle, open == 0 { return }
      if kind == .textTail {
        if open == 0 { return }
        open -= 1
      }
      advance()
    }
  }

  /// Past a text that nests too deep.
  mutating func skippedText() -> Expression {
    advance()
    while !isAtEnd {
      skipHole()
      if advanced().kind == .textTail { break }
    }
    return missingExpression()
  }

  /// The value of a text without holes.
  mutating func decodedText(of token: Token) -> String { decodedPieces([token]).joined() }

  /// The values of a text's pieces: quotes off, escapes replaced, the indentation of a `"""` text removed.
  private mutating func decodedPieces(_ pieces: [Token]) -> [String] {
    guard let head = pieces.first, let tail = pieces.last else { return [] }
    guard head.flags.contains(.isMultiline), !tail.flags.contains(.isUnclosed) else {
      return pieces.map { decoded(content(of: $0), hasEscapes: $0.flags.contains(.hasEscapes)) }
    }
    let shape = MultilineText(pieces: pieces, bytes: bytes)
    if let problem = shape.problem {
      add(
        Diagnostic(.unexpectedToken, Span(source, problem.offset, problem.offset), problem.message, hint: problem.hint))
    }
    return pieces.indices.map { index in
      decoded(shape.content(of: index), hasEscapes: pieces[index].flags.contains(.hasEscapes), indent: shape.indent)
    }
  }

  /// The bytes between a piece's quotes or hole signs.
  private func content(of piece: Token) -> Range<Int> {
    var lower = Int(piece.lower)
    var upper = Int(piece.upper)
    guard lower < upper else { return lower..<lower }
    switch piece.kind {
    case .textHead, .text: lower += quoteLength(bytes[lower])
    default: lower += bytes[lower] == UInt8(ascii: "}") ? 1 : bytes[lower] >= 0x80 ? 3 : 0
    }
    switch piece.kind {
    case .textHead, .textMiddle: upper -= 2
    default: if !piece.flags.contains(.isUnclosed) { upper -= quoteLength(bytes[upper - 1]) }
    }
    return lower..<max(lower, upper)
  }

  /// Quotes that are not ASCII have been reported; they are three bytes long.
  private func quoteLength(_ byte: UInt8) -> Int { byte < 0x80 ? 1 : 3 }

  private func decoded(_ range: Range<Int>, hasEscapes: Bool, indent: ArraySlice<UInt8>? = nil) -> String {
    guard hasEscapes || indent != nil else { return String(decoding: bytes[range], as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\\") {
        at = decodeEscape(at, range.upperBound, into: &result)
        continue
      }
      at += 1
      if byte == UInt8(ascii: "\r"), at < range.upperBound, bytes[at] == UInt8(ascii: "\n") { continue }
      result.append(byte)
      if byte == UInt8(ascii: "\n"), let indent {
        at = MultilineText.lineContent(at, range.upperBound, indent: indent, bytes)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Appends what an escape stands for; returns where the text goes on.
  private func decodeEscape(_ start: Int, _ end: Int, into result: inout [UInt8]) -> Int {
    guard start + 1 < end else { return end }
    switch bytes[start + 1] {
    case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "u"):
      let close = bytes[start..<end].firstIndex(of: UInt8(ascii: "}")) ?? end
      let digits = String(decoding: bytes[min(start + 3, close)..<close], as: UTF8.self)
      guard let value = UInt32(digits, radix: 16), let scalar = UnicodeScalar(value) else { break }
      result.append(contentsOf: Array(String(scalar).utf8))
      return min(close + 1, end)
    case let other: result.append(other)
    }
    return start + 2
  }
}
