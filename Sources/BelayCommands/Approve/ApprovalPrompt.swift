import RunEngine
import Values

/// Asks whoever started a run for an approval, at the terminal where they did.
struct ApprovalPrompt: Sendable {
  let context: CommandContext
  let view: RunView
  /// Who started the run.
  let requester: String

  /// Nil when nobody here may decide.
  func decide(_ ask: ApprovalAsk) async -> ApprovalDecision? {
    guard let terminal = context.terminal,
      let approver = try? Approver(role: ask.approvers.first { $0.kind == .role }?.name),
      approver.refusal(ask, requester: requester) == nil
    else { return nil }
    let rules = ApprovalWording.rules(ask)
    let answer = await view.interrupted {
      context.error.write("\(ask.place): approval: \(ask.text)\(rules.isEmpty ? "" : " (\(rules))")\n")
      return await terminal.ask("Approve as \(approver.signature)? yes, no, or later: ")
    }
    switch answer?.lowercased() {
    case "y", "yes": return approver.decision(.given, ask, comment: "")
    case "n", "no": return approver.decision(.denied, ask, comment: "")
    default: return nil
    }
  }
}
