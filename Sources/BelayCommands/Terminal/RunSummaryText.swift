import Diagnostics
import RunEngine
import Values

/// The end of a run in words: outputs, counts, commits; on failure what went wrong and where, what was undone, and what
/// is left. Pure.
package struct RunSummaryText: Sendable {
  let progress: RunProgress
  let style: TerminalStyle
  private let namesNextCommand: Bool
  var report: RunReport { progress.report }

  /// `namesNextCommand` is false where the reader has just given that command.
  package init(_ progress: RunProgress, style: TerminalStyle, namesNextCommand: Bool = true) {
    self.progress = progress
    self.style = style
    self.namesNextCommand = namesNextCommand
  }

  /// Blocks with one empty line between them; each line ends in a line end.
  package var text: String {
    let blocks = [failure, attempts, outputs, notifications, undone, left, kept, approvals, next, closing]
      .filter { !$0.isEmpty }
    return blocks.map { $0.text(style) }.joined(separator: "\n")
  }

  // MARK: Outputs

  private var outputs: [StyledLine] {
    table("outputs", report.outputs.map { output in (output.name, output.value.outputLines(width: valueWidth)) })
  }

  private var valueWidth: Int {
    max(20, style.width - 4 - (report.outputs.map { displayWidth($0.name) }.max() ?? 0))
  }

  /// A title, then names and their lines in two columns.
  func table(_ title: String, _ rows: [(name: String, lines: [String])]) -> [StyledLine] {
    guard !rows.isEmpty else { return [] }
    let width = rows.map { displayWidth($0.name) }.max() ?? 0
    var lines = [StyledLine(title, .bold)]
    for row in rows {
      for (index, text) in row.lines.enumerated() {
        var line = StyledLine("  ")
        line.add(padded(index == 0 ? row.name : "", to: width), .dim)
        line.add("  \(text)")
        lines.append(line)
      }
    }
    return lines
  }

  // MARK: Undo

  private var undone: [StyledLine] {
    list("undone, newest first", report.undoOrder.compactMap { report.step($0) }, mark: .undone) { step in
      [StepWording.undoActions(step, in: report).joined(separator: ", "), step.note]
    }
  }

  private var left: [StyledLine] {
    list("left", report.remaining, mark: .failed) { [ids($0), reason($0)] }
  }

  private func ids(_ step: RunReport.Step) -> String {
    let ids = StepWording.ids(step)
    let first = ids.prefix(3).joined(separator: ", ")
    return ids.count > 3 ? "\(first) and \(ids.count - 3) more" : first
  }

  private func reason(_ step: RunReport.Step) -> String {
    switch step.state {
    case .unknown: "nobody knows whether \(step.action?.name ?? "it") took effect: \(step.note)"
    case .undoFailed: step.note
    case .undoing: "its undo has not ended"
    case .running: "the run ended while it was under way"
    case .done where report.isHeld: "in place"
    case .done, .failed, .notSent, .undone, .kept, .committed, .skipped: "not undone: what came after it is still there"
    }
  }

  /// The commands that go on from here, where a person has to choose one.
  private var next: [StyledLine] {
    let commands = report.status.isEnd ? report.nextCommands(progress.id) : []
    let width = commands.map { displayWidth($0.text) }.max() ?? 0
    guard !commands.isEmpty else { return [] }
    return [StyledLine("next", .bold)]
      + commands.map { command in
        var line = StyledLine("  ")
        line.add(padded(command.text, to: width))
        line.add("  \(command.purpose)", .dim)
        return line
      }
  }

  private var kept: [StyledLine] {
    guard report.failure != nil else { return [] }
    return list("kept", report.steps.filter(isKept), mark: .committed) { step in
      [ids(step), step.state == .skipped ? step.note : step.kept ?? "committed"]
    }
  }

  /// A skipped step is there when it had been done.
  private func isKept(_ step: RunReport.Step) -> Bool {
    step.state == .kept || step.state == .committed || (step.state == .skipped && !step.result.isEmpty)
  }

  /// A title, then one line a step: its mark, its address, and further columns.
  private func list(
    _ title: String, _ steps: [RunReport.Step], mark: Mark, _ columns: (RunReport.Step) -> [String]
  ) -> [StyledLine] {
    guard !steps.isEmpty else { return [] }
    let rows = steps.map { [$0.address.text] + columns($0) }
    let limits = [max(16, style.width - 30), max(16, style.width / 3)]
    let widths = limits.indices.map { column in
      min(limits[column], rows.map { displayWidth($0[column]) }.max() ?? 0)
    }
    return [StyledLine(title, .bold)]
      + rows.map { row in
        var line = StyledLine("  ")
        line.add(mark.glyph(at: Instant(milliseconds: 0)), mark.ink)
        line.add(" ")
        for (column, cell) in row.enumerated() where column == 0 || column >= widths.count || widths[column] > 0 {
          line.add(column < widths.count ? padded(cell, to: widths[column]) + "  " : cell, column > 1 ? .dim : .plain)
        }
        return line
      }
  }

  // MARK: Closing

  private var closing: [StyledLine] {
    var lines = report.commits.map { reason in
      var line = StyledLine(Mark.committed.glyph(at: Instant(milliseconds: 0)), .good)
      line.add(" committed: \(reason)")
      return line
    }
    var end = sentence
    end.add("  \(counts)", .dim)
    lines.append(end)
    if namesNextCommand {
      lines.append(command("every step: ", "belay show \(progress.id)"))
    }
    return lines
  }

  func command(_ purpose: String, _ command: String) -> StyledLine {
    var line = StyledLine(purpose, .dim)
    line.add(command)
    return line
  }

  private var sentence: StyledLine {
    let time = progress.elapsed(at: report.lastAt ?? Instant(milliseconds: 0)).watchText
    let end = report.failure?.kind == .cancelled ? "was cancelled" : "failed"
    let hasKept = report.steps.contains(where: isKept)
    let left = report.remaining.count
    switch report.status {
    case .running where !report.pendingApprovals.isEmpty, .waiting:
      return StyledLine("The run waits for an approval since \(time) after its start.", .warning)
    case .running: return StyledLine("The run has not ended; its last news is from \(time) after its start.", .warning)
    case .undoing: return StyledLine("The run \(end) and is being undone.", .warning)
    case .succeeded: return StyledLine("The run succeeded in \(time).", .good)
    case .rolledBack:
      let rest = hasKept ? "everything else it made is undone" : "everything it had made is undone"
      return StyledLine("The run \(end) after \(time); \(rest).", .warning)
    case .needsAttention where report.isHeld:
      let steps = left == 1 ? "1 step is" : "\(left) steps are"
      return StyledLine("The run \(end) after \(time) and holds: \(steps) in place.", .bad)
    case .needsAttention where left == 0:
      return StyledLine("The run \(end) after \(time) and needs attention: an 'always' failed.", .bad)
    case .needsAttention:
      let steps = left == 1 ? "1 step is left" : "\(left) steps are left"
      return StyledLine("The run \(end) after \(time) and needs attention: \(steps) in the cloud.", .bad)
    }
  }

  private var counts: String {
    let changes = report.steps.count { $0.kind == .change }
    let reads = report.steps.count { $0.kind == .read }
    let waits = report.steps.count { $0.kind == .wait }
    let parts = [(changes, "change"), (reads, "read"), (waits, "wait")].filter { $0.0 > 0 }
    return parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }
}
