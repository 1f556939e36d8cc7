import RunEngine
import Values

/// Words for approvals, the same in the plain lines, in the summary and at the prompt.
enum ApprovalWording {
  /// `"Retire 3 instances"  by role ops_lead, not the requester, within 30min`
  static func request(_ ask: ApprovalAsk) -> String {
    let rules = rules(ask)
    return "\"\(ask.text)\"" + (rules.isEmpty ? "" : "  \(rules)")
  }

  static func rules(_ ask: ApprovalAsk) -> String {
    [
      ask.approvers.isEmpty ? nil : "by \(ask.approvers.map(\.description).joined(separator: " or "))",
      ask.notRequester ? "not the requester" : nil,
      ask.within.map { "within \($0.belayText)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  static func decision(_ decision: ApprovalDecision) -> String {
    var words = decision.by.isEmpty ? "" : "by \(decision.by)"
    if let role = decision.role { words += " as \(role)" }
    return decision.comment.isEmpty ? words : "\(words): \(decision.comment)"
  }
}
