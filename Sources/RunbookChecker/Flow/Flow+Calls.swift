import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Flow {
  /// A resource that a call names.
  private struct Use {
    let parameter: String
    let kind: IDKind
    let resource: Known
    /// Whether all of it is meant, not some of its elements.
    let isWhole: Bool
    let span: Span
  }

  /// Returns the answer.
  mutating func follow(_ call: Call, name: Name?) -> Known {
    let visit = newVisit()
    let answer = known.make(.answer(call.id, visit: visit))
    guard let checked = calls[call.id.index], let meaning = Catalog.meaning(checked.action), meaning.effect != .read
    else {
      noteShared()
      return answer
    }
    let isOfNoConcern = name?.text.hasPrefix("_") ?? false || meaning.effect == .delete
    let work = Work(
      action: checked.action, span: call.service.span.union(call.action.span), visit: visit,
      isOfNoConcern: isOfNoConcern, isIrreversible: call.irreversible != nil)
    works[visit] = work
    if call.irreversible != nil { noteOrdered() }
    let uses = uses(of: checked)
    let given = { (name: String) -> Value? in
      guard let argument = checked.arguments.first(where: { $0.name == name }) else { return nil }
      return argument.value.literalValue ?? .null
    }
    noteChange(
      meaning,
      uses.map { use in
        (use.resource, meaning.isAbout(use.kind) || meaning.conflicts.contains { $0.description == use.parameter })
      })
    for use in uses { check(use, call, checked.action, meaning, given) }
    for use in uses { apply(use, work, meaning, given) }
    made(by: work, meaning, answer, uses.map(\.kind.name))
    touched[visit, default: []] += uses.filter { meaning.isAbout($0.kind) }.map(\.resource)
    if meaning.wait != nil { now?.open[visit] = work }
    return answer
  }

  // MARK: What a call names

  private mutating func uses(of call: CheckedCall) -> [Use] {
    var uses: [Use] = []
    for argument in call.arguments {
      collect(argument.name, value(argument.value), call.action.service, argument.value.span, into: &uses)
    }
    return uses
  }

  private mutating func collect(
    _ parameter: String, _ value: Known, _ service: String, _ span: Span, into uses: inout [Use]
  ) {
    if let kind = IDKind.ofMember(parameter, service: service) {
      for (resource, isWhole) in known.resources(in: value) {
        uses.append(Use(parameter: parameter, kind: kind, resource: resource, isWhole: isWhole, span: span))
      }
      return
    }
    var seen: Set<Known> = []
    var open = [value]
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      switch known[next] {
      case .list(let parts), .joined(let parts), .either(let parts): open += parts
      case .rounds(let part), .some(let part): open.append(part)
      case .record(let names, let values):
        for (name, value) in zip(names, values) { collect(name, value, service, span, into: &uses) }
      case .opaque, .parameter, .answer, .constant, .member, .item, .element, .each: break
      }
    }
  }

  // MARK: Whether it can be

  /// Where a resource may be, with what is known of the list it is in; then, where some of its own elements are known
  /// apart, each of them.
  private mutating func situations(of resource: Known) -> [[Situation]] {
    let inside = (children[resource] ?? []).sorted { $0.index < $1.index }
    return [ownSituations(of: resource)] + inside.compactMap { now?.byResource[$0] }
  }

  private mutating func ownSituations(of resource: Known) -> [Situation] {
    guard let now else { return [.unknown] }
    if let own = now.byResource[resource] { return own }
    guard let list = known.container(of: resource) else { return [.unknown] }
    let parts = known.resources(in: list)
    if parts.isEmpty || parts.contains(where: { $0.value == resource }) { return [.unknown] }
    return parts.flatMap { ownSituations(of: $0.value) }
  }

  private func attachment(of resource: Known) -> Work? {
    let inside = (children[resource] ?? []).sorted { $0.index < $1.index }
    return ([resource] + inside).lazy.compactMap { now?.attached[$0] }.first
  }

  private mutating func check(
    _ use: Use, _ call: Call, _ action: ActionID, _ meaning: ActionMeaning, _ given: (String) -> Value?
  ) {
    let isCertain = isRepeat || !use.isWhole
    for situations in situations(of: use.resource) {
      let gone = situations.compactMap { if case .gone(let work) = $0 { work } else { nil } }
      if let work = gone.first, !isCertain || gone.count == situations.count, !endsAgain(action, work) {
        report(.gone(use.span, action, work))
        return put(use.resource, [.unknown])
      }
      if checkState(use, call, action, meaning, situations, isCertain, given) { return }
    }
    guard meaning.effect == .delete, meaning.isAbout(use.kind), let work = attachment(of: use.resource) else { return }
    report(.bound(use.span, action, work))
    now?.attached[use.resource] = nil
  }

  /// An instance of CVM that was terminated may wait in the recycle bin until it is terminated again.
  private func endsAgain(_ action: ActionID, _ work: Work) -> Bool { action.service == "cvm" && action == work.action }

  /// Whether a problem was found.
  private mutating func checkState(
    _ use: Use, _ call: Call, _ action: ActionID, _ meaning: ActionMeaning, _ situations: [Situation],
    _ isCertain: Bool, _ given: (String) -> Value?
  ) -> Bool {
    guard let rule = StateRule.of(action, parameter: use.parameter, use.kind, given: given) else { return false }
    let waitsInLine = meaning.conflicts.contains { $0.description == use.parameter }
    var moving: (Work, String?)?
    var settled: (Work, String)?
    var refused = 0
    for situation in situations {
      switch situation {
      case .settled(let state, let work) where !rule.allowed.contains(state):
        settled = settled ?? (work, state)
        refused += 1
      case .moving(_, let to, let work, true) where waitsInLine:
        guard !rule.allowed.contains(to) else { break }
        settled = settled ?? (work, to)
        refused += 1
      case .moving(let through, let to, let work, _) where call.retry == nil:
        guard !rule.allowed.contains(through ?? to) || !rule.allowed.contains(to) else { break }
        moving = moving ?? (work, rule.allowed.contains(to) ? through : to)
        refused += 1
      case .unknown, .settled, .moving, .gone: break
      }
    }
    if let (work, state) = moving, !isCertain || refused == situations.count {
      report(.underWay(use.span, action, work, state))
      now?.open[work.visit] = nil
    } else if let (work, state) = settled, refused == situations.count {
      report(.wrongState(use.span, action, work, state, rule.allowed))
    } else {
      return false
    }
    put(use.resource, [.unknown])
    return true
  }

  // MARK: What it changes

  private mutating func apply(_ use: Use, _ work: Work, _ meaning: ActionMeaning, _ given: (String) -> Value?) {
    guard use.isWhole, meaning.isAbout(use.kind) else { return }
    switch meaning.effect {
    case .delete:
      // What hangs on something that goes away is let go, or goes with it.
      for resource in (now?.attached ?? [:]).keys { now?.forget(resource) }
      // Nor does anybody mind how its own work ends.
      for visit in (now?.open ?? [:]).keys where touched[visit]?.contains(use.resource) == true {
        now?.open[visit] = nil
      }
      put(use.resource, given("TerminateDelay") == nil ? [.gone(by: work)] : [.unknown])
    case .attach where work.action.name != "SetSecurityGroupForLoadbalancers":
      now?.attached[use.resource] = work
      noteParents(of: use.resource)
    case .detach: now?.attached[use.resource] = nil
    case .read, .create, .attach, .modify, .power, .rebuild, .move, .mode, .purchase, .export: break
    }
    guard let move = ResourceStates.move(of: "\(work.action.service).\(meaning.resource ?? "")", by: work.action),
      let to = move.to
    else { return }
    let holdsBack = meaning.conflicts.contains { $0.description == use.parameter }
    put(
      use.resource,
      [
        meaning.wait == nil
          ? .settled(to, by: work) : .moving(through: move.through, to: to, by: work, holdsBack: holdsBack)
      ])
  }

  /// The resource that the call makes, on its way.
  private mutating func made(by work: Work, _ meaning: ActionMeaning, _ answer: Known, _ named: [String]) {
    guard meaning.makes, let path = meaning.identity, let kind = meaning.resource,
      let move = ResourceStates.move(of: "\(work.action.service).\(kind)", by: work.action), let to = move.to
    else { return }
    var made = answer
    for part in path.description.split(separator: ".") {
      made = part.hasSuffix("[]") ? known.opaque() : known.member(made, String(part))
    }
    touched[work.visit, default: []].append(made)
    // An address that is allocated for an instance is bound to it.
    let isBound =
      work.action.name == "AllocateAddresses" && !Set(named).isDisjoint(with: ["InstanceId", "NetworkInterfaceId"])
    if isBound { now?.attached[made] = work }
    let state = isBound ? "BIND" : to
    put(
      made,
      [
        meaning.wait == nil
          ? .settled(state, by: work) : .moving(through: move.through, to: state, by: work, holdsBack: false)
      ])
  }
}

extension ActionMeaning {
  /// Whether such ids name what the action changes.
  fileprivate func isAbout(_ kind: IDKind) -> Bool {
    resource.map { kind.name == ($0 == "KeyPair" ? "Key" : $0) + "Id" } ?? false
  }
}

extension Expression {
  fileprivate var literalValue: Value? {
    switch kind {
    case .bool(let value): .bool(value)
    case .text: literalText.map(Value.text)
    default: nil
    }
  }
}
