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
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .text, .it, .not, .negate, .range, .call,
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

  /// What is borrowed is not destroyed; what is adopted only behind an approval.
  mutating func checkOwners(_ call: Call, _ facts: ActionFacts, _ meaning: ActionMeaning?) {
    guard let meaning, meaning.effect == .delete, let resource = meaning.resource else { return }
    for argument in call.arguments {
      guard let name = argument.name, let parameter = facts.parameter(name.text),
        let catalog = Catalog.service(facts.id.service),
        catalog.type(of: parameter).identifies(resource), let owner = owner(of: argument.value)
      else { continue }
      switch owner.ownership {
      case .borrowed: report(.destroysBorrowed(argument.value.span, facts.id, owner))
      case .adopted: noteDestroyed(owner, argument.value.span, facts.id.name)
      case .owned: break
      }
    }
  }

  /// A recipe may leave the asking to whoever invokes it.
  private mutating func noteDestroyed(_ owner: Owner, _ span: Span, _ what: String) {
    if place.isApproved || place.isInUndo { return }
    if place.isInRecipe {
      unapproved.insert(owner.name.text)
    } else {
      report(.destroysUnasked(span, what, owner))
    }
  }

  /// What the recipe destroys without asking is asked about here.
  mutating func checkApproval(_ invocation: Invocation, _ span: Span, _ routine: CheckedRoutine) {
    for name in routine.unapproved.sorted() {
      let parameters = routine.routine.parameters
      guard let place = parameters.firstIndex(where: { $0.name.text == name }) else {
        if let owner = scope[name]?.owner { noteDestroyed(owner, span, routine.name) }
        continue
      }
      let given =
        invocation.arguments.first { $0.name?.text == name }
        ?? (invocation.arguments.indices.contains(place) ? invocation.arguments[place] : nil)
      if let given, let owner = owner(of: given.value), owner.ownership == .adopted {
        noteDestroyed(owner, given.value.span, routine.name)
      }
    }
  }

  /// What is borrowed is handed only to a parameter that is borrowed, too.
  mutating func checkOwner(_ argument: Argument, _ parameter: InputDeclaration, _ routine: CheckedRoutine) {
    guard routine.routine.kind == .recipe, parameter.ownership != .borrowed, let owner = owner(of: argument.value),
      type(of: argument.value).holdsID
    else { return }
    switch owner.ownership {
    case .borrowed: report(.handsOver(argument.value.span, parameter, routine, owner))
    case .adopted where parameter.ownership != .adopted && routine.mayDestroy:
      report(.handsOver(argument.value.span, parameter, routine, owner))
    case .adopted, .owned: break
    }
  }
}

extension CheckedRoutine {
  fileprivate var mayDestroy: Bool { effects.contains { Catalog.meaning($0)?.effect == .delete } }
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

  fileprivate static func destroysUnasked(_ span: Span, _ what: String, _ owner: Owner) -> Diagnostic {
    Diagnostic(
      .notApproved, span, "'\(owner.name.text)' is adopted, and '\(what)' would destroy it without asking",
      hint: "put this into 'approve \"what for\" { … }'",
      notes: [DiagnosticNote("it is adopted here", owner.name.span)])
  }

  fileprivate static func handsOver(
    _ span: Span, _ parameter: InputDeclaration, _ routine: CheckedRoutine, _ owner: Owner
  ) -> Diagnostic {
    let word = owner.ownership.rawValue
    let promise = owner.ownership == .borrowed ? "to leave it alone" : "to ask before it destroys it"
    return Diagnostic(
      .notOwned, span, "'\(owner.name.text)' is \(word), and '\(routine.name)' does not promise \(promise)",
      hint: "declare its parameter so: '\(parameter.name.text): \(word) …'",
      notes: [
        DiagnosticNote("it is \(word) here", owner.name.span), DiagnosticNote("the parameter", parameter.name.span),
      ])
  }
}
