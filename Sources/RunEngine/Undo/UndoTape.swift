/// What was done, as a tree that mirrors the run: the steps of a strand one after the other, the rounds of a parallel
/// loop side by side, and blocks that may fail on their own as strands within strands.
struct UndoTape: Sendable {
  /// A series of entries, undone from its newest end.
  struct Strand: Hashable, Sendable {
    let index: Int
    static let root = Strand(index: 0)
  }
  enum Entry: Sendable {
    case step(StepAddress)
    case loop(Int, [Strand])
    case block(Strand)
  }
  /// Both by the strand's index: a wide run has as many strands as rounds.
  private var entries: [[Entry]] = [[]]
  private var parents: [Strand?] = [nil]

  /// Those that may hold something or have a parent since everything became final the last time.
  private var used: [Int] = []

  mutating func push(_ step: StepAddress, on strand: Strand) {
    if entries[strand.index].isEmpty { used.append(strand.index) }
    entries[strand.index].append(.step(step))
  }

  /// The strand of a new round of a parallel loop; rounds of one loop lie side by side.
  mutating func branch(_ parent: Strand, loop: Int) -> Strand {
    let child = fresh(parent)
    if case .loop(loop, var rounds)? = entries[parent.index].last {
      entries[parent.index].removeLast()
      rounds.append(child)
      entries[parent.index].append(.loop(loop, rounds))
    } else {
      used.append(parent.index)
      entries[parent.index].append(.loop(loop, [child]))
    }
    return child
  }

  /// The strand of a block within another.
  mutating func nest(in parent: Strand) -> Strand {
    let child = fresh(parent)
    used.append(parent.index)
    entries[parent.index].append(.block(child))
    return child
  }

  private mutating func fresh(_ parent: Strand) -> Strand {
    entries.append([])
    parents.append(parent)
    used.append(entries.count - 1)
    return Strand(index: entries.count - 1)
  }

  /// Nil for the outermost, and for what was before everything became final.
  func parent(of strand: Strand) -> Strand? { parents[strand.index] }

  /// How many entries of a strand are left.
  func count(_ strand: Strand) -> Int { entries[strand.index].count }

  /// Takes the newest entry off a strand.
  mutating func pop(_ strand: Strand) -> Entry? { entries[strand.index].popLast() }

  /// Whether a strand lies within another, or is that one.
  func lies(_ strand: Strand, in outer: Strand) -> Bool {
    var next: Strand? = strand
    while let one = next {
      if one == outer { return true }
      next = parents[one.index]
    }
    return false
  }

  /// Forgets everything: it is final.
  mutating func clear() {
    for index in used { (entries[index], parents[index]) = ([], nil) }
    used = []
  }
}
