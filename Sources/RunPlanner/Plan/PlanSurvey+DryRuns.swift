import CloudCatalog
import RunEngine
import Values

/// Calls that can be told to change nothing: the cloud then says whether it would take them.
extension PlanSurvey {
  typealias DryRun = (step: PlannedStep, call: CloudCall)

  /// Those whose parameters are all known, and the steps whose parameters are not.
  static func dryRuns(_ plan: RunPlan) -> (possible: [DryRun], early: [PlannedStep]) {
    let actions = Set(
      plan.callCounts.map(\.action).filter { Catalog.action($0)?.parameter(ReadOnlyWorld.dryRun) != nil })
    guard !actions.isEmpty else { return ([], []) }
    var (possible, early) = ([DryRun](), [PlannedStep]())
    for step in plan.steps where step.kind == .change && step.action.map(actions.contains) ?? false {
      let parameters = plan.parameters(of: step).compactMap(\.value.withoutMark)
      if parameters.allSatisfy({ $0.certainty == .known }), let call = step.call {
        possible.append((step, plan.outcome.asked[call].call))
      } else {
        early.append(step)
      }
    }
    return (possible, early)
  }

  /// Both answers that the books have for a call that would have succeeded count.
  func dryRunCheck(_ step: PlannedStep, _ call: CloudCall, _ ask: Ask) async -> Check {
    var arguments = call.arguments
    arguments[ReadOnlyWorld.dryRun] = true
    let what = "a dry run of \(step.name)"
    switch await ask(CloudCall(call.action, region: call.region, arguments)) {
    case .outcome(.done): return Check(what: what, action: call.action, verdict: .suffices, detail: "would be taken")
    case .outcome(.refused(let error)) where error.code == "DryRunOperation":
      return Check(what: what, action: call.action, verdict: .suffices, detail: "would be taken")
    case .outcome(.refused(let error)):
      return Check(what: what, action: call.action, verdict: .short, detail: "\(error.code): \(error.message)")
    case .outcome(.unknown(let reason)), .unreachable(let reason):
      return Check(what: what, action: call.action, verdict: .unknown, detail: reason)
    }
  }

  static func notAsked(_ names: [String]) -> [String] {
    names.isEmpty ? [] : ["what a dry run says of \(list(names)): --dry-run asks"]
  }
}
