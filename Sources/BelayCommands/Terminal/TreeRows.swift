import Diagnostics
import RunEngine
import Values

/// One line of a tree before it is laid out. Cheap to make: most rows of a large run are made only to be counted.
struct TreeRow: Sendable {
  enum Detail: Sendable {
    case none
    case line(StyledLine)
    case step(RunReport.Step)
  }
  let depth: Int
  let mark: Mark
  let label: String
  let ink: Ink
  /// Nil for what has none: its detail stands in that column.
  let action: String?
  let detail: Detail
  let elapsed: Duration?

  func line(_ columns: TreeColumns, _ wording: StepWording) -> StyledLine {
    let detail =
      switch detail {
      case .none: StyledLine()
      case .line(let line): line
      case .step(let step): wording.detail(step)
      }
    var line = StyledLine()
    line.pad(to: 2 * depth)
    line.add(mark.glyph(at: wording.now), mark.ink)
    line.add(" ")
    line.add(label, ink)
    let time = elapsed?.watchText
    let edge = columns.edge(time)
    line = line.clipped(to: labelLimit(columns, edge, hasDetail: !detail.isEmpty))
    var column = max(columns.name, line.width) + TreeColumns.gap
    if let action, columns.action > 0 {
      line.pad(to: column)
      line.add(clipped(action, to: columns.action), .dim)
      column += columns.action + TreeColumns.gap
    }
    if !detail.isEmpty {
      line.pad(to: column)
      line.add(detail.clipped(to: max(0, edge - column)))
    }
    guard let time else { return line.clipped(to: columns.width) }
    line = line.clipped(to: edge)
    line.pad(to: columns.width - displayWidth(time))
    line.add(time, .dim)
    return line.clipped(to: columns.width)
  }
}

extension TreeRow {
  /// A line alone in its columns may use them; the key of a round is worth more than what is said of the round.
  private func labelLimit(_ columns: TreeColumns, _ edge: Int, hasDetail: Bool) -> Int {
    if !hasDetail, action == nil || columns.action == 0 { return edge }
    if case .line = detail { return max(columns.name, edge - TreeColumns.gap - 16) }
    return columns.name
  }
}

/// The rows of a tree at one degree of folding.
struct TreeRows: Sendable {
  /// A round of a parallel loop has no last step that tells its end; one that is quiet for so long counts as over.
  static let quietTime = Duration.seconds(2)

  let progress: RunProgress
  let now: Instant
  let tree: StepTree
  let folding: Folding
  let wording: StepWording

  init(tree: StepTree, folding: Folding, wording: StepWording) {
    progress = wording.progress
    now = wording.now
    self.tree = tree
    self.folding = folding
    self.wording = wording
  }

  var rows: [TreeRow] {
    var rows: [TreeRow] = []
    var hidden: [RunReport.Step] = []
    for root in tree.roots {
      let steps = tree.steps(under: root)
      let tally = StepTally(steps, progress)
      if folding >= .doneAtTop, tally.isQuiet, isOver(root, tally), !tree.hasReadUnderWay(root) {
        hidden += steps
      } else {
        rows += self.rows(root)
      }
    }
    guard !hidden.isEmpty else { return rows }
    let tally = StepTally(hidden, progress)
    let label = "\(tally.changes) \(tally.changes == 1 ? "step" : "steps") before"
    let row = TreeRow(
      depth: 0, mark: tally.mark, label: label, ink: .dim, action: nil, detail: .none, elapsed: tally.span)
    return [row] + rows
  }

  private func rows(_ index: Int) -> [TreeRow] {
    let node = tree.nodes[index]
    switch node.kind {
    case .step(let step): return rows(of: step, node) + node.children.flatMap { rows($0) }
    case .read(let read): return [row(of: read, node)]
    case .loop, .round: return rows(ofGroup: index, node)
    }
  }

  private func rows(of step: RunReport.Step, _ node: StepTree.Node) -> [TreeRow] {
    let mark = wording.mark(step)
    if folding >= .reads, case .read = mark { return [] }
    if folding >= .loops, step.kind == .wait, step.state == .done || step.state == .notSent { return [] }
    if folding >= .doneInRounds, node.depth > 0, isSettled(mark) { return [] }
    let isFaint = step.kind != .change || step.state == .undone || step.state == .notSent
    let isDimmed = isFaint && step.state != .running && step.state != .failed
    return [
      TreeRow(
        depth: node.depth, mark: mark, label: node.label, ink: isDimmed ? .dim : .plain,
        action: step.kind == .wait ? nil : step.action?.name, detail: .step(step),
        elapsed: wording.elapsed(step))
    ]
  }

  private func row(of read: RunProgress.ReadUnderWay, _ node: StepTree.Node) -> TreeRow {
    let notice = progress.news[read.address]?.notice
    let news = notice.flatMap(StepWording.news).map { StyledLine($0, .warning) }
    return TreeRow(
      depth: node.depth, mark: news == nil ? .running : .waiting, label: node.label, ink: .dim, action: nil,
      detail: news.map { .line($0) } ?? .none, elapsed: max(.zero, now - read.since))
  }

  private func rows(ofGroup index: Int, _ node: StepTree.Node) -> [TreeRow] {
    let steps = tree.steps(under: index)
    let tally = StepTally(steps, progress)
    let over = tally.active == 0 && !tree.hasReadUnderWay(index) && isOver(index, tally)
    let isLoop = if case .loop = node.kind { true } else { false }
    if over, tally.isQuiet, folding >= (isLoop ? .loops : .rounds) {
      return [summary(node, tally, mark: tally.mark, detail: nil)]
    }
    if !isLoop, folding >= .openRounds { return [summary(node, tally, mark: over ? tally.mark : .open, detail: steps)] }
    let head = TreeRow(
      depth: node.depth, mark: over ? tally.mark : .open, label: node.label, ink: .plain, action: nil,
      detail: .none, elapsed: nil)
    return [head] + node.children.flatMap { rows($0) }
  }

  /// One line for a group: how much there is in it, or what goes on in it.
  private func summary(
    _ node: StepTree.Node, _ tally: StepTally, mark: Mark, detail steps: [RunReport.Step]?
  ) -> TreeRow {
    var detail = StyledLine()
    if let step = steps?.last(where: { !isSettled(wording.mark($0)) }) {
      detail.add(StepPath(step.address).segments.last?.text ?? "")
      detail.add("  ")
      detail.add(wording.detail(step))
    } else {
      if case .loop = node.kind {
        detail.add("\(node.children.count) \(node.children.count == 1 ? "round" : "rounds"), ", .dim)
      }
      detail.add("\(tally.changes) \(tally.changes == 1 ? "step" : "steps")", .dim)
    }
    let elapsed = steps == nil ? tally.span : tally.began.map { max(.zero, now - $0) }
    return TreeRow(
      depth: node.depth, mark: mark, label: node.label, ink: .plain, action: nil, detail: .line(detail),
      elapsed: elapsed)
  }

  private func isSettled(_ mark: Mark) -> Bool {
    switch mark {
    case .done, .read, .undone, .committed, .notSent: true
    case .running, .waiting, .failed, .unknown, .undoing, .open: false
    }
  }

  private func isOver(_ index: Int, _ tally: StepTally) -> Bool {
    if tally.active > 0 || (tally.undone > 0 && tally.standing > 0 && !progress.report.status.isEnd) { return false }
    if progress.report.status != .running || progress.report.failure != nil || tree.isPassed(index) { return true }
    switch tree.nodes[index].kind {
    case .step, .read: return true
    case .loop, .round: return tally.ended.map { now - $0 >= TreeRows.quietTime } ?? false
    }
  }
}
