import Diagnostics
import RunEngine
import Values

/// A run as a tree of lines: a header, one line a step, a footer. Pure: the same progress at the same time looks the
/// same.
package struct RunTree: Sendable {
  let progress: RunProgress
  let now: Instant
  let style: TerminalStyle
  let tree: StepTree
  private let wording: StepWording

  package init(_ progress: RunProgress, now: Instant, style: TerminalStyle) {
    self.progress = progress
    self.now = now
    self.style = style
    tree = StepTree(progress)
    wording = StepWording(progress: progress, now: now)
  }

  /// The lines while the run goes on: less than the style's height, with what is over folded away where it does not
  /// fit.
  package func fitted() -> [String] { fittedLines().map { $0.text(style) } }

  /// The lines with every step, however many.
  package func whole() -> [String] { wholeLines().map { $0.text(style) } }

  func wholeLines() -> [StyledLine] { framed(laidOut(rows(at: .everything)), footer: footer(withCause: false)) }

  func fittedLines() -> [StyledLine] {
    let footer = footer(withCause: true)
    // The cursor rests on the row below the frame.
    let room = max(1, style.height - (isCompact ? 1 : 4) - footer.count)
    var rows: [TreeRow] = []
    for folding in Folding.allCases {
      rows = self.rows(at: folding)
      if rows.count <= room { return framed(laidOut(rows), footer: footer, isCompact: isCompact) }
    }
    let hidden = rows.count - room + 1
    let more = StyledLine("… \(hidden) more \(hidden == 1 ? "line" : "lines")", .dim).clipped(to: style.width)
    let lines = framed(laidOut(rows.prefix(room - 1)) + [more], footer: footer, isCompact: isCompact)
    return lines.suffix(max(1, style.height - 1))
  }

  /// A low terminal has no room for a header.
  private var isCompact: Bool { style.height < 12 }

  private func framed(_ body: [StyledLine], footer: [StyledLine], isCompact: Bool = false) -> [StyledLine] {
    if isCompact { return body + footer }
    return [header, StyledLine()] + (body.isEmpty ? [] : body + [StyledLine()]) + footer
  }

  private func rows(at folding: Folding) -> [TreeRow] {
    TreeRows(tree: tree, folding: folding, wording: wording).rows
  }

  private func laidOut(_ rows: some Sequence<TreeRow>) -> [StyledLine] {
    let columns = TreeColumns(tree, width: style.width)
    return rows.map { $0.line(columns, wording) }
  }

  private var header: StyledLine {
    let report = progress.report
    var line = StyledLine(report.runbook, .bold)
    line.add(" \(report.version)")
    line.add("  \(progress.id)", .dim)
    line.add("  \(report.cloud)", .dim)
    return line.clipped(to: style.width)
  }

  // MARK: Footer

  private func footer(withCause: Bool) -> [StyledLine] {
    let time = progress.elapsed(at: now).watchText
    var line = phase
    line.add("  ")
    line.add(counts, .dim)
    line = line.clipped(to: max(0, style.width - displayWidth(time) - 2))
    line.pad(to: style.width - displayWidth(time))
    line.add(time)
    line = line.clipped(to: style.width)
    guard withCause, let failure = progress.report.failure else { return [line] }
    return [line, StyledLine(failure.message, .bad).clipped(to: style.width)]
  }

  private var phase: StyledLine {
    switch progress.report.status {
    case .running where !progress.report.pendingApprovals.isEmpty: StyledLine("waiting for an approval", .warning)
    case .running where progress.report.failure != nil: StyledLine("stopping", .warning)
    case .running: StyledLine("running", .accent)
    case .undoing: StyledLine("undoing", .warning)
    case .waiting: StyledLine("waiting for an approval", .warning)
    case .succeeded: StyledLine("succeeded", .good)
    case .rolledBack: StyledLine("rolled back", .warning)
    case .needsAttention: StyledLine("needs attention", .bad)
    }
  }

  private var counts: String {
    let steps = progress.report.steps
    let changes = steps.filter { $0.kind == .change && !$0.address.text.contains(".undo.") }
    let undone = changes.count { $0.state == .undone }
    let undoing = changes.count { $0.state == .undoing }
    let finished = changes.count { [.done, .kept, .committed].contains($0.state) }
    let underWay = steps.count { $0.state == .running } + progress.readsUnderWay.count
    var parts: [String] = []
    switch progress.report.status {
    case .running, .waiting: parts = ["\(finished) done", "\(underWay) under way"]
    case .undoing: parts = ["\(undone) undone", "\(undoing) under way", "\(finished) left"]
    case .succeeded: parts = ["\(finished) done"]
    case .rolledBack, .needsAttention:
      parts = ["\(undone) undone"]
      let left = progress.report.remaining.count
      if left > 0 { parts.append("\(left) left") }
    }
    return parts.joined(separator: " · ")
  }
}

/// How much is folded away, each more than the one before.
enum Folding: Int, CaseIterable, Comparable, Sendable {
  case everything
  /// Reads that have answered.
  case reads
  /// Rounds that are over become one line.
  case rounds
  /// Loops that are over become one line; waits that are over go.
  case loops
  /// Of rounds that go on, only what goes on or went wrong stays.
  case doneInRounds
  /// Rounds that go on become one line.
  case openRounds
  /// What is done at the top becomes one line.
  case doneAtTop

  static func < (left: Folding, right: Folding) -> Bool { left.rawValue < right.rawValue }
}

/// Where the columns of a tree stand. They depend on the labels only, so that lines keep still while values change.
struct TreeColumns: Sendable {
  static let time = 7
  static let gap = 2
  let width: Int
  /// Indent, mark and label.
  let name: Int
  /// 0 where the terminal is too narrow for actions.
  let action: Int

  /// Where what stands before a time has to end. In a narrow terminal that depends on the time.
  func edge(_ time: String?) -> Int {
    guard let time else { return width }
    return width - TreeColumns.gap - (action > 0 ? max(TreeColumns.time, displayWidth(time)) : displayWidth(time))
  }

  init(_ tree: StepTree, width: Int) {
    self.width = width
    let isWide = width >= 72
    let named = tree.nodes.filter { isWide || $0.kind.isStep }
    let wanted = max(isWide ? 24 : 12, named.map { 2 * $0.depth + 2 + StyledLine($0.label).width }.max() ?? 0)
    name = min(wanted, isWide ? width * 2 / 5 : width / 2)
    action = isWide ? 20 : 0
  }
}
