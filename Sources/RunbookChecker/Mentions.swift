import RunbookSyntax

extension Expression {
  /// The names that stand in it, those that it binds itself among them.
  var mentions: Set<String> {
    var names: Set<String> = []
    var open = [self]
    while let next = open.popLast() {
      if case .name(let name) = next.kind { names.insert(name) }
      open += next.parts
    }
    return names
  }

  /// The expressions that stand directly in it.
  var parts: [Expression] {
    switch kind {
    case .null, .bool, .int, .float, .duration, .quantity, .cidr, .name, .it, .missing: []
    case .text(let segments):
      segments.compactMap { segment in if case .hole(let hole) = segment { hole } else { nil } }
    case .member(let base, _), .each(let base, _), .not(let base), .negate(let base): [base]
    case .index(let first, let second), .range(let first, let second), .binary(_, let first, let second):
      [first, second]
    case .list(let elements): elements
    case .record(let entries): entries.map(\.value)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .comprehension(let comprehension):
      [comprehension.sequence, comprehension.body] + [comprehension.condition, comprehension.key].compactMap { $0 }
    case .choice(let condition, let then, let otherwise): [condition, then, otherwise]
    case .match(let subject, let cases): [subject] + cases.flatMap { [$0.pattern, $0.body].compactMap { $0 } }
    case .function(let invocation): invocation.arguments.map(\.value)
    case .call(let call): call.arguments.map(\.value)
    }
  }
}
