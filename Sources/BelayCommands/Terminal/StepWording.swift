import CloudCatalog
import RunEngine
import Values

/// What stands before a step.
enum Mark: Sendable {
  case running, waiting, done, read, failed, unknown, undoing, undone, committed, notSent
  /// A loop or round in which something goes on.
  case open

  /// `now` chooses the spinner's frame: ten a second.
  func glyph(at now: Instant) -> String {
    switch self {
    case .running: Mark.spinner[Int((now.milliseconds / 100) % 10 + 10) % 10]
    case .waiting: "…"
    case .done: "✓"
    case .read: "•"
    case .failed: "✗"
    case .unknown: "?"
    case .undoing: "↺"
    case .undone: "↩"
    case .committed: "⚑"
    case .notSent: "·"
    case .open: "▾"
    }
  }

  var ink: Ink {
    switch self {
    case .running: .accent
    case .waiting, .undoing: .warning
    case .done, .committed: .good
    case .failed, .unknown: .bad
    case .read, .undone, .notSent, .open: .dim
    }
  }

  private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
}

/// Words for one step of a run, the same in the tree, in the plain lines and in the summary.
struct StepWording: Sendable {
  let progress: RunProgress
  let now: Instant
  /// What the ended run could not undo.
  private let left: Set<StepAddress>

  init(progress: RunProgress, now: Instant) {
    self.progress = progress
    self.now = now
    left = progress.report.status == .needsAttention ? Set(progress.report.remaining.map(\.address)) : []
  }

  func mark(_ step: RunReport.Step) -> Mark {
    switch step.state {
    case .running: step.kind == .wait || isResting(step) ? .waiting : .running
    case .done where step.kind == .read: isResting(step) ? .waiting : .read
    case .done: isSettling(step) ? .waiting : .done
    case .kept: .done
    case .failed, .undoFailed: .failed
    case .unknown: .unknown
    case .notSent, .skipped: .notSent
    case .undoing: .undoing
    case .undone: .undone
    case .committed: .committed
    }
  }

  /// What stands behind the action: what the step made, what undoes it, what went wrong, or what goes on.
  func detail(_ step: RunReport.Step) -> StyledLine {
    switch step.state {
    case .running: return news(step) ?? StyledLine()
    case .done:
      if step.kind == .wait { return StyledLine() }
      if isSettling(step) || isResting(step), let news = news(step) { return news }
      return left.contains(step.address) ? joined(made(step), StyledLine("left", .bad)) : made(step)
    case .committed: return made(step)
    case .kept: return joined(made(step), StyledLine("kept: \(step.kept ?? "")", .dim))
    case .failed: return StyledLine(step.note, .bad)
    case .unknown: return StyledLine("not known whether it took effect: \(step.note)", .bad)
    case .notSent: return StyledLine(step.kind == .wait ? "given up" : "not sent", .dim)
    case .skipped: return StyledLine(step.note, .dim)
    case .undoing: return joined(undoing(step), news(step) ?? StyledLine())
    case .undone: return joined(undoing(step), StyledLine(step.note, .dim))
    case .undoFailed: return StyledLine("not undone: \(step.note)", .bad)
    }
  }

  /// How long it took, or has taken. Nil for a read, which has only one time.
  func elapsed(_ step: RunReport.Step) -> Duration? {
    switch step.state {
    case .running: return max(.zero, now - step.startedAt)
    case .undoing, .undone, .undoFailed:
      return progress.undoSpans[step.address].map { max(.zero, ($0.ended ?? now) - $0.began) }
    case .done, .failed, .unknown, .notSent, .kept, .committed, .skipped:
      return step.kind == .read ? nil : step.endedAt.map { max(.zero, $0 - step.startedAt) }
    }
  }

  /// The ids of what the step made, by the catalog; empty when it made nothing that has one.
  static func ids(_ step: RunReport.Step) -> [String] {
    guard let identity = step.action.flatMap({ Catalog.meaning($0) })?.identity,
      let ids = identity.value(in: .record(step.result)), !ids.isNull
    else { return [] }
    return (ids.asList ?? [ids]).map(\.display)
  }

  /// The calls that undo it; those of the author's block stand as steps of their own.
  static func undoActions(_ step: RunReport.Step, in report: RunReport) -> [String] {
    // The catalog's own calls and a block of the author's exclude each other.
    guard step.undoneBy.isEmpty else { return step.undoneBy.map(\.name) }
    let prefix = step.address.text + ".undo."
    let block = report.steps.filter { $0.kind == .change && $0.address.text.hasPrefix(prefix) }
    return block.compactMap { $0.action?.name }
  }

  /// Nil when there is nothing to tell beyond that it is under way.
  static func news(_ notice: RunNotice) -> String? {
    switch notice {
    case .sent(_, let attempt): attempt > 1 ? "attempt \(attempt)" : nil
    case .resting(_, let reason, let pause):
      ErrorKind(code: reason) == .throttled ? "throttled" : "\(reason) · again in \(pause.belayText)"
    case .probing(_, let reason): "answer lost (\(reason)) · looking for what it did"
    // A bare number (the load balancer's tasks have them) tells nobody anything.
    case .polled(_, let seen): Int(seen) == nil ? seen : nil
    case .held(_, .limit): "waits for its rate limit"
    case .held(_, .lock(let key)): "waits: \(key) is being changed by another step"
    case .released: nil
    }
  }

  private func news(_ step: RunReport.Step) -> StyledLine? {
    guard let notice = progress.news[step.address]?.notice, let text = StepWording.news(notice) else { return nil }
    let ink: Ink =
      switch notice {
      case .sent, .polled, .held, .released: .dim
      case .resting, .probing: .warning
      }
    return StyledLine(text, ink)
  }

  private func isResting(_ step: RunReport.Step) -> Bool {
    switch progress.news[step.address]?.notice {
    case .resting?, .probing?: true
    case .sent?, .polled?, .held?, .released?, nil: false
    }
  }

  /// The step's own work is still under way in the cloud, and its undo waits for it.
  private func isSettling(_ step: RunReport.Step) -> Bool {
    guard progress.report.status == .undoing, step.kind == .change,
      case .polled(_, let seen)? = progress.news[step.address]?.notice
    else { return false }
    return seen != "done"
  }

  private func made(_ step: RunReport.Step) -> StyledLine {
    let ids = StepWording.ids(step)
    var line = StyledLine(ids.prefix(3).joined(separator: ", "))
    if ids.count > 3 { line.add(" and \(ids.count - 3) more", .dim) }
    if step.attempts > 1 { line = joined(line, StyledLine("\(step.attempts) attempts", .dim)) }
    return step.kind == .change && !step.note.isEmpty ? joined(line, StyledLine(step.note, .dim)) : line
  }

  private func undoing(_ step: RunReport.Step) -> StyledLine {
    let actions = StepWording.undoActions(step, in: progress.report)
    var line = StyledLine(actions.joined(separator: ", "), step.state == .undone ? .dim : .plain)
    let ids = StepWording.ids(step)
    if let first = ids.first { line.add(ids.count > 1 ? "  \(first) …" : "  \(first)", .dim) }
    return line
  }

  private func joined(_ first: StyledLine, _ second: StyledLine) -> StyledLine {
    guard !first.isEmpty, !second.isEmpty else { return first.isEmpty ? second : first }
    var line = first
    line.add(" · ", .dim)
    line.add(second)
    return line
  }
}
