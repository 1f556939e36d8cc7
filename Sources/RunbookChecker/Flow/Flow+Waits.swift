import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

extension Flow {
  mutating func follow(_ wait: Wait) -> Known {
    noteWait()
    switch wait.kind {
    case .until(let call, _):
      noteOrdered()
      let answer = known.make(.answer(call.id, visit: newVisit()))
      // The author looks himself: what is under way may have ended by then.
      now?.rewriteMoving { _, _ in .unknown }
      if let read = calls[call.id.index]?.action {
        let kinds = Catalog.kinds(shownBy: read)
        for (visit, work) in now?.open ?? [:] where work.mayShow(in: read, kinds) { now?.open[visit] = nil }
      }
      return answer
    case .state(let target, _):
      let target = value(target)
      if case .answer(_, let visit) = known[target], let work = works[visit] {
        noteWait(for: visit)
        settle(visit, work, wait)
      }
      return known.opaque()
    }
  }

  private mutating func settle(_ visit: Int, _ work: Work, _ wait: Wait) {
    let resources = touched[visit] ?? []
    let poll = waits[wait.id.index].flatMap { Catalog.meaning($0.action)?.wait }
    let states = stateNames(work, poll)
    checkWait(visit, work, wait, resources, states)
    now?.awaited.insert(visit)
    now?.open[visit] = nil
    for resource in resources {
      for case .moving(_, _, let other, _) in now?.byResource[resource] ?? [] where !states.isEmpty {
        now?.open[other.visit] = nil
        now?.awaited.insert(other.visit)
      }
    }
    now?.rewriteMoving { resource, situation in
      switch situation {
      case .moving(_, let to, let other, _) where other.visit == visit: .settled(to, by: other)
      case .moving(_, _, let other, _) where !states.isEmpty && resources.contains(resource):
        .settled(states[0], by: other)
      case .unknown, .settled, .moving, .gone: situation
      }
    }
  }

  /// The states of the resource that end the wait; none where it looks at a task instead.
  private func stateNames(_ work: Work, _ poll: Poll?) -> [String] {
    guard let poll, let resource = Catalog.meaning(work.action)?.resource,
      let known = ResourceStates.of("\(work.action.service).\(resource)"),
      known.read == poll.action || poll.crowd.contains(where: { $0.action == known.read })
    else { return [] }
    return poll.done.compactMap(\.asText).filter(known.states.contains)
  }

  private mutating func checkWait(
    _ visit: Int, _ work: Work, _ wait: Wait, _ resources: [Known], _ states: [String]
  ) {
    let all = resources.flatMap { now?.byResource[$0] ?? [.unknown] }
    if !states.isEmpty, !all.isEmpty {
      let against = all.compactMap { situation -> Work? in
        switch situation {
        case .gone(let work): work
        case .settled(let state, let work) where !states.contains(state): work
        case .moving(_, let to, let work, _) where !states.contains(to): work
        case .unknown, .settled, .moving: nil
        }
      }
      if let first = against.first, against.count == all.count {
        report(.neverComes(wait.span, work, first))
        for resource in resources { put(resource, [.unknown]) }
        return
      }
    }
    guard now?.awaited.contains(visit) == true, !isRepeat else { return }
    let isStill = all.allSatisfy { situation in
      switch situation {
      case .settled(_, let other): other.visit == visit || states.isEmpty
      case .unknown, .moving, .gone: states.isEmpty
      }
    }
    if isStill { report(.needlessWait(wait, work)) }
  }
}

extension Work {
  /// Whether a read, in whose answer such ids stand, may tell how the work has ended. Of what has no ids of its own
  /// nothing is known.
  fileprivate func mayShow(in read: ActionID, _ kinds: Set<String>) -> Bool {
    guard let meaning = Catalog.meaning(action), let poll = meaning.wait, let resource = meaning.resource else {
      return true
    }
    if read == poll.action || poll.crowd.contains(where: { $0.action == read }) { return true }
    guard let kind = IDKind.named(resource == "KeyPair" ? "KeyId" : resource + "Id", service: action.service) else {
      return true
    }
    return kinds.contains(kind.name)
  }
}
