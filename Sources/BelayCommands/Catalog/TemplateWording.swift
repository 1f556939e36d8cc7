import CloudCatalog
import Values

extension Template {
  /// Where the value comes from, in words.
  var wording: String {
    switch self {
    case .constant(let value): value.wording
    case .argument(let path): "the call's \(path)"
    case .result(let path): "the result's \(path)"
    case .requestID: "the result's RequestId"
    case .before(let path): "\(path) as it was before"
    case .found(let path): "\(path) as it is then"
    case .ids: "the ids"
    case .mark: "the step's mark"
    case .list(let elements): "[\(elements.map(\.wording).joined(separator: ", "))]"
    case .record(let members): "{ \(members.map { "\($0.0): \($0.1.wording)" }.joined(separator: ", ")) }"
    case .subtracting(let all, let gone, _): "\(all.wording) without \(gone.wording)"
    case .rows: narrowed.wording
    case .selecting(let wanted, let rows, let member, let values):
      "the \(wanted) of \(Template.rows(rows, where: member, isOneOf: values).narrowed.wording)"
    case .derived(let derivation): derivation.wording
    }
  }

  private var narrowed: NarrowedRows {
    guard case .rows(let rows, let member, let values) = self else { return NarrowedRows(base: wording) }
    var inner = rows.narrowed
    inner.conditions.append("\(member) is \(values.choices?.orJoined ?? "among \(values.wording)")")
    return inner
  }

  /// One of several values, where they are spelt out: `RUNNING or STOPPED`.
  var choiceWording: String { choices?.orJoined ?? wording }

  private var choices: [String]? {
    if case .constant(.list(let values)) = self { return values.map { $0.asText ?? $0.wording } }
    if case .list(let elements) = self { return elements.map(\.wording) }
    return nil
  }
}

extension [String] {
  /// `a, b or c`
  var orJoined: String {
    guard let last, count > 1 else { return first ?? "" }
    return "\(dropLast().joined(separator: ", ")) or \(last)"
  }
}

/// Rows, and what narrows them down.
private struct NarrowedRows {
  let base: String
  var conditions: [String] = []

  var wording: String {
    conditions.isEmpty ? base : "those of \(base) whose \(conditions.joined(separator: " and whose "))"
  }
}
