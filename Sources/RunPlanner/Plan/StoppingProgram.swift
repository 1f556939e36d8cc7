import CloudCatalog
import RunEngine
import Values

/// A program that fails where its run would be past taking back: in the place of a commit, or of its end.
struct StoppingProgram: RunProgram {
  private var program: any RunProgram
  /// How many commits pass before the one in whose place it fails.
  private var commitsLeft: Int
  private var hasStopped = false

  static let failure = RunFailure(.cancelled, "the plan looks at what a failure here would undo")

  init(_ program: any RunProgram, afterCommits count: Int) {
    self.program = program
    commitsLeft = count
  }

  mutating func advance() -> [ProgramEvent] {
    let events = program.advance()
    guard !hasStopped else { return events }
    for (index, event) in events.enumerated() {
      switch event {
      case .committed where commitsLeft > 0: commitsLeft -= 1
      case .committed, .finished:
        hasStopped = true
        return events.prefix(index) + [.failed(.root, StoppingProgram.failure)]
      case .started, .ended, .call, .wait, .pause, .approval, .opened, .closed, .notified, .settled, .output, .failed:
        continue
      }
    }
    return events
  }

  mutating func answer(_ ask: AskID, _ answer: Answer) { program.answer(ask, answer) }

  mutating func rescue(_ block: BlockID, _ failure: RunFailure) { program.rescue(block, failure) }

  mutating func startAlways(_ block: BlockID) -> FiberID { program.startAlways(block) }

  func undoActions(_ block: UndoBlockID) -> [ActionID] { program.undoActions(block) }

  mutating func startUndo(_ block: UndoBlockID, result: Value) -> FiberID {
    program.startUndo(block, result: result)
  }
}
