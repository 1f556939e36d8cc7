import Diagnostics
import RunEngine
import RunPlanner
import RunbookEvaluator
import Values

/// A prepared runbook as the planner asks for it.
extension RunPreparation {
  func trial(in world: PlanWorld, _ limits: AccountLimits) -> Trial {
    trial(program, in: world, limits)
  }

  private func trial(_ program: RunbookProgram, in world: PlanWorld, _ limits: AccountLimits) -> Trial {
    var trial = Trial(program, created: created(in: "simulated"), account: world.account)
    trial.limits = limits
    trial.latency = world.choice.latency
    return trial
  }

  func question(in world: PlanWorld, _ limits: AccountLimits) -> RunPlan.Question {
    var question = RunPlan.Question(trial(in: world, limits), in: world.cloud)
    question.isReal = world.isReal
    question.lent = lent
    question.variants = program.loopsWithWidth.map { loop in
      (
        change: "one round more at a time in '\(head(of: loop))'",
        trial: trial(program.widening(loop), in: world, limits)
      )
    }
    return question
  }

  func bounds(of plan: RunPlan) -> [PlannedBound] {
    let calls = plan.report.steps.lazy.compactMap { step in
      step.kind == .change && !step.isUndo ? step.action.map { (action: $0, arguments: step.arguments) } : nil
    }
    return program.boundsUsed(by: calls).map { PlannedBound(subject: $0.subject, limit: $0.limit, used: $0.used) }
  }

  /// The borrowed ids among the inputs.
  private var lent: [String: String] {
    var lent: [String: String] = [:]
    for input in runbook.inputs where input.ownership == .borrowed {
      for id in inputs[input.name]?.texts ?? [] { lent[id] = input.name }
    }
    return lent
  }

  /// The line in which a loop begins, without its brace.
  private func head(of loop: Place) -> String {
    let text = loop.path == source.path ? source.text(0..<source.bytes.count) : files[loop.path]?.asText ?? ""
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(loop.line - 1) else { return "line \(loop.line)" }
    let line = lines[loop.line - 1].drop { $0 == " " }
    return String(line.hasSuffix(" {") ? line.dropLast(2) : line)
  }
}

extension Value {
  /// The texts in it.
  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let elements): elements.flatMap(\.texts)
    case .record(let record): record.flatMap { $0.value.texts }
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .secret: []
    }
  }
}
