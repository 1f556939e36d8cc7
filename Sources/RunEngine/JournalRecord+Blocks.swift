import Values

extension ApprovalAsk {
  var payload: Record {
    [
      "step": .text(address.text), "text": .text(text),
      "approvers": .list(approvers.map { .record(Record([($0.kind.rawValue, .text($0.name))])) }),
      "not_requester": .bool(notRequester), "within_ms": within.map { .int(Int($0.milliseconds)) } ?? .null,
      "place": place.value,
    ]
  }
}

extension ApprovalDecision {
  var payload: Record {
    [
      "verdict": .text(verdict.rawValue), "by": .text(by), "role": role.map(Value.text) ?? .null,
      "comment": .text(comment),
    ]
  }
}

extension Notification {
  var payload: Record {
    [
      "step": .text(address.text), "text": .text(text), "channel": channel.map(Value.text) ?? .null,
      "place": place.value,
    ]
  }
}

/// Reading back the records of attempts, deadlines, approvals and notifications.
extension PayloadReader {
  /// Nil for other kinds, and where something is missing.
  func blockRecord(_ kind: String) -> JournalRecord? {
    let block = text("block").map { StepAddress($0) }
    switch kind {
    case "timeout-began":
      return step.map { .timeoutBegan($0, within: .milliseconds(int("within_ms")), place ?? nowhere) }
    case "attempt-failed": return block.flatMap { block in failure.map { .attemptFailed(block, $0) } }
    case "always-failed": return block.flatMap { block in failure.map { .alwaysFailed(block, $0) } }
    case "rescue-began": return block.map { .rescueBegan($0) }
    case "approval-asked": return approvalAsked
    case "approval-decided": return approvalDecided
    case "notified":
      guard let step, let text = text("text") else { return nil }
      return .notified(Notification(address: step, text: text, channel: self.text("channel"), place: place ?? nowhere))
    default: return nil
    }
  }

  private var approvalAsked: JournalRecord? {
    guard let step, let text = text("text") else { return nil }
    return .approvalAsked(
      ApprovalAsk(
        address: step, text: text, approvers: (payload["approvers"]?.asList ?? []).compactMap(approver),
        notRequester: payload["not_requester"]?.asBool ?? false,
        within: payload["within_ms"]?.asInt.map { .milliseconds($0) }, place: place ?? nowhere))
  }

  private func approver(_ value: Value) -> ApprovalAsk.Approver? {
    guard let entry = value.asRecord?.first(where: { _ in true }), let name = entry.value.asText,
      let kind = ApprovalAsk.Approver.Kind(rawValue: entry.key)
    else { return nil }
    return ApprovalAsk.Approver(kind, name)
  }

  private var approvalDecided: JournalRecord? {
    guard let step, let verdict = text("verdict").flatMap(ApprovalDecision.Verdict.init(rawValue:)) else { return nil }
    let decision = ApprovalDecision(
      verdict, by: text("by") ?? "", role: text("role"), comment: text("comment") ?? "")
    return .approvalDecided(step, decision)
  }
}
