import CloudCatalog
import RunEngine
import RunPlanner
import Values

/// Words for the parts of a plan, the same wherever they stand.
enum PlanWording {
  /// What a change does, in one character.
  static func mark(of action: ActionID?) -> (String, Ink) {
    switch action.flatMap({ Catalog.meaning($0) })?.effect {
    case .create, .purchase, .export: ("+", .good)
    case .delete: ("−", .bad)
    case .attach, .detach, .modify, .power, .rebuild, .move, .mode: ("~", .warning)
    case .read, nil: ("•", .dim)
    }
  }

  /// `Name value`, a line each. What the engine adds to every call, its mark, is left out.
  static func parameters(_ step: PlannedStep, in plan: RunPlan) -> [StyledLine] {
    plan.parameters(of: step).compactMap { parameter in
      guard let value = parameter.value.withoutMark else { return nil }
      var line = StyledLine(parameter.name, .dim)
      line.add(" ")
      line.add(PlanWording.line(value))
      return line
    }
  }

  static func line(_ value: PlannedValue) -> StyledLine {
    switch value {
    case .known(let value): return StyledLine(value.wording)
    case .read(_, let value): return StyledLine(value.wording)
    case .symbolic(let name): return StyledLine(name, .accent)
    case .assumed(let name, _): return StyledLine("≈\(name)", .warning)
    case .text(let pieces): return text(pieces)
    case .list(let elements): return joined(elements.map(line), "[", "]")
    case .record(let members):
      let parts = members.map { member in StyledLine("\(member.name): ") + line(member.value) }
      return joined(parts, "{ ", " }")
    }
  }

  private static func text(_ pieces: [PlannedValue]) -> StyledLine {
    var line = StyledLine("\"")
    for piece in pieces {
      if case .known(let value) = piece {
        line.add(value.display)
      } else {
        line.add("${")
        line.add(PlanWording.line(piece))
        line.add("}")
      }
    }
    line.add("\"")
    return line
  }

  private static func joined(_ parts: [StyledLine], _ open: String, _ close: String) -> StyledLine {
    var line = StyledLine(open)
    for (index, part) in parts.enumerated() {
      if index > 0 { line.add(", ") }
      line.add(part)
    }
    line.add(close)
    return line
  }

  static func cause(_ share: Forecast.Share) -> String {
    switch share.cause {
    case .limit(let action, let rate): "the limit of \(action.name), \(rate) calls a second"
    case .work(let action?): "the cloud's work after \(action.name)"
    case .work(nil): "conditions that are waited for"
    case .answers: "answers on their way"
    case .retries: "pauses between attempts"
    case .locks: "other changes of the same thing"
    case .approvals: "people who decide"
    case .idle: "pauses"
    }
  }

  static func point(_ point: UndoPreview.Point, _ origins: Origins) -> String {
    switch point {
    case .commit(_, let reason): "before the commit \(JSON.print(.text(reason)))"
    case .end: "at the end"
    case .step(let step): "just after \(origins.name(of: step))"
    }
  }

  /// A number and what it counts stay on one line.
  static func counts(_ counts: [(kind: String, count: Int)]) -> String {
    counts.map { "\($0.count)\u{A0}\($0.kind)" }.joined(separator: ", ")
  }

  /// Hundredths as an amount.
  static func amount(_ hundredths: Double) -> String {
    let whole = Int(hundredths.rounded())
    let cents = whole % 100
    return "\(whole / 100).\(cents < 10 ? "0" : "")\(cents)"
  }
}
