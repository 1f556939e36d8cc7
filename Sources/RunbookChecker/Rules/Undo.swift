import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// An irreversible call, until a `commit` follows.
struct IrreversibleStep {
  let span: Span
  let action: String
}

extension Checker {
  /// Every call that changes something is undone by the catalog's inverse or by what the text says instead.
  mutating func checkUndo(_ call: Call, _ action: ActionID, _ meaning: ActionMeaning?) -> UndoPlan {
    let written = writtenPlan(call)
    if place.isInUndo { return written ?? .nothing }
    guard let meaning else { return written ?? .nothing }
    switch meaning.undo {
    case .nothing(let reason):
      if let span = overrideSpan(call) { report(.nothingToUndo(span, action, reason)) }
      return .nothing
    case .inverse(let inverse):
      if let why = call.irreversible, inverse.quality == .exact {
        report(.needlessIrreversible(why.span, action, inverse))
      }
      let left = call.arguments.compactMap(\.name).filter { inverse.leaves.contains($0.text) }
      if written == nil, let first = left.first { report(.leavesSomething(first, action, inverse)) }
      return written ?? .catalog
    case .impossible(let reason):
      if written == nil { report(.noInverse(call.service.span.union(call.action.span), action, reason)) }
      return written ?? .nothing
    }
  }

  private mutating func writtenPlan(_ call: Call) -> UndoPlan? {
    var plans: [(UndoPlan, Span)] = []
    if let block = call.undo { plans.append((.written(block), block.span)) }
    if let why = call.irreversible { plans.append((.irreversible(why), why.span)) }
    if let why = call.keep { plans.append((.keep(why), why.span)) }
    if plans.count > 1 { report(.twoPlans(plans[1].1, plans[0].1)) }
    return plans.first?.0
  }

  private func overrideSpan(_ call: Call) -> Span? { call.undo?.span ?? call.irreversible?.span ?? call.keep?.span }

  /// After an irreversible call nothing may fail before `commit`: else the run would be rolled back to a state that
  /// cannot be reached any more.
  mutating func noteIrreversible(_ call: Call, _ plan: UndoPlan) {
    guard case .irreversible = plan, !place.isInUndo else { return }
    pendingIrreversible = IrreversibleStep(span: call.service.span.union(call.action.span), action: call.action.text)
  }

  /// What may fail stands here: a call, a wait, `fail`, `assert`. The first one is reported, the rest follows from it.
  mutating func noteFallible(_ span: Span, _ what: String) {
    if !place.isInUndo { hasFallible = true }
    guard let step = pendingIrreversible, !place.isInUndo else { return }
    report(.fallibleAfter(span, what, step))
    pendingIrreversible = nil
  }
}

extension Diagnostic {
  fileprivate static func leavesSomething(_ name: Name, _ action: ActionID, _ inverse: Inverse) -> Diagnostic {
    Diagnostic(
      .inverseLeaves, name.span,
      "the undo of '\(action.name)' does not take back '\(name.text)': nothing reads what it was before",
      hint:
        "say 'keep \"why\"' when it may stay, 'irreversible \"why\"' when it must not be lost, or 'undo { … }' with "
        + "what to do")
  }

  fileprivate static func noInverse(_ span: Span, _ action: ActionID, _ reason: String) -> Diagnostic {
    Diagnostic(
      .noInverse, span, "'\(action.name)' cannot be undone: \(reason)",
      hint:
        "say 'irreversible \"why\"' after the call, 'keep \"why\"' to leave it there, or 'undo { … }' with what to do"
    )
  }

  fileprivate static func nothingToUndo(_ span: Span, _ action: ActionID, _ reason: String) -> Diagnostic {
    Diagnostic(.needlessOverride, span, "'\(action.name)' leaves nothing to undo: \(reason)", hint: "leave this out")
  }

  fileprivate static func needlessIrreversible(_ span: Span, _ action: ActionID, _ inverse: Inverse) -> Diagnostic {
    let names = inverse.calls.map { "'\($0.call.action.name)'" }.joined(separator: " and ")
    return Diagnostic(
      .needlessOverride, span, "'\(action.name)' can be undone exactly, by \(names)",
      hint: "leave 'irreversible' out, or say 'keep' when it should stay")
  }

  fileprivate static func twoPlans(_ span: Span, _ first: Span) -> Diagnostic {
    Diagnostic(
      .duplicateModifier, span, "a call has one of 'undo', 'irreversible' and 'keep'",
      notes: [DiagnosticNote("the first is here", first)])
  }

  fileprivate static func fallibleAfter(_ span: Span, _ what: String, _ step: IrreversibleStep) -> Diagnostic {
    Diagnostic(
      .fallibleAfterIrreversible, span,
      "\(what) may fail after '\(step.action)', which cannot be undone: the run could not be rolled back",
      hint: "put 'commit \"why\"' between them, or this before it",
      notes: [DiagnosticNote("irreversible from here on", step.span)])
  }
}
