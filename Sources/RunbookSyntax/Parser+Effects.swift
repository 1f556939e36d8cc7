import Diagnostics

extension Parser {
  /// What may stand after `let x =` or alone: an expression, or one effect.
  mutating func parseEffectful(_ what: @autoclosure () -> String) -> Effectful {
    if isAtStatement, !isAt(.wait), !isAt(.each), !isAt(.parallel), !isAtBlockEffect, !isAt(.match) {
      reportExpected(what())
      return .pure(missingExpression())
    }
    if isAt(.wait) { return parseWait() }
    if isAt(.each) || isAt(.parallel) { return parseLoop() }
    if isAtBlockEffect { return parseBlockEffect() }
    if isAt(.for) {
      let hint = "a loop is written each x in xs { … }, a list [for x in xs => x.Name]"
      report(
        .unexpectedToken, tokenSpan, "'for' begins only what stands in a list", hint: hint, fix: replacement("each"))
      return parseLoop()
    }
    let value = parseExpression(what())
    guard case .call(var call) = value.kind, call.span == value.span else { return .pure(value) }
    parseModifiers(&call)
    return .call(call)
  }

  /// `attempt {`, `timeout 10min`, `approve "…"`; elsewhere the words are names.
  var isAtBlockEffect: Bool {
    switch token.keyword {
    case .attempt: return next.kind == .leftBrace
    case .timeout, .approve:
      return !next.startsLine && (isValueStart(next) || next.kind == .leftBrace)
    default: return false
    }
  }

  private func isValueStart(_ token: Token) -> Bool {
    switch token.kind {
    case .word: !(token.keyword?.joinsValues ?? false)
    case .int, .float, .duration, .quantity, .text, .textHead: true
    case .version, .cidr, .textMiddle, .textTail, .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket,
      .leftBrace, .rightBrace, .comma, .colon, .dot, .dots, .question, .assign, .arrow, .equal, .notEqual, .less,
      .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash, .percent, .doubleAmpersand, .doubleBar,
      .bang, .end:
      false
    }
  }

  private mutating func parseBlockEffect() -> Effectful {
    if isAt(.attempt) { return parseAttempt() }
    return isAt(.timeout) ? parseTimeout() : parseApprove()
  }

  // MARK: Modifiers

  /// `retry …`, `undo { … }`, `irreversible "why"`, `keep "why"`: in any order, each once.
  private mutating func parseModifiers(_ call: inout Call) {
    let first = index
    while let keyword = token.keyword {
      let isSecond: Bool
      switch keyword {
      case .retry: isSecond = call.retry != nil
      case .undo: isSecond = call.undo != nil
      case .irreversible: isSecond = call.irreversible != nil
      case .keep: isSecond = call.keep != nil
      default:
        groupWithGap(from: first)
        return
      }
      if isSecond {
        report(.duplicateModifier, tokenSpan, "'\(keyword.rawValue)' stands on this call a second time")
      }
      mark(.mayBreak, at: index)
      let start = index
      advance()
      switch keyword {
      case .retry: call.retry = parseRetry(start)
      case .undo: call.undo = parseBlock("'{' after 'undo'")
      case .irreversible: call.irreversible = parseExpressionOnLine("a reason after 'irreversible'")
      default: call.keep = parseExpressionOnLine("a reason after 'keep'")
      }
      call.span = call.span.union(span(from: start))
    }
    groupWithGap(from: first)
  }

  /// `on CODE, CODE every 30s up to 2`
  private mutating func parseRetry(_ first: Int) -> Retry {
    var retry = Retry(codes: [], span: span(from: first))
    expect(.on, "'on' after 'retry'", hint: "name the error codes: retry on ResourceInsufficient every 30s up to 2")
    repeat {
      guard kind == .word, !isAtLineEnd, !isAt(.every), !isAt(.up) else {
        reportExpected("an error code")
        break
      }
      retry.codes.append(parseDottedWords())
    } while maybe(.comma)
    while isAt(.every) || isAt(.up) {
      let isSecond = isAt(.every) ? retry.every != nil : retry.upTo != nil
      if isSecond { report(.duplicateModifier, tokenSpan, "'\(text(of: token))' stands here a second time") }
      if maybe(.every) {
        retry.every = parseExpressionOnLine("a duration after 'every'")
      } else {
        advance()
        expect(.to, "'to' after 'up'")
        retry.upTo = parseExpressionOnLine("a number after 'up to'")
      }
    }
    retry.span = span(from: first)
    return retry
  }

  // MARK: Wait

  private mutating func parseWait() -> Effectful {
    let first = index
    let id = newNode()
    advance()
    if isAtLineEnd {
      reportExpected("a resource or a call after 'wait'")
      return .pure(missingExpression())
    }
    let subject = parseExpression("a resource or a call after 'wait'")
    let clauses = index
    guard let kind = parseWaitKind(subject) else {
      skipStatement()
      return .pure(missingExpression())
    }
    var wait = Wait(id: id, kind: kind, span: subject.span)
    parseWaitClauses(&wait)
    if clauses < index { groupWithGap(from: clauses) }
    wait.span = span(from: first)
    return .wait(wait)
  }

  private mutating func parseWaitKind(_ subject: Expression) -> Wait.Kind? {
    if isAt(.is) {
      advance()
      if isAtLineEnd {
        reportExpected("a state after 'is'")
        return nil
      }
      return .state(of: subject, state: expectName("a state after 'is'", hint: "for example RUNNING, or done"))
    }
    if isAt(.until) {
      mark(.mayBreak, at: index)
      guard case .call(let call) = subject.kind, call.span == subject.span else {
        report(
          .unexpectedToken, subject.span, "'wait … until' needs an API call that reads",
          hint: "for example wait ecm.DescribeInstances(…) until all(it.InstanceSet)")
        return nil
      }
      advance()
      if isAtLineEnd { reportExpected("a condition after 'until'") }
      return .until(call: call, condition: parseCondition("a condition after 'until'"))
    }
    if case .binary(.equal, let left, let right) = subject.kind {
      let sign = Span(source, Int(left.span.upper), Int(right.span.lower))
      report(
        .unexpectedToken, sign, "a state is awaited with 'is', not compared", hint: "wait x is RUNNING",
        fix: Fix("write 'is'", sign, " is "))
      return nil
    }
    reportExpected("'is' and a state, or 'until' and a condition", hint: waitHint(subject))
    return nil
  }

  private func waitHint(_ subject: Expression) -> String? {
    switch subject.kind {
    case .duration: "Belay does not sleep: it waits for something, at most so long: wait x is RUNNING within 5min"
    default: nil
    }
  }

  /// `every D`, `within D`, `else fail "why"`
  private mutating func parseWaitClauses(_ wait: inout Wait) {
    var followsTime = false
    while isAt(.every) || isAt(.within) || isAtElse {
      let isElse = isAtElse
      let isSecond = isElse ? wait.otherwise != nil : isAt(.every) ? wait.every != nil : wait.within != nil
      if isSecond { report(.duplicateModifier, tokenSpan, "'\(text(of: token))' stands on this wait a second time") }
      if isElse || !followsTime { mark(.mayBreak, at: index) }
      followsTime = !isElse
      if maybe(.every) {
        wait.every = parseExpressionOnLine("a duration after 'every'")
      } else if maybe(.within) {
        wait.within = parseExpressionOnLine("a duration after 'within'")
      } else {
        advance()
        expect(.fail, "'fail' after 'else'", hint: "a wait that ends without success fails: else fail \"why\"")
        wait.otherwise = parseExpressionOnLine("a reason after 'fail'")
      }
    }
  }

  // MARK: Loops

  /// `parallel 4 each (zone, isp) in zones * isps key zone { … }`
  private mutating func parseLoop() -> Effectful {
    let first = index
    let id = newNode()
    var width: Expression?
    let isParallel = maybe(.parallel)
    if isParallel {
      if kind == .leftBrace {
        let hint = "it stands alone; the names that its statements bind are visible behind it"
        report(.unexpectedToken, span(from: first), "'parallel { … }' has no value", hint: hint)
        _ = parseBlock("'{'")
        return .pure(missingExpression())
      }
      if !isAt(.each) { width = parseExpression("'each', or how many rounds may run at once") }
    }
    let word = isAt(.for) ? "for" : "each"
    if !maybe(.for) { expect(.each, "'each' after 'parallel'") }
    let pattern = parsePattern("'\(word)'")
    expect(.in, "'in' after the name")
    let sequence = parseBeforeBlock("a list after 'in'")
    let key = maybe(.key) ? parseBeforeBlock("a value after 'key'") : nil
    if word == "for", kind == .arrow {
      skipStatement()
      return .pure(missingExpression())
    }
    let body = parseBlock("'{' after the list")
    return .loop(
      Loop(
        id: id, isParallel: isParallel, width: width, pattern: pattern, sequence: sequence, key: key, body: body,
        span: span(from: first)))
  }
}
