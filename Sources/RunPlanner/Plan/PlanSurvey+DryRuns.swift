import CloudCatalog
import RunEngine
import Values

/// Calls that can be told to change nothing: the cloud then says whether it would take them.
extension PlanSurvey {
  typealias DryRun = (step: PlannedStep, call: CloudCall)

  /// Those whose parameters are all known, and the steps whose parameters are not.
  static func dryRuns(_ plan: RunPlan) -> (possible: [DryRun], early: [PlannedStep]) {
    let steps = plan.steps.filter { step in
      step.kind == .change
        && step.action.flatMap { Catalog.action($0) }?.parameter(ReadOnlyWorld.dryRun) != nil
    }
    guard !steps.isEmpty else { return ([], []) }
    let calls = Dictionary(plan.outcome.asked.map { (Key($0.step, $0.call.action), $0.call) }) { first, _ in first }
    var (possible, early) = ([DryRun](), [PlannedStep]())
    for step in steps {
      let isKnown = step.parameters.compactMap(\.value.withoutMark).allSatisfy { $0.certainty == .known }
      if isKnown, let action = step.action, let call = calls[Key(step.address, action)] {
        possible.append((step, call))
      } else {
        early.append(step)
      }
    }
    return (possible, early)
  }

  private struct Key: Hashable {
    let step: StepAddress
    let action: ActionID
    init(_ step: StepAddress, _ action: ActionID) { (self.step, self.action) = (step, action) }
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
