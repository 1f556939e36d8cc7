import RunbookSyntax
import Values

/// What is known of a value before the run: enough to tell whether two expressions mean the same resource. A place in
/// ``KnownTable``, so that values built from values cost nothing.
struct Known: Hashable {
  let index: Int
}

enum KnownForm: Hashable {
  /// Nothing, and it is like no other.
  case opaque(Int)
  /// An input, or a parameter of a recipe that nobody invokes.
  case parameter(Name)
  /// What a call answers. The same call in a recipe invoked twice is made at two visits.
  case answer(NodeID, visit: Int)
  case constant(Value)
  case member(Known, String)
  case item(Known, Int)
  /// An element, it is not known which.
  case some(Known)
  /// The element of a round; of visit 0: every element.
  case element(Known, visit: Int)
  /// `vms[].InstanceId`
  case each(Known, String)
  case list([Known])
  /// The elements of these lists.
  case joined([Known])
  /// What the rounds of a loop give: the value stands for that of every round.
  case rounds(Known)
  case record([String], [Known])
  case either([Known])
}

/// Every value once.
struct KnownTable {
  private var forms: [KnownForm] = []
  private var places: [KnownForm: Known] = [:]
  private var opaqueCount = 0

  subscript(value: Known) -> KnownForm { forms[value.index] }

  mutating func make(_ form: KnownForm) -> Known {
    if let known = places[form] { return known }
    let known = Known(index: forms.count)
    forms.append(form)
    places[form] = known
    return known
  }

  mutating func opaque() -> Known {
    opaqueCount += 1
    return make(.opaque(opaqueCount))
  }

  mutating func member(_ base: Known, _ name: String) -> Known {
    switch self[base] {
    case .record(let names, let values):
      guard let place = names.firstIndex(of: name) else { return opaque() }
      return values[place]
    case .opaque: return base
    case .parameter, .answer, .constant, .member, .item, .some, .element, .each, .list, .joined, .rounds, .either:
      return make(.member(base, name))
    }
  }

  mutating func item(_ base: Known, _ place: Int) -> Known {
    if case .list(let elements) = self[base], elements.indices.contains(place) { return elements[place] }
    if case .opaque = self[base] { return opaque() }
    return make(.item(base, place))
  }

  mutating func each(_ base: Known, _ name: String) -> Known {
    switch self[base] {
    case .rounds(let value): return make(.rounds(member(value, name)))
    case .opaque: return opaque()
    case .parameter, .answer, .constant, .member, .item, .some, .element, .each, .list, .joined, .record, .either:
      return make(.each(base, name))
    }
  }

  mutating func element(_ base: Known, visit: Int) -> Known {
    switch self[base] {
    case .opaque: return opaque()
    case .list(let elements) where elements.count == 1: return elements[0]
    case .parameter, .answer, .constant, .member, .item, .some, .element, .each, .list, .joined, .rounds, .record,
      .either:
      return make(.element(base, visit: visit))
    }
  }

  /// `flatten(list)`: nested lists taken apart once.
  mutating func flattened(_ base: Known) -> Known {
    switch self[base] {
    case .rounds(let value): return value
    case .list(let elements): return make(.joined(elements))
    case .opaque: return opaque()
    case .parameter, .answer, .constant, .member, .item, .some, .element, .each, .joined, .record, .either:
      return make(.some(base))
    }
  }

  /// The list whose elements a value is one of; nil when it is not known as one.
  mutating func container(of value: Known) -> Known? {
    switch self[value] {
    case .item(let base, _), .element(let base, _), .some(let base): return base
    case .member(let base, let name): return container(of: base).map { each($0, name) }
    case .opaque, .parameter, .answer, .constant, .each, .list, .joined, .rounds, .record, .either: return nil
    }
  }

  /// The resources that a value names, each once; `isWhole` says whether all of them are meant rather than some.
  mutating func resources(in value: Known) -> [(value: Known, isWhole: Bool)] {
    var found: [(value: Known, isWhole: Bool)] = []
    var seen: Set<Known> = []
    var open = [(value, true)]
    while let (next, isWhole) = open.popLast(), found.count < KnownTable.maximumResourceCount {
      guard seen.insert(next).inserted else { continue }
      switch self[next] {
      case .opaque, .record: break
      case .element(let base, visit: 0): open.append((base, isWhole))
      case .member(let base, let name):
        if case .element(let list, visit: 0) = self[base] {
          open.append((each(list, name), isWhole))
        } else {
          found.append((next, isWhole))
        }
      case .parameter, .answer, .constant, .item, .element, .each: found.append((next, isWhole))
      case .list(let parts), .joined(let parts): open += parts.reversed().map { ($0, isWhole) }
      case .either(let parts): open += parts.reversed().map { ($0, false) }
      case .rounds(let part): open.append((part, isWhole))
      case .some(let base): open.append((base, false))
      }
    }
    return found
  }

  /// Of values nested in values only so many are followed.
  private static let maximumResourceCount = 200
}
