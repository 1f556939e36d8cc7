/// What was done, as a tree that mirrors the run: the steps of a fiber one after the other, the rounds of a parallel
/// loop side by side.
struct UndoTape: Sendable {
  enum Entry: Sendable {
    case step(StepAddress)
    case loop(Int, [FiberID])
  }
  private var entries: [FiberID: [Entry]] = [:]
  private(set) var parents: [FiberID: FiberID] = [:]

  mutating func push(_ step: StepAddress, on fiber: FiberID) { entries[fiber, default: []].append(.step(step)) }

  mutating func start(_ child: FiberID, parent: FiberID, loop: Int) {
    parents[child] = parent
    var own = entries[parent] ?? []
    if case .loop(loop, let children)? = own.last {
      own[own.count - 1] = .loop(loop, children + [child])
    } else {
      own.append(.loop(loop, [child]))
    }
    entries[parent] = own
  }

  /// How many entries of a fiber are left.
  func count(_ fiber: FiberID) -> Int { entries[fiber]?.count ?? 0 }

  /// Takes the newest entry off a fiber's tape.
  mutating func pop(_ fiber: FiberID) -> Entry? { entries[fiber]?.popLast() }

  /// Forgets everything: it is final.
  mutating func clear() {
    entries = [:]
    parents = [:]
  }
}
