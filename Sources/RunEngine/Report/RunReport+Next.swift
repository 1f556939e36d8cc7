import CloudCatalog
import Values

/// A command that goes on from where a run stands.
package struct NextCommand: Hashable, Sendable {
  /// `belay rollback r-1`
  package let text: String
  /// What it does, in a few words.
  package let purpose: String
}

extension RunReport {
  /// The commands among which a person may choose; none when there is nothing to decide.
  package func nextCommands(_ id: RunID) -> [NextCommand] {
    switch status {
    case .succeeded, .rolledBack, .undoing: []
    case .running, .waiting: pendingApprovals.map { $0.giving(id) }
    case .needsAttention where isHeld:
      remaining.filter { $0.state != .done }.flatMap { commands(for: $0, id) }
        + (canBeRetried
          ? [NextCommand(text: "belay retry \(id)", purpose: "does again what failed, and goes on")] : [])
        + [NextCommand(text: "belay rollback \(id)", purpose: "undoes everything")]
    case .needsAttention: remaining.flatMap { commands(for: $0, id) } + [goingOn(id)]
    }
  }

  /// Whether doing again what failed may end otherwise. What the runbook itself says of its values does not, unless it
  /// says that of a wait.
  package var canBeRetried: Bool {
    if hasUndoBegun { return true }
    switch failure?.kind {
    case .refused, .unknown, .wait, .unreachable, .timeout, .denied, .budget, .cancelled, nil: return true
    case .failed, .program: return steps.contains { $0.kind == .wait && $0.state == .failed }
    }
  }

  private func goingOn(_ id: RunID) -> NextCommand {
    NextCommand(text: "belay rollback \(id)", purpose: "tries again, and undoes the rest")
  }

  private func commands(for step: Step, _ id: RunID) -> [NextCommand] {
    let name = RunReport.quoted(step.address.text)
    switch step.state {
    case .unknown, .running:
      return [
        NextCommand(
          text: "belay accept \(id) \(name) --result '\(sample(step))'",
          purpose: "when it took effect"),
        NextCommand(text: "belay skip \(id) \(name)", purpose: "when it did not take effect"),
      ]
    case .undoFailed, .undoing:
      return [
        NextCommand(text: "belay accept \(id) \(name)", purpose: "when you have undone it by hand"),
        NextCommand(text: "belay skip \(id) \(name)", purpose: "leaves it as it is for good"),
      ]
    case .done, .failed, .notSent, .undone, .kept, .committed, .skipped: return []
    }
  }

  /// The smallest result by which the step's undo finds what it made: `{"Vpc":{"VpcId":"…"}}`.
  private func sample(_ step: Step) -> String {
    guard let path = step.action.flatMap({ Catalog.meaning($0) })?.identity?.description else { return "{}" }
    let names = path.split(separator: ".").map(String.init)
    let sample = names.reversed().reduce(Value.text("…")) { value, name in
      guard name.hasSuffix("[]") else { return .record([name: value]) }
      return .record([String(name.dropLast(2)): .list([value])])
    }
    return JSON.print(sample)
  }

  /// A step's address as one word of the shell.
  fileprivate static func quoted(_ text: String) -> String {
    let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    return isPlain ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }
}

extension RunReport.Approval {
  /// The command by which it is given; the first role that may is named.
  package func giving(_ id: RunID) -> NextCommand {
    let role = ask.approvers.first { $0.kind == .role }.map { " --role \($0.name)" } ?? ""
    return NextCommand(
      text: "belay approve \(id) \(RunReport.quoted(ask.address.text))\(role) --resume",
      purpose: "approves: \(ask.text)")
  }
}
