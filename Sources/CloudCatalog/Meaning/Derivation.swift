import Values

/// The templates that build something for each row of an answer, or only in some cases. Written through the functions
/// on ``Template`` below, such as `.each(…, make: …)`.
package indirect enum Derivation: Sendable {
  package typealias Pairs = [(ValuePath, ValuePath)]

  /// From the row that a call or an element is made for.
  case row(ValuePath)
  /// From the answer of the undo call made before this one.
  case made(ValuePath)
  /// The second, when the forward call was given this argument: its undo leaves alone what the author did.
  case given(ValuePath, Template)
  /// The second, when the first comes out as something (`is` true) or as nothing.
  case when(Template, is: Bool, Template)
  /// Nothing instead of null, an empty text or list, or a record of nothing but those.
  case unlessEmpty(Template)
  /// The value that stands beside the one it comes out as; nothing for any other.
  case choosing(Template, [(Value, Value)])
  /// A list: the second, once for each element of the first.
  case each(Template, make: Template)
  /// The elements of a list member of each row, with the row's other members added.
  case nested(Template, String)
  /// The rows that agree with one of others in each pair of members.
  case matching(Template, to: Template, by: Pairs)
  /// The rows that such others agree with, with members taken from them.
  case updating(Template, from: Template, by: Pairs, taking: [String])
  /// Rows put together that agree in every key: `{"row": the first, "rows": all of them}`.
  case grouping(Template, by: [Template])

  func filled(_ context: TemplateContext) -> Value? {
    switch self {
    case .row(let path): return path.value(in: context.row)
    case .made(let path): return path.value(in: context.made)
    case .given(let path, let template):
      return path.value(in: .record(context.arguments)).map(\.isNull) == false ? template.filled(context) : nil
    case .when(let condition, let wanted, let template):
      return condition.isSomething(context) == wanted ? template.filled(context) : nil
    case .unlessEmpty(let template): return template.filled(context).flatMap { $0.isEmptyForUndo ? nil : $0 }
    case .choosing(let template, let choices):
      let value = template.filled(context)
      return choices.first { $0.0 == value }?.1
    case .each(let rows, let template):
      return .list(elements(rows, context).compactMap { template.filled(context.with(row: $0)) })
    case .nested(let rows, let member): return .list(elements(rows, context).flatMap { Derivation.inner($0, member) })
    case .matching(let rows, let others, let pairs):
      let others = elements(others, context)
      return .list(elements(rows, context).filter { row in others.contains { Derivation.agree(row, $0, pairs) } })
    case .updating(let rows, let others, let pairs, let members):
      let others = elements(others, context)
      return .list(elements(rows, context).compactMap { Derivation.updated($0, others, pairs, members) })
    case .grouping(let rows, let keys): return .list(grouped(elements(rows, context), keys, context))
    }
  }

  private func elements(_ template: Template, _ context: TemplateContext) -> [Value] {
    template.filled(context)?.asList ?? []
  }

  private static func inner(_ row: Value, _ member: String) -> [Value] {
    guard var outer = row.asRecord, let inner = outer[member]?.asList else { return [] }
    outer[member] = nil
    return inner.map { .record(outer.merging($0.asRecord ?? Record())) }
  }

  /// A pair of which one side has nothing tells nothing; at least one has to tell something.
  private static func agree(_ row: Value, _ other: Value, _ pairs: Pairs) -> Bool {
    var isTold = false
    for (left, right) in pairs {
      guard let left = left.value(in: row), let right = right.value(in: other), !left.isNull, !right.isNull else {
        continue
      }
      guard isSame(left, right) else { return false }
      isTold = true
    }
    return isTold
  }

  /// A list is the same as each of its elements. The cloud writes its words in either case.
  private static func isSame(_ left: Value, _ right: Value) -> Bool {
    if left == right { return true }
    if case .list(let several) = left { return several.contains { isSame($0, right) } }
    if case .list(let several) = right { return several.contains { isSame(left, $0) } }
    guard let left = left.asText, let right = right.asText else { return false }
    return left.lowercased() == right.lowercased()
  }

  private static func updated(_ row: Value, _ others: [Value], _ pairs: Pairs, _ members: [String]) -> Value? {
    guard var record = row.asRecord, let other = others.first(where: { agree(row, $0, pairs) }) else { return nil }
    for member in members { record[member] = other.asRecord?[member] }
    return .record(record)
  }

  private func grouped(_ rows: [Value], _ keys: [Template], _ context: TemplateContext) -> [Value] {
    var groups: [(key: [Value], rows: [Value])] = []
    for row in rows {
      let key = keys.map { $0.filled(context.with(row: row)) ?? .null }
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].rows.append(row)
      } else {
        groups.append((key, [row]))
      }
    }
    return groups.map { ["row": $0.rows[0], "rows": .list($0.rows)] }
  }
}

extension Template {
  package static func row(_ path: ValuePath) -> Template { .derived(.row(path)) }
  package static func made(_ path: ValuePath) -> Template { .derived(.made(path)) }
  package static func given(_ path: ValuePath, _ template: Template) -> Template { .derived(.given(path, template)) }
  package static func when(_ condition: Template, _ template: Template) -> Template {
    .derived(.when(condition, is: true, template))
  }
  package static func unless(_ condition: Template, _ template: Template) -> Template {
    .derived(.when(condition, is: false, template))
  }
  package static func unlessEmpty(_ template: Template) -> Template { .derived(.unlessEmpty(template)) }
  package static func choosing(_ template: Template, _ choices: [(Value, Value)]) -> Template {
    .derived(.choosing(template, choices))
  }
  package static func each(_ rows: Template, make template: Template) -> Template {
    .derived(.each(rows, make: template))
  }
  package static func nested(_ rows: Template, _ member: String) -> Template { .derived(.nested(rows, member)) }
  package static func matching(_ rows: Template, to others: Template, by pairs: Derivation.Pairs) -> Template {
    .derived(.matching(rows, to: others, by: pairs))
  }
  package static func updating(
    _ rows: Template, from others: Template, by pairs: Derivation.Pairs, taking members: [String]
  ) -> Template {
    .derived(.updating(rows, from: others, by: pairs, taking: members))
  }
  package static func grouping(_ rows: Template, by keys: [Template]) -> Template {
    .derived(.grouping(rows, by: keys))
  }

  /// A record with these members of the row, those left out that are empty there.
  static func rowMembers(_ names: [String]) -> Template {
    .record(names.map { ($0, .unlessEmpty(.row(ValuePath($0)))) })
  }

  /// Tags of something that is made again, without the mark of the step that made it first.
  static func unmarked(_ tags: Template) -> Template { .subtracting(tags, .constant([.text(Mark.key)]), by: "Key") }

  /// Whether it comes out as more than nil, null, or an empty list or text.
  func isSomething(_ context: TemplateContext) -> Bool {
    guard let value = filled(context), !value.isNull else { return false }
    return value != .list([]) && value != .text("")
  }
}

extension TemplateContext {
  fileprivate func with(row: Value) -> TemplateContext {
    var context = self
    context.row = row
    return context
  }
}

extension Value {
  fileprivate var isEmptyForUndo: Bool {
    switch self {
    case .null, .text(""): true
    case .list(let elements): elements.isEmpty
    case .record(let record): record.allSatisfy { $0.value.isEmptyForUndo }
    default: false
    }
  }
}
