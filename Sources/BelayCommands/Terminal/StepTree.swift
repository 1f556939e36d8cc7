import CloudCatalog
import RunEngine
import Values

/// The steps of a run by their addresses: loops hold rounds, rounds hold steps. A step with an `undo { … }` of the
/// author's holds the steps of that block.
struct StepTree: Sendable {
  enum Kind: Sendable {
    /// A loop at the top, with one round for each key.
    case loop
    /// One round of a loop, or the block of an undo.
    case round
    case step(RunReport.Step)
    case read(RunProgress.ReadUnderWay)

    var isStep: Bool {
      switch self {
      case .step, .read: true
      case .loop, .round: false
      }
    }
  }
  struct Node: Sendable {
    let label: String
    /// Of the segment; rounds of one loop share it.
    let name: String
    let depth: Int
    let parent: Int?
    var kind: Kind
    var children: [Int] = []
  }
  private(set) var nodes: [Node] = []
  private(set) var roots: [Int] = []
  private struct Key: Hashable {
    let parent: Int?
    let label: String
  }
  private var indexByKey: [Key: Int] = [:]

  init(_ progress: RunProgress) {
    for step in progress.report.steps { add(step.address, .step(step)) }
    for read in progress.readsUnderWay { add(read.address, .read(read)) }
  }

  private mutating func add(_ address: StepAddress, _ kind: Kind) {
    var parent: Int?
    let segments = StepPath(address).segments
    for (position, segment) in segments.enumerated() {
      if position == segments.count - 1 {
        parent = node(segment.text, segment.name, parent, kind)
      } else if position == 0, let key = segment.key {
        parent = node(segment.name, segment.name, nil, .loop)
        parent = node(key, segment.name, parent, .round)
      } else {
        parent = node(segment.text, segment.name, parent, .round)
      }
    }
  }

  private mutating func node(_ label: String, _ name: String, _ parent: Int?, _ kind: Kind) -> Int {
    let key = Key(parent: parent, label: label)
    if let known = indexByKey[key] {
      if case .step = kind { nodes[known].kind = kind }
      return known
    }
    let index = nodes.count
    let depth = parent.map { nodes[$0].depth + 1 } ?? 0
    nodes.append(Node(label: label, name: name, depth: depth, parent: parent, kind: kind))
    indexByKey[key] = index
    if let parent { nodes[parent].children.append(index) } else { roots.append(index) }
    return index
  }

  /// The steps in and under a node, in the order in which they are shown.
  func steps(under index: Int) -> [RunReport.Step] {
    var found: [RunReport.Step] = []
    if case .step(let step) = nodes[index].kind { found.append(step) }
    return nodes[index].children.reduce(into: found) { $0 += steps(under: $1) }
  }

  func hasReadUnderWay(_ index: Int) -> Bool {
    if case .read = nodes[index].kind { return true }
    return nodes[index].children.contains(where: hasReadUnderWay)
  }

  /// Whether something of the same strand began after the node: then nothing more can begin under it.
  func isPassed(_ index: Int) -> Bool {
    let node = nodes[index]
    if let parent = node.parent, case .loop = nodes[parent].kind { return isPassed(parent) }
    let siblings = node.parent.map { nodes[$0].children } ?? roots
    // Rounds of one loop may run side by side.
    if let last = siblings.last, last != index, !isRound(node) || nodes[last].name != node.name { return true }
    return node.parent.map(isPassed) ?? false
  }

  private func isRound(_ node: Node) -> Bool { if case .round = node.kind { true } else { false } }
}

/// What can be said of many steps in one line.
struct StepTally: Sendable {
  var changes = 0
  var active = 0
  var failed = 0
  var unknown = 0
  var undone = 0
  /// Changes that stand.
  var standing = 0
  var committed = 0
  var began: Instant?
  var ended: Instant?

  init(_ steps: [RunReport.Step], _ progress: RunProgress) {
    for step in steps {
      if step.kind == .change { changes += 1 }
      switch step.state {
      case .running, .undoing: active += 1
      case .failed, .undoFailed: failed += 1
      case .unknown: unknown += 1
      case .undone: undone += 1
      case .committed: committed += 1
      case .done: standing += step.kind == .change ? 1 : 0
      case .kept, .notSent, .skipped: break
      }
      began = min(began ?? step.startedAt, step.startedAt)
      let end = progress.undoSpans[step.address]?.ended ?? step.endedAt ?? step.startedAt
      ended = max(ended ?? end, end)
    }
  }

  var isQuiet: Bool { active == 0 && failed == 0 && unknown == 0 }
  var span: Duration? { if let began, let ended { ended - began } else { nil } }

  /// Of steps that are not under way; open when their undo has only begun.
  var mark: Mark {
    if failed > 0 { return .failed }
    if unknown > 0 { return .unknown }
    if undone > 0 { return standing == 0 ? .undone : .open }
    return committed > 0 ? .committed : .done
  }
}
