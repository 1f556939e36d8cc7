import RunEngine
import Values

/// A plan as the text of other drawing programs.
extension PlanGraph {
  /// A Gantt chart of Mermaid. Its axis counts from midnight, in milliseconds of the run.
  var mermaid: String {
    var lines = [
      "gantt", "  title \(plain(title)) takes \(makespan.watchText)", "  dateFormat x", "  axisFormat %M:%S",
    ]
    for lane in lanes {
      lines.append("  section \(lane.name.isEmpty ? "run" : plain(lane.name))")
      for bar in lane.bars {
        let state = bar.isCritical ? "crit, " : bar.kind == .wait ? "done, " : ""
        let end = max(bar.to.milliseconds, bar.from.milliseconds + 1)
        lines.append("  \(plain(bar.label)) \(plain(bar.detail)) :\(state)\(bar.from.milliseconds), \(end)")
      }
    }
    for commit in commits {
      lines.append("  \(plain(commit.reason)) :milestone, \(commit.at.milliseconds), 0ms")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Colons, semicolons and hashes mean something to Mermaid.
  private func plain(_ text: String) -> String {
    String(text.map { ":;#\n".contains($0) ? " " : $0 })
  }

  /// A graph for Graphviz: each step after the one that had to end first.
  var dot: String {
    var lines = [
      "digraph plan {", "  label=\(quoted("\(title): \(makespan.watchText)"));", "  labelloc=t; rankdir=LR;",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", fontsize=10];",
    ]
    let numbers = Dictionary(bars.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    var next = 0
    for (index, lane) in lanes.enumerated() {
      let isRound = !lane.name.isEmpty
      if isRound { lines.append("  subgraph cluster_\(index) { label=\(quoted(lane.name)); color=gray;") }
      for bar in lane.bars {
        lines.append("    s\(next) [label=\(quoted(caption(bar))), fillcolor=\(colour(bar))\(weight(bar))];")
        next += 1
      }
      if isRound { lines.append("  }") }
    }
    let critical = Set(bars.filter(\.isCritical).map(\.name))
    for (number, bar) in bars.enumerated() {
      guard let after = bar.after, let before = numbers[after] else { continue }
      let isChain = bar.isCritical && critical.contains(after)
      lines.append("  s\(before) -> s\(number)\(isChain ? " [color=blue, penwidth=2]" : "");")
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private func caption(_ bar: Bar) -> String { "\(bar.label)\n\(bar.detail)  \((bar.to - bar.from).watchText)" }

  private func weight(_ bar: Bar) -> String { bar.isCritical ? ", color=blue, penwidth=2" : "" }

  private func colour(_ bar: Bar) -> String {
    switch (bar.kind, bar.mark.ink) {
    case (.wait, _): "whitesmoke"
    case (.read, _): "lightgray"
    case (.change, .good): "palegreen"
    case (.change, .bad): "lightcoral"
    case (.change, _): "khaki"
    }
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
