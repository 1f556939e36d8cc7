import CloudCatalog
import Values

/// Templates as JSON, part of `belay.actions/1`: a constant stands as itself, everything else is an object whose `from`
/// says where the value comes from.
extension Template {
  var form: Value {
    switch self {
    case .constant(let value): value
    case .argument(let path): Template.source("argument", path)
    case .result(let path): Template.source("result", path)
    case .requestID: ["from": "request_id"]
    case .before(let path): Template.source("before", path)
    case .found(let path): Template.source("found", path)
    case .ids: ["from": "ids"]
    case .mark: ["from": "mark"]
    case .list(let elements): .list(elements.map(\.form))
    case .record(let members): .record(Record(members.map { ($0.0, $0.1.form) }))
    case .subtracting(let all, let gone, let member):
      [
        "from": "difference", "of": all.form, "without": gone.form,
        "by": member.map(Value.text) ?? .null,
      ]
    case .rows(let rows, let member, let values):
      ["from": "rows", "of": rows.form, "where": .text(member.description), "is_one_of": values.form]
    case .selecting(let wanted, let rows, let member, let values):
      [
        "from": "rows", "of": rows.form, "where": .text(member.description), "is_one_of": values.form,
        "take": .text(wanted.description),
      ]
    case .derived(let derivation): derivation.form
    }
  }

  private static func source(_ name: String, _ path: ValuePath) -> Value {
    ["from": .text(name), "path": .text(path.description)]
  }
}

extension Read {
  /// `{"action", "arguments"}`; the action is one of the same service, by its name alone
  var form: Record {
    [
      "action": .text(action.name),
      "arguments": .record(Record(arguments.map { ($0.name, $0.value.form) })),
    ]
  }
}

extension UndoCall {
  /// The call; under `when` what has to come out as something for it to be made, under `for_each` what it is made once
  /// for each of.
  var form: Record {
    var form = call.form
    if let rows { form["for_each"] = rows.form }
    if let condition { form["when"] = condition.form }
    return form
  }
}

extension Probe.Count {
  var form: Value {
    switch self {
    case .one: 1
    case .number(let path): ["from": "number", "path": .text(path.description)]
    case .sum(let path): ["from": "sum", "path": .text(path.description)]
    case .elements(let path): ["from": "elements", "path": .text(path.description)]
    }
  }
}

extension Poll {
  var form: Value {
    var form = Read(action, arguments).form
    form["ids"] = ids.form
    form["ids_per_call"] = .int(idsPerCall)
    for (name, path) in [("rows", rows), ("row_id", rowID), ("status", status), ("detail", detail)] {
      form[name] = path.form
    }
    form["done"] = .list(done)
    form["failed"] = .list(failed)
    form["absent"] = .text(absent.word)
    form["origin"] = origin.map { ["path": .text($0.path.description), "equals": $0.equals.form] } ?? .null
    form["failure"] =
      failure.map { ["path": .text($0.path.description), "values": .list($0.values)] } ?? .null
    form["expected_ms"] = .int(Int(expected.milliseconds))
    form["fallback"] = fallback.first?.form ?? .null
    return .record(form)
  }
}

extension Poll.Absence {
  /// What it means that an id has no row.
  var word: String {
    switch self {
    case .running: "running"
    case .done: "done"
    case .failed: "failed"
    }
  }
}

extension Probe {
  var form: Value {
    var form = read.form
    form["rows"] = .text(rows.description)
    form["nested"] = nested.map(Value.text) ?? .null
    form["match"] = .list(match.map { ["path": .text($0.path.description), "equals": $0.equals.form] })
    form["new_since"] =
      newSince.map { .record($0.before.form.merging(["id": .text($0.id.description)])) } ?? .null
    form["covers"] =
      covers.map { ["expected": $0.expected.form, "members": .list($0.members.map(Value.text))] } ?? .null
    form["is_removal"] = .bool(isRemoval)
    form["count"] = count.form
    form["settles_ms"] = .int(Int(settles.milliseconds))
    form["adopt"] = .record(Record(adopt.map { ($0.0, $0.1.form) }))
    return .record(form)
  }
}

extension ValuePath? {
  fileprivate var form: Value { map { .text($0.description) } ?? .null }
}
