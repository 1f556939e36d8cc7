import CloudCatalog
import RunEngine
import Values

/// One line of a scripted program.
indirect enum Line: Sendable {
  typealias Results = [String: Value]
  case call(
    String, ActionID, undo: CallAsk.Undo = .catalog, retry: RetryRule? = nil, @Sendable (Results) -> Record)
  case wait(String, within: Duration = .minutes(5))
  /// `wait … until`: so many looks, then it is true.
  case until(String, every: Duration, within: Duration, looks: Int)
  case parallel([[Line]])
  case commit
  case output(String, Value)
  case fail(String)
}

/// A run's program as a list of fibers with lines: the smallest thing that asks as runbooks do.
struct ScriptedProgram: RunProgram {
  private struct Fiber: Sendable {
    let id: FiberID
    let parent: FiberID?
    var lines: ArraySlice<Line>
    var isWaiting = false
    var children = 0
    var looks = 0
    var hasEnded = false
  }
  private enum Asker: Sendable {
    case call(String)
    case wait, pause
  }

  private var fibers: [Fiber]
  private var asks: [AskID: (fiber: Int, asker: Asker)] = [:]
  private var results: Line.Results = [:]
  private var pending: [ProgramEvent] = []
  private var loops = 0
  private let blocks: [[Line]]
  private static let place = Place(path: "script", line: 1, column: 1)

  init(_ lines: [Line], blocks: [[Line]] = []) {
    fibers = [Fiber(id: .root, parent: nil, lines: lines[...])]
    self.blocks = blocks
  }

  mutating func advance() -> [ProgramEvent] {
    var events = pending
    pending = []
    var moved = true
    while moved {
      moved = false
      for index in fibers.indices where !fibers[index].isWaiting && !fibers[index].hasEnded {
        step(index, &events)
        moved = true
      }
    }
    return events
  }

  private mutating func step(_ index: Int, _ events: inout [ProgramEvent]) {
    let id = fibers[index].id
    guard let line = fibers[index].lines.popFirst() else { return end(index, &events) }
    switch line {
    case .call(let name, let action, let undo, let retry, let arguments):
      let ask = CallAsk(
        address: StepAddress(name), call: CloudCall(action, arguments(results)), undo: undo, retry: retry,
        place: Self.place)
      events.append(.call(self.ask(index, .call(name)), id, ask))
    case .wait(let step, let within):
      let ask = WaitAsk(
        address: StepAddress("wait \(step)"), step: StepAddress(step), within: within, place: Self.place)
      events.append(.wait(self.ask(index, .wait), id, ask))
    case .until(let name, let every, let within, let looks):
      guard fibers[index].looks < looks else {
        fibers[index].looks = 0
        return events.append(.settled(id, StepAddress(name)))
      }
      fibers[index].looks += 1
      fibers[index].lines = ([line] + fibers[index].lines)[...]
      let ask = PauseAsk(
        address: StepAddress(name), look: StepAddress(name), every: every, within: within, place: Self.place)
      events.append(.pause(self.ask(index, .pause), id, ask))
    case .parallel(let rounds): startRounds(index, rounds, &events)
    case .commit: events.append(.committed(reason: "final", Self.place))
    case .output(let name, let value): events.append(.output(name: name, value: value))
    case .fail(let message):
      fibers[index].hasEnded = true
      events.append(.failed(id, RunFailure(.failed, message)))
    }
  }

  private mutating func startRounds(_ index: Int, _ rounds: [[Line]], _ events: inout [ProgramEvent]) {
    guard !rounds.isEmpty else { return }
    loops += 1
    for lines in rounds {
      let child = Fiber(id: FiberID(fibers.count), parent: fibers[index].id, lines: lines[...])
      events.append(.started(child.id, parent: fibers[index].id, loop: loops))
      fibers.append(child)
    }
    fibers[index].children = rounds.count
    fibers[index].isWaiting = true
  }

  private mutating func end(_ index: Int, _ events: inout [ProgramEvent]) {
    fibers[index].hasEnded = true
    guard fibers[index].id != .root else { return events.append(.finished) }
    events.append(.ended(fibers[index].id))
    guard let parent = fibers[index].parent else { return }
    fibers[parent.index].children -= 1
    if fibers[parent.index].children == 0 { fibers[parent.index].isWaiting = false }
  }

  private mutating func ask(_ fiber: Int, _ asker: Asker) -> AskID {
    let ask = AskID(asks.count)
    asks[ask] = (fiber, asker)
    fibers[fiber].isWaiting = true
    return ask
  }

  mutating func answer(_ ask: AskID, _ answer: Answer) {
    guard let (fiber, asker) = asks[ask] else { preconditionFailure("nobody asked \(ask)") }
    precondition(fibers[fiber].isWaiting, "\(ask) is answered twice")
    fibers[fiber].isWaiting = false
    switch (answer, asker) {
    case (.result(let value), .call(let name)): results[name] = value
    case (.result, _), (.rested, _): break
    case (.deadlinePassed, _): fail(fiber, RunFailure(.wait, "not true in time"))
    case (.failed(let failure), _): fail(fiber, failure)
    }
  }

  private mutating func fail(_ fiber: Int, _ failure: RunFailure) {
    fibers[fiber].hasEnded = true
    pending.append(.failed(fibers[fiber].id, failure))
  }

  mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID {
    let id = FiberID(fibers.count)
    fibers.append(Fiber(id: id, parent: nil, lines: blocks[block.index][...]))
    return id
  }
}
