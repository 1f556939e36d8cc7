import CloudCatalog
import Values

/// What a journal says of a run that is taken up again: each question of the program that it answers is not asked of
/// the world a second time.
package struct RunPast: Sendable {
  enum End: Sendable {
    case done(Record, requestID: String, attempts: Int, adopted: Bool)
    case refused(CloudError, attempts: Int)
    case notSent
  }
  /// Shared by all copies of the past.
  final class Step: Sendable {
    let action: ActionID
    let arguments: Record
    let before: Value
    let known: [Value]
    /// Nil when the intent is the last that was written: whether the call took effect is not known.
    let end: End?

    init(action: ActionID, arguments: Record, before: Value, known: [Value], end: End? = nil) {
      self.action = action
      self.arguments = arguments
      self.before = before
      self.known = known
      self.end = end
    }

    func ending(_ end: End) -> Step {
      Step(action: action, arguments: arguments, before: before, known: known, end: end)
    }
  }
  struct Wait: Sendable {
    let beganAt: Instant
    var hasEnded = false
    var problem: String?
  }
  /// A call of an undo whose intent was written.
  struct UndoStep: Sendable {
    let action: ActionID
    let arguments: Record
    let known: [Value]
    /// Nil when the intent is the last that was written: whether the call took effect is not known.
    var end: (result: Record, requestID: String)?
    /// What it was to take away was not there any more: no work of it is to be waited for.
    var wasGone = false
  }
  struct Approval: Sendable {
    let askedAt: Instant
    var decision: ApprovalDecision?
  }
  private(set) var steps: [StepAddress: Step] = [:]
  private(set) var waits: [StepAddress: Wait] = [:]
  /// Values that a person gave for steps that are not wanted.
  private(set) var skipped: [StepAddress: Value] = [:]
  /// Why attempts failed.
  private(set) var attempts: [StepAddress: RunFailure] = [:]
  private(set) var rescued: Set<StepAddress> = []
  private(set) var failedAlways: Set<StepAddress> = []
  private(set) var timeouts: [StepAddress: Instant] = [:]
  private(set) var approvals: [StepAddress: Approval] = [:]
  private(set) var notified: Set<StepAddress> = []
  private(set) var failure: RunFailure?
  private(set) var hasUndoBegun = false
  private(set) var undone: Set<StepAddress> = []
  private var undoSteps: [StepAddress: [UndoStep]] = [:]
  /// Why the run is to be undone although nothing has failed; nil to go on.
  private(set) var rollback: RunFailure?
  private var reads: [StepAddress: [(result: Record, requestID: String)]] = [:]
  private var commits = 0
  private var outputs = 0
  /// How many records the journal has.
  package private(set) var count = 0

  package init() {}

  package init(_ records: some Sequence<(Instant, JournalRecord)>) {
    // About half of the records are outcomes of the other half.
    steps.reserveCapacity(records.underestimatedCount / 2)
    for (at, record) in records {
      count += 1
      apply(record, at)
    }
    // The last read comes off first.
    reads = reads.mapValues { $0.reversed() }
  }

  private mutating func apply(_ record: JournalRecord, _ at: Instant) {
    switch record {
    case .intent(let address, let action, let arguments, let before, let known, _, _):
      steps[address] = Step(action: action, arguments: arguments, before: before, known: known)
    case .read(let address, _, let result, let requestID, _): reads[address, default: []].append((result, requestID))
    case .done(let address, let result, let requestID, let attempts, let adopted):
      end(address, .done(result, requestID: requestID, attempts: attempts, adopted: adopted))
    case .refused(let address, let error, let attempts): end(address, .refused(error, attempts: attempts))
    case .notSent(let address): end(address, .notSent)
    case .waitBegan(let address, _, _, _): waits[address] = Wait(beganAt: at)
    case .waitEnded(let address, let problem):
      waits[address]?.hasEnded = true
      waits[address]?.problem = problem
    case .committed: commits += 1
    case .output: outputs += 1
    case .failed(let failure): self.failure = self.failure ?? failure
    case .undoBegan: hasUndoBegun = true
    case .undone(let address): undone.insert(address)
    case .undoIntent(let address, let action, let arguments, let known):
      undoSteps[address, default: []].append(UndoStep(action: action, arguments: arguments, known: known))
    case .undoDone(let address, let action, let result, let requestID, let wasGone, _):
      guard let index = openUndo(of: address, action) else { return }
      undoSteps[address]?[index].end = (result, requestID)
      undoSteps[address]?[index].wasGone = wasGone
    case .undoRefused(let address, let action, _):
      if let index = openUndo(of: address, action) { undoSteps[address]?.remove(at: index) }
    case .asked(let verb, let by): apply(verb, by: by, at)
    case .timeoutBegan(let address, _, _): timeouts[address] = at
    case .attemptFailed(let address, let failure): attempts[address] = failure
    case .rescueBegan(let address): rescued.insert(address)
    case .alwaysFailed(let address, _): failedAlways.insert(address)
    case .approvalAsked(let ask): approvals[ask.address] = Approval(askedAt: at)
    case .approvalDecided(let address, let decision): approvals[address]?.decision = decision
    case .notified(let notification): notified.insert(notification.address)
    // A step of which nobody knew is looked for again; an undo that failed is tried again.
    case .unknown, .created, .undoFailed, .finished: break
    }
  }

  private mutating func end(_ address: StepAddress, _ end: End) {
    guard let place = steps.index(forKey: address) else { return }
    steps.values[place] = steps.values[place].ending(end)
  }

  private func openUndo(of address: StepAddress, _ action: ActionID) -> Int? {
    undoSteps[address]?.firstIndex { $0.action == action && $0.end == nil }
  }

  /// Before the undo has begun, a failure is taken back by whoever deals with it; after, the undo goes on.
  private mutating func apply(_ verb: RunVerb, by: String, _ at: Instant) {
    switch verb {
    case .resume: return
    case .cancel, .rollback:
      rollback = verb.failure(by: by)
      return
    case .retry: if !hasUndoBegun { forgetFailures() }
    case .skip(let address, let result):
      if hasUndoBegun {
        if let step = steps[address], step.end == nil { steps[address] = step.ending(.notSent) }
        undone.insert(address)
      } else {
        skipped[address] = result
      }
    case .accept(let address, nil): undone.insert(address)
    case .accept(let address, let result?):
      end(address, .done(result, requestID: "", attempts: 0, adopted: true))
    }
    if !hasUndoBegun {
      (failure, rollback) = (nil, nil)
      beginAnew(at)
    }
  }

  /// What was refused, denied or not awaited to its end is asked for anew.
  private mutating func forgetFailures() {
    for (address, step) in steps { if case .refused? = step.end { steps[address] = nil } }
    waits = waits.filter { $0.value.problem == nil }
    approvals = approvals.filter { $0.value.decision?.verdict != .denied && $0.value.decision?.verdict != .expired }
  }

  /// What was under way when the run stopped goes on; the time for which it stood still does not count.
  private mutating func beginAnew(_ now: Instant) {
    approvals = approvals.filter { $0.value.decision?.verdict != .withdrawn }
    timeouts = timeouts.mapValues { _ in now }
    for (address, wait) in waits where !wait.hasEnded { waits[address] = Wait(beganAt: now) }
  }

  /// What became of an undo call that an earlier process began; taken off.
  mutating func takeUndo(of address: StepAddress, _ call: CloudCall) -> UndoStep? {
    guard let begun = undoSteps[address] else { return nil }
    let wanted = JSON.print(.record(call.arguments))
    let index = begun.firstIndex { $0.action == call.action && JSON.print(.record($0.arguments)) == wanted }
    return index.flatMap { undoSteps[address]?.remove(at: $0) }
  }

  /// What the last answered call of an undo gave, for those that come after it.
  func lastUndoResult(of address: StepAddress) -> Record? { undoSteps[address]?.last { $0.end != nil }?.end?.result }

  /// The next answer of a read that the journal holds; taken off.
  mutating func takeRead(_ address: StepAddress) -> (result: Record, requestID: String)? { reads[address]?.popLast() }

  func hasRead(_ address: StepAddress) -> Bool { !(reads[address]?.isEmpty ?? true) }

  /// Whether a commit or an output is already written; counts it off.
  mutating func takeCommit() -> Bool {
    commits -= 1
    return commits >= 0
  }

  mutating func takeOutput() -> Bool {
    outputs -= 1
    return outputs >= 0
  }
}
