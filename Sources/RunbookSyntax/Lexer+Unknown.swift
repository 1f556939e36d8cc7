import Diagnostics

/// Signs that look like one of the language's: full-width punctuation, smart quotes, typographer's dashes.
enum Confusable {
  case sign(String, TokenKind)
  case blank(String)
  case lineEnd(String)

  static func isQuote(_ value: UInt32) -> Bool { (0x201C...0x201F).contains(value) || value == 0xFF02 }

  init?(_ value: UInt32) {
    switch value {
    case 0xFF0C, 0x3001, 0xFE50: self = .sign(",", .comma)
    case 0xFF1A, 0xFE55: self = .sign(":", .colon)
    case 0xFF08: self = .sign("(", .leftParenthesis)
    case 0xFF09: self = .sign(")", .rightParenthesis)
    case 0x3010, 0xFF3B: self = .sign("[", .leftBracket)
    case 0x3011, 0xFF3D: self = .sign("]", .rightBracket)
    case 0xFF5B: self = .sign("{", .leftBrace)
    case 0xFF5D: self = .sign("}", .rightBrace)
    case 0x3002, 0xFF0E: self = .sign(".", .dot)
    case 0x2026: self = .sign("...", .dots)
    case 0xFF1D: self = .sign("=", .assign)
    case 0xFF01: self = .sign("!", .bang)
    case 0xFF1F: self = .sign("?", .question)
    case 0xFF1C: self = .sign("<", .less)
    case 0xFF1E: self = .sign(">", .greater)
    case 0x2264: self = .sign("<=", .lessOrEqual)
    case 0x2265: self = .sign(">=", .greaterOrEqual)
    case 0x2260: self = .sign("!=", .notEqual)
    case 0x21D2: self = .sign("=>", .arrow)
    case 0xFF0B: self = .sign("+", .plus)
    case 0xFF0D, 0x2212, 0x2010...0x2015: self = .sign("-", .minus)
    case 0xFF0A, 0x00D7: self = .sign("*", .star)
    case 0xFF0F, 0x00F7: self = .sign("/", .slash)
    case 0xFF05: self = .sign("%", .percent)
    case 0x00A0, 0x2000...0x200F, 0x202F, 0x3000, 0xFEFF: self = .blank("a space")
    case 0x2028, 0x2029, 0x0085: self = .lineEnd("a line end")
    case 0xFF1B: self = .lineEnd("a line end")
    default: return nil
    }
  }
}

extension Lexer {
  /// Anything that begins no token: reported, and then read as the sign that was meant, if there is one.
  mutating func lexUnknown(_ byte: UInt8) {
    guard byte >= 0x80 else { return lexUnknownASCII(byte) }
    let (value, length) = scalar(at: at)
    if Confusable.isQuote(value) { return lexSmartText() }
    if value == 0x2018 || value == 0x2019 { return lexSingleQuoted(length) }
    guard let meant = Confusable(value) else { return lexUnknownRun() }
    switch meant {
    case .sign(let ascii, let kind):
      reportUnknown(length, hint: "write '\(ascii)'", replacement: ascii)
      lexSign(kind, length)
    case .blank(let ascii):
      reportUnknown(length, hint: "write \(ascii)", replacement: " ")
      at += length
    case .lineEnd(let ascii):
      reportUnknown(length, hint: "a statement ends with \(ascii)", replacement: endsLine(at + length) ? "" : "\n")
      at += length
      hasSkipped = true
      if holes.isEmpty { startsLine = true }
    }
  }

  private mutating func reportUnknown(_ length: Int, hint: String, replacement: String? = nil) {
    let fix = replacement.map { Fix(hint, Span(source, at, at + length), $0) }
    report(
      .unknownCharacter, at, at + length, "\(characterName(at, at + length)) is not of the language", hint: hint,
      fix: fix)
  }

  /// Nothing but blanks stands from here to the end of the line.
  private func endsLine(_ offset: Int) -> Bool {
    var offset = offset
    while isBlank(byte(at: offset)) { offset += 1 }
    return offset >= bytes.count || bytes[offset] == UInt8(ascii: "\n")
  }

  private mutating func lexUnknownASCII(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "'"): lexSingleQuoted(1)
    case UInt8(ascii: ";"):
      reportUnknown(1, hint: "a statement ends with its line", replacement: endsLine(at + 1) ? "" : "\n")
      at += 1
      hasSkipped = true
      if holes.isEmpty { startsLine = true }
    case UInt8(ascii: "#"):
      reportUnknown(1, hint: "a comment begins with '//'", replacement: "//")
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    case UInt8(ascii: "&"): lexMeant("and", .doubleAmpersand)
    case UInt8(ascii: "|"): lexMeant("or", .doubleBar)
    case UInt8(ascii: "$") where self.byte(at: at + 1) == UInt8(ascii: "{"): lexStrayHole()
    case UInt8(ascii: "$"):
      reportUnknown(1, hint: "a value stands by its name; '${…}' only inside a text")
      at += 1
    default: lexUnknownRun()
    }
  }

  /// `${value}` outside of a text, as templates of other languages have it: the value alone is meant.
  private mutating func lexStrayHole() {
    var close = at + 2
    while close < bytes.count, isWordByte(bytes[close]) || bytes[close] == UInt8(ascii: ".") { close += 1 }
    guard close > at + 2, byte(at: close) == UInt8(ascii: "}") else {
      reportUnknown(1, hint: "a value stands by its name; '${…}' only inside a text")
      at += 1
      return
    }
    let value = text(at + 2, close)
    report(
      .unknownCharacter, at, close + 1, "'${…}' stands only inside a text", hint: "write '\(value)'",
      fix: Fix("write '\(value)'", Span(source, at, close + 1), value))
    at += 2
    strayBrace = close
  }

  /// Called between a word and `-1a2b…`: where an id ends that stands without quotes; nil for a difference.
  func endOfBareID() -> Int? {
    var end = at + 1
    while isDigit(byte(at: end)) { end += 1 }
    let unit = end
    while isWordByte(byte(at: end)) { end += 1 }
    guard end > unit, Lexer.milliseconds(in: text(unit, end)) == nil, !Lexer.isQuantity(text(unit, end)) else {
      return nil
    }
    while byte(at: end) == UInt8(ascii: "-"), isWordByte(byte(at: end + 1)) {
      end += 1
      while isWordByte(byte(at: end)) { end += 1 }
    }
    return end
  }

  mutating func lexBareID(_ start: Int, _ end: Int) {
    let id = text(start, end)
    report(
      .unexpectedToken, start, end, "'\(id)' is a text and stands in quotes", hint: "write '\"\(id)\"'",
      fix: Fix("write '\"\(id)\"'", Span(source, start, end), "\"\(id)\""))
    at = end
    append(.text, start, end, flags: .isBroken)
  }

  private mutating func lexMeant(_ word: String, _ kind: TokenKind) {
    reportUnknown(1, hint: "write '\(word)'", replacement: word)
    lexSign(kind, 1)
  }

  /// A run of characters without a meaning is one problem.
  private mutating func lexUnknownRun() {
    let start = at
    at += scalar(at: at).length
    if bytes[start] >= 0x80 {
      while at < bytes.count, bytes[at] >= 0x80 {
        let (value, length) = scalar(at: at)
        if Confusable(value) != nil || Confusable.isQuote(value) { break }
        at += length
      }
    } else {
      while at < bytes.count, bytes[at] == bytes[start] { at += 1 }
    }
    let isLetters = bytes[start] >= 0x80 && !isReplaced(start)
    // Where the bytes are no text at all, that has been reported.
    if bytes[start] >= 0x80, !isLetters { return }
    report(
      .unknownCharacter, start, at, "\(characterName(start, at)) is not of the language",
      hint: isLetters ? "names have letters a-z, digits and '_'; other letters stand in texts: \"…\"" : nil)
    if isLetters { append(.word, start, at) } else { hasSkipped = true }
  }

  private mutating func lexSmartText() {
    let start = at
    report(
      .unknownCharacter, start, start + 3, "\(characterName(start, start + 3)) is not of the language",
      hint: "write '\"'", fix: straightQuotes(start))
    lexTextPiece(from: start, contentFrom: start + 3, opener: start, .smart, isFirst: true)
  }

  /// Straight quotes for the smart one at an offset and its partner, where it is plain which that is.
  private func straightQuotes(_ start: Int) -> Fix? {
    var partner = start + 3
    while partner < bytes.count, bytes[partner] != UInt8(ascii: "\n"), bytes[partner] != UInt8(ascii: "\"") {
      let (value, length) = scalar(at: partner)
      if Confusable.isQuote(value) {
        return Fix(
          "write '\"'",
          [Fix.Edit(Span(source, start, start + 3), "\""), Fix.Edit(Span(source, partner, partner + 3), "\"")])
      }
      partner += length
    }
    return nil
  }

  /// `'''` over several lines, as Python has it: one problem, and a text all the same.
  private mutating func lexTripleSingleQuoted() {
    let start = at
    at += 3
    while at < bytes.count, !bytes[at...].starts(with: [0x27, 0x27, 0x27]) { at += 1 }
    let isClosed = at < bytes.count
    at = min(bytes.count, at + 3)
    let edits = [Fix.Edit(Span(source, start, start + 3), "\"\"\""), Fix.Edit(Span(source, at - 3, at), "\"\"\"")]
    report(
      .unknownCharacter, start, start + 3, "a text of several lines does not stand in single quotes",
      hint: "write it in \"\"\"…\"\"\"", fix: isClosed && at >= start + 6 ? Fix("write '\"\"\"'", edits) : nil)
    append(.text, start, at, flags: .isBroken)
  }

  /// `'text'`, as other languages write it: one problem, and a text all the same.
  private mutating func lexSingleQuoted(_ length: Int) {
    if bytes[at...].starts(with: [0x27, 0x27, 0x27]) { return lexTripleSingleQuoted() }
    let start = at
    at += length
    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
      let (value, step) = scalar(at: at)
      if value == 0x27 || value == 0x2018 || value == 0x2019 {
        let content = text(start + length, at)
        at += step
        let isPlain = !content.contains { $0 == "\"" || $0 == "\\" } && !content.contains("${")
        report(
          .unknownCharacter, start, start + length, "a text does not stand in single quotes",
          hint: "write it in \"…\"",
          fix: isPlain ? Fix("write it in \"…\"", Span(source, start, at), "\"\(content)\"") : nil)
        return append(.text, start, at, flags: .isBroken)
      }
      at += step
    }
    at = start
    reportUnknown(length, hint: "a text stands in \"…\"")
    at += length
  }

  private func characterName(_ lower: Int, _ upper: Int) -> String {
    let shown = text(lower, upper)
    guard shown.unicodeScalars.count == 1, let scalar = shown.unicodeScalars.first else { return "'\(shown)'" }
    switch scalar.properties.generalCategory {
    case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "the character U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    default: return "'\(shown)'"
    }
  }

  private func isReplaced(_ offset: Int) -> Bool { scalar(at: offset).value == 0xFFFD }

  /// The character at an offset and its length in bytes; U+FFFD of length 1 where the bytes are not UTF-8.
  func scalar(at offset: Int) -> (value: UInt32, length: Int) {
    let first = byte(at: offset)
    let length =
      switch first {
      case 0..<0x80: 1
      case 0xC2..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0..<0xF5: 4
      default: 0
      }
    if length == 1 { return (UInt32(first), 1) }
    guard length > 0, offset + length <= bytes.count else { return (0xFFFD, 1) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in bytes[(offset + 1)..<(offset + length)] {
      guard next & 0xC0 == 0x80 else { return (0xFFFD, 1) }
      value = value << 6 | UInt32(next & 0x3F)
    }
    let isShortest = length == 2 || (length == 3 && value >= 0x800) || (length == 4 && value >= 0x10000)
    guard isShortest, UnicodeScalar(value) != nil else { return (0xFFFD, 1) }
    return (value, length)
  }

  /// Reports the first place that is not UTF-8.
  mutating func checkUTF8() {
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] < 0x80 {
        offset += 1
        continue
      }
      let (value, length) = scalar(at: offset)
      if value == 0xFFFD, length == 1 {
        let message = "the bytes from here on are not UTF-8"
        return report(.notUTF8, offset, offset + 1, message, hint: "save the file as UTF-8")
      }
      offset += length
    }
  }
}
