import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// Whose the resources behind a value are, and the input or parameter that says so.
struct Owner {
  let ownership: InputDeclaration.Ownership
  let name: Name
}

extension Checker {
  /// Nil where the run made them itself, or nothing is said. Of several owners, the one who allows least.
  func owner(of expression: Expression) -> Owner? {
    switch expression.kind {
    case .name(let name): scope[name]?.owner
    case .member(let base, _), .index(let base, _), .each(let base, _): owner(of: base)
    case .list(let elements): strictest(elements)
    case .record(let entries): strictest(entries.map(\.value))
    case .map(let entries): strictest(entries.map(\.value))
    case .comprehension(let comprehension): strictest([comprehension.sequence, comprehension.body])
    case .choice(_, let then, let otherwise): strictest([then, otherwise])
    case .match(_, let cases): strictest(cases.map(\.body))
    case .binary: strictest(expression.operands)
    case .function(let invocation): strictest(invocation.arguments.map(\.value))
    case .null, .bool, .int, .float, .duration, .size, .rate, .money, .cidr, .text, .it, .not, .negate, .range, .call,
      .missing:
      nil
    }
  }

  private func strictest(_ expressions: [Expression]) -> Owner? {
    var result: Owner?
    for case let owner? in expressions.lazy.map({ self.owner(of: $0) }) {
      if owner.ownership == .borrowed { return owner }
      if result == nil || owner.ownership == .adopted { result = owner }
    }
    return result
  }

  /// What is borrowed is not destroyed.
  mutating func checkOwners(_ call: Call, _ facts: ActionFacts, _ meaning: ActionMeaning?) {
    guard let meaning, meaning.effect == .delete, let resource = meaning.resource else { return }
    for argument in call.arguments {
      guard let name = argument.name, let parameter = facts.parameter(name.text),
        let catalog = Catalog.service(facts.id.service),
        catalog.type(of: parameter).identifies(resource), let owner = owner(of: argument.value),
        owner.ownership == .borrowed
      else { continue }
      report(.destroysBorrowed(argument.value.span, facts.id, owner))
    }
  }

  /// What is borrowed is handed only to a parameter that is borrowed, too.
  mutating func checkOwner(_ argument: Argument, _ parameter: InputDeclaration, _ routine: CheckedRoutine) {
    guard routine.routine.kind == .recipe, parameter.ownership != .borrowed, let owner = owner(of: argument.value),
      owner.ownership == .borrowed, type(of: argument.value).holdsID
    else { return }
    report(.handsOverBorrowed(argument.value.span, parameter, routine, owner))
  }
}

extension Expression {
  /// Of a chain of operators, without recursion.
  fileprivate var operands: [Expression] {
    var result: [Expression] = []
    var rest = self
    while case .binary(_, let left, let right) = rest.kind {
      result.append(right)
      rest = left
    }
    return result + [rest]
  }
}

extension ValueType {
  /// Whether it is the id of such a resource, or a list of them.
  fileprivate func identifies(_ resource: String) -> Bool {
    switch plain {
    case .list(let element): element.identifies(resource)
    case .id(_, let kind): kind == resource + "Id"
    default: false
    }
  }

  fileprivate var holdsID: Bool {
    switch plain {
    case .list(let element): element.holdsID
    case .record(let fields): fields.contains { $0.type.holdsID }
    case .map(_, let value): value.holdsID
    case .id: true
    default: false
    }
  }
}

extension Diagnostic {
  fileprivate static func destroysBorrowed(_ span: Span, _ action: ActionID, _ owner: Owner) -> Diagnostic {
    Diagnostic(
      .notOwned, span, "'\(owner.name.text)' is borrowed, and '\(action.name)' would destroy it",
      hint: "what a runbook may destroy it makes itself, or its input says 'adopted'",
      notes: [DiagnosticNote("it is borrowed here", owner.name.span)])
  }

  fileprivate static func handsOverBorrowed(
    _ span: Span, _ parameter: InputDeclaration, _ routine: CheckedRoutine, _ owner: Owner
  ) -> Diagnostic {
    Diagnostic(
      .notOwned, span, "'\(owner.name.text)' is borrowed, and '\(routine.name)' does not promise to leave it alone",
      hint: "declare its parameter so: '\(parameter.name.text): borrowed …'",
      notes: [
        DiagnosticNote("it is borrowed here", owner.name.span), DiagnosticNote("the parameter", parameter.name.span),
      ])
  }
}
