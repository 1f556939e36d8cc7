import CloudCatalog
import Diagnostics
import RunbookSyntax

/// A call at one place of the way through a runbook.
struct Work: Hashable {
  let action: ActionID
  let span: Span
  /// Tells one way through a call from another.
  let visit: Int
  /// Whether nobody has to know how it ends.
  let isOfNoConcern: Bool
  /// Nothing that may fail stands between it and the next commit, so nothing waits for it there.
  let isIrreversible: Bool
}

/// Where a resource may be.
enum Situation: Hashable {
  case unknown
  case settled(String, by: Work)
  /// The call's work may still go on. `holdsBack`: the run sends nothing else that changes the resource until it has
  /// ended.
  case moving(through: String?, to: String, by: Work, holdsBack: Bool)
  case gone(by: Work)

  var isMoving: Bool { if case .moving = self { true } else { false } }
}

/// What is known at one place of a runbook, over all ways that lead there.
struct Situations {
  private(set) var byResource: [Known: [Situation]] = [:]
  /// Those that may be on their way: few, where many have come to rest.
  private var moving: Set<Known> = []
  /// By what resources are bound, and cannot be taken away before they are let go.
  var attached: [Known: Work] = [:]
  /// Work that nobody has waited for on some way, by its visit.
  var open: [Int: Work] = [:]
  /// The visits whose work was waited for on every way.
  var awaited: Set<Int> = []

  mutating func put(_ resource: Known, _ situations: [Situation]) {
    byResource[resource] = situations
    if situations.contains(where: \.isMoving) { moving.insert(resource) } else { moving.remove(resource) }
  }

  mutating func forget(_ resource: Known) {
    byResource[resource] = nil
    moving.remove(resource)
    attached[resource] = nil
  }

  /// Changes what is on its way.
  mutating func rewriteMoving(_ change: (Known, Situation) -> Situation) {
    for resource in moving {
      let situations = byResource[resource] ?? []
      put(resource, situations.map { $0.isMoving ? change(resource, $0) : $0 })
    }
  }

  /// What is known where two ways meet.
  func joined(with other: Situations) -> Situations {
    var result = self
    for (resource, situations) in other.byResource {
      result.put(resource, Situations.union(byResource[resource] ?? [.unknown], situations))
    }
    for (resource, situations) in byResource where other.byResource[resource] == nil {
      result.put(resource, Situations.union(situations, [.unknown]))
    }
    // Bound on one way only is not known to be bound.
    result.attached = attached.filter { other.attached[$0.key] != nil }
    result.open.merge(other.open) { first, _ in first }
    result.awaited.formIntersection(other.awaited)
    return result
  }

  /// What is known when all of these have been gone through side by side from one place.
  func together(_ branches: [Situations]) -> Situations {
    var result = self
    var changed: Set<Known> = []
    for branch in branches {
      for (resource, situations) in branch.byResource where byResource[resource] != situations {
        let isFirst = changed.insert(resource).inserted
        result.put(
          resource, isFirst ? situations : Situations.union(result.byResource[resource] ?? [], situations))
      }
      result.attached.merge(branch.attached) { first, _ in first }
      for (resource, _) in attached where branch.attached[resource] == nil { result.attached[resource] = nil }
      result.open.merge(branch.open) { first, _ in first }
      for (visit, _) in open where branch.open[visit] == nil { result.open[visit] = nil }
      result.awaited.formUnion(branch.awaited)
    }
    return result
  }

  private static func union(_ first: [Situation], _ second: [Situation]) -> [Situation] {
    first + second.filter { !first.contains($0) }
  }
}
