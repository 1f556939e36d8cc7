import Diagnostics

/// The parts of a file, as they are found.
struct FileParts {
  var documentation: [String] = []
  var header: RunbookTree.Header?
  var imports: [Import] = []
  var uses: [Use] = []
  var inputs: [InputDeclaration] = []
  var bounds: [Bound] = []
  var routines: [Routine] = []
  var tests: [TestDeclaration] = []
  /// Where the header should have begun, if something else stands there.
  var headless: Span?
  var hasInputs = false
  var hasBounds = false
  var hasStatements = false
}

extension Parser {
  mutating func parseRunbook() -> RunbookTree {
    let bodyStart = previousEnd
    let firstNode = nodeCount
    let isUnread = diagnostics.contains { $0.code == .textTooLong }
    if !isAtHeader, !isUnread { file.headless = isAtEnd ? Span(source, 0, 0) : tokenSpan }
    var statements: [Statement] = []
    var reportedBrace = false
    var followsDeclaration = false
    while !isAtEnd {
      if kind == .rightBrace {
        if !reportedBrace { report(.unexpectedToken, tokenSpan, "this '}' closes nothing") }
        reportedBrace = true
        advance()
        continue
      }
      let first = index
      if let statement = parseStatement() {
        if followsDeclaration { mark(.section, at: first) }
        followsDeclaration = false
        file.hasStatements = true
        statements.append(statement)
      } else {
        followsDeclaration = true
      }
      if index == first { advance() }
    }
    reportHeader()
    reportLibrarySteps(statements)
    let end = statements.last.map { statements[0].span.union($0.span) }
    return RunbookTree(
      source: source, documentation: file.documentation, header: file.header, imports: file.imports, uses: file.uses,
      inputs: file.inputs, bounds: file.bounds, routines: file.routines, tests: file.tests,
      body: Block(statements: statements, span: end ?? bodyStart), nodes: firstNode..<nodeCount)
  }

  private mutating func reportHeader() {
    guard let place = file.headless else { return }
    let hint = "a runbook begins with its name and version: runbook ecm.web_fleet 1.0.0"
    if let header = file.header {
      let note = DiagnosticNote("the header is here", header.span)
      add(Diagnostic(.missingHeader, place, "the header does not come first", hint: "move it up", notes: [note]))
    } else {
      add(Diagnostic(.missingHeader, place, "this runbook has no header", hint: hint))
    }
  }

  private mutating func reportLibrarySteps(_ statements: [Statement]) {
    guard file.header?.kind == .library, let first = statements.first else { return }
    add(
      Diagnostic(
        .misplacedDeclaration, first.span, "a library has no steps of its own",
        hint: "put them into a recipe: recipe name(…) { … }"))
  }

  /// `runbook name …`, `use name …`, `inputs {`, `func name(…)`: false where the word is a name.
  var isAtDeclaration: Bool {
    isAtHeader || isAtBraced(.inputs) || isAtBraced(.bounds) || isAtRoutine || isAtTest || isAt(.use) && isAtOperand
  }

  private var isAtHeader: Bool { (isAt(.runbook) || isAt(.library)) && isAtOperand }

  private func isAtBraced(_ keyword: Keyword) -> Bool {
    isAt(keyword) && (next.kind == .leftBrace || next.kind == .colon)
  }

  mutating func parseDeclaration() {
    let first = index
    mark(.line, at: first)
    if isAtHeader { return parseHeader() }
    mark(isAt(.use) && hasUses && isInPlace ? .line : .section, at: first)
    switch token.keyword {
    case .use: parseUse()
    case .inputs: parseInputs()
    case .bounds: parseBounds()
    case .test: parseTest()
    default: parseRoutine()
    }
  }

  private var hasUses: Bool { !file.uses.isEmpty || !file.imports.isEmpty }

  private var isInPlace: Bool {
    depth == 0 && !file.hasInputs && !file.hasBounds && !file.hasStatements && file.routines.isEmpty
      && file.tests.isEmpty
  }

  // MARK: Header

  private mutating func parseHeader() {
    let first = index
    let isSecond = file.header != nil
    let kind: RunbookTree.Header.Kind = isAt(.library) ? .library : .runbook
    if isSecond || depth > 0 || file.hasInputs || hasUses {
      if isSecond { report(.misplacedDeclaration, tokenSpan, "a runbook has one header") }
      if file.headless == nil, !isSecond { file.headless = tokenSpan }
    }
    let documentation = documentation(before: first)
    advance()
    let name = parseDottedName(
      "a name after '\(kind == .library ? "library" : "runbook")'",
      separator: "a name has letters, digits, '_' and dots")
    let version = parseVersion()
    expectLineEnd(after: "the header")
    guard !isSecond else { return }
    file.documentation = documentation
    file.header = RunbookTree.Header(kind: kind, name: name, version: version, span: span(from: first))
  }

  private mutating func parseDottedName(_ what: String, separator: String) -> Name {
    guard kind == .word, !isAtLineEnd else {
      reportExpected(what)
      return Name("", previousEnd)
    }
    let name = parseDottedWords()
    if kind == .minus || kind == .slash {
      report(.unexpectedToken, tokenSpan, "'\(text(of: token))' cannot stand in a name", hint: separator)
      while !isAtLineEnd, kind != .version { advance() }
    }
    return name
  }

  /// The word at hand, and what dots join to it.
  mutating func parseDottedWords() -> Name {
    let first = index
    var words = text(of: advanced())
    while kind == .dot, next.kind == .word, !next.startsLine {
      advance()
      words += "." + text(of: advanced())
    }
    return Name(words, span(from: first))
  }

  private mutating func parseVersion() -> Name {
    let form = "a version has three numbers: 1.0.0"
    guard !isAtLineEnd else {
      report(.badVersion, previousEnd, "the header has no version", hint: form)
      return Name("", previousEnd)
    }
    if kind == .version {
      let version = name(of: advanced())
      let core = version.text.prefix { $0 != "-" && $0 != "+" }
      if core.split(separator: ".").contains(where: { $0.utf8.count > 1 && $0.utf8.first == UInt8(ascii: "0") }) {
        report(.badVersion, version.span, "the numbers of a version do not begin with 0", hint: form)
      }
      return version
    }
    let first = index
    while !isAtLineEnd { advance() }
    let span = span(from: first)
    let written = String(decoding: bytes[span.range], as: UTF8.self)
    add(Diagnostic(.badVersion, span, "'\(written)' is not a version", hint: form))
    return Name("", span)
  }

  // MARK: Uses

  /// `use ecm as edge in "ap-guangzhou" with (EcmRegion: region)`
  private mutating func parseUse() {
    let first = index
    if !isInPlace {
      report(.misplacedDeclaration, tokenSpan, "'use' stands after the header, before the inputs and statements")
    }
    advance()
    if kind == .text || kind == .textHead, !isAtLineEnd { return parseImport(first) }
    let service = expectName("a service or a file after 'use'")
    var use = Use(service: service, defaults: [], span: service.span)
    while !isAtLineEnd, let keyword = token.keyword {
      switch keyword {
      case .as where use.alias == nil:
        advance()
        use.alias = expectFreeName("a name after 'as'")
      case .in where use.region == nil:
        advance()
        use.region = parseSimpleExpression("a region after 'in'")
      case .with where use.defaults.isEmpty:
        advance()
        parseDefaults(into: &use)
      case .as, .in, .with:
        report(.duplicateModifier, tokenSpan, "'\(keyword.rawValue)' stands here a second time")
        skipStatement()
      default:
        expectLineEnd(after: "'use'")
      }
    }
    expectLineEnd(after: "'use'")
    use.span = span(from: first)
    file.uses.append(use)
  }

  /// `"lib/network.belay" as network`
  private mutating func parseImport(_ first: Int) {
    let place = tokenSpan
    let isPlain = kind == .text
    let path = Name(isPlain ? decodedText(of: token) : "", place)
    _ = parseText()
    if !isPlain { add(Diagnostic(.unexpectedToken, place, "the path of a file has no holes")) }
    guard maybe(.as) else {
      reportExpected("'as' and a name after the path", hint: "use \"\(path.text)\" as name, and call name.recipe(…)")
      return skipStatement()
    }
    let alias = expectFreeName("a name after 'as'")
    expectLineEnd(after: "'use'")
    file.imports.append(Import(path: path, alias: alias, span: span(from: first)))
  }

  private mutating func parseDefaults(into use: inout Use) {
    guard kind == .leftParenthesis else {
      return reportExpected("'(' after 'with'", hint: "for example with (EcmRegion: region)")
    }
    let opener = index
    use.defaults = parseArguments("the defaults", isAction: true)
    layout?.marks[opener].remove(.tight)
  }

  // MARK: Documentation

  /// The `///` lines right above a token.
  func documentation(before token: Int) -> [String] {
    var low = 0
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if Int(comments[middle].tokenIndex) < token { low = middle + 1 } else { high = middle }
    }
    var lines: [String] = []
    for comment in comments[low...] {
      guard Int(comment.tokenIndex) == token else { break }
      guard comment.form == .documentation, comment.startsLine else {
        lines = []
        continue
      }
      let line = bytes[comment.range].dropFirst(3)
      lines.append(String(decoding: line.first == UInt8(ascii: " ") ? line.dropFirst() : line, as: UTF8.self))
    }
    return lines
  }
}
