import CloudCatalog
import Values

/// What a probe's answer tells about a call whose own answer was lost.
enum ProbeVerdict {
  /// With the answer to adopt.
  case tookEffect(Record)
  case absent
  case partial
  /// What is there is just what others in doubt need: taking a part of it would leave one of them with half.
  case othersFirst
  case ambiguous(String)

  /// `isPatient`: others in doubt may take first what is theirs.
  init(
    probe: Probe, answer: Value, known: Set<Value>, siblings: CallActivity.Siblings, isPatient: Bool,
    context: TemplateContext
  ) {
    let rows = ProbeVerdict.rows(probe, answer)
    if let covers = probe.covers {
      self = ProbeVerdict.covering(covers.expected.filled(context)?.asList ?? [], covers.members, rows, probe, context)
      return
    }
    var ours = rows.filter { ProbeVerdict.matches($0, probe, context) }
    let needed = probe.count.value(in: context.arguments)
    if let newSince = probe.newSince {
      ours.removeAll { row in
        guard let id = newSince.id.value(in: row) else { return true }
        return known.contains(id) || siblings.claimed.contains(id)
      }
    }
    let rest = ours.count - needed
    let others = probe.newSince == nil ? CallActivity.Siblings() : siblings
    if ours.isEmpty {
      self = .absent
    } else if isPatient, !(rest >= 0 && others.canTake(rest)), others.canTake(ours.count) {
      self = .othersFirst
    } else if (0...others.needs.reduce(0, +)).contains(rest) {
      let first = ProbeVerdict.leastWanted(ours, probe, siblings)
      self = .tookEffect(ProbeVerdict.adopted(Array(first.prefix(needed)), probe, context))
    } else {
      self = rest < 0 ? .partial : .ambiguous("\(ours.count) new ones were found where the call makes \(needed)")
    }
  }

  /// The rows that the fewest siblings could take stand first, so that one is left for each of them.
  private static func leastWanted(_ rows: [Value], _ probe: Probe, _ siblings: CallActivity.Siblings) -> [Value] {
    let seen = rows.map { row in probe.newSince?.id.value(in: row).flatMap { siblings.seenBefore[$0] } ?? 0 }
    return rows.indices.sorted { (seen[$1], $0) < (seen[$0], $1) }.map { rows[$0] }
  }

  /// The ids among the rows of an answer, for a probe that tells by what is new.
  static func ids(_ probe: Probe, _ answer: Value) -> [Value] {
    guard let newSince = probe.newSince else { return [] }
    return rows(probe, answer).compactMap { newSince.id.value(in: $0) }
  }

  private static func rows(_ probe: Probe, _ answer: Value) -> [Value] {
    // A record is one row.
    let outer = probe.rows.value(in: answer).map { $0.asList ?? [$0] } ?? []
    guard let nested = probe.nested else { return outer }
    return outer.flatMap { row -> [Value] in
      guard let record = row.asRecord else { return [] }
      var inherited = record
      inherited[nested] = nil
      return (record[nested]?.asList ?? []).map { inner in
        .record(inherited.merging(inner.asRecord ?? Record()))
      }
    }
  }

  private static func matches(_ row: Value, _ probe: Probe, _ context: TemplateContext) -> Bool {
    probe.match.allSatisfy { rule in
      guard let wanted = rule.equals.filled(context), !wanted.isNull else { return true }
      guard let found = rule.path.value(in: row) else { return false }
      if case .list(let several) = wanted { return several.contains(found) }
      return found == wanted
    }
  }

  private static func covering(
    _ expected: [Value], _ members: [String], _ rows: [Value], _ probe: Probe, _ context: TemplateContext
  ) -> ProbeVerdict {
    let found = expected.filter { wanted in
      rows.contains { row in
        members.allSatisfy { member in
          guard let value = wanted.asRecord?[member] else { return true }
          return row.asRecord?[member] == value
        }
      }
    }
    if found.isEmpty { return probe.isRemoval ? .tookEffect(Record()) : .absent }
    guard found.count == expected.count else { return .partial }
    return probe.isRemoval ? .absent : .tookEffect(adopted(rows, probe, context))
  }

  private static func adopted(_ rows: [Value], _ probe: Probe, _ context: TemplateContext) -> Record {
    var context = context
    context.found = ["rows": .list(rows), "row": rows.first ?? .null]
    return Record(probe.adopt.compactMap { member in member.1.filled(context).map { (member.0, $0) } })
  }
}
