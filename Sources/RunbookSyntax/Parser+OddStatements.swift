import Diagnostics

/// Statements that begin with no word of the grammar: calls, and what people write who come from other languages.
extension Parser {
  private static let beginnings = [
    "let", "parallel", "each", "wait", "give", "if", "commit", "fail", "output", "assert", "use", "inputs", "runbook",
    "library", "func", "recipe", "test", "bounds", "approve", "attempt", "match", "notify", "timeout",
  ]

  mutating func parseOddStatement() -> Statement.Kind {
    if kind == .minus, next.kind == .word {
      report(.unexpectedToken, tokenSpan, "expected a statement, found '-'", hint: "a list is written [a, b]")
      skipStatement()
      return .missing
    }
    if isWordAndMore { return parseForeignStatement() }
    guard beginsValue else {
      let sign = text(of: token)
      let message = kind.isCloser ? "this '\(sign)' closes nothing" : "expected a statement, found '\(sign)'"
      report(.unexpectedToken, tokenSpan, message)
      advance()
      skipStatement()
      return .missing
    }
    let value = parseEffectful("a statement")
    if kind == .assign, !token.startsLine, case .pure(let expression) = value { return parseAssignment(to: expression) }
    return .effect(value)
  }

  private var beginsValue: Bool {
    switch kind {
    case .word:
      switch token.keyword {
      case .then, .in, .and, .or: return false
      default: return true
      }
    case .int, .float, .duration, .quantity, .cidr, .text, .textHead, .leftParenthesis, .leftBracket, .leftBrace,
      .minus, .bang:
      return true
    case .version, .textMiddle, .textTail, .rightParenthesis, .rightBracket, .rightBrace, .comma, .colon, .dot, .dots,
      .question, .assign, .arrow, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .plus, .star,
      .slash, .percent, .doubleAmpersand, .doubleBar, .end:
      return false
    }
  }

  /// `x = 5`
  private mutating func parseAssignment(to target: Expression) -> Statement.Kind {
    guard case .name(let text) = target.kind else {
      report(.unexpectedToken, tokenSpan, "a value does not change once it is made", hint: "make a new one with 'let'")
      skipStatement()
      return .missing
    }
    let hint = "write 'let \(text) = …'; a name is given once and keeps its value"
    let start = Span(source, Int(target.span.lower), Int(target.span.lower))
    report(
      .unexpectedToken, target.span, "expected 'let' before '\(text) ='", hint: hint,
      fix: Fix("write 'let \(text) = …'", start, "let "))
    advance()
    return .binding(name: Name(text, target.span), value: parseEffectful("a value after '='"))
  }

  /// Two words in a row, or a word and a block: no value looks like this.
  private var isWordAndMore: Bool {
    guard kind == .word, token.keyword.map({ !$0.isReserved }) ?? true, !next.startsLine else { return false }
    switch next.kind {
    case .word: return !(next.keyword?.joinsValues ?? false)
    case .text, .textHead, .leftBrace, .int: return true
    case .float, .duration, .quantity, .version, .cidr, .textMiddle, .textTail, .leftParenthesis, .rightParenthesis,
      .leftBracket,
      .rightBracket, .rightBrace, .comma, .colon, .dot, .dots, .question, .assign, .arrow, .equal, .notEqual, .less,
      .lessOrEqual, .greater, .greaterOrEqual, .plus, .minus, .star, .slash, .percent, .doubleAmpersand, .doubleBar,
      .bang, .end:
      return false
    }
  }

  private mutating func parseForeignStatement() -> Statement.Kind {
    let word = text(of: token)
    if ["const", "var", "val", "set", "local"].contains(word), next.kind == .word {
      report(
        .unexpectedToken, tokenSpan, "'\(word)' is not of the language", hint: "write 'let'", fix: replacement("let"))
      advance()
      let name = expectFreeName("a name after '\(word)'")
      expect(.assign, "'=' after the name '\(name.text)'")
      return .binding(name: name, value: parseEffectful("a value after '='"))
    }
    if word == "foreach" {
      report(
        .unexpectedToken, tokenSpan, "'foreach' is not of the language", hint: "write 'each x in xs { … }'",
        fix: replacement("each"))
      return parseForeignBlock()
    }
    let habit = Parser.instead(of: word)
    let meant = habit == nil ? Parser.meant(by: word, before: next.kind) : .none
    report(
      .unexpectedToken, tokenSpan, "'\(word)' begins no statement\(meant)", hint: habit,
      fix: meant.fixes(tokenSpan).first)
    return parseForeignBlock()
  }

  /// Before a text only a few words can have been meant, so one more slip is forgiven.
  private static func meant(by word: String, before next: TokenKind) -> Suggestion {
    let near = Suggestion(for: word, among: beginnings)
    guard near.isEmpty, next == .text || next == .textHead else { return near }
    return Suggestion(for: word, among: ["fail", "commit", "notify", "approve", "give"], slips: 2)
  }

  private static func instead(of word: String) -> String? {
    switch word {
    case "def", "fn", "function", "func", "proc", "sub":
      "a function is written func name(a: Int): Int = a + 1, a procedure recipe name(a: Int) { … }"
    case "return": "a loop's round gives its value with 'give', a runbook with 'output name = value'"
    case "while", "loop", "repeat": "loops go over lists: each x in xs { … }; to poll, 'wait ecm.Describe…(…) until …'"
    case "import", "from", "include", "require":
      "services are named with 'use ecm', other files with 'use \"file.belay\" as name'"
    case "try", "catch", "except", "finally":
      "a block that may fail is written attempt { … } rescue err { … } always { … }"
    case "raise", "throw": "a failure undoes what was done; 'fail \"why\"' fails"
    case "switch", "case": "a choice among values is written match value { \"a\" => …, else => … }"
    case "resource": "a resource is made by a call, and undone by itself: let net = ecm.CreateVpc(…)"
    case "data": "what is there already is read by a call: let found = ecm.DescribeVpcs(…)"
    case "variable", "input", "param", "parameter": "inputs stand in one block: inputs { name: Type = default }"
    case "locals", "module", "provider", "terraform":
      "a runbook is a procedure: 'use ecm with (EcmRegion: region)', then its steps in order"
    case "print", "echo", "puts", "log": "results leave by 'output name = value', messages by 'notify \"…\"'"
    case "sleep", "delay": "Belay does not sleep: it waits for something: wait x is RUNNING within 5min"
    case "begin", "do", "end", "then", "done", "fi": "blocks stand in braces: { … }"
    case "elif", "elseif", "elsif": "write 'else if' after the block's '}'"
    case "retry", "undo", "irreversible", "keep": "'\(word)' stands behind an API call"
    case "until", "every", "within": "'\(word)' stands behind a 'wait'"
    default: nil
    }
  }

  /// Skips to the block on this line, if there is one, and parses it for the problems inside it.
  private mutating func parseForeignBlock() -> Statement.Kind {
    advance()
    while !isAtEnd, !token.startsLine, kind != .leftBrace, kind != .rightBrace { advance() }
    guard kind == .leftBrace, !token.startsLine else { return .missing }
    return parseOrphanBlock()
  }
}
