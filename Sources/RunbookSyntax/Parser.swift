import Diagnostics

enum OpenBracket { case parenthesis, square, record, block }

/// A recursive descent over the tokens of one file. `parse…` must succeed or report, `maybe…` may decline and then
/// consumes nothing, `expect…` is about one token.
struct Parser {
  let bytes: [UInt8]
  let source: SourceID
  let tokens: [Token]
  let comments: [Comment]
  /// Nil unless the text is parsed to be formatted.
  var layout: Layout?
  var diagnostics: [Diagnostic]

  /// The token to read next; never past the `.end` token.
  var index = 0
  var nodeCount: Int
  /// The names of functions and recipes of this file that have been invoked so far.
  var invoked: [Name] = []
  /// How many brackets, blocks and prefix operators are open.
  var depth = 0
  /// How many nodes the expression parsed last is high.
  var height = 0
  /// The brackets that are open, for telling a stray closer from one that ends an outer bracket.
  var openBrackets: [OpenBracket] = []
  /// Where the last problem was reported: what follows it at the same token says nothing new.
  private var reportedIndex = -1
  /// Whether the statement at hand has been called too deep.
  private var isTooDeep = false
  /// What the input at hand says about the ownership of its value.
  var ownership: InputDeclaration.Ownership?
  var file = FileParts()

  init(_ text: LexedText, bytes: [UInt8], source: SourceID, layout: Layout? = nil, firstNode: Int = 0) {
    nodeCount = firstNode
    tokens = text.tokens
    comments = text.comments
    diagnostics = text.diagnostics
    self.bytes = bytes
    self.source = source
    self.layout = layout
  }
}

// MARK: - Tokens

extension Parser {
  var token: Token { tokens[index] }
  var kind: TokenKind { tokens[index].kind }
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }
  var isAtEnd: Bool { kind == .end }

  /// Whether the token is this word of the grammar.
  func isAt(_ keyword: Keyword) -> Bool { tokens[index].keyword == keyword }

  func text(of token: Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

  func span(of token: Token) -> Span { Span(source, Int(token.lower), Int(token.upper)) }

  var tokenSpan: Span { span(of: token) }

  /// Right after the token before this one.
  var previousEnd: Span {
    let offset = index > 0 ? Int(tokens[index - 1].upper) : 0
    return Span(source, offset, offset)
  }

  /// From the start of an earlier token to the end of the last one consumed.
  func span(from first: Int) -> Span {
    let last = max(first, index - 1)
    return Span(source, Int(tokens[first].lower), Int(tokens[last].upper))
  }

  mutating func advance() { if !isAtEnd { index += 1 } }

  mutating func maybe(_ wanted: TokenKind) -> Bool {
    guard kind == wanted else { return false }
    advance()
    return true
  }

  mutating func maybe(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    advance()
    return true
  }

  mutating func expect(_ wanted: TokenKind, _ what: @autoclosure () -> String, hint: String? = nil) {
    if !maybe(wanted) { reportExpected(what(), hint: hint) }
  }

  mutating func expect(_ keyword: Keyword, _ what: @autoclosure () -> String, hint: String? = nil) {
    if !maybe(keyword) { reportExpected(what(), hint: hint) }
  }

  func name(of token: Token) -> Name { Name(text(of: token), span(of: token)) }

  /// Any word on this line: members, parameters and keys may be called as words of the grammar are.
  mutating func expectName(_ what: @autoclosure () -> String, hint: String? = nil) -> Name {
    if kind == .word, !isAtLineEnd { return name(of: advanced()) }
    reportExpected(what(), hint: hint)
    return Name("", previousEnd)
  }

  /// A name that a binding may have.
  mutating func expectFreeName(_ what: @autoclosure () -> String) -> Name {
    guard let keyword = token.keyword, keyword.isReserved, !isAtLineEnd else { return expectName(what()) }
    guard next.kind == .assign || next.kind == .colon || next.keyword == .in else {
      reportExpected(what())
      return Name("", previousEnd)
    }
    report(.unexpectedToken, tokenSpan, "'\(keyword.rawValue)' is a word of the language and cannot be a name")
    return name(of: advanced())
  }

  mutating func advanced() -> Token {
    defer { advance() }
    return token
  }
}

// MARK: - Nodes

extension Parser {
  mutating func newNode() -> NodeID {
    defer { nodeCount += 1 }
    return NodeID(nodeCount)
  }

  mutating func expression(_ kind: Expression.Kind, _ span: Span) -> Expression {
    Expression(id: newNode(), kind: kind, span: span)
  }

  mutating func missingExpression() -> Expression {
    height = 0
    return expression(.missing, previousEnd)
  }
}

// MARK: - Problems

extension Parser {
  mutating func report(
    _ code: DiagnosticCode, _ span: Span, _ message: String, hint: String? = nil, fix: Fix? = nil
  ) {
    guard reportedIndex != index, !token.flags.contains(.followsUnknown) else { return }
    reportedIndex = index
    add(Diagnostic(code, span, message, hint: hint, fixes: fix.map { [$0] } ?? []))
  }

  /// Adds a problem that stands for itself: it is not muted and mutes nothing.
  mutating func add(_ diagnostic: Diagnostic) {
    if diagnostics.count < Lexer.maximumProblemCount { diagnostics.append(diagnostic) }
  }

  mutating func reportExpected(_ what: String, hint: String? = nil, fix: Fix? = nil) {
    let place = isAtLineEnd ? previousEnd : tokenSpan
    report(.unexpectedToken, place, "expected \(what), found \(foundName)", hint: hint, fix: fix)
  }

  /// Another sign or word in place of the token at hand; `gap` takes the blanks before it along.
  func replacement(_ text: String, gap: Bool = false) -> Fix {
    let lower = gap && index > 0 ? Int(tokens[index - 1].upper) : Int(token.lower)
    let shown = text.filter { $0 != " " }
    return Fix("write '\(shown)'", Span(source, lower, Int(token.upper)), text)
  }

  /// A line end stands here, and line ends count here.
  var isAtLineEnd: Bool {
    isAtEnd || token.startsLine && (openBrackets.isEmpty || openBrackets.last == .block || isAtStatement)
  }

  var foundName: String {
    if isAtEnd { return "the end of the file" }
    if isAtLineEnd, kind != .rightBrace { return "the end of the line" }
    switch kind {
    case .text, .textHead: return "a text"
    case .textMiddle, .textTail: return "the end of the hole"
    case .word, .int, .float, .duration, .quantity, .version, .cidr, .leftParenthesis, .rightParenthesis, .leftBracket,
      .rightBracket, .leftBrace, .rightBrace, .comma, .colon, .dot, .dots, .question, .assign, .arrow, .equal,
      .notEqual,
      .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash, .percent, .doubleAmpersand,
      .doubleBar, .bang, .end:
      return "'\(text(of: token))'"
    }
  }

  /// Parses one level deeper; past the limit it reports, and the fallback skips what is inside.
  mutating func nested<Value>(or fallback: (inout Parser) -> Value, _ parse: (inout Parser) -> Value) -> Value {
    guard depth < RunbookParser.maximumDepth else {
      reportTooDeep(tokenSpan)
      // What is skipped may leave its surroundings incomplete: that is no problem of its own.
      defer { reportedIndex = index }
      return fallback(&self)
    }
    depth += 1
    defer { depth -= 1 }
    return parse(&self)
  }

  mutating func reportTooDeep(_ span: Span) {
    guard !isTooDeep else { return }
    isTooDeep = true
    add(
      Diagnostic(
        .tooDeep, span, "this nests more than \(RunbookParser.maximumDepth) deep",
        hint: "give inner parts names with 'let'"))
  }

  /// A statement or an input begins: what went wrong before it does not mute its own problems.
  mutating func beginLine() {
    reportedIndex = -1
    if depth == 0 { isTooDeep = false }
  }
}
