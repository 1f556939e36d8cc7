import Diagnostics

extension Parser {
  /// Whether a statement begins here for certain, so that an open bracket before it must have been forgotten.
  var isAtStatement: Bool {
    guard token.startsLine, let keyword = token.keyword, keyword.beginsStatement else { return false }
    switch next.kind {
    case .word: return !next.startsLine && !(next.keyword?.joinsValues ?? false)
    case .text, .textHead, .leftBrace, .int, .duration: return !next.startsLine
    case .float, .quantity, .version, .cidr, .textMiddle, .textTail, .leftParenthesis, .rightParenthesis, .leftBracket,
      .rightBracket, .rightBrace, .comma, .colon, .dot, .dots, .question, .assign, .arrow, .equal, .notEqual, .less,
      .lessOrEqual,
      .greater, .greaterOrEqual, .plus, .minus, .star, .slash, .percent, .doubleAmpersand, .doubleBar, .bang, .end:
      return false
    }
  }

  /// `name.Name(` on a new line. After a comma it may be an element; after a value it begins a statement.
  private var isAtCall: Bool {
    guard token.startsLine, kind == .word, index + 3 < tokens.count, tokens[index + 1].kind == .dot,
      tokens[index + 3].kind == .leftParenthesis
    else {
      return false
    }
    return isAction(tokens[index + 2])
  }

  func isAction(_ token: Token) -> Bool {
    token.kind == .word && bytes[Int(token.lower)] &- UInt8(ascii: "A") < 26
  }

  /// Skips to the closer of the bracket at hand, which is left for the caller, or to the next statement.
  mutating func skipNested() { skip { parser in parser.isAtStatement || parser.isAtCall } }

  /// What stands here nests too deep.
  mutating func skippedExpression() -> Expression {
    skipNested()
    return missingExpression()
  }

  /// Skips to the next comma or closer of the bracket at hand, or to the next statement.
  mutating func skipElement() { skip { parser in parser.kind == .comma || parser.isAtStatement || parser.isAtCall } }

  /// Skips to the end of the statement: the next line that is not inside brackets.
  mutating func skipStatement() { skip { parser in parser.token.startsLine } }

  /// Skips to the `}` of the block at hand.
  mutating func skipBlock() {
    var open = 0
    while !isAtEnd {
      if kind == .leftBrace { open += 1 }
      if kind == .rightBrace {
        if open == 0 { return }
        open -= 1
      }
      advance()
    }
  }

  /// Stops before a closer of an outer bracket, and before a statement where a bracket has been forgotten. Blocks on
  /// the way are parsed, for the problems inside them.
  private mutating func skip(until isDone: (borrowing Parser) -> Bool) {
    var open = 0
    while !isAtEnd {
      if open == 0 ? isDone(self) : isAtStatement || isAtCall { return }
      if kind == .leftBrace, next.startsLine, beginsBlock(index + 1), depth < RunbookParser.maximumDepth {
        _ = parseBlock("'{'")
        continue
      }
      if kind.isOpener { open += 1 }
      if kind.isCloser {
        if open == 0 { return }
        open -= 1
      }
      advance()
    }
  }

  /// Whether the tokens after a brace read as statements, not as entries of a record.
  private func beginsBlock(_ first: Int) -> Bool {
    guard tokens[first].kind == .word, first + 1 < tokens.count else { return false }
    if let keyword = tokens[first].keyword, keyword.beginsStatement || keyword == .if {
      return tokens[first + 1].kind != .colon
    }
    return tokens[first + 1].kind == .dot
  }

  /// Reports what stands between the end of a statement and the end of its line, and skips it.
  mutating func expectLineEnd(after what: String) {
    if isAtEnd || kind == .rightBrace || token.startsLine { return }
    reportExpected("the end of the line after \(what)", hint: hintForExtra())
    skipStatement()
  }

  private func hintForExtra() -> String? {
    switch kind {
    case .assign: "a value gets its name with 'let name = value'; it does not change afterwards"
    case .colon: "blocks stand in braces: { … }"
    case .comma: "statements are separated by line ends"
    case .word:
      switch token.keyword {
      case .retry, .undo, .irreversible, .keep: "'\(text(of: token))' belongs to an API call"
      case .until, .every, .within: "'\(text(of: token))' belongs to a 'wait' or, 'every', to a 'retry'"
      case .is: "'is' belongs to 'wait': wait x is RUNNING; values are compared with '=='"
      case .not where next.keyword == .in: "write 'not a in b'"
      default: nil
      }
    case .int, .float, .duration, .quantity, .version, .cidr, .text, .textHead, .textMiddle, .textTail,
      .leftParenthesis,
      .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .dot, .dots, .question, .arrow, .equal,
      .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash, .percent,
      .doubleAmpersand, .doubleBar, .bang, .end:
      nil
    }
  }

  // MARK: Brackets

  /// Consumes the opener at hand.
  mutating func open(_ bracket: OpenBracket) {
    openBrackets.append(bracket)
    advance()
  }

  /// Consumes the closer of the bracket that began at `opener`, or reports that it is missing. A different closer is
  /// taken for a slip unless it ends an outer bracket.
  mutating func close(_ wanted: TokenKind, opener: Int, _ what: String) {
    if !openBrackets.isEmpty { openBrackets.removeLast() }
    if maybe(wanted) { return }
    let sign = wanted == .rightParenthesis ? ")" : wanted == .rightBracket ? "]" : "}"
    let place = kind.isCloser ? tokenSpan : previousEnd
    reportWithOpener(place, "expected '\(sign)' to close \(what)", opener)
    if kind.isCloser, !endsOuterBracket { advance() }
  }

  private mutating func reportWithOpener(_ place: Span, _ message: String, _ opener: Int) {
    let count = diagnostics.count
    report(.unexpectedToken, place, message)
    guard diagnostics.count > count, let last = diagnostics.popLast() else { return }
    let note = DiagnosticNote("it is opened here", span(of: tokens[opener]))
    diagnostics.append(Diagnostic(last.code, last.span, last.message, hint: last.hint, notes: [note]))
  }

  private var endsOuterBracket: Bool {
    switch kind {
    case .rightParenthesis: openBrackets.contains(.parenthesis)
    case .rightBracket: openBrackets.contains(.square)
    default: openBrackets.contains { $0 == .record || $0 == .block }
    }
  }

  /// Between two elements: consumes a comma; false when the elements are at an end. A forgotten comma is reported.
  mutating func maybeSeparator(_ closer: TokenKind, _ what: String) -> Bool {
    if maybe(.comma) { return true }
    if kind.isCloser || isAtEnd || isAtStatement || isAtCall { return false }
    if beginsElement {
      report(.unexpectedToken, previousEnd, "expected ',' between \(what)", fix: Fix("put ',' here", previousEnd, ","))
      return true
    }
    reportExpected("',' or '\(closer == .rightParenthesis ? ")" : closer == .rightBracket ? "]" : "}")' after \(what)")
    skipElement()
    return maybe(.comma)
  }

  private var beginsElement: Bool {
    switch kind {
    case .word: token.keyword.map { !$0.isReserved || next.kind == .colon } ?? true || isValueWord
    case .int, .float, .duration, .quantity, .cidr, .text, .textHead, .leftBracket, .leftBrace, .leftParenthesis: true
    case .version, .textMiddle, .textTail, .rightParenthesis, .rightBracket, .rightBrace, .comma, .colon, .dot, .dots,
      .question, .assign, .arrow, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus,
      .star,
      .slash, .percent, .doubleAmpersand, .doubleBar, .bang, .end:
      false
    }
  }

  private var isValueWord: Bool { isAt(.true) || isAt(.false) || isAt(.null) || isAt(.it) || isAt(.not) || isAt(.if) }
}
