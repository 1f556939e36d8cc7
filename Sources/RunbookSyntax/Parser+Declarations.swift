import Diagnostics

extension Parser {
  // MARK: Functions and recipes

  /// `func name(…)`, `recipe name(…)`; elsewhere the words are names.
  var isAtRoutine: Bool {
    (isAt(.func) || isAt(.recipe)) && next.kind == .word && !next.startsLine && !(next.keyword?.joinsValues ?? false)
  }

  mutating func parseRoutine() {
    let first = index
    let id = newNode()
    let kind: Routine.Kind = isAt(.func) ? .function : .recipe
    if depth > 0 {
      let message = "'\(kind.rawValue)' stands between the steps of the file, not inside a block"
      report(.misplacedDeclaration, tokenSpan, message)
    }
    let documentation = documentation(before: first)
    let firstInvoked = invoked.count
    advance()
    let name = expectFreeName("a name after '\(kind.rawValue)'")
    let parameters = parseParameters(after: name)
    let result = parseResultType()
    let body = kind == .function ? parseFunctionBody() : parseBlock("'{' and the steps of the recipe")
    expectLineEnd(after: "'\(name.text)'")
    file.routines.append(
      Routine(
        id: id, kind: kind, documentation: documentation, name: name, parameters: parameters, result: result,
        body: body, invokes: Array(invoked[firstInvoked...]), span: span(from: first)))
  }

  private mutating func parseParameters(after name: Name) -> [InputDeclaration] {
    guard kind == .leftParenthesis else {
      reportExpected("'(' and the parameters after the name '\(name.text)'", hint: "\(name.text)(zone: ecm.Zone)")
      return []
    }
    let opener = index
    mark([.tight, .elements], at: opener)
    open(.parenthesis)
    let parameters = parseElements(.rightParenthesis, "the parameters") { $0.parseParameter() }
    close(.rightParenthesis, opener: opener, "the parameters")
    return parameters
  }

  /// `zone: ecm.Zone = "ap-hangzhou-ecm-1"`
  private mutating func parseParameter() -> InputDeclaration {
    let first = index
    height = 0
    let documentation = documentation(before: first)
    let name = expectFreeName("the name of a parameter")
    guard maybe(.colon) else {
      let type = TypeExpression(.missing, previousEnd)
      if !name.text.isEmpty {
        let hint = "a parameter is written \(name.text): Type, or \(name.text): Type = default"
        reportExpected("':' and a type after the parameter '\(name.text)'", hint: hint)
        if kind == .assign { skipElement() }
      }
      return InputDeclaration(documentation: documentation, name: name, type: type, span: name.span)
    }
    ownership = nil
    let type = kind == .assign ? missingType("a type for '\(name.text)'") : parseType()
    var parameter = InputDeclaration(documentation: documentation, name: name, type: type, span: name.span)
    parameter.ownership = ownership
    if maybe(.assign) { parameter.defaultValue = parseExpression("a default after '='") }
    if isAt(.where) {
      report(.unexpectedToken, tokenSpan, "a parameter has no 'where'", hint: "begin the body with 'assert …'")
      skipElement()
    }
    parameter.span = span(from: first)
    return parameter
  }

  /// `: Type` behind the parameters
  private mutating func parseResultType() -> TypeExpression? {
    if kind == .minus, next.kind == .greater {
      report(.unexpectedToken, span(of: token).union(span(of: next)), "'->' is not of the language", hint: "write ':'")
      index += 2
    } else if !maybe(.colon) {
      return nil
    }
    ownership = nil
    let first = index
    let type = isAtLineEnd ? missingType("a type after ':'") : parseType()
    // The parameters break before it does.
    for token in first..<index { layout?.marks[token].remove(.record) }
    return type
  }

  /// `= value`, or a block that ends in `give value`
  private mutating func parseFunctionBody() -> Block {
    guard kind == .assign || kind == .arrow else { return parseBlock("'=' and a value, or '{'") }
    if kind == .arrow { reportExpected("'=' before the value") }
    let first = index
    advance()
    let value = parseExpressionOnLine("a value after '='")
    let span = span(from: first)
    let give = Statement(id: newNode(), kind: .give(value), span: value.span)
    return Block(statements: [give], span: span)
  }

  // MARK: Bounds

  /// `bounds { … }`, a bound a line
  mutating func parseBounds() {
    if depth > 0 || file.hasStatements {
      report(.misplacedDeclaration, tokenSpan, "'bounds' stands after the inputs, before the statements")
    } else if file.header?.kind == .library {
      report(.misplacedDeclaration, tokenSpan, "a library has no bounds", hint: "they stand in the runbook that runs")
    } else if file.hasBounds {
      report(.misplacedDeclaration, tokenSpan, "a runbook has one 'bounds' block", hint: "move these to the first one")
    }
    file.hasBounds = true
    advance()
    guard kind == .leftBrace else {
      reportExpected("'{' after 'bounds'", hint: "bounds { create ecm.Instance <= 10 }")
      return skipStatement()
    }
    let opener = index
    mark(.block, at: opener)
    open(.block)
    while !kind.isCloser, !isAtEnd, !isAtStatement { parseBound() }
    close(.rightBrace, opener: opener, "the bounds")
    expectLineEnd(after: "the bounds")
  }

  private mutating func parseBound() {
    let first = index
    beginLine()
    mark(.line, at: first)
    guard kind == .word else {
      let hint = "create ecm.Instance <= 10, terminate ecm.Instance <= 2, time <= 30min"
      let found = "expected what is bounded, found '\(text(of: token))'"
      report(.unexpectedToken, tokenSpan, found, hint: hint)
      advance()
      return skipStatement()
    }
    var bound = Bound(subject: name(of: advanced()), limit: missingExpression(), span: previousEnd)
    if kind == .word, !isAtLineEnd {
      let word = name(of: advanced())
      if maybe(.dot) {
        bound.service = word
        bound.kind = expectName("a kind of resource after '.'")
      } else {
        bound.kind = word
      }
    }
    if kind == .less || kind == .assign || kind == .colon || kind == .equal {
      reportExpected("'<=' before the limit")
      advance()
    } else if !maybe(.lessOrEqual) {
      reportExpected("'<=' and a limit")
      skipStatement()
      return
    }
    bound.limit = isAtLineEnd ? missingLimit() : parseSimpleExpression("a limit after '<='")
    bound.span = span(from: first)
    file.bounds.append(bound)
    if kind == .comma { return reportCommaInBounds() }
    // Several may stand on one line.
    if kind != .word { expectLineEnd(after: "the bound") }
  }

  private mutating func missingLimit() -> Expression {
    reportExpected("a limit after '<='")
    return missingExpression()
  }

  private mutating func reportCommaInBounds() {
    report(
      .unexpectedToken, tokenSpan, "expected the end of the line, found ','", hint: "bounds are separated by line ends")
    advance()
  }

  // MARK: Tests

  var isAtTest: Bool {
    isAt(.test) && !next.startsLine && (next.kind == .text || next.kind == .textHead || next.kind == .leftBrace)
  }

  /// `test "…" { given …  run  expect … }`
  mutating func parseTest() {
    let first = index
    let id = newNode()
    if depth > 0 {
      report(.misplacedDeclaration, tokenSpan, "'test' stands between the steps of the file, not inside a block")
    }
    advance()
    let name = parseBeforeBlock("a text after 'test' that says what is tested")
    var steps: [TestStep] = []
    if kind == .leftBrace {
      let opener = index
      mark(.block, at: opener)
      open(.block)
      while kind != .rightBrace, !isAtEnd { steps.append(parseTestStep()) }
      close(.rightBrace, opener: opener, "the test")
    } else {
      reportExpected("'{' and the steps of the test")
      skipStatement()
    }
    expectLineEnd(after: "the test")
    file.tests.append(TestDeclaration(id: id, name: name, steps: steps, span: span(from: first)))
  }

  private mutating func parseTestStep() -> TestStep {
    beginLine()
    let first = index
    mark(.line, at: first)
    let kind = parseTestStepKind()
    if index == first { advance() }
    let span = span(from: first)
    expectLineEnd(after: "the step")
    return TestStep(kind: kind, span: span)
  }

  private mutating func parseTestStepKind() -> TestStep.Kind {
    let word = kind == .word ? text(of: token) : ""
    switch word {
    case "given":
      advance()
      let name = expectName("'inputs', 'seed' or 'fault' after 'given'")
      if kind == .colon || kind == .assign {
        reportExpected("a value after '\(name.text)'")
        advance()
      }
      return .given(name, parseExpressionOnLine("a value after 'given \(name.text)'"))
    case "run":
      advance()
      return .run(isAtLineEnd || kind == .rightBrace ? nil : parseExpression("a recipe after 'run'"))
    case "expect":
      advance()
      let condition = isAtLineEnd ? missingCondition("'expect'") : parseCondition("a condition after 'expect'")
      return .expect(condition: condition, message: maybeMessage())
    case "let":
      advance()
      let name = expectFreeName("a name after 'let'")
      expect(.assign, "'=' after the name '\(name.text)'")
      return .binding(name: name, value: parseExpressionOnLine("a value after '='"))
    default:
      let found = "expected a step of the test, found '\(text(of: token))'"
      report(.unexpectedToken, tokenSpan, found, hint: "a test has 'given', 'run', 'expect' and 'let'")
      advance()
      skipStatement()
      return .missing
    }
  }

  private mutating func missingCondition(_ word: String) -> Expression {
    reportExpected("a condition after \(word)")
    return missingExpression()
  }
}
