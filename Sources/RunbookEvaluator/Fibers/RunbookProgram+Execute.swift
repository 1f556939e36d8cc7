import CloudCatalog
import RunEngine
import RunbookSyntax
import Values

extension RunbookProgram {
  mutating func execute(_ instruction: Instruction, _ fiber: inout Fiber) throws(ProgramProblem) {
    switch instruction {
    case .constant(let target, let value): fiber[target] = value
    case .move(let target, let source): fiber[target] = fiber[source]
    case .member(let target, let base, let name, _): fiber[target] = try member(fiber[base], name)
    case .element(let target, let base, let index, _): fiber[target] = try element(fiber[base], fiber[index])
    case .each(let target, let base, let name, _): fiber[target] = try each(fiber[base], name)
    case .list(let target, let elements): fiber[target] = .list(elements.map { fiber[$0] })
    case .record(let target, let names, let values):
      fiber[target] = .record(Record(zip(names, values).map { ($0, fiber[$1]) }))
    case .map(let target, let pairs, _): fiber[target] = try map(fiber[pairs])
    case .text(let target, let parts): fiber[target] = text(parts, fiber)
    case .not(let target, let operand, _): fiber[target] = .bool(!(try condition(fiber[operand])))
    case .negate(let target, let operand, _):
      fiber[target] = try Operators.apply(.subtract, fiber[operand].zero, fiber[operand])
    case .binary(let target, let symbol, let left, let right, _):
      fiber[target] = try Operators.apply(symbol, fiber[left], fiber[right])
    case .range(let target, let low, let high, _): fiber[target] = try Operators.range(fiber[low], fiber[high])
    case .within(let target, let value, let low, let high, _):
      fiber[target] = .bool(try Operators.isWithin(fiber[value], fiber[low], fiber[high]))
    case .function(let target, let builtin, let arguments, _):
      fiber[target] = try call(builtin, arguments.map { fiber[$0] })
    case .bound(let index, let limit, _): try bound(index, fiber[limit])
    case .input(let target, let input): fiber[target] = inputs[input.index]
    case .invoke(let target, let site): invoke(site, into: target, &fiber)
    case .leave(let value): leave(fiber[value], &fiber)
    case .jump(let target): fiber.counter = target
    case .jumpUnless(let register, let target, _): if !(try condition(fiber[register])) { fiber.counter = target }
    case .takeApart(let source, let targets, _): try takeApart(fiber[source], targets, &fiber)
    case .beginIteration(let results, let counter):
      fiber[results] = .list([])
      fiber[counter] = .int(0)
    case .next(let target, let list, let counter, let exit, _): try next(target, list, counter, exit, &fiber)
    case .append(let value, let list): append(fiber[value], to: list, &fiber)
    case .enterRound, .leaveRound, .enterBlock, .open, .close, .endAlways, .approve, .notify, .call, .wait, .pause,
      .settled, .parallel, .endRound, .endUndo, .commit, .fail, .output, .end:
      try executeEffect(instruction, &fiber)
    }
  }

  private mutating func executeEffect(_ instruction: Instruction, _ fiber: inout Fiber) throws(ProgramProblem) {
    switch instruction {
    case .enterRound(let label, let keys): try enterRound(label, keys.map { fiber[$0] }, &fiber)
    case .leaveRound: fiber.prefix = fiber.prefixes.popLast() ?? ""
    case .enterBlock(let label):
      fiber.prefixes.append(fiber.prefix)
      fiber.prefix += "\(label)."
    case .open(let site): try open(site, &fiber)
    case .close: close(&fiber)
    case .endAlways: endAlways(&fiber)
    case .approve(let site): try approve(site, &fiber)
    case .notify(let site): notify(site, fiber)
    case .call(let target, let site): try call(site, into: target, &fiber)
    case .wait(let site): try wait(site, &fiber)
    case .pause(let site): try pause(site, &fiber)
    case .settled(let label): events.append(.settled(fiber.id, StepAddress(fiber.prefix + label)))
    case .parallel(let site): try parallel(site, &fiber)
    case .endRound(let value): endRound(fiber[value], &fiber)
    case .endUndo:
      fiber.state = .ended
      events.append(.ended(fiber.id))
    case .commit(let reason, let place): events.append(.committed(reason: fiber[reason].display, place))
    case .fail(let reason, let place):
      fiber.state = .failed
      events.append(.failed(fiber.id, RunFailure(.failed, fiber[reason].display, place: place)))
    case .output(let name, let value): events.append(.output(name: name, value: fiber[value]))
    case .end:
      fiber.state = .ended
      if fiber.id == .root { events.append(.finished) }
    default: break
    }
  }

  // MARK: Routines

  private func invoke(_ site: InvokeSite, into target: Register, _ fiber: inout Fiber) {
    let routine = code.routines[site.routine]
    var registers = [Value](repeating: .null, count: routine.registerCount)
    for (parameter, argument) in zip(routine.parameters, site.arguments) {
      registers[parameter.value.index] = argument.map { fiber[$0] } ?? .null
      if let isGiven = parameter.isGiven { registers[isGiven.index] = .bool(argument != nil) }
    }
    var frame = Fiber.Frame(
      registers: [], counter: fiber.counter, result: target, prefix: fiber.prefix, prefixes: fiber.prefixes)
    swap(&frame.registers, &fiber.registers)
    fiber.frames.append(frame)
    fiber.registers = registers
    fiber.counter = routine.entry
    guard let label = site.label else { return }
    fiber.prefix += label + "."
    fiber.prefixes = []
  }

  private func leave(_ value: Value, _ fiber: inout Fiber) {
    guard let frame = fiber.frames.popLast() else { return }
    fiber.registers = frame.registers
    fiber.counter = frame.counter
    (fiber.prefix, fiber.prefixes) = (frame.prefix, frame.prefixes)
    fiber[frame.result] = value
  }

  // MARK: Values

  private func condition(_ value: Value) throws(ProgramProblem) -> Bool {
    guard let answer = value.asBool else { throw ProgramProblem("a condition must be Bool, not \(value.kindName)") }
    return answer
  }

  private func member(_ base: Value, _ name: String) throws(ProgramProblem) -> Value {
    switch base {
    case .record(let record): return record[name] ?? .null
    case .null: throw ProgramProblem("there is no '\(name)': the value in front of it is null")
    case .bool, .int, .float, .text, .duration, .cidr, .list, .secret:
      throw ProgramProblem("there is no '\(name)' in a \(base.kindName)")
    }
  }

  private func map(_ pairs: Value) throws(ProgramProblem) -> Value {
    var record = Record()
    for pair in pairs.asList ?? [] {
      guard let parts = pair.asList, parts.count == 2, let key = parts[0].asText else {
        throw ProgramProblem("a key of a map is a Text, not \(pair.asList?.first?.kindName ?? "null")")
      }
      guard record[key] == nil else { throw ProgramProblem("the map has two values for the key '\(key)'") }
      record[key] = parts[1]
    }
    return .record(record)
  }

  private func element(_ base: Value, _ index: Value) throws(ProgramProblem) -> Value {
    if let record = base.asRecord, let name = index.asText {
      guard let value = record[name] else { throw ProgramProblem("there is no '\(name)' in the record") }
      return value
    }
    guard let elements = base.asList, let position = index.asInt else {
      throw ProgramProblem("a \(base.kindName) has no element \(index.display)")
    }
    guard elements.indices.contains(position) else {
      throw ProgramProblem("there is no element \(position): the list has \(elements.count), counted from 0")
    }
    return elements[position]
  }

  private func each(_ base: Value, _ name: String) throws(ProgramProblem) -> Value {
    guard let elements = base.asList else { throw ProgramProblem("'[]' needs a list, not \(base.kindName)") }
    var result: [Value] = []
    for element in elements {
      if case .list(let inner) = element {
        for value in inner { result.append(try member(value, name)) }
      } else if !element.isNull {
        result.append(try member(element, name))
      }
    }
    return .list(result)
  }

  /// A text with a secret in it is secret.
  private func text(_ parts: [Instruction.TextPart], _ fiber: Fiber) -> Value {
    var text = ""
    var secret: String?
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .hole(let register):
        let value = fiber[register]
        if value.holdsSecret { secret = secret ?? Operators.secretName(value) ?? "secret" }
        text += value.revealed.display
      }
    }
    return secret.map { .secret(Secret(name: $0, text: text)) } ?? .text(text)
  }

  private func call(_ builtin: Builtin, _ arguments: [Value]) throws(ProgramProblem) -> Value {
    do throws(BuiltinProblem) {
      return try builtin.call(arguments)
    } catch {
      throw ProgramProblem(error.message)
    }
  }

  private func takeApart(
    _ value: Value, _ targets: [Register], _ fiber: inout Fiber
  ) throws(ProgramProblem) {
    guard case .list(let parts) = value, parts.count == targets.count else {
      throw ProgramProblem("\(targets.count) names cannot take \(value.display) apart")
    }
    for (target, part) in zip(targets, parts) { fiber[target] = part }
  }

  private func next(
    _ target: Register, _ list: Register, _ counter: Register, _ exit: Target, _ fiber: inout Fiber
  ) throws(ProgramProblem) {
    guard let elements = fiber[list].asList, let position = fiber[counter].asInt else {
      throw ProgramProblem("a loop needs a list, not \(fiber[list].kindName)")
    }
    guard position < elements.count else {
      fiber.counter = exit
      return
    }
    fiber[target] = elements[position]
    fiber[counter] = .int(position + 1)
  }

  /// In place: the list is taken out of its register first, so that it is not copied.
  private func append(_ value: Value, to list: Register, _ fiber: inout Fiber) {
    guard case .list(var elements) = fiber[list] else { return }
    fiber[list] = .null
    elements.append(value)
    fiber[list] = .list(elements)
  }
}

extension Fiber {
  subscript(register: Register) -> Value {
    get { registers[register.index] }
    set { registers[register.index] = newValue }
  }
}

extension Value {
  /// The zero of its own kind, for negation.
  fileprivate var zero: Value {
    switch self {
    case .float: .float(0)
    case .duration: .duration(.zero)
    default: .int(0)
    }
  }
}

extension Instruction {
  /// The place to blame; nil for what cannot go wrong by itself.
  var place: Place? {
    switch self {
    case .map(_, _, let place), .member(_, _, _, let place), .element(_, _, _, let place), .each(_, _, _, let place),
      .not(_, _, let place),
      .negate(_, _, let place), .binary(_, _, _, _, let place), .range(_, _, _, let place),
      .within(_, _, _, _, let place), .function(_, _, _, let place), .jumpUnless(_, _, let place),
      .takeApart(_, _, let place), .next(_, _, _, _, let place), .bound(_, _, let place),
      .commit(_, let place), .fail(_, let place):
      place
    case .call(_, let site): site.place
    case .wait(let site): site.place
    case .pause(let site): site.place
    case .parallel(let site): site.place
    case .open(let site): site.place
    case .approve(let site): site.place
    case .notify(let site): site.place
    case .constant, .move, .list, .record, .text, .input, .invoke, .leave, .jump, .beginIteration, .append, .enterRound,
      .leaveRound, .enterBlock, .close, .endAlways, .settled, .endRound, .endUndo, .output, .end:
      nil
    }
  }
}
