import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// Returns what the wait gives: the answer of the last read for `until`, null for the state form.
  @discardableResult
  mutating func checkWait(_ wait: Wait) -> ValueType {
    if let every = wait.every { checkPositiveDuration(every, "the pause between two reads") }
    if let within = wait.within {
      checkPositiveDuration(within, "the deadline of a wait")
      checkTimeBound(within)
    }
    if let why = wait.otherwise { checkMessage(why, "the message of 'fail'") }
    switch wait.kind {
    case .state(let target, let state):
      checkState(wait, target, state)
      return .null
    case .until(let call, let condition):
      return checkUntil(wait, call, condition)
    }
  }

  private mutating func checkState(_ wait: Wait, _ target: Expression, _ state: Name) {
    let type = infer(target)
    noteFallible(wait.span, "this wait")
    guard case .name(let name) = target.kind else {
      if !type.isUnknown { report(.notAName(target.span)) }
      return
    }
    guard let binding = scope[name], case .call(let call, let action) = binding.origin else {
      if !type.isUnknown { report(.notACall(target.span, name)) }
      return
    }
    guard let meaning = Catalog.meaning(action) else { return }
    guard let poll = meaning.wait else { return report(.nothingToAwait(wait.span, action)) }
    let states = ["done"] + poll.done.compactMap(\.asText)
    guard states.contains(state.text) else {
      return report(.unknownState(state, action, states, suggestion(for: state.text, among: states)))
    }
    waits[wait.id.index] = CheckedWait(call: call, action: action)
  }

  private mutating func checkUntil(_ wait: Wait, _ call: Call, _ condition: Expression) -> ValueType {
    let answer = checkCall(call)
    if case .result(let service, let action) = answer, !Checker.isRead(ActionID(service, action)) {
      report(.untilNeedsRead(call.service.span.union(call.action.span), action))
    }
    let outer = it
    it = answer
    checkCondition(condition)
    it = outer
    if wait.within == nil { report(.noDeadline(wait.span)) }
    return answer
  }
}

extension Diagnostic {
  fileprivate static func notAName(_ span: Span) -> Diagnostic {
    Diagnostic(
      .notAwaitable, span, "only a call can be awaited, by the name that 'let' gave its answer",
      hint: "'let x = service.Action(…)', then 'wait x is done'")
  }

  fileprivate static func notACall(_ span: Span, _ name: String) -> Diagnostic {
    Diagnostic(
      .notAwaitable, span, "'\(name)' is not the answer of a call, so there is nothing to wait for",
      hint: "wait for the call itself: 'let \(name) = service.Action(…)', then 'wait \(name) is done'")
  }

  fileprivate static func nothingToAwait(_ span: Span, _ action: ActionID) -> Diagnostic {
    Diagnostic(.notAwaitable, span, "'\(action.name)' answers when it is done; there is nothing to wait for")
  }

  fileprivate static func unknownState(_ state: Name, _ action: ActionID, _ states: [String], _ near: Suggestion)
    -> Diagnostic
  {
    let list = states.map { "'\($0)'" }.joined(separator: " or ")
    return Diagnostic(
      .unknownState, state.span, "'\(action.name)' is awaited until it is \(list), not '\(state.text)'\(near)",
      fixes: near.fixes(state.span))
  }

  fileprivate static func untilNeedsRead(_ span: Span, _ action: String) -> Diagnostic {
    Diagnostic(
      .untilNeedsRead, span, "'until' asks again and again, but '\(action)' changes something each time",
      hint: "name a read here, such as an action that begins with 'Describe'")
  }

  fileprivate static func noDeadline(_ span: Span) -> Diagnostic {
    Diagnostic(.badDuration, span, "this wait has no deadline", hint: "add 'within 5min'")
  }
}
