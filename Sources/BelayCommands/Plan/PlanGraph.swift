import RunEngine
import RunPlanner
import Values

/// What a drawing of a plan shows: lanes of steps over time. Rounds that do the same are drawn up to a limit.
struct PlanGraph: Sendable {
  struct Bar: Sendable {
    let name: String
    /// The last segment of the name.
    let label: String
    let depth: Int
    let detail: String
    let kind: RunReport.StepKind
    let mark: (glyph: String, ink: Ink)
    let from: Duration
    let to: Duration
    let isCritical: Bool
    /// The name of the step that had to end first.
    let after: String?
  }
  /// A strand of the run: its outermost round, or what stands outside of all loops.
  struct Lane: Sendable {
    let name: String
    var bars: [Bar]
  }
  let title: String
  let makespan: Duration
  private(set) var lanes: [Lane] = []
  let commits: [RunPlan.Commit]
  /// How many steps are not drawn.
  private(set) var hidden = 0

  /// As many steps are drawn at most.
  static let maximumBars = 400

  init(_ sheet: PlanSheet) {
    title = sheet.title
    makespan = sheet.plan.forecast.makespan
    commits = sheet.plan.commits
    let critical = Set(sheet.plan.forecast.path)
    for step in sheet.plan.steps.prefix(PlanGraph.maximumBars) {
      let segments = StepPath(StepAddress(step.name)).segments
      let round = segments.first.flatMap { $0.key == nil ? nil : $0.text } ?? ""
      let bar = Bar(
        name: step.name, label: segments.dropFirst(round.isEmpty ? 0 : 1).map(\.text).joined(separator: "."),
        depth: round.isEmpty ? 0 : 1, detail: PlanGraph.detail(step), kind: step.kind, mark: PlanGraph.mark(step),
        from: step.from, to: step.to, isCritical: critical.contains(step.address),
        after: step.after.map { sheet.plan.origins.name(of: $0) })
      if let index = lanes.lastIndex(where: { $0.name == round }), index == lanes.count - 1 || !round.isEmpty {
        lanes[index].bars.append(bar)
      } else {
        lanes.append(Lane(name: round, bars: [bar]))
      }
    }
    hidden = max(0, sheet.plan.steps.count - PlanGraph.maximumBars)
  }

  var bars: [Bar] { lanes.flatMap(\.bars) }

  private static func detail(_ step: PlannedStep) -> String {
    switch step.kind {
    case .wait: step.action.map { "wait for \($0.name)" } ?? "wait until it holds"
    case .change, .read: step.action?.name ?? ""
    }
  }

  private static func mark(_ step: PlannedStep) -> (glyph: String, ink: Ink) {
    if case .irreversible = step.undo { return ("‼", .bad) }
    return step.kind == .wait ? ("◷", .dim) : PlanWording.mark(of: step.action)
  }
}
