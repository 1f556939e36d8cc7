import RunEngine

/// Whoever decides on an approval: what the local account says, or somebody that this account speaks for.
struct Approver: Sendable {
  /// The machine's account.
  let account: String
  let name: String
  /// The role that is claimed; it counts only where no file of roles says otherwise.
  private let claimed: String?
  private let roles: Roles?

  init(name: String? = nil, role: String? = nil) throws(CommandFailure) {
    account = LocalAccount.name()
    self.name = name ?? account
    claimed = role
    roles = try Roles.read(CommandContext.current.environment)
  }

  /// As the journal keeps it.
  var signature: String { name == account ? name : "\(name) (through the account \(account))" }

  /// Why this person may not decide; nil when they may.
  func refusal(_ ask: ApprovalAsk, requester: String) -> String? {
    if ask.notRequester, name == requester || account == requester {
      return "\(requester) started the run, and whoever started it may not approve it"
    }
    guard !ask.approvers.isEmpty, right(ask) == nil else { return nil }
    let wanted = ask.approvers.map(\.description).joined(separator: " or ")
    if roles != nil {
      let path = Roles.path(CommandContext.current.environment)
      return "it takes \(wanted): \(name) is neither; \(path) says who has a role"
    }
    let role = ask.approvers.first { $0.kind == .role }
    return "it takes \(wanted)" + (role.map { ": give --role \($0.name) if that role is yours" } ?? ", not \(name)")
  }

  /// The first condition that this person meets.
  private func right(_ ask: ApprovalAsk) -> ApprovalAsk.Approver? {
    ask.approvers.first { approver in
      switch approver.kind {
      case .person: approver.name == name
      case .role: roles.map { $0.has(name, approver.name) } ?? (claimed == approver.name)
      }
    }
  }

  func decision(_ verdict: ApprovalDecision.Verdict, _ ask: ApprovalAsk, comment: String) -> ApprovalDecision {
    let role = right(ask).flatMap { $0.kind == .role ? $0.name : nil }
    return ApprovalDecision(verdict, by: signature, role: role, comment: comment)
  }
}
