import CloudCatalog
import RunEngine
import Values

/// A compiled runbook under way: fibers over one code. It runs until every fiber waits, and says what they ask.
package struct RunbookProgram: RunProgram {
  let code: RunbookCode
  var fibers = BoxedList<Fiber>()
  /// The parallel loops under way, by the fiber that waits for their rounds.
  var loops: [FiberID: ParallelLoop] = [:]
  var events: [ProgramEvent] = []
  /// Fibers that can run, in the order in which they became able to; the first `readyIndex` have had their turn.
  var ready: [FiberID] = [.root]
  var readyIndex = 0
  /// What `undo { … }` needs to run later: the registers and the address at the time of its call.
  private var undoBlocks: [UndoBlock] = []
  private var nextFiber = 1
  private var nextLoop = 0
  /// Blocks that are open, or whose `always` is owed.
  var openBlocks: [BlockID: OpenBlock] = [:]
  var nextBlock = 1
  private var computation: Computation
  /// The addresses of all rounds of loops: no two may be the same.
  var rounds: Set<String> = []
  /// By the place of the bound: what it comes to, and what has been used up.
  var bounds: [(limit: Int, used: Int)] = []
  /// Parallel loops that take one round more at a time than they say.
  var widened: Set<Place> = []

  /// How many operations may pass, and how many elements of lists be made, between two answers of the world: no check
  /// of a condition takes longer than a second.
  package static let fuelPerAdvance = 50_000_000

  private struct UndoBlock: Sendable {
    let entry: Target
    let it: Register
    let registers: [Value]
    let prefix: String
  }

  init(code: RunbookCode, registers: [Value]) {
    self.code = code
    computation = Computation(code.machine, inputs: registers, fuel: RunbookProgram.fuelPerAdvance)
    fibers[.root] = Fiber(id: .root, counter: code.entry, registers: registers, prefix: "")
  }

  package mutating func advance() -> [ProgramEvent] {
    computation.fuel = RunbookProgram.fuelPerAdvance
    while readyIndex < ready.count {
      let id = ready[readyIndex]
      readyIndex += 1
      guard var fiber = fibers.lend(id.index) else { continue }
      run(&fiber)
      fibers.putBack(fiber.isOver ? nil : fiber, id.index)
    }
    ready.removeAll(keepingCapacity: ready.count < 1024)
    readyIndex = 0
    defer { events = [] }
    return events
  }

  package mutating func answer(_ ask: AskID, _ answer: Answer) {
    let id = ask.fiber
    guard var fiber = fibers.lend(id.index) else { return }
    defer { fibers.putBack(fiber.isOver ? nil : fiber, id.index) }
    guard case .asking(ask) = fiber.state else { return }
    let pending = fiber.pending
    fiber.pending = .nothing
    fiber.state = .ready
    switch (answer, pending) {
    case (.result(let value), .result(let register, let address, let step)):
      fiber.registers[register.index] = value
      fiber.registers[address.index] = .text(step.text)
    case (.rested, .pause(let again, _, _)): fiber.counter = again
    case (.deadlinePassed, .pause(_, let otherwise?, _)): fiber.counter = otherwise
    case (.deadlinePassed, .pause(_, nil, let label)):
      return fail(&fiber, RunFailure(.wait, "the condition did not come true in time", step: label))
    case (.failed(let failure), .wait(let otherwise?)) where failure.kind == .wait: fiber.counter = otherwise
    case (.failed(let failure), _): return fail(&fiber, failure)
    case (.result, _), (.rested, _), (.deadlinePassed, _): break
    }
    ready.append(id)
  }

  package mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID {
    let id = newFiber()
    let saved = undoBlocks[block.index]
    var registers = saved.registers
    registers[saved.it.index] = result
    var fiber = Fiber(id: id, counter: saved.entry, registers: registers, prefix: saved.prefix)
    fiber.isUndo = true
    fibers[id] = fiber
    ready.append(id)
    return id
  }

  package func undoActions(_ block: UndoBlockID) -> [ActionID] {
    var actions: [ActionID] = []
    for instruction in code.instructions[undoBlocks[block.index].entry...] {
      switch instruction {
      case .endUndo: return actions
      case .call(_, let site): actions.append(site.action)
      default: continue
      }
    }
    return actions
  }

  mutating func newFiber() -> FiberID {
    defer { nextFiber += 1 }
    return FiberID(nextFiber)
  }

  // MARK: The loop

  private mutating func run(_ fiber: inout Fiber) {
    while case .ready = fiber.state {
      switch computation.run(from: fiber.counter, &fiber.registers) {
      case .effect(let index):
        fiber.counter = index + 1
        let instruction = code.instructions[index]
        do throws(ProgramProblem) {
          try execute(instruction, &fiber)
        } catch {
          fail(&fiber, RunFailure(.program, error.message, place: instruction.place))
        }
      case .problem(let problem, let index):
        fail(&fiber, RunFailure(.program, problem.message, place: code.instructions[index].place))
      case .failed(let reason, let index):
        fail(&fiber, RunFailure(.failed, reason.display, place: code.instructions[index].place))
      }
    }
  }

  private mutating func fail(_ fiber: inout Fiber, _ failure: RunFailure) {
    fiber.state = .failed
    events.append(.failed(fiber.id, failure))
  }

  /// Makes a fiber wait for the world.
  mutating func ask(_ fiber: inout Fiber, _ pending: Fiber.Pending) -> AskID {
    fiber.askCount += 1
    let ask = AskID(fiber.id, fiber.askCount)
    fiber.state = .asking(ask)
    fiber.pending = pending
    return ask
  }

  mutating func saveUndo(_ entry: Target, it: Register, _ fiber: Fiber, label: String) -> UndoBlockID {
    undoBlocks.append(
      UndoBlock(
        entry: entry, it: it, registers: fiber.registers, prefix: "\(fiber.prefix)\(label).undo."))
    return UndoBlockID(undoBlocks.count - 1)
  }

  // MARK: Parallel loops

  mutating func begin(_ site: ParallelSite, _ elements: [Value], width: Int, _ fiber: inout Fiber) {
    guard !elements.isEmpty else {
      fiber.registers[site.results.index] = .list([])
      return
    }
    loops[fiber.id] = ParallelLoop(
      site: site, number: nextLoop, elements: elements, width: width,
      results: [Value](repeating: .null, count: elements.count))
    nextLoop += 1
    rounds.reserveCapacity(rounds.count + elements.count)
    fiber.state = .looping
    startRounds(&fiber)
  }

  /// Starts as many rounds as the width allows.
  private mutating func startRounds(_ fiber: inout Fiber) {
    // Taken out while it changes, so that its results are not copied; likewise below.
    guard var loop = loops.removeValue(forKey: fiber.id) else { return }
    while loop.started < loop.elements.count, loop.running < loop.width {
      let id = newFiber()
      var registers = fiber.registers
      registers[loop.site.element.index] = loop.elements[loop.started]
      var child = Fiber(
        id: id, counter: loop.site.body, registers: registers, prefix: fiber.prefix)
      child.parent = (fiber.id, loop.started)
      child.isUndo = fiber.isUndo
      fibers[id] = child
      ready.append(id)
      events.append(.started(id, parent: fiber.id, loop: loop.number))
      loop.rounds.append(id)
      loop.started += 1
      loop.running += 1
    }
    loops[fiber.id] = loop
  }

  /// A round has ended with its value; the last one wakes its parent.
  mutating func endRound(_ value: Value, _ fiber: inout Fiber) {
    fiber.state = .ended
    events.append(.ended(fiber.id))
    guard let (parentID, round) = fiber.parent, var parent = fibers.lend(parentID.index) else { return }
    defer { fibers.putBack(parent, parentID.index) }
    guard var loop = loops.removeValue(forKey: parentID) else { return }
    loop.results[round] = value
    loop.running -= 1
    if loop.running == 0, loop.started == loop.elements.count {
      parent.registers[loop.site.results.index] = .list(loop.results)
      parent.state = .ready
      ready.append(parentID)
    } else {
      loops[parentID] = consume loop
      startRounds(&parent)
    }
  }
}

extension BoxedList where Content == Fiber {
  subscript(fiber: FiberID) -> Fiber? {
    get { self[fiber.index] }
    _modify { yield &self[fiber.index] }
  }
}

/// A question has its fiber in its number, so that nobody has to remember whose it is.
extension AskID {
  private static let countBits = 24

  fileprivate init(_ fiber: FiberID, _ count: Int) {
    self.init(fiber.index << AskID.countBits | count & (1 << AskID.countBits - 1))
  }

  fileprivate var fiber: FiberID { FiberID(index >> AskID.countBits) }
}
