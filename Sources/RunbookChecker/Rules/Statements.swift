import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// A block with names of its own.
  mutating func checkBlock(_ block: Block) {
    guard enterLevel(block.span) else { return }
    defer { depth -= 1 }
    let outer = place
    place.isTopLevel = false
    scope.enter()
    checkStatements(block.statements)
    leaveScope()
    place = outer
  }

  mutating func checkStatements(_ statements: some Sequence<Statement>) {
    for statement in statements {
      if case .give(let value) = statement.kind {
        _ = infer(value)
        report(.misplacedGive(statement.span))
      } else {
        checkStatement(statement)
      }
    }
  }

  mutating func checkStatement(_ statement: Statement) {
    switch statement.kind {
    case .binding(let name, let value): checkBinding(name, value)
    case .effect(let value):
      let type = checkEffect(value)
      if case .pure(let expression) = value, !type.isUnknown, !isRecipe(expression) {
        report(.unusedValue(expression.span))
      }
    case .when(let when): checkIf(when)
    case .match(let match): checkMatch(match)
    case .parallel(let block): checkParallel(block)
    case .notify(let message, let channel):
      checkMessage(message, "the message of 'notify'")
      if let channel { checkMessage(channel, "the channel of 'notify'") }
    case .commit(let why): checkCommit(why, statement.span)
    case .fail(let why):
      checkMessage(why, "the message of 'fail'")
      noteFallible(statement.span, "this 'fail'")
    case .output(let name, let value): checkOutput(name, value)
    case .give(let value): _ = infer(value)
    case .assert(let condition, let message):
      checkCondition(condition)
      if let message { checkMessage(message, "the message of 'assert'") }
      noteFallible(statement.span, "this 'assert'")
    case .missing: break
    }
  }

  private mutating func checkBinding(_ name: Name, _ value: Effectful) {
    let type = checkEffect(value)
    var binding = Binding(name: name, type: type, origin: .value)
    switch value {
    case .pure(let expression):
      binding.literal = literal(expression)
      binding.owner = owner(of: expression)
    case .call(let call):
      guard case .result(let service, let action) = type else { break }
      let id = ActionID(service, action)
      binding = Binding(name: name, type: type, origin: .call(call.id, id), mayBeUnused: !Checker.isRead(id))
    case .loop(let loop):
      if !loop.body.givesSomething { report(.givesNothing(name, "the rounds of this loop give", "its body")) }
    case .attempt(let attempt):
      if !attempt.body.givesSomething { report(.givesNothing(name, "this attempt gives", "its blocks")) }
    case .timeout(let timeout):
      if !timeout.body.givesSomething { report(.givesNothing(name, "this block gives", "it")) }
    case .approve(let approve):
      if !approve.body.givesSomething { report(.givesNothing(name, "this block gives", "it")) }
    case .wait: break
    }
    if case .pure(let expression) = value, isRecipe(expression) { binding.mayBeUnused = true }
    if type.isUnknown { binding.mayBeUnused = true }
    declare(binding)
  }

  private mutating func checkEffect(_ value: Effectful) -> ValueType {
    switch value {
    case .pure(let expression): inferStatement(expression)
    case .call(let call): checkCall(call)
    case .wait(let wait): checkWait(wait)
    case .loop(let loop): checkLoop(loop)
    case .attempt(let attempt): checkAttempt(attempt)
    case .timeout(let timeout): checkTimeout(timeout)
    case .approve(let approve): checkApprove(approve)
    }
  }

  /// A recipe may stand here.
  private mutating func inferStatement(_ expression: Expression) -> ValueType {
    guard case .function(let invocation) = expression.kind else { return infer(expression) }
    let type = infer(invocation, expression, standsAlone: true)
    note(type, of: expression)
    return type
  }

  private func isRecipe(_ expression: Expression) -> Bool {
    invocations[expression.id.index].map { routines[$0.index].routine.kind == .recipe } ?? false
  }

  /// The literal behind an expression, where there is one.
  private func literal(_ expression: Expression) -> Expression? {
    switch expression.kind {
    case .bool, .int, .float, .duration, .quantity, .cidr, .text, .list, .record: expression
    case .name(let name): scope[name]?.literal
    case .negate(let operand):
      switch operand.kind {
      case .int, .float, .duration, .quantity: expression
      default: nil
      }
    default: nil
    }
  }

  /// An irreversible call in one of the branches counts for what follows them both.
  private mutating func checkIf(_ when: If) {
    checkCondition(when.condition)
    checkChoice(when.condition)
    let before = pendingIrreversible
    checkBlock(when.then)
    let afterThen = pendingIrreversible
    pendingIrreversible = before
    switch when.otherwise {
    case .block(let block)?: checkBlock(block)
    case .when(let next)?:
      if enterLevel(next.span) {
        checkIf(next)
        depth -= 1
      }
    case nil: break
    }
    pendingIrreversible = pendingIrreversible ?? afterThen
  }

  private mutating func checkCommit(_ why: Expression, _ span: Span) {
    checkMessage(why, "the reason")
    if !place.isTopLevel { report(.misplacedCommit(span)) }
    pendingIrreversible = nil
  }

  private mutating func checkOutput(_ name: Name, _ value: Expression) {
    let type = infer(value)
    if type.holdsSecret { report(.secretShown(value.span, "an output")) }
    if !place.isTopLevel { report(.misplacedOutput(name.span)) }
    if let earlier = outputs.updateValue(name.span, forKey: name.text) { report(.duplicateOutput(name, earlier)) }
  }

  /// A call where only a value may stand. Its own problems are reported all the same.
  mutating func checkMisplacedCall(_ call: Call) -> ValueType {
    report(.misplacedCall(call))
    return checkCall(call)
  }
}

extension Diagnostic {
  fileprivate static func givesNothing(_ name: Name, _ who: String, _ what: String) -> Diagnostic {
    Diagnostic(
      .misplacedGive, name.span, "\(who) nothing to '\(name.text)'",
      hint: "end \(what) with 'give …', or leave 'let \(name.text) =' out")
  }

  fileprivate static func unusedValue(_ span: Span) -> Diagnostic {
    Diagnostic(
      .unusedName, span, "nothing uses the value of this expression", hint: "bind it with 'let', or leave it out")
  }

  fileprivate static func misplacedGive(_ span: Span) -> Diagnostic {
    Diagnostic(
      .misplacedGive, span,
      "'give' is the last statement of a loop's body or of a block that has a value, and stands nowhere else",
      hint: "for a value that depends, 'give if a then b else c'")
  }

  fileprivate static func misplacedCommit(_ span: Span) -> Diagnostic {
    Diagnostic(
      .misplacedCommit, span, "'commit' stands between the steps of the runbook, not inside a block",
      hint: "move it below the block: it speaks for all that was done before it")
  }

  fileprivate static func misplacedOutput(_ span: Span) -> Diagnostic {
    Diagnostic(
      .misplacedOutput, span, "'output' stands among the steps of the runbook, not inside a block",
      hint: "bind the block's value with 'let … = each …' and 'give', then name it in an output below")
  }

  fileprivate static func duplicateOutput(_ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .duplicateName, name.span, "there are two outputs '\(name.text)'",
      notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func misplacedCall(_ call: Call) -> Diagnostic {
    Diagnostic(
      .misplacedCall, call.service.span.union(call.action.span),
      "a call stands alone or after 'let x =', not inside an expression: one effect to a statement",
      hint: "bind it first: 'let x = \(call.service.text).\(call.action.text)(…)', then use 'x'")
  }
}
