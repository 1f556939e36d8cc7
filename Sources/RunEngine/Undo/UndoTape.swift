/// What was done, as a tree that mirrors the run: the steps of a strand one after the other, the rounds of a parallel
/// loop side by side, and blocks that may fail on their own as strands within strands.
struct UndoTape: Sendable {
  /// A series of entries, undone from its newest end.
  struct Strand: Hashable, Sendable {
    private let number: Int32
    var index: Int { Int(number) }
    init(index: Int) { number = Int32(index) }
    static let root = Strand(index: 0)
  }
  enum Entry: Sendable {
    case step(StepAddress)
    case loop(Int, [Strand])
    case block(Strand)
  }
  private struct Node: Sendable {
    var entry: Entry
    /// The number of the one before it on its strand.
    let previous: Int32
    /// How many there are on its strand up to it.
    let depth: Int32
  }
  /// The entries of all strands since everything became final the last time; those that were taken off stay until then.
  private var nodes: [Node] = []
  /// The number of the first of them. Those before it are final.
  private var firstNode = 0
  /// By the strand's index, since a wide run has as many strands as rounds: the number of the newest entry, and the
  /// strand around it.
  private var newest: [Int32] = [-1]
  private var parents: [Int32] = [-1]
  /// The first strand that is not from before everything became final.
  private var firstStrand = 0

  /// Where the newest entry of a strand stands.
  private func place(_ strand: Strand) -> Int? { place(newest[strand.index]) }

  private func place(_ number: Int32) -> Int? { number >= firstNode ? Int(number) - firstNode : nil }

  mutating func push(_ step: StepAddress, on strand: Strand) { push(.step(step), strand) }

  private mutating func push(_ entry: Entry, _ strand: Strand) {
    nodes.append(Node(entry: entry, previous: newest[strand.index], depth: Int32(count(strand) + 1)))
    newest[strand.index] = Int32(firstNode + nodes.count - 1)
  }

  /// The strand of a new round of a parallel loop; rounds of one loop lie side by side.
  mutating func branch(_ parent: Strand, loop: Int) -> Strand {
    let child = fresh(parent)
    if let place = place(parent), case .loop(loop, var rounds) = nodes[place].entry {
      // Taken out while it grows, so that it is not copied.
      nodes[place].entry = .block(child)
      rounds.append(child)
      nodes[place].entry = .loop(loop, rounds)
    } else {
      push(.loop(loop, [child]), parent)
    }
    return child
  }

  /// The strand of a block within another.
  mutating func nest(in parent: Strand) -> Strand {
    let child = fresh(parent)
    push(.block(child), parent)
    return child
  }

  private mutating func fresh(_ parent: Strand) -> Strand {
    newest.append(-1)
    parents.append(Int32(parent.index))
    return Strand(index: newest.count - 1)
  }

  /// Nil for the outermost, and for what was before everything became final.
  func parent(of strand: Strand) -> Strand? {
    let parent = Int(parents[strand.index])
    return parent >= 0 && strand.index >= firstStrand ? Strand(index: parent) : nil
  }

  /// How many entries of a strand are left.
  func count(_ strand: Strand) -> Int { place(strand).map { Int(nodes[$0].depth) } ?? 0 }

  /// Takes the newest entry off a strand.
  mutating func pop(_ strand: Strand) -> Entry? {
    guard let place = place(strand) else { return nil }
    newest[strand.index] = nodes[place].previous
    return nodes[place].entry
  }

  /// Whether a strand lies within another, or is that one.
  func lies(_ strand: Strand, in outer: Strand) -> Bool {
    var next: Strand? = strand
    while let one = next {
      if one == outer { return true }
      next = parent(of: one)
    }
    return false
  }

  /// Forgets everything: it is final.
  mutating func clear() {
    firstNode += nodes.count
    nodes = []
    firstStrand = newest.count
  }
}
