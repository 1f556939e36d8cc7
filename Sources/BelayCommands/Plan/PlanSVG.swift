import Diagnostics
import Values

/// A plan drawn as a page of its own: a row for each step, grouped in lanes, over a time axis; the chain that makes the
/// run as long as it is stands out.
struct PlanSVG: Sendable {
  private let graph: PlanGraph
  private static let rowHeight = 22
  private static let laneGap = 10
  private static let top = 84
  private static let nameWidth = 330
  private static let chartWidth = 820
  private static let margin = 24

  init(_ graph: PlanGraph) { self.graph = graph }

  private var width: Int { PlanSVG.nameWidth + PlanSVG.chartWidth + 2 * PlanSVG.margin + 130 }

  private var height: Int {
    let lanes = graph.lanes.reduce(0) { $0 + $1.bars.count * PlanSVG.rowHeight + laneHead($1) + PlanSVG.laneGap }
    return PlanSVG.top + lanes + 64
  }

  private func laneHead(_ lane: PlanGraph.Lane) -> Int { lane.name.isEmpty ? 0 : PlanSVG.rowHeight }

  var text: String {
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" role=\"img\">",
      "<title>\(escaped("\(graph.title): \(graph.makespan.watchText)"))</title>", PlanSVG.styles,
      "<rect class=\"page\" width=\"\(width)\" height=\"\(height)\"/>",
      "<text class=\"title\" x=\"\(PlanSVG.margin)\" y=\"34\">\(escaped(graph.title))</text>",
      "<text class=\"sub\" x=\"\(PlanSVG.margin)\" y=\"54\">\(escaped(subtitle))</text>",
    ]
    parts += axis
    var y = PlanSVG.top
    for lane in graph.lanes {
      parts += rows(lane, at: y)
      y += lane.bars.count * PlanSVG.rowHeight + laneHead(lane) + PlanSVG.laneGap
    }
    parts += commits + legend(at: height - 26)
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private var subtitle: String {
    let hidden = graph.hidden == 0 ? "" : ", \(graph.hidden) more not drawn"
    return "takes \(graph.makespan.watchText), \(graph.bars.count) steps\(hidden)"
  }

  private static let styles = """
    <style>
    svg { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; }
    .page { fill: #ffffff; } .title { font-size: 19px; font-weight: 600; fill: #16202b; }
    .sub, .tick { fill: #647282; } .tick { font-size: 11px; } .name { fill: #16202b; } .faint { fill: #647282; }
    .lane { fill: #f3f6f9; } .lanename { fill: #38485a; font-weight: 600; } .grid { stroke: #dfe5eb; }
    .create { fill: #2f9e6e; } .change { fill: #d9920a; } .destroy { fill: #d0433b; } .read { fill: #8d9aa8; }
    .wait { fill: url(#hatch); stroke: #b8c3ce; } .critical { stroke: #1f5fd0; stroke-width: 2; }
    .chain { fill: none; stroke: #1f5fd0; stroke-width: 1.3; opacity: 0.75; }
    .commit { stroke: #16202b; stroke-dasharray: 4 3; } .what { fill: #38485a; font-size: 11px; }
    </style>
    <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="6" height="6" fill="#eef2f6"/><line x1="0" y1="0" x2="0" y2="6" stroke="#c9d3dd" stroke-width="3"/>
    </pattern></defs>
    """

  // MARK: Time

  private var chartLeft: Int { PlanSVG.margin + PlanSVG.nameWidth }

  private func x(_ at: Duration) -> Double {
    let whole = Double(max(1, graph.makespan.milliseconds))
    return Double(chartLeft) + Double(at.milliseconds) / whole * Double(PlanSVG.chartWidth)
  }

  private var axis: [String] {
    ticks.flatMap { at in
      let x = number(x(at))
      return [
        "<line class=\"grid\" x1=\"\(x)\" y1=\"\(PlanSVG.top - 8)\" x2=\"\(x)\" y2=\"\(height - 50)\"/>",
        "<text class=\"tick\" x=\"\(x)\" y=\"\(PlanSVG.top - 14)\" text-anchor=\"middle\">\(at.belayText)</text>",
      ]
    }
  }

  /// About eight, at round times.
  private var ticks: [Duration] {
    let whole = graph.makespan.milliseconds
    let sizes: [Int64] = [
      10, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
      3_600_000,
    ]
    let size = sizes.first { whole / $0 <= 9 } ?? max(3_600_000, whole / 8)
    return stride(from: 0, through: whole, by: Int64.Stride(size)).map { .milliseconds($0) }
  }

  // MARK: Rows

  private func rows(_ lane: PlanGraph.Lane, at top: Int) -> [String] {
    var parts: [String] = []
    var y = top
    if !lane.name.isEmpty {
      let high = (lane.bars.count + 1) * PlanSVG.rowHeight
      parts.append(
        "<rect class=\"lane\" x=\"\(PlanSVG.margin - 8)\" y=\"\(y)\" width=\"\(width - 2 * PlanSVG.margin + 16)\" "
          + "height=\"\(high)\" rx=\"5\"/>")
      parts.append(label("lanename", Double(PlanSVG.margin), y, clipped(lane.name, to: 52)))
      y += PlanSVG.rowHeight
    }
    for bar in lane.bars {
      parts += row(bar, at: y)
      y += PlanSVG.rowHeight
    }
    return parts
  }

  private func row(_ bar: PlanGraph.Bar, at y: Int) -> [String] {
    let (from, to) = (x(bar.from), x(bar.to))
    let wide = max(3, to - from)
    let indent = Double(PlanSVG.margin + bar.depth * 14)
    let classes = bar.isCritical ? kind(bar) + " critical" : kind(bar)
    let tip = "\(bar.name): \(bar.detail), \(bar.from.watchText) to \(bar.to.watchText)"
    return [
      label(bar.kind == .change ? "name" : "faint", indent, y, clipped(bar.label, to: 46)),
      "<rect class=\"\(classes)\" x=\"\(number(from))\" y=\"\(y + 4)\" width=\"\(number(wide))\" height=\"14\" "
        + "rx=\"2\"><title>\(escaped(tip))</title></rect>",
      label("what", from + wide + 6, y, bar.detail),
    ]
  }

  /// A text in a row.
  private func label(_ name: String, _ x: Double, _ y: Int, _ text: String) -> String {
    "<text class=\"\(name)\" x=\"\(number(x))\" y=\"\(y + 15)\">\(escaped(text))</text>"
  }

  private func kind(_ bar: PlanGraph.Bar) -> String {
    switch bar.kind {
    case .wait: return "wait"
    case .read: return "read"
    case .change: break
    }
    return switch bar.mark.ink {
    case .good: "create"
    case .bad: "destroy"
    case .warning, .plain, .bold, .dim, .accent: "change"
    }
  }

  private var commits: [String] {
    graph.commits.flatMap { commit in
      let x = number(x(commit.at))
      return [
        "<line class=\"commit\" x1=\"\(x)\" y1=\"\(PlanSVG.top - 8)\" x2=\"\(x)\" y2=\"\(height - 50)\"/>",
        "<text class=\"what\" x=\"\(x)\" y=\"\(height - 54)\" text-anchor=\"end\">"
          + "⚑ \(escaped(commit.reason)) </text>",
      ]
    }
  }

  private func legend(at y: Int) -> [String] {
    let entries = [
      ("create", "creates"), ("change", "changes"), ("destroy", "destroys"), ("read", "reads"), ("wait", "waits"),
      ("read critical", "longest chain"),
    ]
    return entries.enumerated().flatMap { index, entry in
      let x = PlanSVG.margin + index * 112
      return [
        "<rect class=\"\(entry.0)\" x=\"\(x)\" y=\"\(y - 11)\" width=\"16\" height=\"12\" rx=\"2\"/>",
        "<text class=\"sub\" x=\"\(x + 22)\" y=\"\(y)\">\(entry.1)</text>",
      ]
    }
  }

  /// With one digit behind the point.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
