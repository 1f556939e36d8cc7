import Values

struct PendingApproval: Sendable {
  let id: AskID
  let fiber: FiberID
  let ask: ApprovalAsk
}

/// People's words, and words for people.
extension RunMachine {
  mutating func begin(_ ask: ApprovalAsk, _ id: AskID, _ fiber: FiberID, at now: Instant) {
    let known = past.approvals[ask.address]
    if let decision = known?.decision {
      if decision.verdict != .withdrawn { answer(id, outcome(of: ask, decision), at: now) }
      return
    }
    if isReplaying(fiber) { return }
    if known == nil { append(.approvalAsked(ask)) }
    approvals[ask.address] = PendingApproval(id: id, fiber: fiber, ask: ask)
    fibers[fiber]?.approval = ask.address
    intents.append(.askApproval(ask))
    if let within = ask.within { wake(.approval(ask.address), at: max(now, clamped(known?.askedAt, now) + within)) }
  }

  /// A decision that nobody waits for, or not any more, is not taken.
  mutating func decided(_ address: StepAddress, _ decision: ApprovalDecision, at now: Instant) {
    guard let approval = approvals.removeValue(forKey: address) else { return }
    fibers[approval.fiber]?.approval = nil
    append(.approvalDecided(address, decision))
    answer(approval.id, outcome(of: approval.ask, decision), at: now)
  }

  private func outcome(of ask: ApprovalAsk, _ decision: ApprovalDecision) -> Answer {
    let by = decision.by.isEmpty ? "" : " by \(decision.by)"
    let comment = decision.comment.isEmpty ? "" : ": \(decision.comment)"
    let message: String
    let code: String
    switch decision.verdict {
    case .given: return .result(.null)
    case .denied: (message, code) = ("the approval was denied\(by)\(comment)", "ApprovalDenied")
    case .expired, .withdrawn:
      (message, code) = ("nobody approved within \(ask.within?.belayText ?? "the time")", "ApprovalExpired")
    }
    return .failed(RunFailure(.denied, message, step: ask.address, place: ask.place, code: code))
  }

  mutating func notify(_ notification: Notification, _ fiber: FiberID) {
    guard !past.notified.contains(notification.address), !isReplaying(fiber) else { return }
    append(.notified(notification))
  }
}
