import CloudCatalog
import DequeModule
import RunEngine
import Values

/// A compiled runbook under way: fibers over one code. It runs until every fiber waits, and says what they ask.
package struct RunbookProgram: RunProgram {
  let code: RunbookCode
  var fibers = BoxedList<Fiber>()
  /// The parallel loops under way, by the fiber that waits for their rounds.
  var loops: [FiberID: ParallelLoop] = [:]
  var events: [ProgramEvent] = []
  /// Who can run, in the order in which they became able to.
  var ready: Deque<Turn> = [.fiber(.root)]
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
  /// By instruction: what was said of the last wait there.
  var waitTerms: [Int: WaitTerms] = [:]

  /// How many operations may pass, and how many elements of lists be made, between two answers of the world: no check
  /// of a condition takes longer than a second.
  package static let fuelPerAdvance = 50_000_000

  /// How many fibers run at a time: what they say stays small, and is acted on before the others run.
  private static let turnCount = 1024

  /// So many rounds of a loop at once keep only what is their own while they wait.
  private static let crowdCount = 256

  enum Turn: Sendable {
    case fiber(FiberID)
    /// The rounds of a parallel loop: one begins when its turn comes.
    case rounds(UnbegunRounds)
  }

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

  package var isReady: Bool { !ready.isEmpty }

  package mutating func advance() -> [ProgramEvent] {
    var count = 0
    while count < RunbookProgram.turnCount, let turn = ready.popFirst() {
      switch turn {
      case .fiber(let id): run(id)
      case .rounds(let rounds): begin(rounds)
      }
      count += 1
    }
    if ready.isEmpty { computation.fuel = RunbookProgram.fuelPerAdvance }
    defer { events = [] }
    return events
  }

  private mutating func run(_ id: FiberID) {
    guard var fiber = fibers.lend(id.index) else { return }
    run(&fiber)
    rest(&fiber)
  }

  /// Puts away a fiber that does not run any more.
  private mutating func rest(_ fiber: inout Fiber) {
    if let crowd = crowd(of: fiber), case .asking = fiber.state, fiber.frames.isEmpty { fiber.fold(over: crowd) }
    fibers.putBack(fiber.isOver ? nil : fiber, fiber.id.index)
  }

  /// What the loop of a round found in its registers, when many of its rounds are under way.
  private func crowd(of fiber: Fiber) -> [Value]? {
    guard let parent = fiber.parent.map({ FiberID(Int($0.fiber)) }), let loop = loops[parent],
      loop.running >= RunbookProgram.crowdCount
    else { return nil }
    return fibers[parent]?.registers
  }

  /// Makes a fiber that was put away ready to go on.
  mutating func wake(_ fiber: inout Fiber) {
    guard fiber.own != nil, let parent = fiber.parent else { return }
    fiber.unfold(over: fibers[FiberID(Int(parent.fiber))]?.registers ?? [])
  }

  package mutating func answer(_ ask: AskID, _ answer: Answer) {
    let id = ask.fiber
    guard var fiber = fibers.lend(id.index) else { return }
    defer { fibers.putBack(fiber.isOver ? nil : fiber, id.index) }
    guard case .asking(ask) = fiber.state else { return }
    wake(&fiber)
    fiber.state = .ready
    switch (answer, code.instructions[fiber.counter - 1]) {
    case (.result(let value), .call(let register, _)): fiber[register] = value
    case (.rested, .pause(let site)): fiber.counter = site.again
    case (.deadlinePassed, .pause(let site)):
      guard let otherwise = site.otherwise else {
        let step = StepAddress(fiber.prefix + site.label)
        return fail(&fiber, RunFailure(.wait, "the condition did not come true in time", step: step))
      }
      fiber.counter = otherwise
    case (.failed(let failure), .wait(let site)) where failure.kind == .wait && site.otherwise != nil:
      fiber.counter = site.otherwise ?? fiber.counter
    case (.failed(let failure), _): return fail(&fiber, failure)
    case (.result, _), (.rested, _), (.deadlinePassed, _): break
    }
    ready.append(.fiber(id))
  }

  package mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID {
    let id = newFiber()
    let saved = undoBlocks[block.index]
    var registers = saved.registers
    registers[saved.it.index] = result
    var fiber = Fiber(id: id, counter: saved.entry, registers: registers, prefix: saved.prefix)
    fiber.isUndo = true
    fibers[id] = fiber
    ready.append(.fiber(id))
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
  mutating func ask(_ fiber: inout Fiber) -> AskID {
    fiber.askCount &+= 1
    let ask = AskID(fiber.id, Int(fiber.askCount))
    fiber.state = .asking(ask)
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
    startRounds(fiber.id)
  }

  /// Lets as many rounds have their turn as the width allows.
  private mutating func startRounds(_ fiber: FiberID) {
    // Taken out while it changes, so that its results are not copied; likewise below.
    guard var loop = loops.removeValue(forKey: fiber) else { return }
    let count = min(loop.elements.count - loop.started, loop.width - loop.running)
    if count > 0 {
      let rounds = loop.started..<loop.started + count
      ready.append(.rounds(UnbegunRounds(parent: fiber, loop: loop.number, rounds: rounds, fiber: nextFiber)))
      nextFiber += count
      loop.started += count
      loop.running += count
    }
    loops[fiber] = loop
  }

  /// Begins the first of the rounds, unless their loop is over.
  private mutating func begin(_ rounds: UnbegunRounds) {
    guard let parent = fibers[rounds.parent], var loop = loops.removeValue(forKey: rounds.parent) else { return }
    let (round, id) = (rounds.rounds.lowerBound, FiberID(rounds.fiber))
    let isUnderWay = loop.number == rounds.loop
    if isUnderWay { loop.rounds.append(id) }
    var registers = parent.registers
    if isUnderWay { registers[loop.site.element.index] = loop.elements[round] }
    let (number, body) = (loop.number, loop.site.body)
    loops[rounds.parent] = consume loop
    guard isUnderWay else { return }
    if rounds.rounds.count > 1 { ready.prepend(.rounds(rounds.withoutFirst)) }
    var child = Fiber(id: id, counter: body, registers: registers, prefix: parent.prefix)
    child.parent = (Int32(parent.id.index), Int32(round))
    child.isUndo = parent.isUndo
    events.append(.started(id, parent: parent.id, loop: number))
    run(&child)
    rest(&child)
  }

  /// A round has ended with its value; the last one wakes its parent.
  mutating func endRound(_ value: Value, _ fiber: inout Fiber) {
    fiber.state = .ended
    events.append(.ended(fiber.id))
    guard let parent = fiber.parent.map({ FiberID(Int($0.fiber)) }), let round = fiber.parent?.round,
      var loop = loops.removeValue(forKey: parent)
    else { return }
    loop.results[Int(round)] = value
    loop.running -= 1
    if loop.running > 0 || loop.started < loop.elements.count {
      loops[parent] = consume loop
      startRounds(parent)
    } else if var waiting = fibers.lend(parent.index) {
      waiting.registers[loop.site.results.index] = .list(loop.results)
      waiting.state = .ready
      fibers.putBack(waiting, parent.index)
      ready.append(.fiber(parent))
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
