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
  case attempt([Line], rescue: [Line]? = nil, keeps: Bool = false, always: [Line]? = nil)
  case timeout(String, Duration, [Line])
  case approve(String, within: Duration? = nil)
  case notify(String)
  /// An output of what the `rescue` around it sees: its code.
  case tell(String)

  /// The parts of an attempt, as the program runs them.
  case open(BlockID, BlockAsk)
  case close(BlockID)
}

/// A run's program as a list of fibers with lines: the smallest thing that asks as runbooks do.
struct ScriptedProgram: RunProgram {
  private struct Fiber: Sendable {
    let id: FiberID
    let parent: FiberID?
    var lines: ArraySlice<Line>
    var isWaiting = false
    var children: [FiberID] = []
    var looks = 0
    var hasEnded = false
    var seen: RunFailure?
  }
  /// Where a block goes on when it fails.
  private struct OpenBlock: Sendable {
    let fiber: Int
    var handler: [Line] = []
    var rest: ArraySlice<Line> = []
  }
  private enum Asker: Sendable {
    case call(String)
    case wait, pause, approval
  }

  private var fibers: [Fiber]
  private var asks: [AskID: (fiber: Int, asker: Asker)] = [:]
  private var results: Line.Results = [:]
  private var pending: [ProgramEvent] = []
  private var loops = 0
  private var opened: [BlockID: OpenBlock] = [:]
  private var blockCount = 0
  private var askCount = 0
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
        address: StepAddress(name), call: CloudCall(action, arguments(results)),
        terms: CallTerms(undo: undo, retry: retry, place: Self.place))
      events.append(.call(self.ask(index, .call(name)), id, ask))
    case .wait(let step, let within):
      let ask = WaitAsk(
        address: StepAddress("wait \(step)"), step: StepAddress(step),
        terms: WaitTerms(within: within, place: Self.place))
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
    case .attempt(let body, let rescue, let keeps, let always): open(index, body, rescue, keeps, always)
    case .timeout(let name, let within, let body):
      let block = fresh(index)
      prepend([.open(block, ask(name, .timeout(within)))] + body + [.close(block)], index)
    case .approve(let name, let within):
      let ask = ApprovalAsk(
        address: StepAddress(name), text: name, approvers: [], notRequester: false, within: within, place: Self.place)
      events.append(.approval(self.ask(index, .approval), id, ask))
    case .notify(let text):
      let address = StepAddress("notify \(text)")
      events.append(.notified(id, Notification(address: address, text: text, channel: nil, place: Self.place)))
    case .tell(let name):
      events.append(.output(name: name, value: fibers[index].seen?.value.asRecord?["code"] ?? .null))
    case .open(let block, let ask): events.append(.opened(block, id, ask))
    case .close(let block): events.append(.closed(block, id))
    }
  }

  private func ask(_ name: String, _ kind: BlockAsk.Kind) -> BlockAsk {
    BlockAsk(address: StepAddress(name), kind: kind, place: Self.place)
  }

  private mutating func fresh(_ fiber: Int) -> BlockID {
    blockCount += 1
    opened[BlockID(blockCount)] = OpenBlock(fiber: fiber)
    return BlockID(blockCount)
  }

  private mutating func prepend(_ lines: [Line], _ fiber: Int) {
    fibers[fiber].lines = (lines + fibers[fiber].lines)[...]
  }

  private mutating func open(_ index: Int, _ body: [Line], _ rescue: [Line]?, _ keeps: Bool, _ always: [Line]?) {
    if let always {
      let guarded = fresh(index)
      let shield = fresh(index)
      let name = "block\(guarded.index)"
      let owed = [Line.open(shield, ask("\(name).always", .always))] + always + [.close(shield)]
      let inner = rescue.map { [Line.attempt(body, rescue: $0, keeps: keeps)] } ?? body
      prepend([.open(guarded, ask(name, .guarded))] + inner + [.close(guarded)] + owed, index)
      opened[guarded] = OpenBlock(fiber: index, handler: owed)
    } else if let rescue {
      let attempt = fresh(index)
      let rest = fibers[index].lines
      prepend(
        [.open(attempt, ask("attempt\(attempt.index)", .attempt(keeps: keeps)))] + body + [.close(attempt)], index)
      opened[attempt] = OpenBlock(fiber: index, handler: rescue, rest: rest)
    }
  }

  mutating func rescue(_ block: BlockID, _ failure: RunFailure) {
    guard let open = opened[block] else { preconditionFailure("nobody opened \(block)") }
    kill(fibers[open.fiber].children)
    fibers[open.fiber].children = []
    fibers[open.fiber].lines = (open.handler + open.rest)[...]
    (fibers[open.fiber].isWaiting, fibers[open.fiber].hasEnded) = (false, false)
    fibers[open.fiber].seen = failure
    asks = asks.filter { $0.value.fiber != open.fiber }
  }

  private mutating func kill(_ children: [FiberID]) {
    for child in children {
      fibers[child.index].hasEnded = true
      asks = asks.filter { $0.value.fiber != child.index }
      kill(fibers[child.index].children)
    }
  }

  mutating func startAlways(_ block: BlockID) -> FiberID {
    let id = FiberID(fibers.count)
    fibers.append(Fiber(id: id, parent: nil, lines: (opened[block]?.handler ?? [])[...]))
    return id
  }

  private mutating func startRounds(_ index: Int, _ rounds: [[Line]], _ events: inout [ProgramEvent]) {
    guard !rounds.isEmpty else { return }
    loops += 1
    var started: [FiberID] = []
    for lines in rounds {
      let child = Fiber(id: FiberID(fibers.count), parent: fibers[index].id, lines: lines[...])
      events.append(.started(child.id, parent: fibers[index].id, loop: loops))
      fibers.append(child)
      started.append(child.id)
    }
    fibers[index].children = started
    fibers[index].isWaiting = true
  }

  private mutating func end(_ index: Int, _ events: inout [ProgramEvent]) {
    fibers[index].hasEnded = true
    guard fibers[index].id != .root else { return events.append(.finished) }
    events.append(.ended(fibers[index].id))
    guard let parent = fibers[index].parent else { return }
    let ended = fibers[index].id
    fibers[parent.index].children.removeAll { $0 == ended }
    if fibers[parent.index].children.isEmpty { fibers[parent.index].isWaiting = false }
  }

  private mutating func ask(_ fiber: Int, _ asker: Asker) -> AskID {
    let ask = AskID(askCount)
    askCount += 1
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

  func undoActions(_ block: UndoBlockID) -> [ActionID] {
    blocks[block.index].compactMap { if case .call(_, let action, _, _, _) = $0 { action } else { nil } }
  }

  mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID {
    let id = FiberID(fibers.count)
    fibers.append(Fiber(id: id, parent: nil, lines: blocks[block.index][...]))
    return id
  }
}
