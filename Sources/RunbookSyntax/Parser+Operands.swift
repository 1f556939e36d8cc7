import Diagnostics

extension Parser {
  /// A value and the members and elements taken from it.
  mutating func parsePostfix(_ what: @autoclosure () -> String) -> Expression {
    let first = index
    var value = parseOperand(what())
    while true {
      switch kind {
      case .dot: value = parseMember(of: value, first)
      case .leftBracket where !token.startsLine: value = parseIndex(of: value, first)
      case .question:
        report(.unexpectedToken, tokenSpan, "'?' stands only after a type")
        advance()
      case .word, .int, .float, .duration, .quantity, .version, .cidr, .text, .textHead, .textMiddle, .textTail,
        .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .colon,
        .dots,
        .assign, .arrow, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star,
        .slash,
        .percent, .doubleAmpersand, .doubleBar, .bang, .end:
        return value
      }
    }
  }

  private mutating func parseMember(of value: Expression, _ first: Int) -> Expression {
    advance()
    if isAtLineEnd || kind != .word {
      reportExpected("a member name after '.'")
      return value
    }
    let member = name(of: advanced())
    if kind == .leftParenthesis, !token.startsLine { return parseMemberCall(of: value, member, first) }
    return grown(.member(value, member), span(from: first), over: height)
  }

  /// `ecm.CreateVpc(`, `network.vpc(`; other members cannot be called.
  private mutating func parseMemberCall(of value: Expression, _ member: Name, _ first: Int) -> Expression {
    if case .name(let service) = value.kind, isAction(tokens[index - 1]) {
      let id = newNode()
      let arguments = parseArguments("the parameters", isAction: true)
      let span = span(from: first)
      let call = Call(id: id, service: Name(service, value.span), action: member, arguments: arguments, span: span)
      return grown(.call(call), span, over: height)
    }
    if case .name(let module) = value.kind {
      let arguments = parseArguments("the arguments", isAction: false)
      let invocation = Invocation(module: Name(module, value.span), name: member, arguments: arguments)
      return grown(.function(invocation), span(from: first), over: height)
    }
    let hint =
      isAction(tokens[index - 1])
      ? "an API action is called as service.Action(…)"
      : "functions are called by their name alone: \(member.text)(…)"
    report(.unexpectedToken, member.span, "'\(member.text)' cannot be called here", hint: hint)
    _ = parseArguments("the arguments", isAction: false)
    height = 0
    return expression(.missing, span(from: first))
  }

  /// `a[0]`, or `a[].Member`
  private mutating func parseIndex(of value: Expression, _ first: Int) -> Expression {
    let valueHeight = height
    mark(.tight, at: index)
    let opener = index
    open(.square)
    if kind == .rightBracket {
      close(.rightBracket, opener: opener, "the index")
      guard kind == .dot, next.kind == .word else {
        reportExpected("'.' and a member name after '[]'", hint: "xs[].Name is the Name of each element")
        return value
      }
      advance()
      let member = name(of: advanced())
      return grown(.each(value, member), span(from: first), over: valueHeight)
    }
    let position = nested(or: { $0.skippedExpression() }, { $0.parseExpression("an index") })
    close(.rightBracket, opener: opener, "the index")
    return grown(.index(value, position), span(from: first), over: max(valueHeight, height))
  }

  private mutating func parseOperand(_ what: @autoclosure () -> String) -> Expression {
    switch kind {
    case .int, .float, .duration, .quantity, .cidr: return parseLiteral()
    case .text: return parseText()
    case .textHead: return nested(or: { $0.skippedText() }, { $0.parseText() })
    case .leftParenthesis: return parseParenthesized()
    case .leftBracket: return parseList()
    case .leftBrace: return parseRecord()
    case .word: return parseWord(what())
    case .version:
      report(.unexpectedToken, tokenSpan, "a version stands only in the header")
      advance()
      return missingExpression()
    case .textMiddle, .textTail, .rightParenthesis, .rightBracket, .rightBrace, .comma, .colon, .dot, .dots, .question,
      .assign, .arrow, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash,
      .percent, .doubleAmpersand, .doubleBar, .bang, .end:
      reportExpected(what())
      return missingExpression()
    }
  }

  /// `true`, `it`, a name, or a function's call
  private mutating func parseWord(_ what: @autoclosure () -> String) -> Expression {
    if isAtStatement {
      reportExpected(what())
      return missingExpression()
    }
    height = 0
    let word = token
    switch word.keyword {
    case .true: return literal(.bool(true))
    case .false: return literal(.bool(false))
    case .null: return literal(.null)
    case .it: return literal(.it)
    case .some(let keyword) where keyword.isReserved:
      let hint: String? =
        switch keyword {
        case .wait, .each, .parallel: "'\(keyword.rawValue)' stands alone or right after 'let name ='"
        case .for: "'for' stands first in a list: [for x in xs => x]"
        default: nil
        }
      reportExpected(what(), hint: hint)
      return missingExpression()
    default: break
    }
    if next.kind == .leftParenthesis, !next.startsLine {
      let first = index
      let function = name(of: advanced())
      invoked.append(function)
      let arguments = parseArguments("the arguments", isAction: false)
      let invocation = Invocation(module: nil, name: function, arguments: arguments)
      return grown(.function(invocation), span(from: first), over: height)
    }
    return literal(.name(text(of: word)))
  }

  private mutating func literal(_ kind: Expression.Kind) -> Expression {
    let span = tokenSpan
    advance()
    height = 0
    return expression(kind, span)
  }

  private mutating func parseLiteral() -> Expression {
    let token = token
    guard !token.flags.contains(.isBroken) else { return literal(.missing) }
    let text = bytes[token.range].filter { $0 != UInt8(ascii: "_") }
    switch token.kind {
    case .int: return literal(Lexer.integer(text).map(Expression.Kind.int) ?? .missing)
    case .float: return literal(Double(String(decoding: text, as: UTF8.self)).map(Expression.Kind.float) ?? .missing)
    case .duration:
      let digits = text.prefix(while: isDigit)
      let unit = String(decoding: text.dropFirst(digits.count), as: UTF8.self)
      guard let count = Lexer.integer(digits), let factor = Lexer.milliseconds(in: unit) else {
        return literal(.missing)
      }
      return literal(.duration(.milliseconds(count * factor)))
    case .quantity: return literal(.quantity(String(decoding: text, as: UTF8.self)))
    case .cidr: return literal(.cidr(String(decoding: text, as: UTF8.self)))
    case .word, .version, .text, .textHead, .textMiddle, .textTail, .leftParenthesis, .rightParenthesis, .leftBracket,
      .rightBracket, .leftBrace, .rightBrace, .comma, .colon, .dot, .dots, .question, .assign, .arrow, .equal,
      .notEqual,
      .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash, .percent, .doubleAmpersand,
      .doubleBar, .bang, .end:
      return literal(.missing)
    }
  }

  private mutating func parseParenthesized() -> Expression {
    let first = index
    open(.parenthesis)
    var value = nested(or: { $0.skippedExpression() }, { $0.parseCondition("a value after '('") })
    if kind == .comma {
      report(.unexpectedToken, tokenSpan, "expected ')', found ','", hint: "a list is written [a, b]")
      skipNested()
    }
    close(.rightParenthesis, opener: first, "'('")
    value.span = span(from: first)
    return value
  }
}
