import Diagnostics

extension Parser {
  // MARK: attempt, timeout

  /// `attempt { … } rescue err keep { … } always { … }`
  mutating func parseAttempt() -> Effectful {
    let first = index
    var attempt = Attempt(id: newNode(), body: Block(statements: [], span: previousEnd), span: tokenSpan)
    advance()
    attempt.body = parseBlock("'{' after 'attempt'")
    while isAt(.rescue) || isAt(.always) {
      let word = text(of: token)
      if isAt(.rescue) ? attempt.rescue != nil : attempt.always != nil {
        report(.duplicateModifier, tokenSpan, "'\(word)' stands on this attempt a second time")
      } else if isAt(.rescue), attempt.always != nil {
        report(.unexpectedToken, tokenSpan, "'rescue' stands before 'always'")
      }
      advance()
      if word == "rescue" {
        attempt.rescue = parseRescue()
      } else {
        attempt.always = parseBlock("'{' after 'always'")
      }
    }
    if attempt.rescue == nil, attempt.always == nil {
      reportExpected("'rescue' or 'always' after the block", hint: "attempt { … } rescue err { … }")
    }
    attempt.span = span(from: first)
    return .attempt(attempt)
  }

  /// `err keep { … }`
  private mutating func parseRescue() -> Attempt.Rescue {
    var name: Name?
    if kind == .word, !(isAt(.keep) && next.kind == .leftBrace), !isAtLineEnd {
      name = expectFreeName("a name after 'rescue'")
    }
    let keepsWork = maybe(.keep)
    return Attempt.Rescue(name: name, keepsWork: keepsWork, body: parseBlock("'{' after 'rescue'"))
  }

  /// `timeout 10min { … }`
  mutating func parseTimeout() -> Effectful {
    let first = index
    let id = newNode()
    advance()
    let limit = isAtLineEnd ? missingAfter("timeout", "a duration") : parseBeforeBlock("a duration after 'timeout'")
    let body = parseBlock("'{' after the duration")
    return .timeout(Timeout(id: id, limit: limit, body: body, span: span(from: first)))
  }

  private mutating func missingAfter(_ word: String, _ what: String) -> Expression {
    reportExpected("\(what) after '\(word)'")
    return missingExpression()
  }

  // MARK: approve, notify

  /// `approve "…" by role ops_lead, not requester, within 30min { … }`
  mutating func parseApprove() -> Effectful {
    let first = index
    let id = newNode()
    advance()
    let message =
      isAtLineEnd ? missingAfter("approve", "a text") : parseBeforeBlock("a text after 'approve' that says what for")
    var approve = Approve(
      id: id, message: message, approvers: [], excludesRequester: false, within: nil,
      body: Block(statements: [], span: previousEnd), span: message.span)
    let clauses = index
    parseApproveClauses(&approve)
    if clauses < index { groupWithGap(from: clauses) }
    approve.body = parseBlock("'{' and the steps that need the approval")
    approve.span = span(from: first)
    return .approve(approve)
  }

  private mutating func parseApproveClauses(_ approve: inout Approve) {
    var isFirst = true
    while isAt(.by) || isAt(.not) || isAt(.within) || kind == .comma {
      if kind == .comma {
        if isFirst { report(.unexpectedToken, tokenSpan, "no ',' stands before the first condition") }
        advance()
      } else if !isFirst {
        report(.unexpectedToken, previousEnd, "expected ',' between the conditions")
      }
      mark(.mayBreak, at: index)
      isFirst = false
      let isSecond =
        isAt(.by) ? !approve.approvers.isEmpty : isAt(.not) ? approve.excludesRequester : approve.within != nil
      if isSecond {
        report(.duplicateModifier, tokenSpan, "'\(text(of: token))' stands on this approval a second time")
      }
      if maybe(.by) {
        approve.approvers = parseApprovers()
      } else if maybe(.not) {
        let word = expectName("'requester' after 'not'")
        if word.text != "requester", !word.text.isEmpty {
          report(.unexpectedToken, word.span, "expected 'requester' after 'not', found '\(word.text)'")
        }
        approve.excludesRequester = true
      } else if maybe(.within) {
        approve.within = parseBeforeBlock("a duration after 'within'")
      } else {
        reportExpected("a condition after ','", hint: "an approval has 'by role …', 'not requester' and 'within 30min'")
        return
      }
    }
  }

  /// `role ops_lead or person "wang"`
  private mutating func parseApprovers() -> [Approve.Approver] {
    var approvers: [Approve.Approver] = []
    let hint = "for example by role ops_lead, or by person \"wang\""
    repeat {
      guard kind == .word, !isAtLineEnd, let kind = Approve.Approver.Kind(rawValue: text(of: token)) else {
        reportExpected("'role' or 'person'", hint: hint)
        if kind == .word, !isAtLineEnd { advance() }
        continue
      }
      advance()
      if self.kind == .text, !isAtLineEnd {
        approvers.append(Approve.Approver(kind: kind, name: Name(decodedText(of: token), tokenSpan)))
        advance()
      } else {
        approvers.append(Approve.Approver(kind: kind, name: expectName("a name after '\(kind.rawValue)'")))
      }
    } while maybe(.or)
    return approvers
  }

  /// `notify "text" to "channel"`
  mutating func parseNotify() -> Statement.Kind {
    advance()
    let message = parseExpressionOnLine("a text after 'notify'")
    let channel = maybe(.to) ? parseExpressionOnLine("a channel after 'to'") : nil
    return .notify(message: message, channel: channel)
  }

  // MARK: match

  /// `match value { "a" => …, … }` with statements behind the arrows, a case a line
  mutating func parseMatch() -> Match {
    let first = index
    advance()
    let subject = isAtLineEnd ? missingAfter("match", "a value") : parseBeforeBlock("a value after 'match'")
    var cases: [MatchCase<Block>] = []
    let opener = index
    if kind == .leftBrace {
      mark(.block, at: opener)
      open(.block)
      cases = nested(
        or: { parser in
          parser.skipBlock()
          return []
        }, { $0.parseCases() })
      close(.rightBrace, opener: opener, "the cases")
    } else {
      reportExpected("'{' and the cases after the value")
      skipStatement()
    }
    return Match(subject: subject, cases: cases, span: span(from: first))
  }

  private mutating func parseCases() -> [MatchCase<Block>] {
    var cases: [MatchCase<Block>] = []
    while kind != .rightBrace, !isAtEnd {
      let first = index
      beginLine()
      mark(.line, at: first)
      let pattern = parsePattern(of: &cases)
      expectCaseArrow()
      let body = kind == .leftBrace ? parseBlock("'{'") : parseSingleStatement()
      cases.append(MatchCase(pattern: pattern, body: body, span: span(from: first)))
      if kind == .comma {
        report(
          .unexpectedToken, tokenSpan, "expected the end of the line, found ','", hint: "a case stands on its line")
        advance()
      } else {
        expectLineEnd(after: "the case")
      }
      if index == first { advance() }
    }
    return cases
  }

  /// A value, or nil for `else`, which stands last.
  private mutating func parsePattern<Body>(of cases: inout [MatchCase<Body>]) -> Expression? {
    if let last = cases.last, last.pattern == nil {
      report(.unexpectedToken, last.span, "'else' is the last case: what follows it is never reached")
    }
    if isAtEnd || isAtLineEnd && !token.startsLine { return missingAfter("{", "a case") }
    return maybe(.else) ? nil : parseSimpleExpression("the value of a case, or 'else'")
  }

  private mutating func expectCaseArrow() {
    if kind == .colon || kind == .assign {
      reportExpected("'=>' after the value of the case")
      advance()
    } else {
      expect(.arrow, "'=>' after the value of the case", hint: "match isp { \"CTCC\" => …  else => … }")
    }
  }

  /// The one statement behind an arrow, as a block.
  private mutating func parseSingleStatement() -> Block {
    guard !isAtLineEnd, kind != .rightBrace else {
      reportExpected("a statement or '{' after '=>'")
      return Block(statements: [], span: previousEnd)
    }
    let statement = parseStatement(isOwnLine: false)
    return Block(statements: statement.map { [$0] } ?? [], span: statement?.span ?? previousEnd)
  }

  /// `match value { "a" => 1, else => 2 }`
  mutating func parseMatchValue(_ first: Int) -> Expression {
    advance()
    let subject = nested(or: { $0.skippedExpression() }, { $0.parseBeforeBlock("a value after 'match'") })
    var highest = height
    let opener = index
    guard kind == .leftBrace else {
      reportExpected("'{' and the cases after the value")
      return missingExpression()
    }
    mark(.record, at: opener)
    open(.record)
    var cases: [MatchCase<Expression>] = []
    let count = parseElements(.rightBrace, "the cases") { $0.parseValueCase(&cases) }.count
    highest = max(highest, height)
    close(.rightBrace, opener: opener, "the cases")
    if count == 0 { reportExpected("a case between the braces") }
    return grown(.match(subject, cases), span(from: first), over: highest)
  }

  private mutating func parseValueCase(_ cases: inout [MatchCase<Expression>]) {
    let first = index
    height = 0
    let pattern = parsePattern(of: &cases)
    let patternHeight = height
    expectCaseArrow()
    let value = parseExpression("a value after '=>'")
    height = max(height, patternHeight)
    cases.append(MatchCase(pattern: pattern, body: value, span: span(from: first)))
  }

  // MARK: parallel

  /// `parallel { … }`
  mutating func parseParallelBlock() -> Statement.Kind {
    advance()
    return .parallel(parseBlock("'{' after 'parallel'"))
  }
}
