import CloudCatalog
import Values

/// Templates that work row by row, as JSON and in words.
extension Derivation {
  var form: Value {
    switch self {
    case .row(let path): ["from": "row", "path": .text(path.description)]
    case .made(let path): ["from": "made", "path": .text(path.description)]
    case .given(let path, let template):
      ["from": "given", "argument": .text(path.description), "then": template.form]
    case .when(let condition, let wanted, let template):
      ["from": "when", "something": condition.form, "is": .bool(wanted), "then": template.form]
    case .unlessEmpty(let template): ["from": "unless_empty", "of": template.form]
    case .choosing(let template, let choices):
      ["from": "choice", "of": template.form, "choices": .list(choices.map { ["for": $0.0, "take": $0.1] })]
    case .each(let rows, let template): ["from": "each", "of": rows.form, "make": template.form]
    case .nested(let rows, let member): ["from": "nested", "of": rows.form, "member": .text(member)]
    case .matching(let rows, let others, let pairs):
      ["from": "matching", "of": rows.form, "to": others.form, "by": Derivation.form(pairs)]
    case .updating(let rows, let others, let pairs, let members):
      [
        "from": "updated", "of": rows.form, "to": others.form, "by": Derivation.form(pairs),
        "take": .list(members.map(Value.text)),
      ]
    case .grouping(let rows, let keys):
      ["from": "groups", "of": rows.form, "by": .list(keys.map(\.form))]
    }
  }

  private static func form(_ pairs: Pairs) -> Value {
    .list(pairs.map { ["of": .text($0.0.description), "to": .text($0.1.description)] })
  }

  var wording: String {
    switch self {
    case .row(let path): path.description.isEmpty ? "it" : "its \(path)"
    case .made(let path): "the \(path) of what was made"
    case .given(let path, let template): "\(template.wording) when the call gave \(path)"
    case .when(_, _, let template): "\(template.wording) where that applies"
    case .unlessEmpty(let template): template.wording
    case .choosing(let template, let choices):
      "for \(template.wording) " + choices.map { "\($0.0.wording): \($0.1.wording)" }.joined(separator: ", ")
    case .each(let rows, let template): "for each of \(rows.wording) \(template.wording)"
    case .nested(let rows, let member): "the \(member) of \(rows.wording)"
    case .matching(let rows, let others, _): "those of \(rows.wording) that are among \(others.wording)"
    case .updating(let rows, let others, _, let members):
      "\(rows.wording) with the \(members.joined(separator: ", ")) of \(others.wording)"
    case .grouping(let rows, _): "\(rows.wording), those alike together"
    }
  }
}
