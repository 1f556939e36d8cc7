import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

extension RunbookCompiler {
  // MARK: match

  mutating func compile(_ match: Match) {
    let subject = compile(match.subject)
    var exits: [Int] = []
    for item in match.cases {
      let test = compile(test: item.pattern, of: subject, match.subject)
      inScope { $0.compile(item.body) }
      exits.append(emit(.end))
      close(test)
    }
    for exit in exits { patch(exit, .jump(here)) }
  }

  mutating func compile(match subject: Expression, _ cases: [MatchCase<Expression>]) -> Register {
    let result = constant(.null)
    let value = compile(subject)
    var exits: [Int] = []
    for item in cases {
      let test = compile(test: item.pattern, of: value, subject)
      emit(.move(result, from: compile(item.body)))
      exits.append(emit(.end))
      close(test)
    }
    for exit in exits { patch(exit, .jump(here)) }
    return result
  }

  private struct CaseTest {
    let branch: Int
    let holds: Register
    let place: Place
  }

  /// Nil for `else`.
  private mutating func compile(test pattern: Expression?, of value: Register, _ subject: Expression) -> CaseTest? {
    guard let pattern else { return nil }
    let place = place(pattern.span)
    let holds: Register
    if case .range(let low, let high) = pattern.kind {
      let (low, high) = (compile(low), compile(high))
      holds = fresh()
      emit(.within(holds, value, low, high, place))
    } else {
      let other = compile(pattern)
      let isMember = CheckedRunbook.isMembership(runbook.type(of: pattern), of: runbook.type(of: subject))
      holds = fresh()
      emit(.binary(holds, isMember ? .isIn : .equal, value, other, place))
    }
    return CaseTest(branch: emit(.end), holds: holds, place: place)
  }

  /// On to the next case.
  private mutating func close(_ test: CaseTest?) {
    guard let test else { return }
    patch(test.branch, .jumpUnless(test.holds, here, test.place))
  }

  // MARK: parallel

  /// A parallel loop over the numbers of the statements; each round gives what its statement binds.
  mutating func compile(parallel block: Block) {
    guard !block.statements.isEmpty else { return }
    let place = place(block.span)
    let numbers = constant(.list(block.statements.indices.map(Value.int)))
    let (results, number) = (fresh(), fresh())
    let start = emit(.end)
    let exit = emit(.end)
    let body = here
    let bound = block.statements.indices.map { compile(branch: $0, of: block, number, place) }
    patch(
      start,
      .parallel(
        ParallelSite(sequence: numbers, width: nil, results: results, element: number, body: body, place: place)))
    patch(exit, .jump(here))
    let parts = bound.map { _ in fresh() }
    emit(.takeApart(results, parts, place))
    for (part, names) in zip(parts, bound) where !names.isEmpty {
      let values = names.map { _ in fresh() }
      let addresses = names.compactMap { $0.address == nil ? nil : fresh() }
      emit(.takeApart(part, values + addresses, place))
      var rest = addresses[...]
      for (name, value) in zip(names, values) {
        bind(name.name, value, address: name.address == nil ? nil : rest.popFirst())
      }
    }
  }

  private mutating func compile(
    branch index: Int, of block: Block, _ number: Register, _ place: Place
  ) -> [(name: String, Register, address: Register?)] {
    let (wanted, isThis) = (constant(.int(index)), fresh())
    emit(.binary(isThis, .equal, number, wanted, place))
    let branch = emit(.end)
    let names = bindings(of: { $0.compile(block.statements[index]) })
    let given = fresh()
    emit(.list(given, names.map(\.1) + names.compactMap(\.address)))
    emit(.endRound(given))
    patch(branch, .jumpUnless(isThis, here, place))
    return names
  }
}
