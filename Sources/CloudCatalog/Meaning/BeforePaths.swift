import Values

extension ActionMeaning {
  /// What the undo of a call, and the wait for its work, read of its before-image: the same comes out at every path of
  /// theirs, and a run of many steps keeps no more of each.
  package func needed(of before: Value) -> Value {
    before.isNull ? before : beforePaths.kept(of: before)
  }

  static func beforePaths(_ undo: UndoRule, _ completion: Completion) -> ValuePaths {
    guard case .inverse(let inverse) = undo, inverse.beforeImage != nil else { return ValuePaths([]) }
    var templates = inverse.calls.flatMap(\.templates) + (inverse.lookup?.arguments.map(\.value) ?? [])
    if case .poll(let poll) = completion { templates += poll.templates }
    return ValuePaths(templates.flatMap(\.beforePaths))
  }
}

extension Poll {
  fileprivate var templates: [Template] {
    [ids] + [region, origin?.equals].compactMap { $0 } + arguments.map(\.1) + (fallback + crowd).flatMap(\.templates)
  }
}

extension Template {
  fileprivate var beforePaths: [ValuePath] {
    switch self {
    case .constant, .argument, .result, .requestID, .found, .ids, .mark: []
    case .before(let path): [path]
    case .list(let templates): templates.flatMap(\.beforePaths)
    case .record(let members): members.flatMap(\.1.beforePaths)
    case .subtracting(let all, let gone, by: _): all.beforePaths + gone.beforePaths
    case .rows(let rows, where: _, isOneOf: let values): rows.beforePaths + values.beforePaths
    case .selecting(_, from: let rows, where: _, isOneOf: let values): rows.beforePaths + values.beforePaths
    case .derived(let derivation): derivation.beforePaths
    }
  }
}

extension Derivation {
  fileprivate var beforePaths: [ValuePath] {
    switch self {
    case .row, .made: []
    case .given(_, let template), .unlessEmpty(let template), .choosing(let template, _), .nested(let template, _):
      template.beforePaths
    case .when(let condition, is: _, let template): condition.beforePaths + template.beforePaths
    case .each(let rows, make: let template): rows.beforePaths + template.beforePaths
    case .matching(let rows, to: let others, by: _), .updating(let rows, from: let others, by: _, taking: _):
      rows.beforePaths + others.beforePaths
    case .grouping(let rows, by: let keys): rows.beforePaths + keys.flatMap(\.beforePaths)
    }
  }
}
