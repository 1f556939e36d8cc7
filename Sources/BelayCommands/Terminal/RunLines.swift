import Diagnostics
import RunDriver
import RunEngine
import Values

/// A run as lines that are only ever added, for pipes and logs: when something begins, ends, is tried again or undone.
/// The same observations make the same lines.
package struct RunLines: Sendable {
  private var progress: RunProgress
  private let style: TerminalStyle
  /// What a poll said last; it is told again only when it changes.
  private var seen: [StepAddress: String] = [:]

  package init(id: RunID, style: TerminalStyle) {
    progress = RunProgress(id: id)
    self.style = style
  }

  /// What an observation adds: no line, or one; never cut to a width.
  package mutating func take(_ observation: RunObservation) -> [String] {
    switch observation {
    case .record(let stored, let record): return take(record, at: stored.at)
    case .notice(let at, let notice):
      progress.apply(observation)
      return line(notice, at).map { [$0.text(style)] } ?? []
    }
  }

  mutating func take(_ record: JournalRecord, at: Instant) -> [String] {
    progress.apply(record, at: at)
    return line(record, at).map { [$0.text(style)] } ?? []
  }

  private func line(_ record: JournalRecord, _ at: Instant) -> StyledLine? {
    switch record {
    case .created(let runbook, let version, _, _, _, let cloud, _, _):
      return line(at, "run", .accent, "\(runbook) \(version)", "\(progress.id)  \(cloud)")
    case .intent(let step, _, _, _, _, _, _): return line(at, "begin", .plain, step)
    case .read(let step, _, _, _, _): return line(at, "read", .dim, step)
    case .waitBegan(let step, _, let within, _):
      return line(at, "wait", .plain, step.text, "within \(within.belayText)")
    case .done(let step, _, _, _, _): return line(at, "done", .good, step)
    case .waitEnded(let step, let problem): return line(at, problem == nil ? "done" : "failed", ink(problem), step)
    case .refused(let step, _, _): return line(at, "failed", .bad, step)
    case .unknown(let step, _): return line(at, "unknown", .bad, step)
    case .notSent(let step): return line(at, "not sent", .dim, step)
    case .committed(let reason): return line(at, "commit", .good, reason, "")
    case .output(let name, let value): return line(at, "output", .plain, name, value.wording)
    case .failed(let failure): return line(at, "stop", .bad, failure.message, failure.place?.description ?? "")
    case .undoBegan: return line(at, "undo", .warning, "newest first", "")
    case .undoIntent(let step, let action, _, _): return line(at, "undoing", .warning, step.text, action.name)
    case .undoDone, .undoRefused: return nil
    case .undone(let step): return line(at, "undone", .warning, step)
    case .undoFailed(let step, _): return line(at, "stuck", .bad, step)
    case .asked(let verb, let by): return line(at, verb.name, .accent, verb.step?.text ?? "", "asked by \(by)")
    case .timeoutBegan(let block, let within, _):
      return line(at, "timeout", .plain, block.text, "after \(within.belayText)")
    case .attemptFailed(let block, let failure): return line(at, "failed", .bad, block.text, failure.message)
    case .rescueBegan(let block): return line(at, "rescue", .warning, block.text, "")
    case .alwaysFailed(let block, let failure): return line(at, "failed", .bad, block.text, failure.message)
    case .approvalAsked(let ask): return line(at, "approval", .warning, ask.address.text, ApprovalWording.request(ask))
    case .approvalDecided(let step, let decision):
      let ink: Ink = decision.verdict == .given ? .good : .bad
      return line(at, decision.verdict.rawValue, ink, step.text, ApprovalWording.decision(decision))
    case .notified(let notification):
      return line(at, "notify", .accent, notification.text, notification.channel.map { "to \($0)" } ?? "")
    case .finished(let status): return line(at, "end", ink(status), status.rawValue, "")
    }
  }

  private func ink(_ problem: String?) -> Ink { problem == nil ? .good : .bad }

  private func ink(_ status: RunStatus) -> Ink {
    switch status {
    case .succeeded: .good
    case .rolledBack, .running, .undoing, .waiting: .warning
    case .needsAttention: .bad
    }
  }

  private mutating func line(_ notice: RunNotice, _ at: Instant) -> StyledLine? {
    switch notice {
    // Most calls of a wide loop wait for the limit a little: the live tree shows it, lines would be too many.
    case .sent, .held(_, .limit), .released: return nil
    case .held(let step, .lock): return line(at, "lock", .dim, step.text, StepWording.news(notice) ?? "")
    case .polled(let step, let text):
      guard text != "done", let news = StepWording.news(notice), seen.updateValue(text, forKey: step) != text else {
        return nil
      }
      return line(at, "poll", .dim, step.text, news)
    case .resting(let step, _, let pause):
      let text = StepWording.news(notice) ?? ""
      let again = text.contains("again in") ? "" : " · again in \(pause.belayText)"
      return line(at, "retry", .warning, step.text, text + again)
    case .probing(let step, _): return line(at, "probe", .warning, step.text, StepWording.news(notice) ?? "")
    }
  }

  /// A step's own line: its address, its action, what came of it, how long it took.
  private func line(_ at: Instant, _ word: String, _ ink: Ink, _ address: StepAddress) -> StyledLine {
    guard let step = progress.report.step(address) else { return line(at, word, ink, address.text, "") }
    let wording = StepWording(progress: progress, now: at)
    var line = line(at, word, ink, address.text, step.kind == .wait ? "" : step.action?.name ?? "")
    let detail = wording.detail(step)
    if !detail.isEmpty {
      line.add("  ")
      line.add(detail)
    }
    if step.state != .running, let elapsed = wording.elapsed(step) { line.add("  (\(elapsed.watchText))", .dim) }
    return line
  }

  private func line(_ at: Instant, _ word: String, _ ink: Ink, _ subject: String, _ detail: String) -> StyledLine {
    let since = (progress.report.createdAt.map { at - $0 } ?? .zero).watchText
    var line = StyledLine(String(repeating: " ", count: max(0, TreeColumns.time - since.count)) + since, .dim)
    line.add("  ")
    line.add(padded(word, to: 8), ink)
    line.add("  ")
    line.add(subject)
    if !detail.isEmpty { line.add("  \(detail)", .dim) }
    return line
  }
}
