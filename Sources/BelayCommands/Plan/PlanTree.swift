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
    var step: PlannedStep?
    var children: [Node] = []
    fileprivate var childByLabel: [String: Node] = [:]

    init(name: String, label: String, isRound: Bool) {
      self.name = name
      self.label = label
      self.isRound = isRound
    }

    /// What is done in it, without keys and values.
    var shape: String {
      let own = step.map { "\($0.kind.rawValue) \($0.action?.name ?? "") \($0.state.rawValue)" } ?? ""
      return "\(name) \(own)(\(children.map(\.shape).joined(separator: ",")))"
    }

    var from: Duration { ([step?.from] + children.map { Optional($0.from) }).compactMap { $0 }.min() ?? .zero }
    var to: Duration { ([step?.to] + children.map { Optional($0.to) }).compactMap { $0 }.max() ?? .zero }
    var stepCount: Int { (step == nil ? 0 : 1) + children.reduce(0) { $0 + $1.stepCount } }
  }

  static func roots(_ steps: [PlannedStep]) -> [Node] {
    let top = Node(name: "", label: "", isRound: false)
    for step in steps {
      var node = top
      for segment in StepPath(StepAddress(step.name)).segments {
        if let known = node.childByLabel[segment.text] {
          node = known
        } else {
          let child = Node(name: segment.name, label: segment.text, isRound: segment.key != nil)
          node.childByLabel[segment.text] = child
          node.children.append(child)
          node = child
        }
      }
      node.step = step
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
