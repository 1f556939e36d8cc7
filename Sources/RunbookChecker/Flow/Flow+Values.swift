import RunbookSyntax
import Values

extension Flow {
  /// What is known of an expression's value.
  mutating func value(_ expression: Expression) -> Known {
    switch expression.kind {
    case .name(let name): values[name] ?? known.opaque()
    case .bool(let value): known.make(.constant(.bool(value)))
    case .int(let value): known.make(.constant(.int(value)))
    case .text: expression.literalText.map { known.make(.constant(.text($0))) } ?? known.opaque()
    case .member(let base, let name): member(value(base), name.text)
    case .index(let base, let place): item(value(base), value(place))
    case .each(let base, let name): each(value(base), name.text)
    case .list(let elements): known.make(.list(elements.map { value($0) }))
    case .record(let entries): known.make(.record(entries.map(\.name.text), entries.map { value($0.value) }))
    case .comprehension(let comprehension): comprehended(comprehension)
    case .choice(_, let then, let otherwise): known.make(.either([value(then), value(otherwise)]))
    case .match(_, let cases): known.make(.either(cases.map { value($0.body) }))
    case .binary(.add, let left, let right): known.make(.joined([value(left), value(right)]))
    case .function(let invocation): returned(invocation)
    case .null, .float, .duration, .quantity, .cidr, .it, .map, .not, .negate, .binary, .range, .call,
      .missing:
      known.opaque()
    }
  }

  private mutating func member(_ base: Known, _ name: String) -> Known { known.member(base, name) }
  private mutating func each(_ base: Known, _ name: String) -> Known { known.each(base, name) }

  private mutating func item(_ base: Known, _ place: Known) -> Known {
    if case .constant(.int(let number)) = known[place] { return known.item(base, number) }
    if case .opaque = known[base] { return known.opaque() }
    return known.make(.some(base))
  }

  private mutating func comprehended(_ comprehension: Comprehension) -> Known {
    bind(comprehension.pattern, comprehension.sequence, visit: 0)
    let body = value(comprehension.body)
    if comprehension.key != nil { return known.opaque() }
    let all = known.make(.rounds(body))
    return comprehension.condition == nil ? all : known.make(.some(all))
  }

  private mutating func returned(_ invocation: Invocation) -> Known {
    guard invocation.module == nil, let first = invocation.arguments.first?.value else { return known.opaque() }
    switch invocation.name.text {
    case "flatten": return known.flattened(value(first))
    case "first": return known.item(value(first), 0)
    case "unique", "reverse", "sort": return value(first)
    case "last": return known.make(.some(value(first)))
    default: return known.opaque()
    }
  }

  /// What the names of a loop or a comprehension stand for.
  mutating func bind(_ pattern: [Name], _ sequence: Expression, visit: Int) {
    if pattern.count == 1 {
      values[pattern[0].text] = known.element(value(sequence), visit: visit)
      return
    }
    for name in pattern { values[name.text] = known.opaque() }
    guard case .function(let invocation) = sequence.kind, invocation.module == nil else { return }
    let lists = invocation.arguments.map(\.value)
    switch invocation.name.text {
    case "enumerate" where pattern.count == 2 && lists.count == 1:
      values[pattern[1].text] = known.element(value(lists[0]), visit: visit)
    case "zip":
      for (name, list) in zip(pattern, lists) { values[name.text] = known.element(value(list), visit: visit) }
    default: break
    }
  }
}
