import RunEngine
import Values

extension DrillReport {
  /// `belay.drill/1`; described in docs/drill.md. Fields are only added. `command` is what replays a scenario, but for
  /// its name.
  package func document(runbook: String, version: String, depth: Int, command: String) -> Value {
    [
      "format": "belay.drill/1", "runbook": .text(runbook), "version": .text(version), "depth": .int(depth),
      "undisturbed": [
        "ended": .text(calm.end.rawValue), "time_ms": .int(Int(calmTime.milliseconds)), "calls": .int(calmCalls),
        "records": .int(calmRecords), "findings": .list(calm.findings.map(\.value)),
      ],
      "totals": totals,
      "rows": .list(rows.map(\.value)),
      "scenarios": .list(results.map { $0.value(command: command) }),
      "not_tried": .list(
        omissions.map {
          ["action": .text($0.action.description), "kind": .text($0.kind), "reason": .text($0.reason)]
        }),
    ]
  }

  private var totals: Value {
    var totals: Record = ["scenarios": .int(results.count), "ways_back": .int(waysBack)]
    for end in DrillResult.End.allCases { totals[end.rawValue.underscored] = .int(count(end)) }
    for kind in DrillFinding.Kind.allCases { totals["\(kind.rawValue.underscored)_findings"] = .int(count(kind)) }
    totals["failing"] = .int(failing.count)
    totals["longest_undo_ms"] = longestUndo.flatMap(\.undoTime).map { .int(Int($0.milliseconds)) } ?? .null
    totals["longest_undo"] = longestUndo.map { .text($0.scenario.description) } ?? .null
    return .record(totals)
  }
}

extension DrillReport.Row {
  fileprivate var value: Value {
    var record: Record = [
      "step": step.map(Value.text) ?? .null, "action": action.map { .text($0.description) } ?? .null,
      "way": isUndo ? "back" : "forward", "kinds": .list(families.map(Value.text)), "scenarios": .int(count),
      "failing": .int(findings),
    ]
    for end in DrillResult.End.allCases { record[end.rawValue.underscored] = .int(ends[end] ?? 0) }
    return .record(record)
  }
}

extension DrillResult {
  fileprivate func value(command: String) -> Value {
    [
      "id": .text(scenario.description), "steps": .list(site.steps.map { .text($0.text) }),
      "action": site.action.map { .text($0.description) } ?? .null, "record": site.record.map(Value.text) ?? .null,
      "way": site.isUndo ? "back" : "forward", "ended": .text(end.rawValue),
      "findings": .list(findings.map(\.value)),
      "left": .list(
        left.map { ["step": .text($0.step.text), "state": .text($0.state.rawValue), "note": .text($0.note)] }),
      "declared": .list(
        declared.map {
          [
            "step": .text($0.step.text), "reason": .text($0.reason), "kind": .text($0.line.kind),
            "id": .text($0.line.id), "gone": .bool($0.isGone),
          ]
        }),
      "undo_ms": undoTime.map { .int(Int($0.milliseconds)) } ?? .null,
      "replay": .text("\(command) --only '\(scenario)' --trace"),
    ]
  }
}

extension DrillFinding {
  fileprivate var value: Value { ["kind": .text(kind.rawValue), "sentence": .text(sentence)] }
}

extension String {
  fileprivate var underscored: String { replacing("-", with: "_") }
}
