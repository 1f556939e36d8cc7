import Diagnostics

extension Lexer {
  mutating func lexText() {
    if byte(at: at + 1) == UInt8(ascii: "\""), byte(at: at + 2) == UInt8(ascii: "\"") {
      lexTextPiece(from: at, contentFrom: at + 3, opener: at, .triple, isFirst: true)
    } else {
      lexTextPiece(from: at, contentFrom: at + 1, opener: at, .plain, isFirst: true)
    }
  }

  /// Called at the `}` that ends a hole.
  mutating func lexTextAfterHole(_ length: Int) {
    guard let hole = holes.popLast() else { return }
    lexTextPiece(from: at, contentFrom: at + length, opener: hole.start, hole.quote, isFirst: false)
  }

  /// The part of a text up to its next hole or its end.
  mutating func lexTextPiece(from start: Int, contentFrom: Int, opener: Int, _ quote: Quote, isFirst: Bool) {
    var flags: Token.Flags = quote == .triple ? .isMultiline : []
    at = contentFrom
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\\") {
        flags.insert(.hasEscapes)
        lexEscape()
      } else if byte == UInt8(ascii: "$"), self.byte(at: at + 1) == UInt8(ascii: "{") {
        holes.append(Hole(start: at, quote: quote))
        at += 2
        return append(isFirst ? .textHead : .textMiddle, start, at, flags: flags)
      } else if byte == UInt8(ascii: "\n"), quote != .triple {
        break
      } else if let length = closingQuote(quote) {
        at += length
        return append(isFirst ? .text : .textTail, start, at, flags: flags)
      } else {
        at += 1
      }
    }
    if quote != .triple {
      // Blanks before the line's end are no part of it.
      while at > contentFrom, isBlank(bytes[at - 1]) { at -= 1 }
    }
    reportUnclosed(opener, quote)
    append(isFirst ? .text : .textTail, start, at, flags: flags.union(.isUnclosed))
  }

  /// The length of the closing quote that stands here, or nil.
  private func closingQuote(_ quote: Quote) -> Int? {
    let byte = bytes[at]
    switch quote {
    case .plain: return byte == UInt8(ascii: "\"") ? 1 : nil
    case .triple:
      let isClosed =
        byte == UInt8(ascii: "\"") && self.byte(at: at + 1) == UInt8(ascii: "\"")
        && self.byte(at: at + 2) == UInt8(ascii: "\"")
      return isClosed ? 3 : nil
    case .smart:
      if byte == UInt8(ascii: "\"") { return 1 }
      guard byte >= 0x80 else { return nil }
      return Confusable.isQuote(scalar(at: at).value) ? 3 : nil
    }
  }

  private mutating func reportUnclosed(_ opener: Int, _ quote: Quote) {
    // A text that is not closed inside a hole is most often a hole that is not closed: that is what gets reported.
    guard holes.isEmpty else { return }
    switch quote {
    case .plain, .smart:
      report(
        .unclosedText, opener, at, "this text is not closed on its line",
        hint: "end it with '\"', or use \"\"\" for a text of several lines")
    case .triple: report(.unclosedText, opener, opener + 3, "this text is not closed", hint: "it ends with \"\"\"")
    }
  }

  /// Called at a backslash; leaves the text's value to the parser.
  private mutating func lexEscape() {
    let start = at
    let escaped = byte(at: at + 1)
    switch escaped {
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "\""), UInt8(ascii: "\\"),
      UInt8(ascii: "$"):
      at += 2
    case UInt8(ascii: "u"): lexUnicodeEscape()
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0:
      at += 1
      report(
        .badEscape, start, at, "a line cannot be continued with '\\'", hint: "a backslash itself is written '\\\\'")
    default:
      at += 1
      let length = scalar(at: at).length
      at += length
      report(
        .badEscape, start, at, "'\(text(start, at))' is not an escape",
        hint: "there are \\n \\t \\r \\\" \\\\ \\$ and \\u{…}; a backslash itself is written '\\\\'")
    }
  }

  private mutating func lexUnicodeEscape() {
    let start = at
    at += 2
    var value: UInt32 = 0
    var digits = 0
    if byte(at: at) == UInt8(ascii: "{") {
      at += 1
      while let digit = Character(UnicodeScalar(byte(at: at))).hexDigitValue, digits <= 8 {
        value = value << 4 | UInt32(digit)
        digits += 1
        at += 1
      }
      if byte(at: at) == UInt8(ascii: "}"), (1...8).contains(digits), UnicodeScalar(value) != nil {
        at += 1
        return
      }
    }
    if byte(at: at) == UInt8(ascii: "}") { at += 1 }
    report(
      .badEscape, start, at, "'\(text(start, at))' is not a Unicode character",
      hint: "write its number in hexadecimal: \\u{1F600}")
  }

  /// A hole does not go past the end of its line: all that are open are reported and closed here, innermost first.
  mutating func closeHoles() {
    if let hole = holes.last {
      report(
        .unclosedText, hole.start, hole.start + 2, "this hole is not closed on its line",
        hint: "a hole is written ${value}; a dollar sign before a brace is written \\$")
    }
    while let hole = holes.popLast() {
      if hole.quote == .triple, holes.isEmpty, at < bytes.count {
        lexTextPiece(from: at, contentFrom: at, opener: hole.start, .triple, isFirst: false)
      } else {
        append(.textTail, at, at, flags: hole.quote == .triple ? [.isUnclosed, .isMultiline] : .isUnclosed)
      }
    }
  }
}
