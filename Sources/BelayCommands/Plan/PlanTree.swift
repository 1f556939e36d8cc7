import CloudCatalog
import RunEngine
import RunPlanner
import Values

/// The steps of a plan by their addresses: rounds of loops hold steps, and rounds that do the same are one node.
struct PlanTree: Sendable {
  final class Node {
    /// The segment's name, without a key.
    let name: Substring
    let label: Substring
    var isRound: Bool { name.endIndex < label.endIndex }
    /// What is planned there; nil where only something within is.
    fileprivate(set) var step: StepOfPlan?
    fileprivate(set) var children: [Node] = []

    fileprivate init(_ label: Substring, _ name: Substring) { (self.label, self.name) = (label, name) }

    /// What is done in it, without keys and values: those that do the same have the same number.
    fileprivate(set) var shape = 0
    private(set) lazy var from: Duration =
      children.reduce(step?.from) { least, child in least.map { min($0, child.from) } ?? child.from } ?? .zero
    private(set) lazy var to: Duration =
      children.reduce(step?.to) { most, child in most.map { max($0, child.to) } ?? child.to } ?? .zero
  }

  /// A place among the steps of a plan; the steps themselves are large.
  struct StepOfPlan {
    fileprivate let steps: [PlannedStep]
    fileprivate let index: Int
    var step: PlannedStep { steps[index] }
    fileprivate var from: Duration { steps[index].from }
    fileprivate var to: Duration { steps[index].to }
    fileprivate var doing: Doing {
      Doing(kind: steps[index].kind, action: steps[index].action, state: steps[index].state)
    }
  }

  fileprivate struct Doing: Hashable {
    let kind: RunReport.StepKind
    let action: ActionID?
    let state: RunReport.StepState
  }

  /// By what a shape is told from others.
  private struct Shape: Hashable {
    let name: Substring
    let step: Doing?
    let children: [Int]
  }

  /// Numbers the shapes in the order of the tree.
  private static func shape(_ node: Node, _ numbers: inout [Shape: Int]) {
    for child in node.children { shape(child, &numbers) }
    let shape = Shape(name: node.name, step: node.step?.doing, children: node.children.map(\.shape))
    let number = numbers[shape] ?? numbers.count
    numbers[shape] = number
    node.shape = number
  }

  static func roots(_ steps: [PlannedStep]) -> [Node] {
    let top = Node("", "")
    // By their names from the beginning.
    var known: [Substring: Node] = [:]
    known.reserveCapacity(steps.count)
    for index in steps.indices {
      let whole = steps[index].name
      var node = top
      StepPath.visit(whole) { label, name in
        let place = whole[..<label.endIndex]
        if let child = known[place] {
          node = child
        } else {
          let child = Node(label, name)
          known[place] = child
          node.children.append(child)
          node = child
        }
      }
      node.step = StepOfPlan(steps: steps, index: index)
    }
    var numbers: [Shape: Int] = [:]
    shape(top, &numbers)
    return top.children
  }

  /// Rounds of one loop that follow each other, together; anything else alone.
  static func groups(_ nodes: [Node]) -> [[Node]] {
    var groups: [[Node]] = []
    for node in nodes {
      if node.isRound, let last = groups.last?.last, last.isRound, last.name == node.name {
        groups[groups.count - 1].append(node)
      } else {
        groups.append([node])
      }
    }
    return groups
  }

  /// How many of them are under way at the same time at most.
  static func concurrency(_ rounds: [Node]) -> Int {
    let moments = rounds.flatMap { [(at: $0.from, change: 1), (at: $0.to, change: -1)] }
    var (under, most) = (0, 0)
    for moment in moments.sorted(by: { ($0.at, $0.change) < ($1.at, $1.change) }) {
      under += moment.change
      most = max(most, under)
    }
    return max(1, most)
  }
}
