import CloudCatalog
import Values

/// Taking up a run: what its journal answers is told to the program again, without a call and without a record.
extension RunMachine {
  /// Whether the journal answers a call, wholly or by its intent.
  mutating func replay(
    _ ask: CallAsk, _ id: AskID, _ fiber: FiberID, _ meaning: ActionMeaning, _ mark: StepMark, at now: Instant
  ) -> Bool {
    if meaning.effect == .read {
      let made = MadeCall(call: ask.call, meaning: meaning)
      guard let read = past.takeRead(ask.address) else { return false }
      conclude(ask, id, fiber, made, .done(read.result, requestID: read.requestID, adopted: false), now)
      return true
    }
    if let value = past.skipped[ask.address] {
      answer(id, .result(value), at: now)
      return true
    }
    guard let step = past.steps[ask.address] else { return false }
    guard isSame(step, ask.call, meaning, mark) else {
      intents.append(
        .mismatch(
          "the journal has \(ask.address) as \(step.action) with other arguments than the runbook asks for now; "
            + "the run is left as it is"))
      return true
    }
    var made = MadeCall(call: ask.call, meaning: meaning, before: step.before)
    switch step.end {
    case nil:
      run(activity(ask, fiber, meaning, mark), for: .ask(id, fiber, ask.terms), at: ask.address, past: step, now)
    case .notSent?: return isReplaying(fiber)
    case .done(let result, let requestID, let attempts, let adopted)?:
      made.attempts = attempts
      conclude(ask, id, fiber, made, .done(result, requestID: requestID, adopted: adopted), now)
    case .refused(let error, let attempts)?:
      made.attempts = attempts
      conclude(ask, id, fiber, made, .refused(error), now)
    }
    return true
  }

  /// Whether the journal says how a wait ended.
  mutating func replay(_ ask: WaitAsk, _ id: AskID, at now: Instant) -> Bool {
    guard let wait = past.waits[ask.address], wait.hasEnded else { return false }
    guard let problem = wait.problem else {
      settled(ask.step)
      answer(id, .result(.null), at: now)
      return true
    }
    answer(id, .failed(waitFailure(problem, ask)), at: now)
    return true
  }

  private mutating func conclude(
    _ ask: CallAsk, _ id: AskID, _ fiber: FiberID, _ made: MadeCall, _ conclusion: CallActivity.Conclusion,
    _ now: Instant
  ) {
    isQuiet = true
    concluded(id, fiber, ask, made, conclusion, at: now)
    isQuiet = false
  }

  /// Whether the journal's call is the one that is asked for. Compared as the journal writes them: secrets by name.
  private func isSame(_ step: RunPast.Step, _ asked: CloudCall, _ meaning: ActionMeaning, _ mark: StepMark) -> Bool {
    guard step.action == asked.action else { return false }
    if let tags = meaning.mark, meaning.clientToken == nil, meaning.given.isEmpty,
      tags.isAdded(mark.text, to: asked.arguments, in: step.arguments)
    {
      return true
    }
    let arguments = CallActivity.completed(asked, meaning, mark).arguments
    return step.arguments == arguments || JSON.print(.record(step.arguments)) == JSON.print(.record(arguments))
  }
}
