import CloudCatalog
import RunEngine
import Values

/// A program that pauses where its run would be past taking back, before each commit and before its end: a copy of the
/// run may be made to fail there.
struct PausingProgram: RunProgram {
  private var program: any RunProgram
  /// What comes after the pause; the commit or the end is the first of it.
  private var held: [ProgramEvent] = []

  init(_ program: any RunProgram) { self.program = program }

  mutating func advance() -> [ProgramEvent] {
    let events = held.isEmpty ? program.advance() : held
    // What was paused for passes now.
    let passed = held.isEmpty ? 0 : 1
    held = []
    guard let pause = events[passed...].firstIndex(where: \.isPastTakingBack) else { return events }
    held = Array(events[pause...])
    return events[..<pause] + [.paused]
  }

  var isReady: Bool { program.isReady }

  mutating func answer(_ ask: AskID, _ answer: Answer) { program.answer(ask, answer) }

  mutating func rescue(_ block: BlockID, _ failure: RunFailure) { program.rescue(block, failure) }

  mutating func startAlways(_ block: BlockID) -> FiberID { program.startAlways(block) }

  func undoActions(_ block: UndoBlockID) -> [ActionID] { program.undoActions(block) }

  mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID {
    program.startUndo(block, result: result)
  }
}

extension ProgramEvent {
  fileprivate var isPastTakingBack: Bool {
    switch self {
    case .committed, .finished: true
    case .started, .ended, .call, .wait, .pause, .approval, .opened, .closed, .notified, .settled, .output, .failed,
      .paused:
      false
    }
  }
}
