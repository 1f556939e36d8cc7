import Diagnostics

/// The tokens of one text, ending in an `.end` token, and the comments between them.
struct LexedText: Sendable {
  var tokens: [Token] = []
  var comments: [Comment] = []
  var diagnostics: [Diagnostic] = []
}

/// UTF-8 bytes to tokens. Total: every byte belongs to a token, a comment, blanks or a reported problem.
struct Lexer {
  /// Past this many problems no more are kept: nobody reads them, and memory stays bounded.
  static let maximumProblemCount = 1000

  /// A `${` whose `}` is still to come.
  struct Hole {
    /// Where its `${` stands.
    let start: Int
    let quote: Quote
    var openBraces = 0
  }

  /// How the text around a hole was opened, hence what closes it.
  enum Quote { case plain, triple, smart }

  let source: SourceID
  let bytes: [UInt8]
  let keywords = KeywordTable.shared
  var at = 0
  var startsLine = true
  var hasSkipped = false
  /// Where the `}` stands that closes a `${` outside of a text; -1 when there is none.
  var strayBrace = -1
  var holes: [Hole] = []
  var result = LexedText()

  static func lex(_ file: SourceFile, id: SourceID) -> LexedText {
    var lexer = Lexer(source: id, bytes: file.bytes)
    guard file.bytes.count <= SourceFile.maximumByteCount else {
      lexer.report(
        .textTooLong, 0, 0,
        "the text is \(file.bytes.count) bytes long; at most \(SourceFile.maximumByteCount) are read",
        hint: "split it into several runbooks")
      lexer.append(.end, 0, 0)
      return lexer.result
    }
    lexer.checkUTF8()
    lexer.lexAll()
    return lexer.result
  }

  private init(source: SourceID, bytes: [UInt8]) {
    self.source = source
    self.bytes = bytes
  }

  private mutating func lexAll() {
    result.tokens.reserveCapacity(bytes.count / 4 + 1)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    while at < bytes.count {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
      case UInt8(ascii: "\n"): lexLineEnd()
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): lexWord()
      case UInt8(ascii: "0")...UInt8(ascii: "9"): lexNumber()
      case UInt8(ascii: "\""): lexText()
      case UInt8(ascii: "/") where self.byte(at: at + 1) == UInt8(ascii: "/"): lexLineComment()
      case UInt8(ascii: "/") where self.byte(at: at + 1) == UInt8(ascii: "*"): lexBlockComment()
      default: lexPunctuation(byte)
      }
    }
    closeHoles()
    append(.end, bytes.count, bytes.count)
  }

  /// The byte at an offset; 0 past the end.
  func byte(at offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  mutating func append(
    _ kind: TokenKind, _ lower: Int, _ upper: Int, keyword: Keyword? = nil, flags: Token.Flags = []
  ) {
    var flags = flags
    if startsLine { flags.insert(.startsLine) }
    if hasSkipped { flags.insert(.followsUnknown) }
    startsLine = false
    hasSkipped = false
    result.tokens.append(
      Token(kind: kind, keyword: keyword, flags: flags, lower: Int32(lower), upper: Int32(upper)))
  }

  mutating func report(
    _ code: DiagnosticCode, _ lower: Int, _ upper: Int, _ message: String, hint: String? = nil, fix: Fix? = nil
  ) {
    guard result.diagnostics.count < Lexer.maximumProblemCount else { return }
    let fixes = fix.map { [$0] } ?? []
    result.diagnostics.append(Diagnostic(code, Span(source, lower, upper), message, hint: hint, fixes: fixes))
  }

  func text(_ lower: Int, _ upper: Int) -> String { String(decoding: bytes[lower..<upper], as: UTF8.self) }

  private mutating func lexLineEnd() {
    if holes.isEmpty {
      at += 1
      startsLine = true
    } else {
      closeHoles()
    }
  }

  private mutating func lexWord() {
    let start = at
    at += 1
    while at < bytes.count, isWordByte(bytes[at]) { at += 1 }
    if byte(at: at) == UInt8(ascii: "-"), isDigit(byte(at: at + 1)), let end = endOfBareID() {
      return lexBareID(start, end)
    }
    append(.word, start, at, keyword: keywords.keyword(in: bytes, start, at))
  }

  private mutating func lexPunctuation(_ byte: UInt8) {
    let next = self.byte(at: at + 1)
    switch byte {
    case UInt8(ascii: "("): lexSign(.leftParenthesis, 1)
    case UInt8(ascii: ")"): lexSign(.rightParenthesis, 1)
    case UInt8(ascii: "["): lexSign(.leftBracket, 1)
    case UInt8(ascii: "]"): lexSign(.rightBracket, 1)
    case UInt8(ascii: "{"): lexSign(.leftBrace, 1)
    case UInt8(ascii: "}") where at == strayBrace: at += 1
    case UInt8(ascii: "}"): lexSign(.rightBrace, 1)
    case UInt8(ascii: ","): lexSign(.comma, 1)
    case UInt8(ascii: ":"): lexSign(.colon, 1)
    case UInt8(ascii: "?"): lexSign(.question, 1)
    case UInt8(ascii: "+"): lexSign(.plus, 1)
    case UInt8(ascii: "-"): lexSign(.minus, 1)
    case UInt8(ascii: "*"): lexSign(.star, 1)
    case UInt8(ascii: "/"): lexSign(.slash, 1)
    case UInt8(ascii: "%"): lexSign(.percent, 1)
    case UInt8(ascii: "<"): next == UInt8(ascii: "=") ? lexSign(.lessOrEqual, 2) : lexSign(.less, 1)
    case UInt8(ascii: ">"): next == UInt8(ascii: "=") ? lexSign(.greaterOrEqual, 2) : lexSign(.greater, 1)
    case UInt8(ascii: "!"): next == UInt8(ascii: "=") ? lexSign(.notEqual, 2) : lexSign(.bang, 1)
    case UInt8(ascii: "&") where next == byte: lexSign(.doubleAmpersand, 2)
    case UInt8(ascii: "|") where next == byte: lexSign(.doubleBar, 2)
    case UInt8(ascii: "="): lexEquals(next)
    case UInt8(ascii: "."): lexDots(next)
    default: lexUnknown(byte)
    }
  }

  private mutating func lexEquals(_ next: UInt8) {
    if next == UInt8(ascii: "=") {
      lexSign(.equal, 2)
    } else if next == UInt8(ascii: ">") {
      lexSign(.arrow, 2)
    } else {
      lexSign(.assign, 1)
    }
  }

  private mutating func lexDots(_ next: UInt8) {
    guard next == UInt8(ascii: ".") else { return lexSign(.dot, 1) }
    if byte(at: at + 2) == UInt8(ascii: ".") { return lexSign(.dots, 3) }
    report(
      .unknownCharacter, at, at + 2, "'..' is not of the language", hint: "a range is written with three dots: 1...8",
      fix: Fix("write '...'", Span(source, at, at + 2), "..."))
    lexSign(.dots, 2)
  }

  /// One sign of the language; a `}` may end a hole, and then the text goes on.
  mutating func lexSign(_ kind: TokenKind, _ length: Int) {
    if let last = holes.indices.last {
      if kind == .leftBrace { holes[last].openBraces += 1 }
      if kind == .rightBrace {
        if holes[last].openBraces == 0 { return lexTextAfterHole(length) }
        holes[last].openBraces -= 1
      }
    }
    append(kind, at, at + length)
    at += length
  }

  private mutating func lexLineComment() {
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    let isDocumentation = byte(at: start + 2) == UInt8(ascii: "/") && byte(at: start + 3) != UInt8(ascii: "/")
    addComment(isDocumentation ? .documentation : .line, start)
  }

  private mutating func lexBlockComment() {
    let start = at
    var depth = 0
    repeat {
      if bytes[at] == UInt8(ascii: "/"), byte(at: at + 1) == UInt8(ascii: "*") {
        depth += 1
        at += 2
      } else if bytes[at] == UInt8(ascii: "*"), byte(at: at + 1) == UInt8(ascii: "/") {
        depth -= 1
        at += 2
      } else {
        if bytes[at] == UInt8(ascii: "\n") {
          // A hole ends with its line, and so does a comment in it; the hole's problem is reported there.
          if !holes.isEmpty { return addComment(.block, start) }
          startsLine = true
        }
        at += 1
      }
    } while depth > 0 && at < bytes.count
    if depth > 0 { report(.unclosedComment, start, start + 2, "this comment is not closed", hint: "it ends with '*/'") }
    addComment(.block, start)
  }

  private mutating func addComment(_ form: Comment.Form, _ start: Int) {
    var before = start
    while before > 0, isBlank(bytes[before - 1]) { before -= 1 }
    let startsLine = before == 0 || bytes[before - 1] == UInt8(ascii: "\n")
    var end = at
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    result.comments.append(
      Comment(
        form: form, startsLine: startsLine, lower: Int32(start), upper: Int32(end),
        tokenIndex: Int32(result.tokens.count)))
  }
}

func isWordByte(_ byte: UInt8) -> Bool {
  (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}
