import Diagnostics
import RunEngine
import RunPlanner
import Values

/// The tree of a plan as lines: when, what, with which parameters.
struct PlanRows: Sendable {
  private static let timeWidth = 7
  /// From here on the parameters of a step that are no constants show where they come from.
  private let sheet: PlanSheet
  private let style: TerminalStyle
  /// Every round and every parameter.
  private let isWhole: Bool
  private let nameWidth: Int
  private let actionWidth: Int

  init(_ sheet: PlanSheet, _ style: TerminalStyle, isWhole: Bool) {
    self.sheet = sheet
    self.style = style
    self.isWhole = isWhole
    let steps = sheet.plan.steps
    // No column is wider than its most, so that the first few thousand steps tell.
    let told = steps.prefix(PlanRows.measured)
    let longest = told.map { displayWidth(PlanRows.indented($0)) }.max() ?? 0
    nameWidth = min(longest, max(18, style.width * 3 / 10))
    let actions = told.map { displayWidth(PlanRows.actionText($0)) }.max() ?? 0
    actionWidth = min(actions, max(16, style.width / 4))
  }

  private static let measured = 5_000

  private static func indented(_ step: PlannedStep) -> String {
    let segments = StepPath(step.name).segments
    return String(repeating: "  ", count: max(0, 2 * segments.count - 2)) + (segments.last?.text ?? "")
  }

  var lines: [StyledLine] {
    var lines: [StyledLine] = []
    var milestones = milestones[...]
    for group in PlanTree.groups(PlanTree.roots(sheet.plan.steps)) {
      let from = group.map(\.from).min() ?? .zero
      while let next = milestones.first, next.at <= from {
        lines.append(next.line)
        milestones.removeFirst()
      }
      lines += rows(group, depth: 0)
    }
    return lines + milestones.map(\.line)
  }

  /// Commits and approvals, in the order of the run.
  private var milestones: [(at: Duration, line: StyledLine)] {
    let commits = sheet.plan.commits.map { (at: $0.at, line: line(of: $0)) }
    let approvals = sheet.plan.approvals.map { (at: $0.at, line: line(of: $0)) }
    return (commits + approvals).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(\.element)
  }

  private func line(of approval: RunPlan.Approval) -> StyledLine {
    var line = time(approval.at)
    line.add("? ", .warning)
    line.add("approve ", .bold)
    line.add(ApprovalWording.request(approval.ask))
    line.add("  taken as given", .warning)
    return line.clipped(to: style.width)
  }

  private func line(of commit: RunPlan.Commit) -> StyledLine {
    var line = time(commit.at)
    line.add("⚑ ", .good)
    line.add("commit ", .bold)
    line.add(JSON.print(.text(commit.reason)))
    line.add("  what stands above is final from here on", .dim)
    return line.clipped(to: style.width)
  }

  private func rows(_ group: [PlanTree.Node], depth: Int) -> [StyledLine] {
    guard let first = group.first else { return [] }
    guard first.isRound else { return rows(of: first, depth: depth) }
    var lines = [head(group, depth)]
    if isWhole {
      for round in group { lines += self.round(round, depth + 1) }
      return lines
    }
    var shapes: [Int] = []
    var byShape: [Int: [PlanTree.Node]] = [:]
    for round in group {
      if byShape[round.shape] == nil { shapes.append(round.shape) }
      byShape[round.shape, default: []].append(round)
    }
    for shape in shapes.prefix(4) {
      let alike = byShape[shape] ?? []
      guard let shown = alike.first else { continue }
      lines += round(shown, depth + 1)
      if alike.count > 1 { lines.append(more(Array(alike.dropFirst()), depth + 1)) }
    }
    if shapes.count > 4 {
      lines.append(note("… and \(shapes.count - 4) more kinds of rounds: --all shows them", depth + 1))
    }
    return lines
  }

  private func head(_ group: [PlanTree.Node], _ depth: Int) -> StyledLine {
    let width = PlanTree.concurrency(group)
    var line = time(group.map(\.from).min() ?? .zero)
    line.add(String(repeating: "  ", count: depth))
    line.add("▾ ", .dim)
    line.add(String(group[0].name), .bold)
    let rounds = group.count == 1 ? "1 round" : "\(group.count) rounds"
    let how = group.count == 1 ? "" : width > 1 ? ", \(width) side by side" : ", one after the other"
    line.add("  \(rounds)\(how)", .dim)
    return line.clipped(to: style.width)
  }

  private func round(_ round: PlanTree.Node, _ depth: Int) -> [StyledLine] {
    var line = time(nil)
    line.add(String(repeating: "  ", count: depth))
    line.add(PlanRows.key(round), .accent)
    return [line.clipped(to: style.width)] + children(round, depth + 1)
  }

  private static func key(_ round: PlanTree.Node) -> String { String(round.label[round.name.endIndex...]) }

  private func children(_ node: PlanTree.Node, _ depth: Int) -> [StyledLine] {
    PlanTree.groups(node.children).flatMap { rows($0, depth: depth) }
  }

  private func more(_ rounds: [PlanTree.Node], _ depth: Int) -> StyledLine {
    let keys = rounds.prefix(3).map(PlanRows.key).joined(separator: " ")
    let rest = rounds.count > 3 ? " …" : ""
    return note("× \(rounds.count) more like it  \(keys)\(rest)", depth)
  }

  private func note(_ text: String, _ depth: Int) -> StyledLine {
    var line = time(nil)
    line.add(String(repeating: "  ", count: depth))
    line.add(text, .dim)
    return line.clipped(to: style.width)
  }

  // MARK: One step

  private func rows(of node: PlanTree.Node, depth: Int) -> [StyledLine] {
    guard let step = node.step?.step else {
      var line = time(node.from)
      line.add(String(repeating: "  ", count: depth))
      line.add("▾ ", .dim)
      line.add(String(node.label), .bold)
      return [line.clipped(to: style.width)] + children(node, depth + 1)
    }
    return row(step, String(node.label), depth) + children(node, depth + 1)
  }

  private func row(_ step: PlannedStep, _ label: String, _ depth: Int) -> [StyledLine] {
    var line = time(step.from)
    line.add(String(repeating: "  ", count: depth))
    let (mark, ink) = PlanRows.mark(step)
    line.add(mark + " ", ink)
    let start = PlanRows.timeWidth + 2 + 2
    line.add(label, step.kind == .change ? .plain : .dim)
    line.pad(to: start + nameWidth)
    line.add(" ")
    line.add(PlanRows.actionText(step), step.kind == .change ? .plain : .dim)
    line.pad(to: start + nameWidth + 1 + actionWidth)
    line.add("  ")
    if step.kind == .wait {
      line.add((step.to - step.from).watchText)
      line.add(step.action.map { "  the work of \($0.name)" } ?? "", .dim)
    }
    if isWhole {
      var lines = [line]
      let indent = String(repeating: " ", count: PlanRows.timeWidth + 2 + 2 * depth + 4)
      for parameter in PlanWording.parameters(step, in: sheet.plan) {
        var inner = StyledLine(indent)
        inner.add(parameter)
        lines.append(inner)
      }
      return lines + remarks(step).map { StyledLine(indent) + $0 }
    }
    for remark in remarks(step) { line.add(remark + StyledLine("  ")) }
    for (index, parameter) in PlanWording.parameters(step, in: sheet.plan).enumerated() {
      if index > 0 { line.add("  ") }
      line.add(parameter)
    }
    return [line.clipped(to: style.width)]
  }

  private func remarks(_ step: PlannedStep) -> [StyledLine] {
    var remarks: [StyledLine] = []
    switch step.undo {
    case .irreversible(let reason): remarks.append(StyledLine("cannot be undone: \(reason)", .bad))
    case .kept(let reason): remarks.append(StyledLine("kept: \(reason)", .warning))
    case .calls(let actions) where isWhole:
      remarks.append(StyledLine("undone by \(actions.map(\.name).joined(separator: ", "))", .dim))
    case .calls, .nothing: break
    }
    if step.state == .failed || step.state == .unknown { remarks.append(StyledLine(step.note, .bad)) }
    if step.held > .milliseconds(50) {
      remarks.append(StyledLine("waits \(step.held.watchText) for its limit", .warning))
    }
    return remarks
  }

  private static func mark(_ step: PlannedStep) -> (String, Ink) {
    if step.state == .failed || step.state == .unknown { return ("✗", .bad) }
    switch step.kind {
    case .read: return ("•", .dim)
    case .wait: return ("◷", .dim)
    case .change:
      if case .irreversible = step.undo { return ("‼", .bad) }
      return PlanWording.mark(of: step.action)
    }
  }

  private static func actionText(_ step: PlannedStep) -> String {
    switch step.kind {
    case .wait: "wait"
    case .change, .read: step.action?.name ?? ""
    }
  }

  private func time(_ at: Duration?) -> StyledLine {
    var line = StyledLine()
    let text = at.map(\.watchText) ?? ""
    line.add(String(repeating: " ", count: max(0, PlanRows.timeWidth - displayWidth(text))))
    line.add(text, .dim)
    line.add("  ")
    return line
  }
}

extension StyledLine {
  static func + (left: StyledLine, right: StyledLine) -> StyledLine {
    var line = left
    line.add(right)
    return line
  }
}
