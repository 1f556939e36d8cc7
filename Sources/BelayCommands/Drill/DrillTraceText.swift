import Diagnostics
import RunDriver
import RunEngine
import RunPlanner
import Values

/// One scenario for people: everything that happened, then how it ended.
struct DrillTraceText {
  /// Each line ends in a line end.
  let text: String

  /// Not whole: what goes wrong and the end only.
  init(_ replay: DrillReplay, isWhole: Bool, style: TerminalStyle) {
    var lines: [String] = []
    var plain = RunLines(id: RunID("drill"), style: style)
    var start: Instant?
    for event in replay.events {
      switch event {
      case .record(let at, let record):
        start = start ?? at
        let told = plain.take(record, at: at)
        if isWhole { lines += told }
      case .call(let number, let call):
        if isWhole { lines.append(DrillTraceText.line(number, call, start).text(style)) }
      case .blow(let at, let blow):
        var line = DrillTraceText.time(at, start)
        line.add("  drill     ", .bad)
        line.add(blow.description, .bold)
        lines.append(line.text(style))
      }
    }
    text = (lines + DrillTraceText.end(replay.result).map { $0.text(style) }).map { $0 + "\n" }.joined()
  }

  private static func time(_ at: Instant, _ start: Instant?) -> StyledLine {
    let since = (start.map { at - $0 } ?? .zero).watchText
    return StyledLine(String(repeating: " ", count: max(0, TreeColumns.time - since.count)) + since, .dim)
  }

  private static func line(_ number: Int, _ call: SimulatedCall, _ start: Instant?) -> StyledLine {
    var line = time(call.at, start)
    line.add("  " + padded("c\(number)", to: 8), .accent)
    line.add("  \(call.action)")
    if let problem = call.problem {
      line.add("  \(problem)", .bad)
    } else {
      line.add("  answered", .dim)
    }
    return line
  }

  private static func end(_ result: DrillResult) -> [StyledLine] {
    var lines = [StyledLine()]
    var line = StyledLine(result.findings.isEmpty ? "✓ " : "✗ ", result.findings.isEmpty ? .good : .bad)
    line.add(result.scenario.description, .bold)
    line.add("  \(result.placeWording)", .dim)
    line.add(" → \(result.end.rawValue)")
    if let time = result.undoTime { line.add(", undone in \(time.watchText)", .dim) }
    lines.append(line)
    for finding in result.findings {
      var line = StyledLine("  \(finding.kind.rawValue): ", .bad)
      line.add(finding.sentence)
      lines.append(line)
    }
    for left in result.left {
      lines.append(StyledLine("  left: \(left.step)  \(left.note.isEmpty ? left.state.rawValue : left.note)", .warning))
    }
    for declared in result.declared {
      let what = "\(declared.line.kind) \(declared.line.id) \(declared.isGone ? "is gone" : "is left")"
      lines.append(StyledLine("  declared at \(declared.step) (\(declared.reason)): \(what)", .dim))
    }
    return lines
  }
}
