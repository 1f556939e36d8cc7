import CloudCatalog
import Diagnostics
import RunbookSyntax

extension Diagnostic {
  static func gone(_ span: Span, _ action: ActionID, _ work: Work) -> Diagnostic {
    Diagnostic(
      .usedAfterGone, span, "'\(action.name)' would find nothing here: '\(work.action.name)' has taken it away",
      hint: "put it before '\(work.action.name)', or leave it out",
      notes: [DiagnosticNote("gone from here on", work.span)])
  }

  static func underWay(_ span: Span, _ action: ActionID, _ work: Work, _ state: String?) -> Diagnostic {
    Diagnostic(
      .notReady, span,
      "'\(action.name)' comes too early: nothing waits for '\(work.action.name)'"
        + (state.map { ", so this is \($0)" } ?? ""),
      hint: "wait for it first: 'wait … is done within 5min', where '…' is the name of its answer",
      notes: [DiagnosticNote("its work begins here", work.span)])
  }

  static func wrongState(_ span: Span, _ action: ActionID, _ work: Work, _ state: String, _ allowed: Set<String>)
    -> Diagnostic
  {
    Diagnostic(
      .notReady, span,
      "'\(action.name)' is refused here: '\(work.action.name)' leaves this \(state), and it has to be "
        + allowed.sorted().joined(separator: " or "),
      notes: [DiagnosticNote("\(state) from here on", work.span)])
  }

  static func bound(_ span: Span, _ action: ActionID, _ work: Work) -> Diagnostic {
    Diagnostic(
      .notReady, span,
      "'\(work.action.name)' has bound this, and '\(action.name)' is refused until something lets it go",
      hint: "take it off first, and wait for that", notes: [DiagnosticNote("bound from here on", work.span)])
  }

  static func neverComes(_ span: Span, _ work: Work, _ other: Work) -> Diagnostic {
    Diagnostic(
      .neverComes, span,
      "this wait would last until its deadline: since '\(work.action.name)' there was '\(other.action.name)'",
      hint: "wait for what came last, by its own name",
      notes: [DiagnosticNote("another state from here on", other.span)])
  }

  static func needlessWait(_ wait: Wait, _ work: Work) -> Diagnostic {
    Diagnostic(
      .needlessWait, wait.span, "the work of '\(work.action.name)' has been waited for on every way that leads here",
      hint: "leave this out", fixes: [Fix("leave this wait out", wait.span, "")])
  }

  static func unawaited(_ work: Work) -> Diagnostic {
    Diagnostic(
      .unawaited, work.span,
      "nothing waits for the work of '\(work.action.name)': if it fails, the run does not notice",
      hint: "'let x = …', then 'wait x is done within 5min'; or a name that begins with '_' when it does not matter")
  }

  static func committedUnawaited(_ work: Work, _ commit: Span) -> Diagnostic {
    Diagnostic(
      .committedUnawaited, work.span,
      "nothing waits for the work of '\(work.action.name)' before the 'commit': what fails after it stays as it is",
      hint: "'let x = …', then 'wait x is done within 5min'; or a name that begins with '_' when it does not matter",
      notes: [
        DiagnosticNote("from here on nothing is undone", Span(commit.source, Int(commit.lower), Int(commit.lower) + 6))
      ])
  }

  static func unreachable(_ span: Span) -> Diagnostic {
    Diagnostic(.unreachable, span, "nothing comes here: what stands before it has failed the run")
  }
}
