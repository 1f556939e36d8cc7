import Diagnostics
import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

extension RunbookCompiler {
  mutating func compile(_ block: Block) {
    for statement in block.statements { compile(statement) }
  }

  mutating func compile(_ statement: Statement) {
    switch statement.kind {
    case .missing: break
    case .match(let match): compile(match)
    case .parallel(let block): compile(parallel: block)
    case .notify(let message, let channel): compile(notify: message, channel, statement.span)
    case .binding(let name, let effect): compile(binding: name, effect)
    case .effect(let effect): _ = compile(effect, label: nil)
    case .when(let when): compile(when)
    case .commit(let reason): emit(.commit(compile(reason), place(statement.span)))
    case .fail(let reason): emit(.fail(compile(reason), place(statement.span)))
    case .output(let name, let value): emit(.output(name.text, compile(value)))
    case .give(let value):
      let register = compile(value)
      if let roundValue { emit(.move(roundValue, from: register)) }
    case .assert(let condition, let message): compile(assert: condition, message, statement.span)
    }
  }

  private mutating func compile(binding name: Name, _ effect: Effectful) {
    let (value, address) = compile(effect, label: name.text)
    bind(name.text, value, address: address)
  }

  /// Returns where the value stands, and for a call where its address does.
  private mutating func compile(_ effect: Effectful, label: String?) -> (Register, Register?) {
    switch effect {
    case .pure(let expression): return (recipe(expression, label: label) ?? compile(expression), nil)
    case .call(let call):
      let result = fresh()
      return (result, compile(call, into: result, label: label))
    case .wait(let wait): return (compile(wait, label: label), nil)
    case .loop(let loop): return (compile(loop, label: label), nil)
    case .attempt(let attempt): return (compile(attempt, label: label), nil)
    case .timeout(let timeout): return (compile(timeout), nil)
    case .approve(let approve): return (compile(approve), nil)
    }
  }

  /// The steps of a recipe stand under its label: `net.subnet["a"]`.
  private mutating func recipe(_ expression: Expression, label: String?) -> Register? {
    guard let id = runbook.invocations[expression.id.index], case .function(let invocation) = expression.kind,
      runbook.routines[id.index].routine.kind == .recipe
    else { return nil }
    return compile(id, invocation.arguments, label: uniqueLabel(label ?? invocation.name.text), expression.span)
  }

  private mutating func compile(assert condition: Expression, _ message: Expression?, _ span: Span) {
    let holds = compile(condition)
    let branch = emit(.end)
    let exit = emit(.end)
    patch(branch, .jumpUnless(holds, here, place(condition.span)))
    let text = message.map { compile($0) } ?? constant(.text("an assertion does not hold"))
    emit(.fail(text, place(span)))
    patch(exit, .jump(here))
  }

  private mutating func compile(_ when: If) {
    let condition = compile(when.condition)
    let branch = emit(.end)
    inScope { $0.compile(when.then) }
    let exit = emit(.end)
    patch(branch, .jumpUnless(condition, here, place(when.condition.span)))
    switch when.otherwise {
    case nil: break
    case .block(let block)?: inScope { $0.compile(block) }
    case .when(let next)?: compile(next)
    }
    patch(exit, .jump(here))
  }

  // MARK: Calls

  /// Returns where the step's address will stand.
  private mutating func compile(_ call: Call, into result: Register, label: String?) -> Register {
    let address = fresh()
    guard let checked = runbook.calls[call.id.index] else { return address }
    let arguments = checked.arguments.map { argument in (name: argument.name, value: compile(argument.value)) }
    let region = checked.region.map { compile($0) }
    let retry = call.retry.map { retry in
      (codes: retry.codes.map(\.text), every: retry.every.map { compile($0) }, upTo: retry.upTo.map { compile($0) })
    }
    let label = uniqueLabel(label ?? call.action.text)
    let undo = compile(checked.undo, label: label)
    emit(
      .call(
        result,
        CallSite(
          action: checked.action, label: label, arguments: arguments, region: region, undo: undo, retry: retry,
          address: address, place: place(call.span))))
    return address
  }

  private mutating func compile(_ undo: UndoPlan, label: String) -> CallSite.Undo {
    switch undo {
    case .catalog: return .catalog
    case .nothing: return .nothing
    case .irreversible(let reason), .keep(let reason): return .none(reason: compile(reason))
    case .written(let block):
      let exit = emit(.end)
      let result = fresh()
      let entry = here
      let outer = it
      it = result
      inScope(ofAddresses: true) { $0.compile(block) }
      it = outer
      emit(.endUndo)
      patch(exit, .jump(here))
      return .block(entry, it: result)
    }
  }

  // MARK: Waits

  private mutating func compile(_ wait: Wait, label: String?) -> Register {
    switch wait.kind {
    case .state(let awaited, let state): return compile(wait, of: awaited, state)
    case .until(let call, let condition): return compile(wait, call, condition, label)
    }
  }

  private mutating func compile(_ wait: Wait, of awaited: Expression, _ state: Name) -> Register {
    guard case .name(let name) = awaited.kind, let step = addressRegister(of: name) else { return constant(.null) }
    let within = wait.within.map { compile($0) }
    let site = emit(.end)
    let exit = wait.otherwise.map { _ in emit(.end) }
    let otherwise = compile(otherwise: wait)
    patch(
      site,
      .wait(
        WaitSite(
          label: uniqueLabel("\(name) is \(state.text)"), step: step, within: within, otherwise: otherwise,
          place: place(wait.span))))
    if let exit { patch(exit, .jump(here)) }
    return constant(.null)
  }

  /// Look, ask the condition, pause, look again.
  private mutating func compile(
    _ wait: Wait, _ call: Call, _ condition: Expression, _ label: String?
  ) -> Register {
    let every = wait.every.map { compile($0) }
    let within = wait.within.map { compile($0) }
    let label = uniqueLabel("\(label ?? call.action.text) until")
    let again = here
    let result = fresh()
    let look = compile(call, into: result, label: nil)
    let outer = it
    it = result
    let holds = compile(condition)
    it = outer
    let branch = emit(.end)
    emit(.settled(label: label))
    let exit = emit(.end)
    patch(branch, .jumpUnless(holds, here, place(condition.span)))
    let pause = emit(.end)
    let otherwise = compile(otherwise: wait)
    patch(
      pause,
      .pause(
        PauseSite(
          label: label, look: look, every: every, within: within, again: again, otherwise: otherwise,
          place: place(wait.span))))
    patch(exit, .jump(here))
    return result
  }

  private mutating func compile(otherwise wait: Wait) -> Target? {
    guard let message = wait.otherwise else { return nil }
    let entry = here
    emit(.fail(compile(message), place(message.span)))
    return entry
  }

  // MARK: Loops

  private mutating func compile(_ loop: Loop, label: String?) -> Register {
    let label = uniqueLabel(label ?? loop.pattern.map(\.text).joined(separator: "_"))
    let sequence = compile(loop.sequence)
    return loop.isParallel ? compile(parallel: loop, sequence, label) : compile(sequential: loop, sequence, label)
  }

  private mutating func compile(sequential loop: Loop, _ sequence: Register, _ label: String) -> Register {
    let (results, counter, element) = (fresh(), fresh(), fresh())
    emit(.beginIteration(results: results, counter: counter))
    let top = emit(.end)
    let value = compile(round: loop, element, label)
    if !isPure { emit(.leaveRound) }
    emit(.append(value, to: results))
    emit(.jump(top))
    patch(top, .next(element, of: sequence, counter: counter, orElse: here, place(loop.sequence.span)))
    return results
  }

  private mutating func compile(parallel loop: Loop, _ sequence: Register, _ label: String) -> Register {
    let width = loop.width.map { compile($0) }
    let (results, element) = (fresh(), fresh())
    let start = emit(.end)
    let exit = emit(.end)
    let body = here
    let value = compile(round: loop, element, label)
    emit(.endRound(value))
    patch(
      start,
      .parallel(
        ParallelSite(
          sequence: sequence, width: width, results: results, element: element, body: body,
          place: place(loop.sequence.span))))
    patch(exit, .jump(here))
    return results
  }

  /// One round: its names, its key in the addresses, its statements. Returns where its value stands.
  private mutating func compile(round loop: Loop, _ element: Register, _ label: String) -> Register {
    scoped(ofAddresses: true) { compiler in
      compiler.bindPattern(loop.pattern, element, loop.span)
      if !compiler.isPure {
        let keys =
          if let key = loop.key { [compiler.compile(key)] } else {
            loop.pattern.compactMap { compiler.register(of: $0.text) }
          }
        compiler.emit(.enterRound(label: label, keys: keys))
      }
      return compiler.compile(giving: loop.body)
    }
  }

  /// Returns where what the block gives stands.
  mutating func compile(giving block: Block) -> Register {
    let outer = roundValue
    defer { roundValue = outer }
    if case .give(let value)? = block.statements.last?.kind, block.statements.dropLast().allSatisfy(\.givesNothing) {
      for statement in block.statements.dropLast() { compile(statement) }
      return compile(value)
    }
    let value = constant(.null)
    roundValue = value
    compile(block)
    return value
  }
}

extension Statement {
  fileprivate var givesNothing: Bool {
    switch kind {
    case .binding, .effect, .assert: true
    case .when, .match, .parallel, .notify, .commit, .fail, .output, .give, .missing: false
    }
  }
}
