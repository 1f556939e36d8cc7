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
  struct Step: Sendable {
    let action: ActionID
    let arguments: Record
    let before: Value
    let known: [Value]
    /// Nil when the intent is the last that was written: whether the call took effect is not known.
    var end: End?
  }
  struct Wait: Sendable {
    let beganAt: Instant
    var hasEnded = false
    var problem: String?
  }
  private(set) var steps: [StepAddress: Step] = [:]
  private(set) var waits: [StepAddress: Wait] = [:]
  private(set) var failure: RunFailure?
  private(set) var hasUndoBegun = false
  private(set) var undone: Set<StepAddress> = []
  private var reads: [StepAddress: [(result: Record, requestID: String)]] = [:]
  private var commits = 0
  private var outputs = 0
  /// How many records the journal has.
  package private(set) var count = 0

  /// Why everything is to be undone although nothing has failed; nil to go on.
  package var rollback: RunFailure?

  /// Whether the program is only told what the journal answers, and nothing new begins.
  var isFailed: Bool { failure != nil || rollback != nil }

  package init() {}

  package init(_ records: some Sequence<(Instant, JournalRecord)>) {
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
      steps[address]?.end = .done(result, requestID: requestID, attempts: attempts, adopted: adopted)
    case .refused(let address, let error, let attempts): steps[address]?.end = .refused(error, attempts: attempts)
    case .notSent(let address): steps[address]?.end = .notSent
    case .waitBegan(let address, _, _, _): waits[address] = Wait(beganAt: at)
    case .waitEnded(let address, let problem):
      waits[address]?.hasEnded = true
      waits[address]?.problem = problem
    case .committed: commits += 1
    case .output: outputs += 1
    case .failed(let failure): self.failure = self.failure ?? failure
    case .undoBegan: hasUndoBegun = true
    case .undone(let address): undone.insert(address)
    // A step of which nobody knew is looked for again; an undo that was begun is done again, and what is gone is gone.
    case .unknown, .created, .undoIntent, .undoDone, .undoFailed, .finished: break
    }
  }

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
