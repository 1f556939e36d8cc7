import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// `retry`, `undo`, `irreversible` and `keep` as texts; what they mean for the action is judged elsewhere.
  mutating func checkModifiers(_ call: Call, answer: ValueType) {
    if let every = call.retry?.every { checkPositiveDuration(every, "the pause between two attempts") }
    if let upTo = call.retry?.upTo { checkPositiveCount(upTo, "the number of attempts") }
    if let why = call.irreversible { checkMessage(why, "the reason") }
    if let why = call.keep { checkMessage(why, "the reason") }
    if let block = call.undo { checkUndoBlock(block, answer: answer) }
  }

  /// `it` is the answer of the call. What stands here runs only when the run is undone: it has no undo of its own.
  private mutating func checkUndoBlock(_ block: Block, answer: ValueType) {
    let outer = (place: place, it: it, pending: pendingIrreversible)
    place = Place(isTopLevel: false, isInUndo: true)
    it = answer
    pendingIrreversible = nil
    checkBlock(block)
    (place, it, pendingIrreversible) = outer
  }

  /// Codes that the action may answer, or the families of such codes.
  mutating func checkRetryCodes(_ retry: Retry?, _ facts: ActionFacts, _ used: UsedService) {
    guard let retry else { return }
    let codes = facts.errors + used.catalog.commonErrors
    for code in retry.codes where !codes.contains(where: { $0 == code.text || $0.hasPrefix(code.text + ".") }) {
      let families = codes.compactMap { $0.split(separator: ".").first.map(String.init) }
      report(.unknownCode(code, facts, suggestion(for: code.text, among: codes + families)))
    }
  }

  /// How many at once, how many times: an Int of at least 1.
  mutating func checkPositiveCount(_ expression: Expression, _ what: String) {
    let type = infer(expression)
    guard type.fits(.int) else { return report(.notACount(expression.span, what, type)) }
    if case .int(let value)? = constant(expression), value < 1 { report(.countTooSmall(expression.span, what, value)) }
  }

  mutating func checkPositiveDuration(_ expression: Expression, _ what: String) {
    let type = infer(expression)
    guard type.fits(.duration) else { return report(.notADuration(expression.span, what, type)) }
    if case .duration(let value)? = constant(expression), value <= .zero {
      report(.durationTooShort(expression.span, what, value))
    }
  }

  /// A text for people: journals and screens show it, so no secret may stand in it.
  mutating func checkMessage(_ expression: Expression, _ what: String) {
    let type = infer(expression)
    if type.holdsSecret { return report(.secretShown(expression.span, what)) }
    if !type.fits(.text) { report(.notAMessage(expression.span, what, type)) }
  }
}

extension Diagnostic {
  fileprivate static func unknownCode(_ code: Name, _ facts: ActionFacts, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownErrorCode, code.span, "'\(facts.id.name)' never answers '\(code.text)'\(near)",
      fixes: near.fixes(code.span))
  }

  fileprivate static func notACount(_ span: Span, _ what: String, _ type: ValueType) -> Diagnostic {
    Diagnostic(.typeMismatch, span, "\(what) is an Int, but this is \(type.described)")
  }

  fileprivate static func countTooSmall(_ span: Span, _ what: String, _ value: Int) -> Diagnostic {
    Diagnostic(.badLimit, span, "\(what) is at least 1, but this is \(value)")
  }

  fileprivate static func notADuration(_ span: Span, _ what: String, _ type: ValueType) -> Diagnostic {
    let hint = type.plain == .int ? "add a unit: '30s', '15min', '2h'" : nil
    return Diagnostic(.badDuration, span, "\(what) is a Duration, but this is \(type.described)", hint: hint)
  }

  fileprivate static func durationTooShort(_ span: Span, _ what: String, _ value: Duration) -> Diagnostic {
    Diagnostic(.badDuration, span, "\(what) is longer than nothing, but this is \(value.belayText)")
  }

  static func secretShown(_ span: Span, _ what: String) -> Diagnostic {
    Diagnostic(.secretExposed, span, "\(what) is shown and journaled, but this is made from a secret")
  }

  fileprivate static func notAMessage(_ span: Span, _ what: String, _ type: ValueType) -> Diagnostic {
    Diagnostic(.typeMismatch, span, "\(what) is a Text, but this is \(type.described)")
  }
}
