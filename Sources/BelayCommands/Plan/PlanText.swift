import CloudCatalog
import Diagnostics
import RunEngine
import RunPlanner
import Values

/// A plan for people: the tree of its steps, then what it comes to. Pure.
struct PlanText: Sendable {
  private let sheet: PlanSheet
  private let style: TerminalStyle
  private let isWhole: Bool
  private var plan: RunPlan { sheet.plan }
  private static let titleWidth = 11

  init(_ sheet: PlanSheet, _ style: TerminalStyle, isWhole: Bool) {
    self.sheet = sheet
    self.style = style
    self.isWhole = isWhole
  }

  var text: String {
    let blocks = [
      head, PlanRows(sheet, style, isWhole: isWhole).lines, failure, resources, time, undo, cost, checks, closing,
    ]
    return blocks.filter { !$0.isEmpty }.map { $0.text(style) }.joined(separator: "\n")
  }

  private var head: [StyledLine] {
    var line = StyledLine(sheet.title, .bold)
    line.add("  planned in \(sheet.world)", .dim)
    return [line]
  }

  private var failure: [StyledLine] {
    if let stall = plan.outcome.stall { return [StyledLine("The run would never end: \(stall).", .bad)] }
    guard let failure = plan.report.failure else { return [] }
    var line = StyledLine("The run would fail: ", .bad)
    line.add(failure.message)
    if let step = failure.step { line.add("  at \(plan.origins.name(of: step))", .dim) }
    return [line]
  }

  // MARK: What it does

  private var resources: [StyledLine] {
    var lines: [StyledLine] = []
    for (fate, title, ink) in [
      (BlastRadius.Fate.created, "creates", Ink.good), (.changed, "changes", .warning), (.destroyed, "destroys", .bad),
    ] {
      let counts = plan.blast.counts(fate)
      if !counts.isEmpty { lines += section(title, [StyledLine(PlanWording.counts(counts), ink)]) }
      if fate != .created { lines += plan.blast.entries(fate).prefix(isWhole ? .max : 8).map(entry) }
    }
    if plan.blast.entries.isEmpty { lines += section("changes", [StyledLine("nothing that stays")]) }
    lines += section("bounds", sheet.bounds.map(bound))
    let calls = plan.callCounts.map { "\($0.count)\u{A0}\($0.action.name)" }
    let total = plan.callCounts.reduce(0) { $0 + $1.count }
    lines += section("calls", [StyledLine((["\(total) in all"] + calls).joined(separator: ", "))])
    return lines
  }

  private func entry(_ entry: BlastRadius.Entry) -> StyledLine {
    var line = StyledLine(String(repeating: " ", count: PlanText.titleWidth))
    line.add("\(entry.kind) \(entry.id)")
    if entry.fate == .changed { line.add("  \(entry.detail)", .dim) }
    if let lender = entry.lentBy { line.add("  lent by input '\(lender)'", .warning) }
    if entry.fate == .destroyed, entry.step == nil, !isNamed(entry) { line.add("  goes with something else", .warning) }
    return line.clipped(to: style.width)
  }

  /// Whether a step names it among its parameters.
  private func isNamed(_ entry: BlastRadius.Entry) -> Bool {
    plan.outcome.asked.contains { asked in
      Catalog.meaning(asked.call.action)?.effect != .read
        && JSON.print(.record(asked.call.arguments)).contains("\"\(entry.id)\"")
    }
  }

  private func bound(_ bound: PlannedBound) -> StyledLine {
    StyledLine("\(bound.subject): \(bound.used) of \(bound.limit)", bound.used > bound.limit ? .bad : .plain)
  }

  // MARK: Time and the way back

  private var time: [StyledLine] {
    var first = StyledLine(plan.forecast.makespan.watchText, .bold)
    if let bottleneck = plan.forecast.bottleneck {
      first.add(", of which \(bottleneck.time.watchText) is \(PlanWording.cause(bottleneck))")
    }
    var lines = [first]
    for share in plan.forecast.shares.dropFirst().prefix(isWhole ? .max : 3) where share.time > .milliseconds(50) {
      lines.append(StyledLine("\(share.time.watchText) is \(PlanWording.cause(share))", .dim))
    }
    for variant in plan.forecast.variants {
      let saved = plan.forecast.makespan - variant.makespan
      let gain = saved > .milliseconds(50) ? "would save \(saved.watchText)" : "would save nothing"
      lines.append(StyledLine("\(variant.change): \(gain)", .dim))
    }
    return section("takes", lines)
  }

  private var undo: [StyledLine] {
    (plan.undo + plan.undoFrom).enumerated().flatMap { index, preview -> [StyledLine] in
      var line = StyledLine("\(PlanWording.point(preview.point, plan.origins)), at \(preview.at.watchText): ")
      if preview.tape.isEmpty {
        line.add(hasCommit(before: preview) ? "nothing to undo, all of it is committed" : "nothing to undo")
      } else {
        let steps = preview.tape.count == 1 ? "1 step" : "\(preview.tape.count) steps"
        line.add("\(steps) in \(preview.takes.watchText),")
        line.add(hasCommit(before: preview) ? " what was committed stays" : "")
      }
      if let residue = residue(preview) {
        line.add(" leaves ")
        line.add(residue, .warning)
      } else if !preview.tape.isEmpty, !hasCommit(before: preview) {
        line.add(" leaves nothing")
      }
      return section(index == 0 ? "undo" : "", [line]) + section("", tape(preview))
    }
  }

  private func hasCommit(before preview: UndoPreview) -> Bool {
    switch preview.point {
    case .commit(let number, _): number > 0
    case .end: !plan.commits.isEmpty
    case .step: plan.commits.contains { $0.at < preview.at }
    }
  }

  /// What is left although nothing was committed, in words.
  private func residue(_ preview: UndoPreview) -> String? {
    guard !preview.residue.isEmpty, !hasCommit(before: preview) else { return nil }
    let kinds = Dictionary(grouping: preview.residue) { $0.kind }.map { (kind: $0.key, count: $0.value.count) }
    return PlanWording.counts(kinds.sorted { $0.kind < $1.kind })
  }

  /// Newest first; steps of one kind that follow each other are one line.
  private func tape(_ preview: UndoPreview) -> [StyledLine] {
    var lines: [(name: String, actions: String, count: Int)] = []
    for entry in preview.tape {
      let actions = entry.actions.map(\.name).joined(separator: ", ")
      guard !isWhole else {
        lines.append((plan.origins.name(of: entry.step), actions, 1))
        continue
      }
      let short = StepPath(entry.step).segments.map(\.name).joined(separator: ".")
      if let index = lines.lastIndex(where: { $0.name == short && $0.actions == actions }) {
        lines[index].count += 1
      } else {
        lines.append((short, actions, 1))
      }
    }
    let widths = lines.map { displayWidth($0.name) + ($0.count > 1 ? max(5, " ×\($0.count)".count) : 0) }
    let width = min(style.width / 2, widths.max() ?? 0)
    return lines.map { row in
      var line = StyledLine("  ↩ ", .dim)
      line.add(row.name + (row.count > 1 ? " ×\(row.count)" : ""))
      line.pad(to: 4 + width + 2)
      line.add(row.actions, .dim)
      return line
    }
  }

  // MARK: Cost and checks

  private var cost: [StyledLine] {
    var lines: [StyledLine] = []
    if !sheet.survey.prices.isEmpty {
      var line = StyledLine("\(PlanWording.amount(sheet.survey.perHour)) an hour, ")
      line.add("\(PlanWording.amount(Double(sheet.survey.perMonth))) a month", .bold)
      line.add(" in the account's currency: ", .dim)
      line.add(
        sheet.survey.prices.map { "\($0.what) \(PlanWording.amount(Double($0.perMonth)))" }.joined(separator: ", "),
        .dim)
      lines.append(line)
      if let worst = sheet.survey.costOfFailure(plan) {
        let point = PlanWording.point(worst.at.point, plan.origins)
        lines.append(
          StyledLine("a failure at the worst step, \(point), costs \(PlanWording.amount(worst.amount))", .dim))
      }
    }
    if !sheet.survey.unpriced.isEmpty {
      lines.append(StyledLine("no price inquiry: \(PlanWording.counts(sheet.survey.unpriced))", .dim))
    }
    return section("costs", lines)
  }

  private var checks: [StyledLine] {
    let lines = sheet.survey.checks.map { check -> StyledLine in
      var line =
        switch check.verdict {
        case .suffices: StyledLine("✓ ", .good)
        case .short: StyledLine("✗ ", .bad)
        case .unknown: StyledLine("? ", .warning)
        }
      line.add(check.what)
      line.add("  \(check.detail)", .dim)
      return line
    }
    return section("checked", lines) + section("left open", sheet.survey.notRuledOut.map { StyledLine($0, .dim) })
  }

  private var closing: [StyledLine] {
    let assumed = sheet.survey.assumed.count
    var line = StyledLine(
      plan.succeeds ? "The run would succeed" : "The run would not succeed", plan.succeeds ? .good : .bad)
    line.add(" in \(plan.forecast.makespan.watchText).  ")
    line.add(counts, .dim)
    if assumed > 0 { line.add(", \(assumed) with assumed parameters", .warning) }
    return [line]
  }

  private var counts: String {
    let steps = plan.steps
    var counts: [RunReport.StepKind: Int] = [:]
    for index in steps.indices { counts[steps[index].kind, default: 0] += 1 }
    return [(RunReport.StepKind.change, "change"), (.read, "read"), (.wait, "wait")].compactMap { kind, word in
      let count = counts[kind] ?? 0
      return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
    }.joined(separator: ", ")
  }

  // MARK: Layout

  /// A title beside its lines; nothing without lines.
  private func section(_ title: String, _ lines: [StyledLine]) -> [StyledLine] {
    let room = max(20, style.width - PlanText.titleWidth)
    return lines.flatMap { $0.wrapped(to: room) }.enumerated().map { index, content in
      var line = StyledLine(index == 0 ? title : "", .bold)
      line.pad(to: PlanText.titleWidth)
      line.add(content)
      return line
    }
  }
}
