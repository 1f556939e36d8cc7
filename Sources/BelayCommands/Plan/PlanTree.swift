import CloudCatalog
import RunEngine
import RunPlanner
import Values

/// The steps of a plan by their addresses: rounds of loops hold steps, and rounds that do the same are one node.
struct PlanTree: Sendable {
  final class Node {
    /// The segment's name, without a key.
    let name: String
    let label: String
    let isRound: Bool
    /// What is planned there; nil where only something within is.
    fileprivate(set) var step: StepOfPlan?
    fileprivate(set) var children: [Node] = []

    fileprivate init(name: String, label: String, isRound: Bool) {
      self.name = name
      self.label = label
      self.isRound = isRound
    }

    /// What is done in it, without keys and values.
    private(set) lazy var shape: String = {
      let own = step.map { "\($0.step.kind.rawValue) \($0.step.action?.name ?? "") \($0.step.state.rawValue)" } ?? ""
      return "\(name) \(own)(\(children.map(\.shape).joined(separator: ",")))"
    }()
    private(set) lazy var from: Duration =
      ([step?.step.from] + children.map { Optional($0.from) }).compactMap { $0 }.min() ?? .zero
    private(set) lazy var to: Duration =
      ([step?.step.to] + children.map { Optional($0.to) }).compactMap { $0 }.max() ?? .zero
  }

  /// A place among the steps of a plan; the steps themselves are large.
  struct StepOfPlan {
    fileprivate let steps: [PlannedStep]
    fileprivate let index: Int
    var step: PlannedStep { steps[index] }
  }

  private struct Place: Hashable {
    let parent: ObjectIdentifier
    let label: String
  }

  static func roots(_ steps: [PlannedStep]) -> [Node] {
    let top = Node(name: "", label: "", isRound: false)
    var known: [Place: Node] = [:]
    for (index, step) in steps.enumerated() {
      var node = top
      for segment in StepPath(step.name).segments {
        let label = segment.text
        let place = Place(parent: ObjectIdentifier(node), label: label)
        if let child = known[place] {
          node = child
        } else {
          let child = Node(name: segment.name, label: label, isRound: segment.key != nil)
          known[place] = child
          node.children.append(child)
          node = child
        }
      }
      node.step = StepOfPlan(steps: steps, index: index)
    }
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
