import Diagnostics

/// How strongly operators bind, weakest first. `not` stands between `and` and the comparisons.
private enum Strength: Int, Comparable {
  case weakest, or, and, comparison, range, additive, multiplicative, strongest

  static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }

  var stronger: Strength { Strength(rawValue: rawValue + 1) ?? .strongest }

  init(_ operation: BinaryOperator) {
    switch operation {
    case .or: self = .or
    case .and: self = .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: self = .comparison
    case .add, .subtract: self = .additive
    case .multiply, .divide, .remainder: self = .multiplicative
    }
  }
}

extension Parser {
  mutating func parseExpression(_ what: @autoclosure () -> String = "a value") -> Expression {
    parseBinary(.weakest, what())
  }

  /// An expression that does not begin on the next line.
  mutating func parseExpressionOnLine(_ what: @autoclosure () -> String) -> Expression {
    guard isAtLineEnd else { return parseExpression(what()) }
    reportExpected(what())
    return missingExpression()
  }

  /// An expression that a block follows: what looks like a record is that block.
  mutating func parseBeforeBlock(_ what: @autoclosure () -> String) -> Expression {
    guard kind == .leftBrace else { return parseCondition(what()) }
    reportExpected(what())
    return missingExpression()
  }

  /// An expression without comparisons, `in`, `and` and `or`.
  mutating func parseSimpleExpression(_ what: @autoclosure () -> String) -> Expression { parseBinary(.range, what()) }

  /// An expression that is true or false; `=` in it is taken for `==`.
  mutating func parseCondition(_ what: @autoclosure () -> String = "a condition") -> Expression {
    var left = parseExpression(what())
    while kind == .assign || isAt(.is) && !token.startsLine {
      let isNot = isAt(.is) && next.keyword == .not
      let sign = isNot ? "!=" : "=="
      let fix =
        isNot
        ? Fix("write '!='", tokenSpan.union(span(of: next)), "!=") : replacement(kind == .assign ? "==" : sign)
      report(
        .unexpectedToken, tokenSpan, "expected '\(sign)', found '\(text(of: token))\(isNot ? " not" : "")'",
        hint: "values are compared with '\(sign)'", fix: fix)
      advance()
      if isNot { advance() }
      let leftHeight = height
      let right = parseExpression()
      left = joined(isNot ? .notEqual : .equal, left, leftHeight, right)
    }
    return left
  }

  private mutating func joined(
    _ operation: BinaryOperator, _ left: Expression, _ leftHeight: Int, _ right: Expression
  ) -> Expression {
    let kind = Expression.Kind.binary(operation, left, right)
    return grown(kind, left.span.union(right.span), over: max(leftHeight, height))
  }

  /// A node one higher than its highest child; a hole where that is too high.
  mutating func grown(_ kind: Expression.Kind, _ span: Span, over childHeight: Int) -> Expression {
    guard childHeight < RunbookParser.maximumDepth else {
      reportTooDeep(span)
      height = 0
      return expression(.missing, span)
    }
    height = childHeight + 1
    return expression(kind, span)
  }

  private mutating func parseBinary(_ weakest: Strength, _ what: @autoclosure () -> String) -> Expression {
    let first = index
    var left = parsePrefix(what())
    var chain: Strength?
    while let (strength, operation) = operatorHere(), strength >= weakest {
      if chain != strength {
        if chain == .or || chain == .and || chain == .additive { group(from: first) }
        chain = strength
      } else if strength == .comparison || strength == .range {
        reportChain()
      }
      reportForeignOperator()
      if strength == .or || strength == .and || strength == .additive { mark(.mayBreak, at: index) }
      advance()
      let leftHeight = height
      let right = parseBinary(strength.stronger, "a value after '\(operation?.rawValue ?? "...")'")
      if let operation {
        left = joined(operation, left, leftHeight, right)
      } else {
        left = grown(.range(left, right), left.span.union(right.span), over: max(leftHeight, height))
      }
    }
    if chain == .or || chain == .and || chain == .additive { group(from: first) }
    return left
  }

  /// The operator at hand; one without a `BinaryOperator` is the range's.
  private func operatorHere() -> (Strength, BinaryOperator?)? {
    let operation: BinaryOperator
    switch kind {
    case .dots: return (.range, nil)
    case .equal: operation = .equal
    case .notEqual: operation = .notEqual
    case .less: operation = .less
    case .lessOrEqual: operation = .lessOrEqual
    case .greater: operation = .greater
    case .greaterOrEqual: operation = .greaterOrEqual
    case .plus: operation = .add
    case .minus: operation = .subtract
    case .star: operation = .multiply
    case .slash: operation = .divide
    case .percent: operation = .remainder
    case .doubleAmpersand: operation = .and
    case .doubleBar: operation = .or
    case .word:
      switch token.keyword {
      case .and: operation = .and
      case .or: operation = .or
      case .in: operation = .isIn
      default: return nil
      }
    case .int, .float, .duration, .quantity, .version, .cidr, .text, .textHead, .textMiddle, .textTail,
      .leftParenthesis,
      .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .colon, .dot, .question, .assign,
      .arrow, .bang, .end:
      return nil
    }
    return (Strength(operation), operation)
  }

  private mutating func reportForeignOperator() {
    guard kind == .doubleAmpersand || kind == .doubleBar else { return }
    let word = kind == .doubleAmpersand ? "and" : "or"
    // A single '&' or '|' has been reported by the lexer.
    guard token.range.count == 2 else { return }
    report(
      .unexpectedToken, tokenSpan, "'\(text(of: token))' is not of the language", hint: "write '\(word)'",
      fix: replacement(" \(word)\(next.lower > token.upper ? "" : " ")", gap: true))
  }

  private mutating func reportChain() {
    let sign = text(of: token)
    let hint = kind == .dots ? nil : "join two comparisons with 'and'"
    report(.unexpectedToken, tokenSpan, "'\(sign)' cannot follow another one", hint: hint)
  }

  // MARK: Prefixes

  private mutating func parsePrefix(_ what: @autoclosure () -> String) -> Expression {
    let first = index
    switch kind {
    case .minus: return parseNegation(first)
    case .bang:
      report(
        .unexpectedToken, tokenSpan, "'!' is not of the language", hint: "write 'not'", fix: replacement("not "))
      return parseNot(first)
    case .word where isAt(.not): return parseNot(first)
    case .word where isAt(.if): return parseChoice(first)
    case .word where isAt(.match): return parseMatchValue(first)
    case .word, .int, .float, .duration, .quantity, .version, .cidr, .text, .textHead, .textMiddle, .textTail,
      .leftParenthesis,
      .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .colon, .dot, .dots, .question,
      .assign, .arrow, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .star, .slash,
      .percent, .doubleAmpersand, .doubleBar, .end:
      return parsePostfix(what())
    }
  }

  private mutating func parseNegation(_ first: Int) -> Expression {
    if token.startsLine, next.lower > token.upper {
      report(.unexpectedToken, tokenSpan, "expected a value, found '-'", hint: "a list is written [a, b]")
    }
    advance()
    mark(.tight, at: index)
    let operand = nested(or: { $0.skippedExpression() }, { $0.parsePrefix("a value after '-'") })
    return grown(.negate(operand), span(from: first), over: height)
  }

  private mutating func parseNot(_ first: Int) -> Expression {
    advance()
    let operand = nested(or: { $0.skippedExpression() }, { $0.parseBinary(.comparison, "a condition after 'not'") })
    return grown(.not(operand), span(from: first), over: height)
  }

  /// `if a then b else c`
  private mutating func parseChoice(_ first: Int) -> Expression {
    advance()
    var highest = 0
    let condition = nested(or: { $0.skippedExpression() }, { $0.parseCondition() })
    highest = height
    mark(.mayBreak, at: index)
    if kind == .leftBrace {
      reportExpected("'then' after the condition", hint: "a value is chosen with 'if … then … else …'")
      skipStatement()
      return missingExpression()
    }
    expect(.then, "'then' after the condition", hint: "a value is chosen with 'if … then … else …'")
    let then = nested(or: { $0.skippedExpression() }, { $0.parseExpression("a value after 'then'") })
    highest = max(highest, height)
    mark(.mayBreak, at: index)
    expect(.else, "'else'", hint: "a choice between values has both: if … then … else …")
    let otherwise = nested(or: { $0.skippedExpression() }, { $0.parseExpression("a value after 'else'") })
    highest = max(highest, height)
    group(from: first)
    return grown(
      .choice(condition: condition, then: then, otherwise: otherwise), span(from: first), over: highest)
  }
}
