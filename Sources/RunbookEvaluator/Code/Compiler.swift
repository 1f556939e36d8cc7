import Diagnostics
import RunEngine
import RunbookChecker
import RunbookSyntax
import Values

/// Checked runbook → code. The checker has found everything that can be wrong with the text, so this cannot fail; what
/// the tree leaves out (`.missing`) is null.
package struct RunbookCompiler {
  let runbook: CheckedRunbook
  var code = RunbookCode()
  /// Names in scope, innermost last.
  private var scopes: [[String: Register]] = [[:]]
  /// Where the address of the step that a name is bound to stands.
  private var addressScopes: [[String: Register]] = [[:]]
  /// How often each label was used in the scope of addresses, innermost last.
  private var labels: [[String: Int]] = [[:]]
  /// What `it` is just now.
  var it: Register?
  /// Where the value of the round goes.
  var roundValue: Register?
  /// Whether the code at hand is that of a function: its loops are no steps.
  var isPure = false
  /// While a routine is compiled: the inputs, which stand in the registers that the run began with.
  private var inputs: [String: Register] = [:]

  package static func compile(_ runbook: CheckedRunbook) -> RunbookCode {
    var code = compiler(of: runbook).code
    code.assemble()
    return code
  }

  /// With code that is still to be assembled.
  static func compiler(of runbook: CheckedRunbook) -> RunbookCompiler {
    var compiler = RunbookCompiler(runbook)
    compiler.compileInputs()
    compiler.compileRoutines()
    compiler.code.entry = compiler.here
    compiler.compileBounds()
    let hasTimeBound = compiler.openTimeBound()
    compiler.compile(runbook.tree.body)
    if hasTimeBound { compiler.emit(.close) }
    compiler.emit(.end)
    compiler.code.countSteps()
    return compiler
  }

  private init(_ runbook: CheckedRunbook) { self.runbook = runbook }

  var here: Target { code.instructions.count }

  @discardableResult
  mutating func emit(_ instruction: Instruction) -> Int {
    code.instructions.append(instruction)
    return code.instructions.count - 1
  }

  mutating func patch(_ index: Int, _ instruction: Instruction) { code.instructions[index] = instruction }

  mutating func fresh() -> Register {
    code.registerCount += 1
    return Register(index: code.registerCount - 1)
  }

  func place(_ span: Span) -> Place {
    let file = runbook.sources[span.source]
    let position = file.position(at: Int(span.lower))
    return Place(path: file.path, line: position.line, column: position.column)
  }

  // MARK: Names

  mutating func bind(_ name: String, _ register: Register, address: Register? = nil) {
    scopes[scopes.count - 1][name] = register
    addressScopes[addressScopes.count - 1][name] = address
  }

  mutating func register(of name: String) -> Register? {
    if let register = scopes.reversed().lazy.compactMap({ $0[name] }).first { return register }
    guard let input = inputs[name] else { return nil }
    let register = fresh()
    emit(.input(register, input))
    return register
  }

  func addressRegister(of name: String) -> Register? { addressScopes.reversed().lazy.compactMap { $0[name] }.first }

  mutating func inScope(ofAddresses: Bool = false, _ body: (inout RunbookCompiler) -> Void) {
    scoped(ofAddresses: ofAddresses, body)
  }

  mutating func scoped<Result>(ofAddresses: Bool, _ body: (inout RunbookCompiler) -> Result) -> Result {
    scopes.append([:])
    addressScopes.append([:])
    if ofAddresses { labels.append([:]) }
    defer {
      scopes.removeLast()
      addressScopes.removeLast()
      if ofAddresses { labels.removeLast() }
    }
    return body(&self)
  }

  /// What a statement binds, with what holds the addresses, by name in order.
  mutating func bindings(of body: (inout RunbookCompiler) -> Void) -> [(name: String, Register, address: Register?)] {
    scopes.append([:])
    addressScopes.append([:])
    body(&self)
    let addresses = addressScopes.removeLast()
    return scopes.removeLast().sorted { $0.key < $1.key }.map { ($0.key, $0.value, addresses[$0.key]) }
  }

  /// A label that no other step of the same scope of addresses has: the second `x` is `x#2`.
  mutating func uniqueLabel(_ wanted: String) -> String {
    let count = labels[labels.count - 1][wanted, default: 0] + 1
    labels[labels.count - 1][wanted] = count
    return count == 1 ? wanted : "\(wanted)#\(count)"
  }

  // MARK: Bounds

  private mutating func compileBounds() {
    for (index, bound) in runbook.bounds.filter({ $0.subject != .time }).enumerated() {
      let limit = compile(bound.limit)
      emit(.bound(index, limit, place(bound.limit.span)))
      code.bounds.append(bound.subject)
    }
  }

  /// The bound on the time is a `timeout` around the whole body.
  private mutating func openTimeBound() -> Bool {
    guard let bound = runbook.bounds.first(where: { $0.subject == .time }) else { return false }
    let limit = compile(bound.limit)
    emit(.open(BlockSite(label: "time", kind: .timeout(limit), place: place(bound.limit.span))))
    return true
  }

  // MARK: Routines

  /// Each has registers, names and labels of its own.
  private mutating func compileRoutines() {
    let outer = (scopes, addressScopes, labels, it, code.registerCount)
    inputs = scopes[0]
    for routine in runbook.routines {
      (scopes, addressScopes, labels, it, code.registerCount) = ([[:]], [[:]], [[:]], nil, 0)
      isPure = routine.routine.kind == .function
      compile(routine.routine)
    }
    (scopes, addressScopes, labels, it, code.registerCount) = outer
    (inputs, isPure) = ([:], false)
  }

  private mutating func compile(_ routine: Routine) {
    let entry = here
    let parameters = routine.parameters.map { parameter in
      let slot = RoutineCode.Parameter(value: fresh(), isGiven: parameter.defaultValue.map { _ in fresh() })
      bind(parameter.name.text, slot.value)
      return slot
    }
    for (parameter, slot) in zip(routine.parameters, parameters) {
      guard let value = parameter.defaultValue, let isGiven = slot.isGiven else { continue }
      let branch = emit(.end)
      let exit = emit(.end)
      patch(branch, .jumpUnless(isGiven, here, place(value.span)))
      emit(.move(slot.value, from: compile(value)))
      patch(exit, .jump(here))
    }
    emit(.leave(compile(giving: routine.body)))
    code.routines.append(RoutineCode(entry: entry, registerCount: code.registerCount, parameters: parameters))
  }

  /// `label` is that of a recipe, in front of the addresses of its steps.
  mutating func compile(_ id: RoutineID, _ arguments: [Argument], label: String?, _ span: Span) -> Register {
    let routine = runbook.routines[id.index].routine
    var slots = [Register?](repeating: nil, count: routine.parameters.count)
    for (position, argument) in arguments.enumerated() {
      let value = compile(argument.value)
      let named = argument.name.flatMap { name in routine.parameters.firstIndex { $0.name.text == name.text } }
      if slots.indices.contains(named ?? position) { slots[named ?? position] = value }
    }
    let result = fresh()
    emit(.invoke(result, InvokeSite(routine: id.index, arguments: slots, label: label)))
    return result
  }

  // MARK: Inputs

  private mutating func compileInputs() {
    for input in runbook.inputs {
      let register = fresh()
      let fallback = input.declaration.defaultValue.map { expression in
        let entry = here
        let result = compile(expression)
        emit(.end)
        return (entry: entry, result: result)
      }
      let condition = input.declaration.condition.map { expression in
        let it = fresh()
        let entry = here
        let outer = self.it
        self.it = it
        let result = compile(expression)
        self.it = outer
        emit(.end)
        return (entry: entry, it: it, result: result)
      }
      bind(input.name, register)
      code.inputs.append(InputCode(register: register, defaultValue: fallback, condition: condition))
    }
  }
}
