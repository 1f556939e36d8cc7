import Diagnostics
import RunEngine
import RunbookSyntax
import Values

/// Attempts, deadlines, approvals and notifications.
extension RunbookCompiler {
  /// A guard around the whole owes the `always`; within it stands the attempt, which a failure leaves for its rescue.
  mutating func compile(_ attempt: Attempt, label: String?) -> Register {
    let label = uniqueLabel(label ?? "attempt")
    let value = givenValue()
    let place = place(attempt.span)
    let guarding = attempt.always.map { _ in emit(.end) }
    if let rescue = attempt.rescue {
      compile(attempt.body, rescue, label, value, place)
    } else {
      compile(attempt.body, prefix: label, into: value)
    }
    guard let guarding, let always = attempt.always else { return value }
    emit(.close)
    patch(guarding, .open(BlockSite(label: label, kind: .guarded(always: here), place: place)))
    emit(.open(BlockSite(label: "\(label).always", kind: .always, place: place)))
    compile(always, prefix: "\(label).always", into: nil)
    emit(.close)
    emit(.endAlways)
    return value
  }

  private mutating func compile(
    _ body: Block, _ rescue: Attempt.Rescue, _ label: String, _ value: Register, _ place: Place
  ) {
    let opening = emit(.end)
    compile(body, prefix: label, into: value)
    emit(.close)
    let exit = emit(.end)
    let error = rescue.name.map { _ in fresh() }
    let kind = BlockSite.Kind.attempt(keeps: rescue.keepsWork, rescue: here, error: error)
    patch(opening, .open(BlockSite(label: label, kind: kind, place: place)))
    emit(.constant(value, .null))
    compile(rescue.body, prefix: "\(label).rescue", into: value) { compiler in
      if let name = rescue.name, let error { compiler.bind(name.text, error) }
    }
    patch(exit, .jump(here))
  }

  /// A block whose steps have addresses of their own.
  private mutating func compile(
    _ block: Block, prefix: String, into value: Register?, _ prepare: (inout RunbookCompiler) -> Void = { _ in }
  ) {
    let outer = roundValue
    roundValue = value
    emit(.enterBlock(label: prefix))
    inScope(ofAddresses: true) { compiler in
      prepare(&compiler)
      compiler.compile(block)
    }
    emit(.leaveRound)
    roundValue = outer
  }

  private mutating func givenValue() -> Register {
    let value = fresh()
    emit(.constant(value, .null))
    return value
  }

  mutating func compile(_ timeout: Timeout) -> Register {
    let value = givenValue()
    let limit = compile(timeout.limit)
    emit(.open(BlockSite(label: uniqueLabel("timeout"), kind: .timeout(limit), place: place(timeout.span))))
    compile(giving: timeout.body, value)
    emit(.close)
    return value
  }

  mutating func compile(_ approve: Approve) -> Register {
    let value = givenValue()
    let text = compile(approve.message)
    let within = approve.within.map { compile($0) }
    let approvers = approve.approvers.map { approver in
      switch approver.kind {
      case .role: ApprovalAsk.Approver(.role, approver.name.text)
      case .person: ApprovalAsk.Approver(.person, approver.name.text)
      }
    }
    emit(
      .approve(
        ApprovalSite(
          label: uniqueLabel("approve"), text: text, approvers: approvers, notRequester: approve.excludesRequester,
          within: within, place: place(approve.span))))
    compile(giving: approve.body, value)
    return value
  }

  private mutating func compile(giving block: Block, _ value: Register) {
    let outer = roundValue
    roundValue = value
    inScope { $0.compile(block) }
    roundValue = outer
  }

  mutating func compile(notify message: Expression, _ channel: Expression?, _ span: Span) {
    let text = compile(message)
    let channel = channel.map { compile($0) }
    emit(
      .notify(NotifySite(label: uniqueLabel("notify"), text: text, channel: channel, place: place(span))))
  }
}
