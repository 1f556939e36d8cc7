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
    private(set) var children: [Node] = []
    /// Where in `children` each label is, of a node that has many.
    private var places: [Substring: Int] = [:]
    private static let many = 8

    fileprivate init(_ label: Substring, _ name: Substring) { (self.label, self.name) = (label, name) }

    /// What is done in it, without keys and values: those that do the same have the same number.
    fileprivate(set) var shape = 0
    private(set) lazy var from: Duration =
      children.reduce(step?.from) { least, child in least.map { min($0, child.from) } ?? child.from } ?? .zero
    private(set) lazy var to: Duration =
      children.reduce(step?.to) { most, child in most.map { max($0, child.to) } ?? child.to } ?? .zero

    /// The one with the label, made when there is none.
    fileprivate func child(_ label: Substring, _ name: Substring) -> Node {
      // Steps of one round mostly follow each other.
      if let last = children.last, last.label == label { return last }
      if let known = place(label) { return children[known] }
      let child = Node(label, name)
      children.append(child)
      if !places.isEmpty {
        places[label] = children.count - 1
      } else if children.count > Node.many {
        for (place, child) in children.enumerated() { places[child.label] = place }
      }
      return child
    }

    private func place(_ label: Substring) -> Int? {
      places.isEmpty ? children.firstIndex { $0.label == label } : places[label]
    }
  }

  /// A place among the steps of a plan; the steps themselves are large.
  struct StepOfPlan {
    fileprivate let steps: [PlannedStep]
    fileprivate let index: Int
    var step: PlannedStep { steps[index] }
    fileprivate var from: Duration { steps[index].from }
    fileprivate var to: Duration { steps[index].to }
    fileprivate func isLike(_ other: StepOfPlan) -> Bool {
      steps[index].kind == other.steps[other.index].kind && steps[index].state == other.steps[other.index].state
        && steps[index].action == other.steps[other.index].action
    }
  }

  /// By what a shape is told from others.
  private struct Shape: Hashable {
    let name: Substring
    /// The number of what is done there itself; nil where nothing is.
    let step: Int?
    let children: [Int]
  }

  /// Shapes and what single steps do, numbered in the order in which they come.
  private struct Shapes {
    private var numbers: [Shape: Int] = [:]
    /// One step of each kind; there are few.
    private var steps: [StepOfPlan] = []

    mutating func add(_ node: Node) {
      for child in node.children { add(child) }
      let shape = Shape(name: node.name, step: node.step.map { doing($0) }, children: node.children.map(\.shape))
      let number = numbers[shape] ?? numbers.count
      if number == numbers.count { numbers[shape] = number }
      node.shape = number
    }

    private mutating func doing(_ step: StepOfPlan) -> Int {
      if let known = steps.firstIndex(where: { $0.isLike(step) }) { return known }
      steps.append(step)
      return steps.count - 1
    }
  }

  static func roots(_ steps: [PlannedStep]) -> [Node] {
    let top = Node("", "")
    for index in steps.indices {
      var node = top
      StepPath.visit(steps[index].name) { node = node.child($0, $1) }
      node.step = StepOfPlan(steps: steps, index: index)
    }
    var shapes = Shapes()
    shapes.add(top)
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
    if zip(rounds, rounds.dropFirst()).allSatisfy({ $0.to <= $1.from }) { return 1 }
    let moments = rounds.flatMap { [(at: $0.from, change: 1), (at: $0.to, change: -1)] }
    var (under, most) = (0, 0)
    for moment in moments.sorted(by: { ($0.at, $0.change) < ($1.at, $1.change) }) {
      under += moment.change
      most = max(most, under)
    }
    return max(1, most)
  }
}
