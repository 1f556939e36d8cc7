import CloudCatalog
import Values

/// What can be told of a run: a fold over its records. The live view, `belay show` and the JSON form all read this.
package struct RunReport: Sendable {
  package enum StepState: String, Sendable {
    case running, done, failed, unknown
    case notSent = "not-sent"
    case undoing, undone
    case undoFailed = "undo-failed"
    /// The author keeps it, or it cannot be undone.
    case kept
    /// Final: a commit came after it.
    case committed
    /// A person said that it is not wanted.
    case skipped
  }
  package enum StepKind: String, Sendable { case change, read, wait }

  package struct Step: Sendable {
    package let address: StepAddress
    package let kind: StepKind
    /// Nil for a `wait … until`.
    package let action: ActionID?
    package let place: Place
    package let startedAt: Instant
    package internal(set) var endedAt: Instant?
    package internal(set) var state: StepState
    package internal(set) var attempts = 1
    package internal(set) var requestID = ""
    /// What went wrong, or what undoing met.
    package internal(set) var note = ""
    package internal(set) var arguments = Record()
    package internal(set) var result = Record()
    package internal(set) var kept: String?
    /// Whether it is a call of an author's `undo { … }`: that is how something was undone, and itself is not.
    package internal(set) var isUndo = false
    /// The calls that undid it, in order.
    package internal(set) var undoneBy: [ActionID] = []
  }

  package private(set) var runbook = ""
  package private(set) var version = ""
  package private(set) var cloud = ""
  package private(set) var source = ""
  /// The texts of the files that the runbook uses, by path.
  package private(set) var files = Record()

  /// The text of one of the run's files; nil for any other.
  package func source(at path: String) -> String? { path == self.path ? source : files[path]?.asText }
  package private(set) var path = ""
  package private(set) var inputs = Record()
  package private(set) var createdAt: Instant?
  package private(set) var lastAt: Instant?
  package private(set) var status = RunStatus.running
  package private(set) var failure: RunFailure?
  package private(set) var outputs: [(name: String, value: Value)] = []
  package private(set) var commits: [String] = []
  /// In the order in which they began.
  package private(set) var steps: [Step] = []
  /// The order in which steps were undone.
  package private(set) var undoOrder: [StepAddress] = []
  /// Who started it, as the local account said.
  package private(set) var requester = ""
  /// Attempts that failed, in the order in which they did.
  package private(set) var attempts: [Attempt] = []
  /// Each `always` that failed while what is around it was being undone.
  package private(set) var failedAlways: [(address: StepAddress, failure: RunFailure)] = []
  /// In the order in which they were asked for.
  package private(set) var approvals: [Approval] = []
  package private(set) var notifications: [(at: Instant, notification: Notification)] = []
  package private(set) var hasUndoBegun = false
  private var indexByAddress: [StepAddress: Int] = [:]

  package init() {}

  package init(_ records: some Sequence<(Instant, JournalRecord)>) {
    for (at, record) in records { apply(record, at: at) }
  }

  package func step(_ address: StepAddress) -> Step? { indexByAddress[address].map { steps[$0] } }

  /// Where among ``steps`` it is.
  package func number(of address: StepAddress) -> Int? { indexByAddress[address] }

  /// Steps of which something is left in the cloud although the run failed.
  package var remaining: [Step] {
    guard failure != nil else { return [] }
    return steps.filter { step in
      guard step.kind == .change, !step.isUndo else { return false }
      switch step.state {
      case .undoFailed, .unknown, .undoing: return true
      case .done: return status == .needsAttention && !isHarmless(step)
      case .running: return status.isEnd
      case .failed, .notSent, .undone, .kept, .committed, .skipped: return false
      }
    }
  }

  private func isHarmless(_ step: Step) -> Bool {
    guard let action = step.action, let meaning = Catalog.meaning(action) else { return false }
    if case .nothing = meaning.undo { return true }
    return false
  }

  /// Who follows a long run does not keep what it was answered.
  package mutating func forgetAnswer(of number: Int) {
    (steps[number].result, steps[number].requestID) = (Record(), "")
  }

  package mutating func apply(_ record: JournalRecord, at: Instant) {
    lastAt = at
    switch record {
    case .created(let runbook, let version, let path, let source, let inputs, let cloud, let by, let files):
      (self.runbook, self.version, self.path, self.source) = (runbook, version, path, source)
      (self.inputs, self.cloud, self.files, requester, createdAt) = (inputs, cloud, files, by, at)
    case .intent(let address, let action, let arguments, _, _, let kept, let place):
      var step = Step(address: address, kind: .change, action: action, place: place, startedAt: at, state: .running)
      (step.arguments, step.kept, step.isUndo) = (arguments, kept, isUndo(address))
      add(step)
    case .read(let address, let action, let result, let requestID, let place):
      var step = Step(address: address, kind: .read, action: action, place: place, startedAt: at, state: .done)
      (step.result, step.requestID, step.endedAt) = (result, requestID, at)
      add(step)
    case .done(let address, let result, let requestID, let attempts, let adopted):
      update(address) { step in
        (step.state, step.endedAt, step.note) = (.done, at, adopted ? "the answer was lost; found done" : "")
        (step.result, step.requestID, step.attempts) = (result, requestID, attempts)
        if step.kept != nil { step.state = .kept }
      }
    case .refused(let address, let error, let attempts):
      end(address, .failed, at, note: "\(error.code): \(error.message)")
      update(address) { ($0.requestID, $0.attempts) = (error.requestID, attempts) }
    case .unknown(let address, let reason): end(address, .unknown, at, note: reason)
    case .notSent(let address): end(address, .notSent, at, note: "")
    case .waitBegan(let address, let awaited, _, let place):
      let action = awaited.flatMap { step($0)?.action }
      add(Step(address: address, kind: .wait, action: action, place: place, startedAt: at, state: .running))
    case .waitEnded(let address, let problem):
      end(address, problem == nil ? .done : .failed, at, note: problem ?? "")
    case .committed(let reason): commit(reason)
    case .output(let name, let value): outputs.append((name, value))
    case .failed(let failure): fail(failure, at)
    case .undoBegan: (status, hasUndoBegun) = (.undoing, true)
    case .undoIntent(let address, let action, _, _):
      update(address) { step in
        // An undo that failed is begun anew.
        if step.state == .undoFailed { (step.undoneBy, step.note) = ([], "") }
        step.state = .undoing
        step.undoneBy.append(action)
      }
    case .undoDone(let address, _, _, _, _, let note): update(address) { if !note.isEmpty { $0.note = note } }
    case .undone(let address):
      undoOrder.append(address)
      update(address) { $0.state = .undone }
    case .undoRefused(let address, _, let error): update(address) { $0.requestID = error.requestID }
    case .undoFailed(let address, let reason): update(address) { ($0.state, $0.note) = (.undoFailed, reason) }
    case .asked(let verb, let by): asked(verb, by: by, at)
    case .finished(let end): status = end
    case .timeoutBegan: break
    case .attemptFailed(let address, let failure):
      attempts.append(Attempt(address: address, failure: failure, failedAt: at))
    case .rescueBegan(let address):
      if let index = attempts.lastIndex(where: { $0.address == address }) { attempts[index].rescuedAt = at }
    case .alwaysFailed(let address, let failure): failedAlways.append((address, failure))
    case .approvalAsked(let ask): approvals.append(Approval(ask: ask, askedAt: at))
    case .approvalDecided(let address, let decision): decide(address, decision, at)
    case .notified(let notification): notifications.append((at, notification))
    }
  }

  /// What a person asked for takes back the end of the run, and before the undo has begun its failure too.
  private mutating func asked(_ verb: RunVerb, by: String, _ at: Instant) {
    status = hasUndoBegun ? .undoing : .running
    switch verb {
    case .resume, .cancel, .rollback: return
    case .retry: break
    case .skip(let address, _):
      update(address) { ($0.state, $0.note) = (.skipped, "not wanted: \(by)") }
    case .accept(let address, nil):
      update(address) { ($0.state, $0.note) = (.undone, "undone by hand: \(by)") }
    case .accept(let address, let result?):
      end(address, .done, at, note: "done by hand: \(by)")
      update(address) { step in
        step.result = result
        if step.kept != nil { step.state = .kept }
      }
    }
    if !hasUndoBegun { failure = nil }
  }

  private mutating func add(_ step: Step) {
    if let index = indexByAddress[step.address] {
      steps[index] = step
    } else {
      indexByAddress[step.address] = steps.count
      steps.append(step)
    }
  }

  private mutating func update(_ address: StepAddress, _ change: (inout Step) -> Void) {
    guard let index = indexByAddress[address] else { return }
    change(&steps[index])
  }

  private mutating func end(_ address: StepAddress, _ state: StepState, _ at: Instant, note: String) {
    update(address) { ($0.state, $0.endedAt, $0.note) = (state, at, note) }
  }

  private mutating func commit(_ reason: String) {
    commits.append(reason)
    for index in steps.indices where steps[index].kind == .change && steps[index].state == .done {
      steps[index].state = .committed
    }
  }

  private mutating func decide(_ address: StepAddress, _ decision: ApprovalDecision, _ at: Instant) {
    guard let index = approvals.lastIndex(where: { $0.ask.address == address }) else { return }
    (approvals[index].decision, approvals[index].decidedAt) = (decision, at)
  }

  /// Waits that were under way when the run failed ended with it.
  private mutating func fail(_ failure: RunFailure, _ at: Instant) {
    self.failure = failure
    for index in steps.indices where steps[index].kind == .wait && steps[index].state == .running {
      (steps[index].state, steps[index].endedAt) = (.notSent, at)
    }
  }
}
