import Diagnostics

extension Parser {
  /// `inputs { … }`, an input a line
  mutating func parseInputs() {
    if depth > 0 || file.hasStatements {
      report(.misplacedDeclaration, tokenSpan, "'inputs' stands after the header, before the statements")
    } else if file.header?.kind == .library {
      report(.misplacedDeclaration, tokenSpan, "a library has no inputs", hint: "its recipes have parameters")
    } else if file.hasInputs {
      report(.misplacedDeclaration, tokenSpan, "a runbook has one 'inputs' block", hint: "move these to the first one")
    }
    file.hasInputs = true
    advance()
    guard kind == .leftBrace else {
      reportExpected("'{' after 'inputs'", hint: "inputs stand in braces, each on a line: name: Type")
      return skipStatement()
    }
    let opener = index
    mark(.block, at: opener)
    open(.block)
    while !kind.isCloser, !isAtEnd, !isPastInputs { parseInput() }
    close(.rightBrace, opener: opener, "the inputs")
    expectLineEnd(after: "the inputs")
  }

  /// A statement stands here: the inputs' `}` has been forgotten.
  private var isPastInputs: Bool { isAtStatement && next.kind != .colon && next.kind != .assign }

  private mutating func parseInput() {
    let first = index
    defer { notePart(from: first) }
    beginLine()
    let documentation = documentation(before: first)
    mark(.line, at: first)
    guard kind == .word else {
      let hint = kind == .minus ? "an input is written name: Type, without '-'" : nil
      report(.unexpectedToken, tokenSpan, "expected the name of an input, found '\(text(of: token))'", hint: hint)
      advance()
      return skipStatement()
    }
    let name = expectInputName()
    ownership = nil
    if !maybe(.colon) {
      let hint = "an input is written \(name.text): Type = default"
      reportExpected("':' and a type after the input '\(name.text)'", hint: hint)
    }
    let type = kind == .assign || isAtLineEnd ? missingType("a type for '\(name.text)'") : parseType()
    var input = InputDeclaration(documentation: documentation, name: name, type: type, span: name.span)
    input.ownership = ownership
    parseInputClauses(&input)
    input.span = span(from: first)
    file.inputs.append(input)
    if kind == .comma {
      report(
        .unexpectedToken, tokenSpan, "expected the end of the line, found ','",
        hint: "inputs are separated by line ends")
      advance()
    } else {
      expectLineEnd(after: "the input")
    }
  }

  private mutating func expectInputName() -> Name {
    if let keyword = token.keyword, keyword.isReserved {
      report(.unexpectedToken, tokenSpan, "'\(keyword.rawValue)' is a word of the language and cannot be a name")
    }
    return name(of: advanced())
  }

  /// `= default` and `where condition`, in either order
  private mutating func parseInputClauses(_ input: inout InputDeclaration) {
    while kind == .assign || isAt(.where) && next.kind != .colon {
      let isDefault = kind == .assign
      if isDefault ? input.defaultValue != nil : input.condition != nil {
        report(.duplicateModifier, tokenSpan, "'\(text(of: token))' stands here a second time")
      }
      let first = index
      advance()
      if isDefault {
        input.defaultValue = parseExpressionOnLine("a default after '='")
      } else {
        mark(.mayBreak, at: first)
        input.condition = parseExpressionOnLine("a condition after 'where'")
        groupWithGap(from: first)
      }
    }
  }

  mutating func missingType(_ what: String) -> TypeExpression {
    reportExpected(what)
    return TypeExpression(.missing, previousEnd)
  }

  /// `Text`, `ecm.VpcId`, `[Int]`, `{ name: Text }`, `secret Text`, each with `?` behind it where it may be null
  mutating func parseType() -> TypeExpression {
    let first = index
    var type = parseUnmarkedType()
    var questions = 0
    while kind == .question {
      if questions > 0 { report(.unexpectedToken, tokenSpan, "one '?' is enough") }
      questions += 1
      advance()
      if questions == 1 { type = TypeExpression(.optional(type), span(from: first)) }
    }
    return type
  }

  private mutating func parseInnerType() -> TypeExpression {
    nested(
      or: { parser in
        parser.skipNested()
        return TypeExpression(.missing, parser.previousEnd)
      }, { $0.parseType() })
  }

  private mutating func parseUnmarkedType() -> TypeExpression {
    let first = index
    switch kind {
    case .leftBracket:
      open(.square)
      let element = parseInnerType()
      close(.rightBracket, opener: first, "the list type")
      return TypeExpression(.list(element), span(from: first))
    case .leftBrace: return parseRecordType()
    case .word where isAt(.secret) && typeFollows:
      advance()
      return TypeExpression(.secret(parseInnerType()), span(from: first))
    case .word where isAtOwnership && typeFollows:
      if ownership != nil { report(.duplicateModifier, tokenSpan, "an input has one ownership") }
      ownership = token.keyword.flatMap { InputDeclaration.Ownership(rawValue: $0.rawValue) }
      advance()
      return parseInnerType()
    case .word:
      var service: Name?
      var name = name(of: advanced())
      if kind == .dot {
        advance()
        service = name
        name = expectName("a type after '.'")
      }
      return TypeExpression(.named(service: service, name: name), span(from: first))
    default:
      return missingType("a type")
    }
  }

  private var isAtOwnership: Bool { isAt(.owned) || isAt(.adopted) || isAt(.borrowed) }

  private var typeFollows: Bool {
    !next.startsLine && (next.kind == .word || next.kind == .leftBracket || next.kind == .leftBrace)
  }

  private mutating func parseRecordType() -> TypeExpression {
    let opener = index
    mark(.record, at: opener)
    open(.record)
    if kind == .leftBracket { return parseMapType(opener) }
    var fields: [(name: Name, type: TypeExpression)] = []
    while kind == .word {
      let name = name(of: advanced())
      expect(.colon, "':' and a type after the name '\(name.text)'")
      fields.append((name, parseInnerType()))
      if !maybeSeparator(.rightBrace, "the fields of the type") { break }
    }
    close(.rightBrace, opener: opener, "the record type")
    return TypeExpression(.record(fields), span(from: opener))
  }
  /// `[Text]: Int }`
  private mutating func parseMapType(_ opener: Int) -> TypeExpression {
    let bracket = index
    open(.square)
    let key = parseInnerType()
    close(.rightBracket, opener: bracket, "the type of the keys")
    expect(.colon, "':' and the type of the values")
    let value = parseInnerType()
    if kind == .comma, next.kind == .rightBrace { advance() }
    close(.rightBrace, opener: opener, "the map type")
    return TypeExpression(.map(key: key, value: value), span(from: opener))
  }
}
