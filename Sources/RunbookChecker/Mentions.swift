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
  package var parts: [Expression] {
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

extension Block {
  var mentions: Set<String> { statements.reduce(into: []) { $0.formUnion($1.mentions) } }
}

extension Statement {
  /// The names that stand anywhere in it, those that it binds itself among them.
  var mentions: Set<String> {
    switch kind {
    case .binding(_, let value), .effect(let value): value.mentions
    case .when(let when): when.mentions
    case .match(let match):
      match.cases.reduce(into: match.subject.mentions) { names, item in
        names.formUnion((item.pattern?.mentions ?? []).union(item.body.mentions))
      }
    case .parallel(let block): block.mentions
    case .notify(let message, let channel): message.mentions.union(channel?.mentions ?? [])
    case .commit(let value), .fail(let value), .output(_, let value), .give(let value): value.mentions
    case .assert(let condition, let message): condition.mentions.union(message?.mentions ?? [])
    case .missing: []
    }
  }
}

extension Effectful {
  fileprivate var mentions: Set<String> {
    switch self {
    case .pure(let expression): expression.mentions
    case .call(let call): call.mentions
    case .wait(let wait): wait.mentions
    case .loop(let loop):
      [loop.width, loop.key].compactMap { $0?.mentions }
        .reduce(loop.sequence.mentions.union(loop.body.mentions)) { $0.union($1) }
    case .attempt(let attempt):
      [attempt.rescue?.body, attempt.always].compactMap { $0?.mentions }
        .reduce(attempt.body.mentions) { $0.union($1) }
    case .timeout(let timeout): timeout.limit.mentions.union(timeout.body.mentions)
    case .approve(let approve):
      approve.message.mentions.union(approve.within?.mentions ?? []).union(approve.body.mentions)
    }
  }
}

extension If {
  fileprivate var mentions: Set<String> {
    let own = condition.mentions.union(then.mentions)
    return switch otherwise {
    case .block(let block)?: own.union(block.mentions)
    case .when(let next)?: own.union(next.mentions)
    case nil: own
    }
  }
}

extension Call {
  fileprivate var mentions: Set<String> {
    let values = arguments.map(\.value) + [retry?.every, retry?.upTo, irreversible, keep].compactMap { $0 }
    return values.reduce(into: undo?.mentions ?? []) { $0.formUnion($1.mentions) }
  }
}

extension Wait {
  fileprivate var mentions: Set<String> {
    let own: Set<String> =
      switch kind {
      case .state(let target, _): target.mentions
      case .until(let call, let condition): call.mentions.union(condition.mentions)
      }
    return [every, within, otherwise].compactMap { $0?.mentions }.reduce(own) { $0.union($1) }
  }
}
