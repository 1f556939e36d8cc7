import CloudCatalog
import Values

/// Holds one action's meaning against the facts: every name and path in it must be there.
struct MeaningAudit {
  let facts: ActionFacts
  let meaning: ActionMeaning
  let service: ServiceCatalog
  private(set) var problems: [String] = []

  init?(_ id: ActionID) {
    guard let facts = Catalog.action(id), let meaning = Catalog.meaning(id), let service = Catalog.service(id.service)
    else { return nil }
    (self.facts, self.meaning, self.service) = (facts, meaning, service)
    checkOwn()
    checkUndo()
    if let poll = meaning.wait { check(poll, "wait") }
    if case .probe(let probe) = meaning.lost { check(probe) }
  }

  /// What a template is filled from.
  private struct Roots {
    let arguments: Shape
    var result = Shape.any
    var before: Shape?
    var found: Shape?
    var row: Shape?
    var made: Shape?
  }

  private var roots: Roots { Roots(arguments: .members(facts.parameters), result: .members(facts.outputs)) }

  private mutating func report(_ problem: String) { problems.append("\(facts.id): \(problem)") }

  private mutating func checkOwn() {
    for secret in meaning.secrets where facts.parameter(secret) == nil { report("no parameter \(secret)") }
    if let identity = meaning.identity { _ = resolve(identity, roots.result, "identity") }
    if let partial = meaning.partialFailure { _ = resolve(partial, roots.result, "partial failure") }
    switch meaning.mark {
    case nil: break
    case .tags(let parameter)?: checkMark(parameter, [["Key": "k", "Value": "v"]])
    case .tagInfos(let parameter)?: checkMark(parameter, [["TagKey": "k", "TagValue": "v"]])
    case .specification(let parameter, let type)?:
      checkMark(parameter, [["ResourceType": .text(type), "Tags": [["Key": "k", "Value": "v"]]]])
    }
  }

  private mutating func checkMark(_ parameter: String, _ value: Value) {
    guard let member = facts.parameter(parameter) else { return report("mark: no parameter \(parameter)") }
    if !Shape(value).fits(member.type, service) { report("the mark does not fit \(parameter): \(member.type)") }
  }

  private mutating func checkUndo() {
    guard case .inverse(let inverse) = meaning.undo else { return }
    if inverse.calls.isEmpty { report("an inverse without calls") }
    var roots = roots
    var made: Shape?
    if let read = inverse.beforeImage {
      var early = roots
      early.result = .record([])
      check(read, early, "before-image")
      roots.before = answer(of: read)
    }
    if let read = inverse.lookup {
      check(read, roots, "lookup")
      roots.found = answer(of: read)
    }
    for undo in inverse.calls {
      var roots = roots
      roots.row = undo.rows.flatMap { element(of: $0, roots, "undo's rows") }
      roots.made = made
      made = answer(of: undo.call)
      check(undo.call, roots, "undo")
      if let condition = undo.condition { _ = shape(condition, roots, "undo's condition") }
      guard let target = Catalog.meaning(undo.call.action) else {
        report("undo: \(undo.call.action) is not classified")
        continue
      }
      if target.effect == .read { report("undo: \(undo.call.action) is a read") }
    }
  }

  private func answer(of read: Read) -> Shape? { Catalog.action(read.action).map { .members($0.outputs) } }

  private mutating func check(_ read: Read, _ roots: Roots, _ place: String) {
    guard let target = Catalog.action(read.action) else { return report("\(place): no action \(read.action)") }
    for argument in read.arguments {
      guard let parameter = target.parameter(argument.name) else {
        report("\(place): \(read.action) has no parameter \(argument.name)")
        continue
      }
      guard let shape = shape(argument.value, roots, "\(place): \(argument.name)") else { continue }
      if !shape.fits(parameter.type, service) {
        report("\(place): \(read.action).\(argument.name) wants \(parameter.type), not \(shape)")
      }
    }
    let given = read.arguments.map(\.name)
    for parameter in target.parameters where parameter.required && !given.contains(parameter.name) {
      report("\(place): \(read.action) needs \(parameter.name)")
    }
  }

  private mutating func check(_ poll: Poll, _ place: String) {
    check(Read(poll.action, poll.arguments), roots, place)
    _ = shape(poll.ids, roots, "\(place): ids")
    guard let target = Catalog.action(poll.action) else { return }
    if target.id.name.hasPrefix("Describe") == false { report("\(place): \(poll.action) is no read") }
    var row = Shape.members(target.outputs)
    if let rows = poll.rows {
      guard case .list(let element)? = resolve(rows, row, "\(place): rows") else {
        return report("\(place): \(rows) is no list")
      }
      row = element
    }
    for (path, name) in [(poll.rowID, "row id"), (poll.detail, "detail")] {
      if let path { _ = resolve(path, row, "\(place): \(name)") }
    }
    if let status = poll.status, let shape = resolve(status, row, "\(place): status") {
      for value in poll.done + poll.failed {
        if case .fact(let type) = shape, !Shape(value).fits(type, service) {
          report("\(place): status is \(type), not \(value.kindName)")
        }
      }
    }
    for fallback in poll.fallback { check(fallback, "\(place)'s fallback") }
  }

  private mutating func check(_ probe: Probe) {
    var roots = roots
    roots.result = .record([])
    if case .inverse(let inverse) = meaning.undo, let read = inverse.beforeImage { roots.before = answer(of: read) }
    check(probe.read, roots, "probe")
    guard let answer = answer(of: probe.read), var row = resolve(probe.rows, answer, "probe: rows") else { return }
    // A record is one row.
    if case .list(let element) = row { row = element }
    if let nested = probe.nested {
      guard let inner = row.following(ValuePath(nested + "[]"), service), case .list(let element) = inner else {
        return report("probe: no list \(nested)")
      }
      row = .record((element.members(service) ?? []) + (row.members(service) ?? []))
    }
    for rule in probe.match {
      _ = resolve(rule.path, row, "probe: match")
      _ = shape(rule.equals, roots, "probe: match \(rule.path)")
    }
    if let newSince = probe.newSince {
      check(newSince.before, roots, "probe: before")
      _ = resolve(newSince.id, row, "probe: id")
    }
    if let covers = probe.covers {
      let expected = shape(covers.expected, roots, "probe: covers")?.following("[]", service)
      for member in covers.members {
        _ = resolve(ValuePath(member), row, "probe: covers")
        if case .list(let element)? = expected { _ = resolve(ValuePath(member), element, "probe: covered") }
      }
    }
    checkCount(probe.count)
    roots.found = .record([("rows", .list(row)), ("row", row)])
    for (name, template) in probe.adopt {
      guard let output = facts.output(name) else {
        report("probe: adopts \(name), which it does not answer")
        continue
      }
      guard let shape = shape(template, roots, "probe: adopt \(name)") else { continue }
      // A row of a Describe call may have more members than the answer of the call.
      if case .fact(.structure) = shape, case .structure = output.type { continue }
      if !shape.fits(output.type, service) { report("probe: \(name) is \(output.type), not \(shape)") }
    }
  }

  private mutating func checkCount(_ count: Probe.Count) {
    switch count {
    case .one: break
    case .number(let path), .sum(let path), .elements(let path): _ = resolve(path, roots.arguments, "probe: count")
    }
  }

  private mutating func resolve(_ path: ValuePath, _ root: Shape?, _ place: String) -> Shape? {
    guard let root else {
      report("\(place): nothing is read for \(path)")
      return nil
    }
    let shape = root.following(path, service)
    if shape == nil { report("\(place): no \(path) in \(root)") }
    return shape
  }

  private mutating func shape(_ template: Template, _ roots: Roots, _ place: String) -> Shape? {
    switch template {
    case .constant(let value): return Shape(value)
    case .argument(let path): return resolve(path, roots.arguments, place)
    case .result(let path): return resolve(path, roots.result, place)
    case .before(let path): return resolve(path, roots.before, place)
    case .found(let path): return resolve(path, roots.found, place)
    case .requestID, .mark: return .fact(.string)
    case .ids: return .list(.fact(.string))
    case .list(let elements):
      let shapes = elements.compactMap { shape($0, roots, place) }
      return .list(shapes.first ?? .any)
    case .record(let members):
      return .record(members.compactMap { member in shape(member.1, roots, place).map { (member.0, $0) } })
    case .subtracting(let all, let gone, let member):
      _ = shape(gone, roots, place)
      let whole = shape(all, roots, place)
      if let member, let whole { _ = resolve(ValuePath("[].\(member)"), whole, place) }
      return whole
    case .rows(let rows, let member, let values):
      _ = shape(values, roots, place)
      let whole = shape(rows, roots, place)
      if let whole { _ = resolve(ValuePath("[].\(member)"), whole, place) }
      return whole
    case .selecting(let wanted, let rows, let member, let values):
      guard let whole = shape(.rows(rows, where: member, isOneOf: values), roots, place) else { return nil }
      return resolve(ValuePath("[].\(wanted)"), whole, place)
    case .derived(let derivation): return shape(derivation, roots, place)
    }
  }

  private mutating func element(of rows: Template, _ roots: Roots, _ place: String) -> Shape? {
    guard let rows = shape(rows, roots, place) else { return nil }
    guard case .list(let element)? = rows.following("[]", service) else {
      report("\(place): no list but \(rows)")
      return nil
    }
    return element
  }

  private mutating func check(_ pairs: Derivation.Pairs, _ left: Shape?, _ right: Shape?, _ place: String) {
    for (leftPath, rightPath) in pairs {
      if let left { _ = resolve(leftPath, left, place) }
      if let right { _ = resolve(rightPath, right, place) }
    }
  }

  private mutating func shape(_ derivation: Derivation, _ roots: Roots, _ place: String) -> Shape? {
    var inner = roots
    switch derivation {
    case .row(let path): return resolve(path, roots.row, place)
    case .made(let path): return resolve(path, roots.made, place)
    case .given(let path, let template):
      _ = resolve(path, roots.arguments, place)
      return shape(template, roots, place)
    case .when(let condition, _, let template):
      _ = shape(condition, roots, place)
      return shape(template, roots, place)
    case .unlessEmpty(let template): return shape(template, roots, place)
    case .choosing(let template, let choices):
      if let chosen = shape(template, roots, place), case .fact(let type) = chosen {
        for choice in choices where !Shape(choice.0).fits(type, service) { report("\(place): never \(choice.0)") }
      }
      return choices.first.map { Shape($0.1) }
    case .each(let rows, let template):
      inner.row = element(of: rows, roots, place)
      return shape(template, inner, place).map { .list($0) }
    case .nested(let rows, let member):
      guard let outer = element(of: rows, roots, place),
        case .list(let row)? = resolve(ValuePath(member + "[]"), outer, place)
      else { return nil }
      return .list(.record((row.members(service) ?? []) + (outer.members(service) ?? [])))
    case .matching(let rows, let others, let pairs):
      check(pairs, element(of: rows, roots, place), element(of: others, roots, place), place)
      return shape(rows, roots, place)
    case .updating(let rows, let others, let pairs, let members):
      let other = element(of: others, roots, place)
      check(pairs, element(of: rows, roots, place), other, place)
      for member in members { _ = resolve(ValuePath(member), other, place) }
      return shape(rows, roots, place)
    case .grouping(let rows, let keys):
      guard let row = element(of: rows, roots, place) else { return nil }
      inner.row = row
      for key in keys { _ = shape(key, inner, place) }
      return .list(.record([("row", row), ("rows", .list(row))]))
    }
  }
}
