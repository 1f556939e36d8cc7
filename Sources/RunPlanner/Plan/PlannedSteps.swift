import CloudCatalog
import RunEngine
import Values

/// The steps of a plan, and where their time goes.
struct PlannedSteps: Sendable {
  let forecast: Forecast
  /// In the order in which they begin.
  private(set) var steps: [PlannedStep]
  /// Where in `steps` each of the report's is; -1 for what is none of the plan's.
  private var places: [Int32]

  init(_ planned: PlannedRun, _ limits: AccountLimits, startedAt: Instant) {
    let report = planned.report
    let why = RunWhy(report, planned.times)
    forecast = Forecast(why, limits)
    // A change is shown from where its own call is asked for: the reads before it are no step of the plan.
    let begun: [(from: Instant, number: Int)] = report.steps.indices.filter { !report.steps[$0].isUndo }.map { number in
      (from: report.steps[number].kind == .change ? report.steps[number].startedAt : why.spans[number].from, number)
    }.sorted { ($0.from, $0.number) < ($1.from, $1.number) }
    steps = []
    steps.reserveCapacity(begun.count)
    places = Array(repeating: -1, count: report.steps.count)
    for (from, number) in begun {
      places[number] = Int32(steps.count)
      steps.append(
        PlannedStep(
          report.steps[number], why.spans[number], planned, held: planned.times.of(number).bucket,
          from: from - startedAt, to: why.spans[number].to - startedAt, call: planned.call(of: number)))
    }
  }

  /// What the looks at the way back tell of each step's undo; the first that undid it does.
  mutating func note(_ previews: [UndoPreview], _ report: RunReport) {
    for entry in previews.lazy.flatMap(\.tape) {
      guard let number = report.number(of: entry.step), places[number] >= 0 else { continue }
      let place = Int(places[number])
      if steps[place].kind == .change, case .nothing = steps[place].undo { steps[place].undo = .calls(entry.actions) }
    }
  }
}

extension PlannedStep {
  fileprivate init(
    _ step: RunReport.Step, _ span: RunWhy.Span, _ planned: PlannedRun, held: Duration, from: Duration, to: Duration,
    call: Int?
  ) {
    (address, kind, action, place, state, note) =
      (step.address, step.kind, step.action, step.place, step.state, step.note)
    (self.from, self.to, self.held, after, self.call) = (from, to, held, span.after, call)
    name = planned.origins.name(of: step.address)
    undo = step.kind == .change ? step.kept.map { Undo(keptFor: $0, step.action) } ?? .nothing : .nothing
    commit = step.state == .committed ? planned.commits.firstIndex { $0.at >= span.to } : nil
    let arguments = call.map { planned.asked[$0].call.arguments } ?? Record()
    certainty = arguments.map { planned.origins.planned($0.value, in: step.address).certainty }.max() ?? .known
  }
}

extension PlannedStep.Undo {
  fileprivate init(keptFor reason: String, _ action: ActionID?) {
    if case .impossible? = action.flatMap({ Catalog.meaning($0) })?.undo {
      self = .irreversible(reason)
    } else {
      self = .kept(reason)
    }
  }
}
