import RunEngine
import RunPlanner
import Values

/// The plan as one object, `belay.plan/1`; docs/plan.md describes it. Times are milliseconds after the run's start.
extension PlanSheet {
  var document: Value {
    var document: Record = ["format": "belay.plan/1", "runbook": .text(title), "world": .text(world)]
    document["status"] = .text(plan.outcome.status.rawValue)
    document["failure"] = failure
    document["inputs"] = .record(plan.report.inputs)
    document["steps"] = .list(plan.steps.map(step))
    document["commits"] = .list(
      plan.commits.map { ["reason": .text($0.reason), "at_ms": .int($0.at.wholeMilliseconds)] })
    document["approvals"] = .list(
      plan.approvals.map {
        [
          "text": .text($0.ask.text), "rules": .text(ApprovalWording.rules($0.ask)),
          "at_ms": .int($0.at.wholeMilliseconds),
        ]
      })
    document["resources"] = .list(plan.blast.entries.map(resource))
    document["bounds"] = .list(
      bounds.map { ["bound": .text($0.subject), "limit": .int($0.limit), "used": .int($0.used)] })
    document["calls"] = .record(Record(plan.callCounts.map { ($0.action.description, .int($0.count)) }))
    document["forecast"] = forecast
    document["undo"] = .list((plan.undo + plan.undoFrom).map(undo))
    document["cost"] = cost
    document["checks"] = .list(
      survey.checks.map {
        [
          "what": .text($0.what), "action": .text($0.action.description), "verdict": .text($0.verdict.rawValue),
          "detail": .text($0.detail),
        ]
      })
    document["not_ruled_out"] = .list(survey.notRuledOut.map(Value.text))
    document["policy"] = plan.permissions.policy
    return .record(document)
  }

  private var failure: Value {
    if let stall = plan.outcome.stall { return ["kind": "stalled", "message": .text(stall)] }
    return plan.report.failure.map { .record($0.payload) } ?? .null
  }

  private func step(_ step: PlannedStep) -> Value {
    let parameters: [Value] = plan.parameters(of: step).map { parameter in
      [
        "name": .text(parameter.name), "certainty": .text("\(parameter.value.certainty)"),
        "value": parameter.value.document,
      ]
    }
    var record: Record = [
      "step": .text(step.name), "kind": .text(step.kind.rawValue),
      "action": step.action.map { .text($0.description) } ?? .null,
      "place": .text(step.place.description), "parameters": .list(parameters),
      "from_ms": .int(step.from.wholeMilliseconds), "to_ms": .int(step.to.wholeMilliseconds),
      "held_ms": .int(step.held.wholeMilliseconds), "state": .text(step.state.rawValue),
    ]
    if let region = plan.region(of: step) { record["region"] = .text(region) }
    if !step.note.isEmpty { record["note"] = .text(step.note) }
    if let commit = step.commit { record["commit"] = .int(commit) }
    switch step.undo {
    case .nothing: break
    case .calls(let actions): record["undo"] = .list(actions.map { .text($0.description) })
    case .kept(let reason): record["kept"] = .text(reason)
    case .irreversible(let reason): record["irreversible"] = .text(reason)
    }
    return .record(record)
  }

  private func resource(_ entry: BlastRadius.Entry) -> Value {
    var record: Record = ["fate": .text(entry.fate.rawValue), "kind": .text(entry.kind)]
    // What the run makes has no id before it is made.
    if entry.fate != .created { record["id"] = .text(entry.id) }
    record["name"] = .text(entry.name)
    record["step"] = entry.step.map { .text(plan.origins.name(of: $0)) } ?? .null
    if entry.fate == .changed { record["change"] = .text(entry.detail) }
    record["lent_by"] = entry.lentBy.map(Value.text)
    return .record(record)
  }

  private var forecast: Value {
    let shares: [Value] = plan.forecast.shares.map {
      ["cause": .text($0.cause.name), "time_ms": .int($0.time.wholeMilliseconds), "steps": .int($0.count)]
    }
    let variants: [Value] = plan.forecast.variants.map {
      ["change": .text($0.change), "makespan_ms": .int($0.makespan.wholeMilliseconds)]
    }
    let path: [Value] = plan.forecast.path.map { .text(plan.origins.name(of: $0)) }
    return [
      "makespan_ms": .int(plan.forecast.makespan.wholeMilliseconds), "path": .list(path), "shares": .list(shares),
      "variants": .list(variants),
    ]
  }

  private func undo(_ preview: UndoPreview) -> Value {
    let tape: [Value] = preview.tape.map { entry in
      [
        "step": .text(plan.origins.name(of: entry.step)),
        "actions": .list(entry.actions.map { .text($0.description) }),
      ]
    }
    var record: Record =
      switch preview.point {
      case .commit(_, let reason): ["before_commit": .text(reason)]
      case .end: ["at": "end"]
      case .step(let step): ["after_step": .text(plan.origins.name(of: step))]
      }
    record["at_ms"] = .int(preview.at.wholeMilliseconds)
    record["takes_ms"] = .int(preview.takes.wholeMilliseconds)
    record["calls"] = .int(preview.callCount)
    record["status"] = .text(preview.status.rawValue)
    record["tape"] = .list(tape)
    record["residue"] = .list(
      preview.residue.map { ["fate": .text($0.fate.rawValue), "kind": .text($0.kind), "name": .text($0.name)] })
    return .record(record)
  }

  private var cost: Value {
    let prices: [Value] = survey.prices.map {
      ["what": .text($0.what), "action": .text($0.action.description), "per_month": .int($0.perMonth)]
    }
    let unpriced: [Value] = survey.unpriced.map { ["kind": .text($0.kind), "count": .int($0.count)] }
    return [
      "per_month": .int(survey.perMonth), "per_hour": .float(survey.perHour), "prices": .list(prices),
      "unpriced": .list(unpriced),
      "failure_at_worst": survey.costOfFailure(plan).map { .float($0.amount) } ?? .null,
    ]
  }
}

extension Duration {
  fileprivate var wholeMilliseconds: Int { Int(milliseconds) }
}
