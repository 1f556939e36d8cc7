import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// A limit on what one run may do.
package struct CheckedBound: Sendable {
  package enum Subject: Hashable, Sendable {
    /// Such as `ecm`, `Instance`
    case create(service: String, resource: String)
    case terminate(service: String, resource: String)
    /// Calls that change something.
    case calls
    /// How long the run may take, approvals and all; undoing is not counted.
    case time
  }
  package let subject: Subject
  package let limit: Expression
}

extension CheckedBound.Subject {
  /// How many units of it a call uses up; nil when it is not bounded by it. What is not known counts for one.
  package func units(of action: ActionID, _ meaning: ActionMeaning, _ arguments: Record) -> Int? {
    switch self {
    case .calls: meaning.effect == .read ? nil : 1
    case .time: nil
    case .create(let service, let resource):
      action.service == service && meaning.resource == resource && meaning.makes ? meaning.made(by: arguments) : nil
    case .terminate(let service, let resource):
      action.service == service && meaning.resource == resource && meaning.effect == .delete
        ? meaning.taken(by: arguments) : nil
    }
  }

  /// For messages: `ecm.Instance created`.
  package var wording: String {
    switch self {
    case .create(let service, let resource): "create \(service).\(resource)"
    case .terminate(let service, let resource): "terminate \(service).\(resource)"
    case .calls: "calls"
    case .time: "time"
    }
  }
}

extension Checker {
  mutating func checkBounds() {
    var seen: [CheckedBound.Subject: Span] = [:]
    for bound in tree.bounds {
      guard let subject = boundSubject(bound) else {
        _ = infer(bound.limit)
        continue
      }
      if subject == .time {
        checkPositiveDuration(bound.limit, "the time of a run")
      } else {
        checkLimit(bound)
      }
      if let earlier = seen.updateValue(bound.span, forKey: subject) {
        report(.boundTwice(bound.span, earlier))
        continue
      }
      bounds.append(CheckedBound(subject: subject, limit: bound.limit))
    }
  }

  private mutating func boundSubject(_ bound: Bound) -> CheckedBound.Subject? {
    switch bound.subject.text {
    case "calls" where bound.kind == nil: return .calls
    case "time" where bound.kind == nil: return .time
    case "create", "terminate":
      guard let service = bound.service, let kind = bound.kind else {
        report(.boundWithoutKind(bound))
        return nil
      }
      guard let used = resolveService(service) else { return nil }
      let known = Checker.resources(of: used.catalog, isCreated: bound.subject.text == "create")
      guard known.contains(kind.text) else {
        report(.unknownResource(kind, bound.subject, used.catalog.name, suggestion(for: kind.text, among: known)))
        return nil
      }
      return bound.subject.text == "create"
        ? .create(service: used.catalog.name, resource: kind.text)
        : .terminate(service: used.catalog.name, resource: kind.text)
    default:
      let near = suggestion(for: bound.subject.text, among: ["create", "terminate", "calls", "time"])
      report(.unknownBound(bound.subject, near))
      return nil
    }
  }

  private mutating func checkLimit(_ bound: Bound) {
    let type = infer(bound.limit)
    guard type.fits(.int) else { return report(.limitIsNoInt(bound.limit.span, type)) }
    if case .int(let value)? = constant(bound.limit), value < 0 { report(.limitIsNegative(bound.limit.span, value)) }
  }

  /// What a service's actions make, or take away.
  private static func resources(of catalog: ServiceCatalog, isCreated: Bool) -> [String] {
    let names = catalog.actionNames.compactMap { name -> String? in
      guard let meaning = Catalog.meaning(ActionID(catalog.name, name)) else { return nil }
      return isCreated ? (meaning.makes ? meaning.resource : nil) : meaning.effect == .delete ? meaning.resource : nil
    }
    return Set(names).sorted()
  }

  /// Counts a step that is certain to be made: one in the body of the runbook, in no loop and no branch.
  mutating func tally(_ call: Call, _ action: ActionID, _ meaning: ActionMeaning?, _ arguments: [(String, Expression)])
  {
    guard place.isTopLevel, !bounds.isEmpty, let meaning else { return }
    let known = Record(arguments.map { ($0.0, partlyKnown($0.1)) })
    for bound in bounds {
      guard let units = bound.subject.units(of: action, meaning, known) else { continue }
      let total = tallies[bound.subject, default: 0] + units
      tallies[bound.subject] = total
      guard case .int(let limit)? = constant(bound.limit), total > limit, total - units <= limit else { continue }
      report(.boundExceeded(call, bound, total: total, limit: limit))
    }
  }

  /// A deadline behind that of the whole run is never reached.
  mutating func checkTimeBound(_ within: Expression) {
    guard let bound = bounds.first(where: { $0.subject == .time }), case .duration(let limit)? = constant(bound.limit),
      case .duration(let deadline)? = constant(within), deadline > limit
    else { return }
    report(.deadlineBehindBound(within.span, bound, limit))
  }

  /// A literal as a value, with null for what is known only at run time.
  private func partlyKnown(_ expression: Expression) -> Value {
    switch expression.kind {
    case .list(let elements): .list(elements.map { partlyKnown($0) })
    case .record(let entries): .record(Record(entries.map { ($0.name.text, partlyKnown($0.value)) }))
    default: constant(expression) ?? .null
    }
  }
}

extension Diagnostic {
  fileprivate static func boundTwice(_ span: Span, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .badBound, span, "this is bounded twice", notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func boundWithoutKind(_ bound: Bound) -> Diagnostic {
    Diagnostic(
      .badBound, bound.span, "'\(bound.subject.text)' bounds a kind of resource",
      hint: "for example '\(bound.subject.text) ecm.Instance <= 10'")
  }

  fileprivate static func unknownResource(_ kind: Name, _ subject: Name, _ service: String, _ near: Suggestion)
    -> Diagnostic
  {
    let what = subject.text == "create" ? "makes" : "takes away"
    return Diagnostic(
      .badBound, kind.span, "no action of '\(service)' \(what) a resource '\(kind.text)'\(near)",
      fixes: near.fixes(kind.span))
  }

  fileprivate static func unknownBound(_ subject: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .badBound, subject.span, "'\(subject.text)' is nothing that can be bounded\(near)",
      hint: "the bounds are 'create ecm.Instance', 'terminate ecm.Instance', 'calls' and 'time'",
      fixes: near.fixes(subject.span))
  }

  fileprivate static func limitIsNoInt(_ span: Span, _ type: ValueType) -> Diagnostic {
    Diagnostic(.badBound, span, "this limit is an Int, but this is \(type.described)")
  }

  fileprivate static func limitIsNegative(_ span: Span, _ value: Int) -> Diagnostic {
    Diagnostic(.badBound, span, "a limit is at least 0, but this is \(value)")
  }

  fileprivate static func deadlineBehindBound(_ span: Span, _ bound: CheckedBound, _ limit: Duration) -> Diagnostic {
    Diagnostic(
      .boundExceeded, span, "this deadline is never reached: the whole run has \(limit.belayText)",
      hint: "raise the bound, or wait for less", notes: [DiagnosticNote("the bound", bound.limit.span)])
  }

  fileprivate static func boundExceeded(_ call: Call, _ bound: CheckedBound, total: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      .boundExceeded, call.service.span.union(call.action.span),
      "with this call the run would have \(total) of '\(bound.subject.wording)', and the bounds allow \(limit)",
      hint: "raise the bound, or make less", notes: [DiagnosticNote("the bound", bound.limit.span)])
  }
}
