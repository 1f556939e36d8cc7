import RunEngine
import Values

extension RunPlan {
  /// What the run would do, a line for each step and commit, without ids that the cloud draws and without times: two
  /// plans that do the same have equal outlines.
  package var outline: [String] {
    var lines: [String] = []
    var left = commits[...]
    for step in steps {
      while let commit = left.first, step.commit.map({ $0 > commits.count - left.count }) ?? (commit.at <= step.from) {
        lines.append("commit \(JSON.print(.text(commit.reason)))")
        left.removeFirst()
      }
      lines.append(outline(of: step))
    }
    lines += left.map { "commit \(JSON.print(.text($0.reason)))" }
    lines += approvals.map { "approve \(JSON.print(.text($0.ask.text)))" }
    lines.append("ends \(outcome.stall == nil ? outcome.status.rawValue : "never")")
    return lines
  }

  private func outline(of step: PlannedStep) -> String {
    let parameters = Record(
      parameters(of: step).compactMap { parameter in
        parameter.value.withoutMark.map { (parameter.name, $0.document) }
      })
    let region = region(of: step).map { " in \($0)" } ?? ""
    let end =
      switch step.undo {
      case .nothing: ""
      case .calls(let actions): " undo \(actions.map(\.description).joined(separator: ", "))"
      case .kept(let reason): " kept \(JSON.print(.text(reason)))"
      case .irreversible(let reason): " irreversible \(JSON.print(.text(reason)))"
      }
    switch step.kind {
    case .wait: return "\(step.name): wait \(step.action?.description ?? "until it holds")"
    case .read, .change:
      let call = "\(step.action?.description ?? "")\(region) \(JSON.print(.record(parameters)))"
      return "\(step.name): \(call)\(end)"
    }
  }
}
