import RunEngine
import Values

/// One strand of a program: plain data, whether it runs or waits.
struct Fiber: Sendable {
  enum State: Sendable {
    case ready
    case asking(AskID)
    /// Waits for the rounds of its own parallel loop.
    case looping
    case ended
    /// It failed within a block; a `rescue` may let it go on.
    case failed
  }
  /// A block that it is in.
  struct Block: Sendable {
    let id: BlockID
    let site: BlockSite
    /// How many routines were under way around it.
    let frameCount: Int
    let prefix: String
    let prefixes: [String]
  }
  let id: FiberID
  var state = State.ready
  var counter: Target
  var registers: [Value]
  /// Stands in front of the addresses of its steps: `fleet["a","b"].`
  var prefix: String
  /// The prefixes around the rounds of sequential loops.
  var prefixes: [String] = []
  /// Of the routines under way, the outermost first: what to go on with when they end.
  var frames: [Frame] = []
  /// Of an author's `undo { … }`: bounds do not count what it does.
  var isUndo = false
  /// The fiber whose parallel loop this is a round of, and which round.
  var parent: (fiber: FiberID, round: Int)?
  /// Innermost last.
  var blocks: [Block] = []
  /// Whether it runs an `always` that is owed, and nothing behind it.
  var isOwed = false
  /// How many questions it has asked.
  var askCount = 0
  /// What to do with the answer that it waits for.
  var pending = Pending.nothing

  struct Frame: Sendable {
    var registers: [Value]
    let counter: Target
    let result: Register
    let prefix: String
    let prefixes: [String]
  }

  enum Pending: Sendable {
    case nothing
    case result(Register, address: Register, step: StepAddress)
    case wait(otherwise: Target?)
    case pause(again: Target, otherwise: Target?, label: StepAddress)
  }
}

/// A parallel loop under way.
struct ParallelLoop: Sendable {
  let site: ParallelSite
  let number: Int
  let elements: [Value]
  let width: Int
  var started = 0
  var rounds: [FiberID] = []
  var running = 0
  var results: [Value]
}
