import Diagnostics

extension Parser {
  /// `{ … }` with statements.
  mutating func parseBlock(_ what: @autoclosure () -> String) -> Block {
    let opener = index
    guard kind == .leftBrace else {
      reportExpected(what(), hint: isAtLineEnd ? nil : "blocks stand in braces: { … }")
      if kind == .colon || !isAtLineEnd { skipStatement() }
      return Block(statements: [], span: previousEnd)
    }
    mark(.block, at: opener)
    open(.block)
    let statements = nested(
      or: { parser -> [Statement] in
        parser.skipBlock()
        return []
      }, { $0.parseStatements() })
    close(.rightBrace, opener: opener, "the block")
    return Block(statements: statements, span: span(from: opener))
  }

  private mutating func parseStatements() -> [Statement] {
    var statements: [Statement] = []
    while kind != .rightBrace, !isAtEnd {
      let first = index
      if let statement = parseStatement() { statements.append(statement) }
      if index == first { advance() }
    }
    return statements
  }

  /// Nil for a declaration, which goes to the file's parts. A statement behind the arrow of a case has no line of its
  /// own, and the case ends it.
  mutating func parseStatement(isOwnLine: Bool = true) -> Statement? {
    beginLine()
    let start = index
    defer { if isOwnLine { notePart(from: start) } }
    if isAtDeclaration {
      parseDeclaration()
      return nil
    }
    let first = index
    if isOwnLine { mark(.line, at: first) }
    let kind = parseStatementKind()
    let span = span(from: first)
    if isOwnLine { expectLineEnd(after: "the statement") }
    return Statement(id: newNode(), kind: kind, span: span)
  }

  private mutating func parseStatementKind() -> Statement.Kind {
    guard kind == .word else { return parseOddStatement() }
    switch token.keyword {
    case .let: return parseBinding()
    case .if: return .when(parseIf())
    case .match: return .match(parseMatch())
    case .parallel where next.kind == .leftBrace: return parseParallelBlock()
    case .each, .parallel, .wait: return .effect(parseEffectful("a value"))
    case .attempt, .timeout, .approve:
      return isAtBlockEffect ? .effect(parseEffectful("a value")) : parseOddStatement()
    case .notify where isAtOperand: return parseNotify()
    case .for: return .effect(parseEffectful("a value"))
    case .give where isAtOperand: return .give(parseOperandOnLine("a value after 'give'"))
    case .commit where isAtOperand: return .commit(parseOperandOnLine("a reason after 'commit'"))
    case .fail where isAtOperand: return .fail(parseOperandOnLine("a reason after 'fail'"))
    case .output where isAtOperand: return parseOutput()
    case .assert where isAtOperand: return parseAssertion()
    case .rescue, .always:
      guard next.kind == .leftBrace || next.kind == .word && !next.startsLine else { return parseOddStatement() }
      report(.unexpectedToken, tokenSpan, "this '\(text(of: token))' belongs to no 'attempt'")
      while kind != .leftBrace, !isAtEnd, !next.startsLine { advance() }
      return kind == .leftBrace ? parseOrphanBlock() : .missing
    case .else:
      report(.unexpectedToken, tokenSpan, "this 'else' belongs to no 'if'")
      advance()
      return kind == .leftBrace ? parseOrphanBlock() : .missing
    default: return parseOddStatement()
    }
  }

  /// A block that nothing sensible stands before.
  mutating func parseOrphanBlock() -> Statement.Kind {
    let first = index
    let condition = missingExpression()
    let block = parseBlock("'{'")
    return .when(plainIf(condition, block, from: first))
  }

  /// Whether the word at hand is followed by what the statement it begins is about; else the word is a name.
  var isAtOperand: Bool {
    next.startsLine || next.kind != .dot && next.kind != .assign
  }

  private mutating func parseOperandOnLine(_ what: @autoclosure () -> String) -> Expression {
    advance()
    return parseExpressionOnLine(what())
  }

  private mutating func parseBinding() -> Statement.Kind {
    advance()
    let name = expectFreeName("a name after 'let'")
    return .binding(name: name, value: parseBoundValue(name))
  }

  /// `= value` after a name that a statement binds.
  private mutating func parseBoundValue(_ name: Name) -> Effectful {
    if kind == .colon || kind == .equal {
      let hint = kind == .colon ? "a type is not written here: let \(name.text) = …" : nil
      let hasType =
        kind == .colon && next.kind == .word && index + 2 < tokens.count && tokens[index + 2].kind == .assign
      let upper = hasType ? Int(next.upper) : Int(token.upper)
      let place = Span(source, Int(name.span.upper), upper)
      reportExpected(
        "'=' after the name '\(name.text)'", hint: hint,
        fix: Fix(hasType ? "leave the type out" : "write '='", place, hasType ? "" : " ="))
      index += hasType ? 3 : 1
    } else if !maybe(.assign) {
      if name.text.isEmpty {
        skipStatement()
        return .pure(missingExpression())
      }
      reportExpected("'=' after the name '\(name.text)'")
      if isAtLineEnd { return .pure(missingExpression()) }
    }
    return parseEffectful("a value after '='")
  }

  private mutating func parseOutput() -> Statement.Kind {
    advance()
    guard !isAtLineEnd else {
      reportExpected("a name after 'output'")
      return .missing
    }
    let name = expectName("a name after 'output'", hint: "an output is written output name = value")
    if kind == .colon {
      reportExpected("'=' after the name '\(name.text)'", fix: replacement(" =", gap: true))
      advance()
    } else if !maybe(.assign) {
      reportExpected("'=' after the name '\(name.text)'", hint: "an output is written output name = value")
      if isAtLineEnd || name.text.isEmpty { return .output(name: name, value: missingExpression()) }
    }
    return .output(name: name, value: parseExpressionOnLine("a value after '='"))
  }

  private mutating func parseAssertion() -> Statement.Kind {
    advance()
    guard !isAtLineEnd else {
      reportExpected("a condition after 'assert'")
      return .assert(condition: missingExpression(), message: nil)
    }
    let condition = parseCondition("a condition after 'assert'")
    return .assert(condition: condition, message: maybeMessage())
  }

  /// `else "why"` behind a condition
  mutating func maybeMessage() -> Expression? {
    let first = index
    guard isAtElse || kind == .comma else { return nil }
    if kind == .comma { reportExpected("'else' before the message", fix: replacement(" else", gap: true)) }
    mark(.mayBreak, at: index)
    advance()
    let message = parseExpressionOnLine("a text after 'else'")
    groupWithGap(from: first)
    return message
  }

  /// An `else` that is not a case of the `match` around it.
  var isAtElse: Bool { isAt(.else) && next.kind != .arrow }

  mutating func parseIf() -> If {
    let first = index
    advance()
    let condition = parseBeforeBlock("a condition after 'if'")
    if isAt(.then) {
      let hint = "the statement has blocks: if … { … } else { … }"
      report(.unexpectedToken, tokenSpan, "'if … then … else' is a value and does not stand alone", hint: hint)
      skipStatement()
      return plainIf(condition, Block(statements: [], span: previousEnd), from: first)
    }
    var result = plainIf(condition, parseBlock("'{' after the condition"), from: first)
    if isAtElseIf {
      report(
        .unexpectedToken, tokenSpan, "'\(text(of: token))' is not of the language", hint: "write 'else if'",
        fix: Fix("write 'else if'", tokenSpan, "else if"))
      result.otherwise = .when(parseNestedIf())
    } else if isAtElse {
      advance()
      result.otherwise = isAt(.if) ? .when(parseNestedIf()) : .block(parseBlock("'{' after 'else'"))
    }
    result.span = span(from: first)
    return result
  }

  private mutating func parseNestedIf() -> If {
    nested(
      or: { parser in
        let first = parser.index
        parser.skipStatement()
        let nothing = Block(statements: [], span: parser.previousEnd)
        return parser.plainIf(parser.missingExpression(), nothing, from: first)
      }, { $0.parseIf() })
  }

  /// An `if` without an `else`; also what a block becomes that nothing sensible stands before.
  func plainIf(_ condition: Expression, _ block: Block, from first: Int) -> If {
    If(condition: condition, then: block, otherwise: nil, span: span(from: first))
  }

  private var isAtElseIf: Bool {
    kind == .word && token.keyword == nil && ["elif", "elseif", "elsif"].contains(text(of: token))
  }
}
