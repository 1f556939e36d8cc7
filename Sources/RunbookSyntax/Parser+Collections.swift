import Diagnostics

extension Parser {
  /// `(Name: value, …)` of a call. `height` is then that of the highest value.
  mutating func parseArguments(_ what: String, isAction: Bool) -> [Argument] {
    let opener = index
    mark([.tight, .elements], at: opener)
    open(.parenthesis)
    let arguments = parseElements(.rightParenthesis, what) { $0.parseArgument(isAction: isAction) }
    close(.rightParenthesis, opener: opener, what)
    return arguments
  }

  /// What stands between the brackets: elements with commas between them. `height` is then that of the highest.
  mutating func parseElements<Element>(
    _ closer: TokenKind, _ what: String, _ parseElement: (inout Parser) -> Element
  ) -> [Element] {
    nested(
      or: { parser in
        parser.skipNested()
        return []
      },
      { parser in
        var elements: [Element] = []
        var highest = 0
        while !parser.kind.isCloser, !parser.isAtEnd, !parser.isAtStatement {
          let first = parser.index
          elements.append(parseElement(&parser))
          highest = max(highest, parser.height)
          if parser.index == first {
            parser.advance()
            parser.skipElement()
          }
          if !parser.maybeSeparator(closer, what) { break }
        }
        parser.height = highest
        return elements
      })
  }

  private mutating func parseArgument(isAction: Bool) -> Argument {
    let first = index
    let name = maybeLabel(isAction ? "the parameter name" : "the argument name")
    let value = parseExpression(name.map { "a value for '\($0.text)'" } ?? "a value")
    return Argument(name: name, value: value, span: span(from: first))
  }

  /// `Name:` before a value, or a slip for it.
  private mutating func maybeLabel(_ what: String) -> Name? {
    if kind == .text, next.kind == .colon {
      let label = Name(decodedText(of: token), tokenSpan)
      let isPlain =
        !label.text.isEmpty && label.text.utf8.allSatisfy(isWordByte) && label.text.utf8.first.map(isDigit) == false
      report(
        .unexpectedToken, tokenSpan, "names stand without quotes before ':'",
        fix: isPlain ? Fix("write '\(label.text)'", tokenSpan, label.text) : nil)
      index += 2
      return label
    }
    guard kind == .word, next.kind == .colon || next.kind == .assign else { return nil }
    let label = name(of: advanced())
    if kind == .assign {
      report(
        .unexpectedToken, tokenSpan, "expected ':' after \(what) '\(label.text)', found '='",
        hint: "write '\(label.text): …'",
        fix: Fix("write '\(label.text): …'", Span(source, Int(label.span.upper), Int(token.upper)), ":"))
    }
    advance()
    return label
  }

  mutating func parseRecord() -> Expression {
    if next.keyword == .for, isPatternAfter(index + 2) { return parseComprehension(.rightBrace) }
    let opener = index
    mark(.record, at: opener)
    open(.record)
    let entries = parseElements(.rightBrace, "the entries of the record") { $0.parseEntry() }
    close(.rightBrace, opener: opener, "the record")
    return grown(collection(of: entries), span(from: opener), over: height)
  }

  private enum Entry {
    case named(RecordEntry)
    case keyed(MapEntry)
  }

  private mutating func collection(of entries: [Entry]) -> Expression.Kind {
    var named: [RecordEntry] = []
    var keyed: [MapEntry] = []
    for entry in entries {
      switch entry {
      case .named(let entry): named.append(entry)
      case .keyed(let entry): keyed.append(entry)
      }
    }
    if keyed.isEmpty { return .record(named) }
    if let name = named.first?.name {
      report(
        .unexpectedToken, name.span, "a map has a '[key]:' before every value", hint: "write '[\"\(name.text)\"]:'")
    }
    return .map(keyed)
  }

  private mutating func parseEntry() -> Entry {
    let first = index
    if kind == .leftBracket { return .keyed(parseMapEntry()) }
    if let name = maybeLabel("the name") {
      return .named(RecordEntry(name: name, value: parseExpression("a value for '\(name.text)'")))
    }
    let name = expectName("a name and ':' in the record")
    if !name.text.isEmpty {
      reportExpected("':' after the name '\(name.text)'", hint: "write '\(name.text): \(name.text)'")
    }
    if index > first, kind != .comma { skipElement() }
    return .named(RecordEntry(name: name, value: missingExpression()))
  }

  /// `[key]: value`
  private mutating func parseMapEntry() -> MapEntry {
    let key = parseKey()
    let keyHeight = height
    let value = parseExpression("a value behind the key")
    height = max(keyHeight, height)
    return MapEntry(key: key, value: value)
  }

  /// `[key]:`
  private mutating func parseKey() -> Expression {
    let opener = index
    open(.square)
    let key = nested(or: { $0.skippedExpression() }, { $0.parseExpression("a key") })
    close(.rightBracket, opener: opener, "the key")
    let keyHeight = height
    expect(.colon, "':' after the key", hint: "{ [zone]: 2 }")
    height = keyHeight
    return key
  }

  mutating func parseList() -> Expression {
    if next.keyword == .for { return parseComprehension(.rightBracket) }
    let opener = index
    mark(.elements, at: opener)
    open(.square)
    let elements = parseElements(.rightBracket, "the elements of the list") { $0.parseExpression("an element") }
    close(.rightBracket, opener: opener, "the list")
    return grown(.list(elements), span(from: opener), over: height)
  }

  /// Whether `{ for` begins a map and is no record with the name `for`.
  private func isPatternAfter(_ place: Int) -> Bool {
    place < tokens.count && (tokens[place].kind == .word || tokens[place].kind == .leftParenthesis)
  }

  /// `[for vm in vms if vm.ok => vm.id]`, `{for vm in vms => [vm.id]: vm.name}`
  private mutating func parseComprehension(_ closer: TokenKind) -> Expression {
    let isMap = closer == .rightBrace
    let opener = index
    mark(.comprehension, at: opener)
    open(isMap ? .record : .square)
    var highest = 0
    let comprehension = nested(
      or: { $0.skippedComprehension() },
      { parser -> Comprehension in
        let first = parser.index
        parser.advance()
        let pattern = parser.parsePattern("'for'")
        parser.expect(.in, "'in' after the name")
        let sequence = parser.parseExpression("a list after 'in'")
        highest = parser.height
        var condition: Expression?
        if parser.isAt(.if) {
          parser.mark(.mayBreak, at: parser.index)
          parser.advance()
          condition = parser.parseCondition()
          highest = max(highest, parser.height)
        }
        var key: Expression?
        let body = isMap ? parser.parseMapBody(first, &key) : parser.parseComprehensionBody(first)
        highest = max(highest, parser.height)
        return Comprehension(pattern: pattern, sequence: sequence, condition: condition, key: key, body: body)
      })
    if kind == .comma { reportExpected("'\(isMap ? "}" : "]")' after the value", hint: "each element takes one value") }
    if !kind.isCloser { skipNested() }
    close(closer, opener: opener, isMap ? "the map" : "the list")
    return grown(.comprehension(comprehension), span(from: opener), over: highest)
  }

  private mutating func parseComprehensionBody(_ first: Int) -> Expression {
    if kind == .leftBrace {
      group(from: first)
      return parseRecord()
    }
    mark(.mayBreak, at: index)
    if kind == .colon {
      reportExpected("'=>' before the value of each element", fix: replacement(" =>", gap: true))
      advance()
    } else {
      expect(.arrow, "'=>' and the value of each element", hint: "[for x in xs => x.Name], or a record after the list")
    }
    let body = parseExpression("a value after '=>'")
    group(from: first)
    return body
  }

  /// `=> [key]: value`
  private mutating func parseMapBody(_ first: Int, _ key: inout Expression?) -> Expression {
    mark(.mayBreak, at: index)
    expect(.arrow, "'=>', a key and a value", hint: "{for x in xs => [x.Name]: x}")
    guard kind == .leftBracket else {
      reportExpected("a key in brackets after '=>'", hint: "{for x in xs => [x.Name]: x}")
      return missingExpression()
    }
    let entry = parseMapEntry()
    key = entry.key
    group(from: first)
    return entry.value
  }

  private mutating func skippedComprehension() -> Comprehension {
    skipNested()
    return Comprehension(
      pattern: [], sequence: missingExpression(), condition: nil, key: nil, body: missingExpression())
  }

  /// `zone`, or `(zone, isp)` for the parts of an element.
  mutating func parsePattern(_ after: String) -> [Name] {
    guard kind == .leftParenthesis else {
      let name = expectFreeName("a name after \(after)")
      guard kind == .comma else { return [name] }
      let comma = tokenSpan
      let reported = diagnostics.count
      report(.unexpectedToken, comma, "expected 'in', found ','", hint: "several names stand in brackets: (a, b)")
      var names = [name]
      while maybe(.comma) { names.append(expectFreeName("a name after ','")) }
      let brackets = Fix(
        "several names stand in brackets",
        [
          Fix.Edit(Span(source, Int(name.span.lower), Int(name.span.lower)), "("), Fix.Edit(previousEnd, ")"),
        ])
      if diagnostics.count == reported + 1 { diagnostics[reported] = diagnostics[reported].offering(brackets) }
      return names
    }
    let opener = index
    open(.parenthesis)
    var names: [Name] = []
    while kind == .word {
      let first = index
      names.append(expectFreeName("a name"))
      if index == first || !maybeSeparator(.rightParenthesis, "the names") { break }
    }
    if names.isEmpty { reportExpected("a name after '('") }
    close(.rightParenthesis, opener: opener, "the names")
    return names
  }
}
