import CloudCatalog
import RunEngine
import RunbookSyntax
import Values

extension RunbookProgram {
  /// Carries out what concerns the world or the strand; the machine has done what computes.
  mutating func execute(_ instruction: Instruction, _ fiber: inout Fiber) throws(ProgramProblem) {
    switch instruction {
    case .enterRound(let label, let keys): try enterRound(label, keys.map { fiber[$0] }, &fiber)
    case .leaveRound: leaveRound(&fiber)
    case .enterBlock(let label):
      fiber.prefixes.append(fiber.prefix)
      fiber.prefix += "\(label)."
    case .open(let site): try open(site, &fiber)
    case .close: close(&fiber)
    case .endAlways: endAlways(&fiber)
    case .approve(let site): try approve(site, &fiber)
    case .notify(let site): notify(site, fiber)
    case .call(_, let site): try call(site, &fiber)
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
    case .invoke(let target, let site): try invoke(site, into: target, &fiber)
    case .leave(let value): leave(fiber[value], &fiber)
    case .bound(let index, let limit, _): try bound(index, fiber[limit])
    case .output(let name, let value): events.append(.output(name: name, value: fiber[value]))
    case .end:
      fiber.state = .ended
      if fiber.id == .root { events.append(.finished) }
    default: break
    }
  }

  // MARK: Routines

  private func invoke(_ site: InvokeSite, into target: Register, _ fiber: inout Fiber) throws(ProgramProblem) {
    guard fiber.frames.count < Computation.maximumDepth else {
      throw ProgramProblem("more than \(Computation.maximumDepth) recipes are under way within each other")
    }
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
}

extension Fiber {
  subscript(register: Register) -> Value {
    get { registers[register.index] }
    set { registers[register.index] = newValue }
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
      .takeApart(_, _, let place), .next(_, _, _, _, let place), .put(_, _, _, let place), .bound(_, _, let place),
      .commit(_, let place), .fail(_, let place):
      place
    case .call(_, let site): site.place
    case .wait(let site): site.place
    case .pause(let site): site.place
    case .parallel(let site): site.place
    case .open(let site): site.place
    case .approve(let site): site.place
    case .notify(let site): site.place
    case .constant, .move, .list, .record, .text, .input, .invoke, .leave, .jump, .beginIteration, .beginMap, .append,
      .enterRound, .leaveRound, .enterBlock, .close, .endAlways, .settled, .endRound, .endUndo, .output, .end:
      nil
    }
  }
}
