import RunbookSyntax
import Values

/// Instructions → operations. What stands alone stays as it is; numbers and texts that are known go into the operation
/// that uses them, a comparison and the jump behind it become one, and a value goes at once to where it would be moved.
struct Assembler {
  private let code: RunbookCode
  private var machine = MachineCode.Tables()
  private let isTarget: [Bool]
  private let uses: RegisterUses
  /// Instructions that are part of an earlier operation.
  private var taken: Set<Int> = []
  /// Operations whose `a` or `d` is an instruction that is still to become an operation.
  private var jumps: [Int] = []
  private var nextJumps: [Int] = []
  private var nameIndices: [String: Int32] = [:]

  static func assemble(_ code: RunbookCode, _ doors: CodeDoors) -> MachineCode {
    var assembler = Assembler(code, doors)
    for index in code.instructions.indices { assembler.assemble(index) }
    assembler.settleJumps()
    return MachineCode(code.instructions, assembler.machine)
  }

  private init(_ code: RunbookCode, _ doors: CodeDoors) {
    self.code = code
    var isTarget = [Bool](repeating: false, count: code.instructions.count + 1)
    for instruction in code.instructions { for target in instruction.targets { isTarget[target] = true } }
    for routine in code.routines { isTarget[routine.entry] = true }
    for input in code.inputs {
      for entry in [input.defaultValue?.entry, input.condition?.entry] { if let entry { isTarget[entry] = true } }
    }
    for entry in doors.entries + [code.entry] { isTarget[entry] = true }
    self.isTarget = isTarget
    uses = RegisterUses(code, doors)
  }

  private mutating func settleJumps() {
    for place in jumps { machine.operations[place].a = machine.starts[Int(machine.operations[place].a)] }
    for place in machine.sites.indices {
      machine.sites[place].entry = Int(machine.starts[machine.sites[place].entry])
    }
    for place in nextJumps { machine.operations[place].d = machine.starts[Int(machine.operations[place].d)] }
  }

  private mutating func assemble(_ index: Int) {
    machine.starts.append(Int32(machine.operations.count))
    guard !taken.contains(index) else { return }
    let instruction = code.instructions[index]
    switch instruction {
    case .constant(let target, let value): constant(index, target, value)
    case .move(let target, let source): emit(.move, index, moved(target, index), source)
    case .member(let target, let base, let name, _): member(index, target, base, name)
    case .element(let target, let base, let position, _):
      emit(.element, index, moved(target, index), base, position)
    case .list(let target, let elements):
      emit(Operation(kind: .list, a: moved(target, index), b: list(elements), c: Int32(elements.count)), index)
    case .record(let target, let names, let values):
      machine.shapes.append(names)
      let shape = Int32(machine.shapes.count - 1)
      emit(Operation(kind: .record, a: moved(target, index), b: shape, c: list(values)), index)
    case .text(let target, let parts):
      if parts.count == 1, case .hole(let only) = parts[0] { return emit(.shown, index, moved(target, index), only) }
      machine.texts.append(parts)
      emit(Operation(kind: .text, a: moved(target, index), b: Int32(machine.texts.count - 1)), index)
    case .not(let target, let operand, _): not(index, target, operand)
    case .binary(let target, let symbol, let left, let right, _): binary(index, target, symbol, left, right)
    case .within(let target, let value, let low, let high, _): within(index, target, value, low, high)
    case .function(let target, let builtin, let arguments, _): function(index, target, builtin, arguments)
    case .input(let target, let input): emit(.input, index, moved(target, index), input)
    case .invoke(let target, let site): invoke(index, target, site)
    case .leave(let value): emit(.leave, index, Int32(value.index))
    case .jump(let target): if !repeats(target, index) { jump(.jump, index, to: target) }
    case .jumpUnless(let condition, let target, _): jump(.jumpUnless, index, to: target, Int32(condition.index))
    case .beginIteration(let results, let counter): begin(.beginList, index, results, counter)
    case .beginMap(let results, let counter): begin(.beginMap, index, results, counter)
    case .next(let element, let list, let counter, let exit, _): next(index, element, list, counter, exit)
    case .append(let value, let list): append(index, value, list)
    case .put(let key, let value, let map, _): emit(.put, index, Int32(key.index), value, map)
    case .each, .map, .negate, .range, .takeApart:
      emit(Operation(kind: .compute, a: Int32(index)), index)
    case .bound, .enterRound, .leaveRound, .enterBlock, .open, .close, .endAlways, .approve, .notify, .call, .wait,
      .pause, .settled, .parallel, .endRound, .endUndo, .commit,
      .fail, .output, .end:
      emit(Operation(kind: .effect, a: Int32(index)), index)
    }
  }

  // MARK: Emitting

  private mutating func emit(_ operation: Operation, _ index: Int) {
    machine.operations.append(operation)
    machine.origins.append(Int32(index))
  }

  private mutating func emit(
    _ kind: Operation.Kind, _ index: Int, _ a: Int32, _ b: Register = Register(index: 0),
    _ c: Register = Register(index: 0), _ d: Register = Register(index: 0)
  ) {
    emit(Operation(kind: kind, a: a, b: Int32(b.index), c: Int32(c.index), d: Int32(d.index)), index)
  }

  private mutating func nameIndex(_ name: String) -> Int32 {
    let known = nameIndices[name] ?? Int32(machine.names.count)
    if Int(known) == machine.names.count {
      machine.names.append(name)
      nameIndices[name] = known
    }
    return known
  }

  private mutating func jump(
    _ kind: Operation.Kind, _ index: Int, to target: Target, _ b: Int32 = 0, _ c: Int32 = 0
  ) {
    jumps.append(machine.operations.count)
    emit(Operation(kind: kind, a: Int32(target), b: b, c: c), index)
  }

  private mutating func list(_ registers: [Register]) -> Int32 {
    machine.lists += registers.map { Int32($0.index) }
    return Int32(machine.lists.count - registers.count)
  }

  private mutating func constantIndex(_ value: Value) -> Int32 {
    machine.constants.append(value)
    return Int32(machine.constants.count - 1)
  }

  // MARK: What is known of registers

  /// The instruction behind one, when it is reached from there alone.
  private func follower(_ index: Int) -> Instruction? {
    let next = index + 1
    return next < code.instructions.count && !isTarget[next] ? code.instructions[next] : nil
  }

  /// Where a value goes that the instruction would put into the target: further, when the next only moves it there.
  private mutating func moved(_ target: Register, _ index: Int) -> Int32 {
    guard case .move(let final, target)? = follower(index), uses.isTemporary(target, index) else {
      return Int32(target.index)
    }
    taken.insert(index + 1)
    return Int32(final.index)
  }

  /// The constant that a register has, when this is its only use. A parameter has been written, too, but by no
  /// instruction.
  private func known(_ register: Register, _ index: Int) -> Value? {
    guard uses.isTemporary(register, index), let writer = uses.writer(register, index),
      case .constant(register, let value) = code.instructions[writer]
    else { return nil }
    return value
  }

  private func knownInt(_ register: Register, _ index: Int) -> Int32? {
    known(register, index)?.asInt.flatMap { Int32(exactly: $0) }
  }

  // MARK: Values

  private mutating func constant(_ index: Int, _ target: Register, _ value: Value) {
    if let reader = uses.reader(target, index), absorbs(reader, target, value) { return }
    let place = moved(target, index)
    if let number = value.asInt, let small = Int32(exactly: number) {
      emit(Operation(kind: .int, a: place, b: small), index)
    } else {
      emit(Operation(kind: .constant, a: place, b: constantIndex(value)), index)
    }
  }

  /// Whether the instruction takes the constant into itself.
  private func absorbs(_ reader: Int, _ register: Register, _ value: Value) -> Bool {
    let isNumber = value.asInt.flatMap { Int32(exactly: $0) } != nil
    switch code.instructions[reader] {
    case .binary(_, let symbol, let left, register, _):
      guard left != register else { return false }
      return symbol.hasConstantForm || isNumber && (symbol.numberForm != nil || branch(of: reader) != nil)
    case .within(_, let tested, let low, let high, _):
      return tested != register && knownInt(low, reader) != nil && knownInt(high, reader) != nil
    default: return false
    }
  }

  /// Where a comparison jumps to when it does not hold and nothing else is done with it.
  private func branch(of index: Int) -> Target? {
    guard case .binary(let target, let symbol, _, _, _) = code.instructions[index], symbol.branches != nil,
      case .jumpUnless(target, let exit, _)? = follower(index), uses.isTemporary(target, index)
    else { return nil }
    return exit
  }

  private mutating func member(_ index: Int, _ target: Register, _ base: Register, _ name: String) {
    let (place, name) = (moved(target, index), nameIndex(name))
    if let writer = uses.writer(base, index), isPlace(writer),
      case .next(base, let list, let counter, _, _) = code.instructions[writer]
    {
      let (list, counter) = (Int32(list.index), Int32(counter.index))
      emit(Operation(kind: .elementMember, a: place, b: list, c: name, d: counter), index)
    } else {
      emit(Operation(kind: .member, a: place, b: Int32(base.index), c: name), index)
    }
  }

  private mutating func not(_ index: Int, _ target: Register, _ operand: Register) {
    if case .jumpUnless(target, let exit, _)? = follower(index), uses.isTemporary(target, index) {
      taken.insert(index + 1)
      return jump(.jumpIf, index, to: exit, Int32(operand.index))
    }
    emit(.not, index, moved(target, index), operand)
  }

  private mutating func binary(
    _ index: Int, _ target: Register, _ symbol: BinaryOperator, _ left: Register, _ right: Register
  ) {
    let (number, constant) = left == right ? (nil, nil) : (knownInt(right, index), known(right, index))
    if symbol == .add, number == nil, let (test, wanted) = comparison(of: target, index) {
      return sum(index, left, right, wanted, test)
    }
    let b = Int32(left.index)
    if let exit = branch(of: index), let forms = symbol.branches {
      taken.insert(index + 1)
      if let number {
        jump(forms.number, index, to: exit, b, number)
      } else if let constant, let kind = forms.constant {
        jump(kind, index, to: exit, b, constantIndex(constant))
      } else {
        jump(forms.registers, index, to: exit, b, Int32(right.index))
      }
    } else if let number, let kind = symbol.numberForm {
      emit(Operation(kind: kind, a: moved(target, index), b: b, c: number), index)
    } else if let constant, symbol.hasConstantForm {
      let kind: Operation.Kind = symbol == .equal ? .equalConstant : .notEqualConstant
      emit(Operation(kind: kind, a: moved(target, index), b: b, c: constantIndex(constant)), index)
    } else {
      emit(symbol.form, index, moved(target, index), left, right)
    }
  }

  /// The next instruction, when all it does is to compare the sum that the one at hand makes, and what with.
  private func comparison(of sum: Register, _ index: Int) -> (Instruction, with: Register)? {
    guard let test = follower(index), case .binary(_, .equal, let left, let right, _) = test,
      uses.isTemporary(sum, index), left == sum || right == sum
    else { return nil }
    return (test, with: left == sum ? right : left)
  }

  /// A sum that is only compared need not be made.
  private mutating func sum(
    _ index: Int, _ left: Register, _ right: Register, _ wanted: Register, _ test: Instruction
  ) {
    guard case .binary(let target, _, _, _, _) = test else { return }
    taken.insert(index + 1)
    let place = moved(target, index + 1)
    emit(
      Operation(kind: .isSum, a: place, b: Int32(left.index), c: Int32(right.index), d: Int32(wanted.index)), index)
  }

  private mutating func within(
    _ index: Int, _ target: Register, _ value: Register, _ low: Register, _ high: Register
  ) {
    let place = moved(target, index)
    if value != low, value != high, let low = knownInt(low, index), let high = knownInt(high, index) {
      emit(Operation(kind: .withinInts, a: place, b: Int32(value.index), c: low, d: high), index)
    } else {
      emit(.within, index, place, value, low, high)
    }
  }

  private mutating func function(_ index: Int, _ target: Register, _ builtin: Builtin, _ arguments: [Register]) {
    if let first = arguments.first, tally(first, index) != nil {
      return emit(.move, index, moved(target, index), first)
    }
    if let kind = builtin.operation { return emit(kind, index, moved(target, index), arguments[0]) }
    if builtin === Builtins.Known.range, isRange(target, index) {
      return emit(.rangeCount, index, Int32(target.index), arguments[0])
    }
    machine.builtins.append(builtin)
    let place = Int32(machine.builtins.count - 1)
    emit(
      Operation(
        kind: .builtin, a: moved(target, index), b: place, c: list(arguments), d: Int32(arguments.count)), index)
  }

  // MARK: Loops

  /// Whether all that is done with the list of a `range` is to go through it once.
  private func isRange(_ register: Register, _ index: Int) -> Bool {
    guard let reader = uses.reader(register, index), case .next(_, register, _, _, _) = code.instructions[reader] else {
      return false
    }
    return true
  }

  /// The function that is all that is done with a loop's values, when the loop can keep count of it by itself: then no
  /// list of them is made.
  private func tally(_ results: Register, _ index: Int) -> Builtin? {
    guard let reader = uses.readerOfLoop(results, index),
      case .function(_, let builtin, [results], _) = code.instructions[reader],
      case .append(_, results)? = uses.lastWriter(results, index).map({ code.instructions[$0] })
    else { return nil }
    return builtin.tally == nil ? nil : builtin
  }

  private mutating func append(_ index: Int, _ value: Register, _ list: Register) {
    switch tally(list, index)?.tally {
    case .tally?: emit(.tally, index, Int32(list.index))
    case let kind?: emit(kind, index, Int32(value.index), list)
    case nil: emit(.append, index, Int32(value.index), list)
    }
  }

  private mutating func begin(_ kind: Operation.Kind, _ index: Int, _ results: Register, _ counter: Register) {
    if kind == .beginList, let builtin = tally(results, index) {
      if builtin === Builtins.Known.count {
        emit(Operation(kind: .int, a: Int32(results.index), b: 0), index)
      } else {
        let none = constantIndex(.bool(builtin === Builtins.Known.all))
        emit(Operation(kind: .constant, a: Int32(results.index), b: none), index)
      }
      return emit(Operation(kind: .int, a: Int32(counter.index), b: 0), index)
    }
    guard case .next(_, let list, counter, _, _) = code.instructions[index + 1] else {
      preconditionFailure("a loop begins right before its first element is taken")
    }
    emit(kind, index, Int32(results.index), counter, list)
  }

  private mutating func next(
    _ index: Int, _ element: Register, _ list: Register, _ counter: Register, _ exit: Target
  ) {
    nextJumps.append(machine.operations.count)
    emit(
      Operation(
        kind: isNumbers(list, index) ? .nextNumber : isPlace(index) ? .nextPlace : .next, a: Int32(element.index),
        b: Int32(counter.index),
        c: Int32(list.index), d: Int32(exit)), index)
  }

  /// Whether the loop that the instruction belongs to only looks into its elements.
  private func isPlace(_ index: Int) -> Bool {
    guard case .next(let element, let list, _, _, _) = code.instructions[index], !isNumbers(list, index) else {
      return false
    }
    return uses.isOnlyLookedInto(element, index)
  }

  private func isNumbers(_ list: Register, _ index: Int) -> Bool {
    guard uses.isTemporary(list, index), let writer = uses.writer(list, index),
      case .function(list, let builtin, _, _) = code.instructions[writer]
    else { return false }
    return builtin === Builtins.Known.range
  }

  /// The end of a round takes the next element by itself, instead of going back to where that is done.
  private mutating func repeats(_ top: Target, _ index: Int) -> Bool {
    guard case .next(let element, let list, let counter, index + 1, _) = code.instructions[top] else { return false }
    // The operation behind the one that takes the first element.
    let body = machine.starts[top] + 1
    machine.operations.append(
      Operation(
        kind: isNumbers(list, top) ? .nextNumberAgain : isPlace(top) ? .nextPlaceAgain : .nextAgain,
        a: Int32(element.index), b: Int32(counter.index),
        c: Int32(list.index), d: body))
    machine.origins.append(Int32(top))
    return true
  }

  // MARK: Functions

  /// A recipe has steps, so its strand keeps account of it; a function is a matter of the machine.
  private mutating func invoke(_ index: Int, _ target: Register, _ site: InvokeSite) {
    guard site.label == nil else { return emit(Operation(kind: .effect, a: Int32(index)), index) }
    let routine = code.routines[site.routine]
    let first = machine.lists.count
    for (parameter, argument) in zip(routine.parameters, site.arguments) {
      machine.lists += [parameter.value.index, parameter.isGiven?.index ?? -1, argument?.index ?? -1].map(Int32.init)
    }
    let arguments = first..<machine.lists.count
    machine.lists += uses.holders(ofRoutine: site.routine).map { Int32($0.index) }
    machine.sites.append(
      MachineCode.Site(
        entry: routine.entry, size: routine.registerCount, callerSize: uses.size(at: index), arguments: arguments,
        emptied: arguments.upperBound..<machine.lists.count))
    emit(Operation(kind: .call, a: moved(target, index), b: Int32(machine.sites.count - 1)), index)
  }
}
