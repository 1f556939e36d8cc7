import Diagnostics
import RunbookSyntax

/// Statements that stand next to each other in a block, each of which would be done as well, and sooner, beside the
/// others.
struct Neighbours {
  private var statements: [Statement] = []
  /// What they bind.
  private var names: Set<String> = []

  /// Takes the next statement of the block; `gains`: it makes things of its own and waits for them, and nobody minds
  /// when. Returns what is to be said of those before it, when it does not join them.
  mutating func note(_ statement: Statement, gains: Bool) -> Diagnostic? {
    guard gains, statement.isBlockLike else {
      let advice = advice
      self = Neighbours()
      return advice
    }
    var before: Diagnostic?
    if !statement.mentions.isDisjoint(with: names) {
      before = advice
      self = Neighbours()
    }
    statements.append(statement)
    if case .binding(let name, _) = statement.kind { names.insert(name.text) }
    return before
  }

  var advice: Diagnostic? { statements.count > 1 ? .couldRunTogether(statements) : nil }
}

extension Statement {
  /// With steps in it that follow each other: a loop, a recipe, an attempt, a block with a time limit. In a `parallel`
  /// block it stays one.
  fileprivate var isBlockLike: Bool {
    switch kind {
    case .binding(_, let value), .effect(let value):
      switch value {
      case .pure, .loop, .attempt, .timeout: true
      case .call, .wait, .approve: false
      }
    case .when, .match, .parallel, .notify, .commit, .fail, .output, .give, .assert, .missing: false
    }
  }

  /// Its beginning, for messages: up to its name, or the word that it begins with.
  fileprivate var head: Span {
    switch kind {
    case .binding(let name, _): Span(span.source, Int(span.lower), Int(name.span.upper))
    case .effect(.pure(let expression)): expression.span
    case .effect, .when, .match, .parallel, .notify, .commit, .fail, .output, .give, .assert, .missing:
      Span(span.source, Int(span.lower), Int(span.lower) + 4)
    }
  }
}

extension Diagnostic {
  fileprivate static func couldRunTogether(_ statements: [Statement]) -> Diagnostic {
    let (first, last) = (statements[0].span, statements[statements.count - 1].span)
    let others = statements.count == 2 ? "the statement" : "the \(statements.count - 1) statements"
    return Diagnostic(
      .couldRunTogether, statements[0].head,
      "this and \(others) behind it have nothing to do with each other: they could run side by side",
      notes: statements.dropFirst().map { DiagnosticNote("beside this", $0.head) },
      fixes: [
        Fix(
          "put one 'parallel { … }' around them",
          [
            Fix.Edit(Span(first.source, Int(first.lower), Int(first.lower)), "parallel {\n"),
            Fix.Edit(Span(last.source, Int(last.upper), Int(last.upper)), "\n}"),
          ])
      ])
  }
}
