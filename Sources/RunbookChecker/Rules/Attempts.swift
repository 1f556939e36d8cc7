import Diagnostics
import RunbookSyntax
import Values

/// What does not stand where something is undone, or tidied up.
enum UnfitBlock: String, CaseIterable {
  case attempt, approve
}

extension Checker {
  /// What a `rescue` sees of the failure.
  private static let failure = ValueType.record([
    ValueType.RecordField("code", .text), ValueType.RecordField("message", .text),
    ValueType.RecordField("step", .optional(.text)), ValueType.RecordField("action", .optional(.text)),
    ValueType.RecordField("request_id", .optional(.text)),
  ])

  /// Returns what the attempt or its rescue gives.
  mutating func checkAttempt(_ attempt: Attempt) -> ValueType {
    note(.attempt, attempt.span.firstWord, "'attempt'")
    let before = pendingIrreversible
    var given = checkGivingBlock(attempt.body)
    if let rescue = attempt.rescue {
      let afterBody = pendingIrreversible
      pendingIrreversible = before
      let rescued = checkGivingBlock(rescue.body, failure: rescue.name)
      pendingIrreversible = pendingIrreversible ?? afterBody
      if !rescue.body.endsInFail { given = unite(given, attempt.body, rescued, rescue.body) }
    }
    if let always = attempt.always {
      let outer = place
      place.isInAlways = true
      checkBlock(always)
      place = outer
    }
    return given ?? .null
  }

  private mutating func unite(
    _ given: ValueType?, _ body: Block, _ rescued: ValueType?, _ rescue: Block
  ) -> ValueType? {
    switch (given, rescued) {
    case (nil, nil): return nil
    case (let given?, let rescued?):
      if let both = given.united(with: rescued) { return both }
      report(.mixedAttempt(rescue.lastSpan, rescued, body.lastSpan, given))
    case (_?, nil): report(.unequalAttempt(rescue.span, "the rescue gives nothing, but the attempt does"))
    case (nil, _?): report(.unequalAttempt(body.span, "the attempt gives nothing, but its rescue does"))
    }
    return .unknown
  }

  /// `what` has or is such a block.
  mutating func note(_ block: UnfitBlock, _ span: Span, _ what: String) {
    unfit.insert(block)
    if place.isInUndo { report(.misplacedBlock(span, what, "'undo { … }'")) }
    if place.isInAlways, block == .approve { report(.misplacedBlock(span, what, "'always { … }'")) }
  }

  mutating func checkTimeout(_ timeout: Timeout) -> ValueType {
    checkPositiveDuration(timeout.limit, "the time of 'timeout'")
    checkTimeBound(timeout.limit)
    noteFallible(timeout.span, "this 'timeout'")
    return checkGivingBlock(timeout.body) ?? .null
  }

  mutating func checkApprove(_ approve: Approve) -> ValueType {
    note(.approve, approve.span.firstWord, "'approve'")
    checkMessage(approve.message, "what is to be approved")
    if let within = approve.within { checkPositiveDuration(within, "the time for an approval") }
    noteFallible(approve.span, "this approval")
    let outer = place
    place.isApproved = true
    defer { place = outer }
    return checkGivingBlock(approve.body) ?? .null
  }

  /// What the block gives; nil when it gives nothing. `failure` names what a rescue sees.
  private mutating func checkGivingBlock(_ block: Block, failure: Name? = nil) -> ValueType? {
    guard enterLevel(block.span) else { return .unknown }
    defer { depth -= 1 }
    let outer = place
    place.isTopLevel = false
    scope.enter()
    if let failure { declare(Binding(name: failure, type: Checker.failure, origin: .value)) }
    var given: ValueType?
    if case .give(let value)? = block.statements.last?.kind {
      checkStatements(block.statements.dropLast())
      given = infer(value)
    } else {
      checkStatements(block.statements)
    }
    leaveScope()
    place = outer
    return given
  }
}

extension Block {
  /// Whether its body ends in `give`. A body with a hole in it may have meant to.
  var givesSomething: Bool {
    switch statements.last?.kind {
    case .give?, .missing?: true
    default: false
    }
  }

  fileprivate var endsInFail: Bool { if case .fail? = statements.last?.kind { true } else { false } }
  fileprivate var lastSpan: Span { statements.last?.span ?? span }
}

extension Diagnostic {
  fileprivate static func misplacedBlock(_ span: Span, _ what: String, _ place: String) -> Diagnostic {
    Diagnostic(
      .misplacedBlock, span, "\(what) does not stand in \(place)",
      hint: "what runs on the way back is to be short and sure: calls, waits and loops")
  }

  fileprivate static func mixedAttempt(
    _ span: Span, _ type: ValueType, _ firstSpan: Span, _ first: ValueType
  ) -> Diagnostic {
    Diagnostic(
      .typeMismatch, span, "an attempt and its rescue give one kind of value, but this is \(type.described)",
      notes: [DiagnosticNote("the attempt gives \(first.described)", firstSpan)])
  }

  fileprivate static func unequalAttempt(_ span: Span, _ message: String) -> Diagnostic {
    Diagnostic(
      .misplacedGive, span.firstWord, message, hint: "end both blocks with 'give …', or the rescue with 'fail …'")
  }
}

extension Span {
  /// Its first byte, so that a long block is not marked as a whole.
  fileprivate var firstWord: Span { Span(source, Int(lower), min(Int(lower) + 1, Int(upper))) }
}
