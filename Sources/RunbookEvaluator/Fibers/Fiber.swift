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
  /// The next instruction; while it waits for an answer, the one behind that which asked.
  var counter: Target
  var registers: [Value]
  /// Of a round that waits in a crowd: the registers that are not as its loop found them. Then it has no others.
  private(set) var own: [OwnRegister]?
  /// Stands in front of the addresses of its steps: `fleet["a","b"].`
  var prefix: String
  /// The prefixes around the rounds it is in, but for the one that its parent has too.
  var prefixes: [String] = []
  /// Of the routines under way, the outermost first: what to go on with when they end.
  var frames: [Frame] = []
  /// Innermost last.
  var blocks: [Block] = []
  var state = State.ready
  /// Of an author's `undo { … }`: bounds do not count what it does.
  var isUndo = false
  /// Whether it runs an `always` that is owed, and nothing behind it.
  var isOwed = false
  /// The fiber whose parallel loop this is a round of, and which round.
  var parent: (fiber: Int32, round: Int32)?
  /// How many questions it has asked.
  var askCount: Int32 = 0

  struct OwnRegister: Sendable {
    let value: Value
    let index: Int32
  }

  /// Keeps only what differs from what its loop found; bytes tell, since what was never touched is the same to the bit.
  mutating func fold(over base: [Value]) {
    guard registers.count == base.count else { return }
    let places = registers.withUnsafeBytes { mine in
      base.withUnsafeBytes { theirs in
        base.indices.filter { index in
          let start = index * MemoryLayout<Value>.stride
          return (start..<start + MemoryLayout<Value>.size).contains { mine[$0] != theirs[$0] }
        }
      }
    }
    own = places.map { OwnRegister(value: registers[$0], index: Int32($0)) }
    registers = []
  }

  mutating func unfold(over base: [Value]) {
    guard let own else { return }
    registers = base
    for register in own { registers[Int(register.index)] = register.value }
    self.own = nil
  }

  struct Frame: Sendable {
    var registers: [Value]
    let counter: Target
    let result: Register
    let prefix: String
    let prefixes: [String]
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

/// Rounds of a parallel loop that have not begun. They take no room, but have their numbers.
struct UnbegunRounds: Sendable {
  let parent: FiberID
  let loop: Int
  let rounds: Range<Int>
  /// The number of the first one's fiber.
  let fiber: Int

  var withoutFirst: UnbegunRounds {
    UnbegunRounds(parent: parent, loop: loop, rounds: rounds.dropFirst(), fiber: fiber + 1)
  }
}
