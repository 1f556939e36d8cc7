import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// What a plan keeps of its run while it goes on: what is asked for and answered is folded and not kept, so that a plan
/// of a hundred thousand steps stays small.
struct PlannedRun {
  typealias Run = TrialOutcome.Run

  private(set) var report = RunReport()
  private(set) var origins: Origins
  /// In order, without arguments, answers and before-images.
  private(set) var records: [(Instant, JournalRecord)] = []
  private(set) var times: [Int: CallTimes] = [:]
  /// The first call of each step's own action.
  private(set) var asked: [AskedCall] = []
  private(set) var counts: [ActionID: Int] = [:]
  /// How many calls left on the way back of a run that failed by itself.
  private(set) var undoCallCount = 0
  var points = UndoPoints()
  private var known: Set<StepAddress> = []
  /// Reads of which it is not known yet whether they are steps, or are needed before one.
  private var open: [StepAddress: AskedCall] = [:]

  init(_ question: RunPlan.Question) {
    let before = question.cloud.inventory(account: question.trial.account)
    origins = Origins(
      mark: question.trial.id, created: question.trial.created, old: before.map(\.id), new: [String](),
      isReal: question.isReal)
  }

  mutating func take(_ run: inout Run) {
    points.take(&run)
    for asked in run.asked where !asked.isUndo { note(asked) }
    for (at, record) in run.records {
      settle(record)
      report.apply(record, at: at)
      origins.note(record)
      records.append((at, record.outline))
    }
    for (sequence, time) in run.times { times[sequence] = time }
    for call in run.cloud.calls { counts[call.action, default: 0] += 1 }
    if run.status == .undoing { undoCallCount += run.cloud.calls.count }
    run.forgetLogs()
  }

  private mutating func note(_ asked: AskedCall) {
    if let step = report.step(asked.step) {
      if asked.call.action == step.action, known.insert(asked.step).inserted { self.asked.append(asked) }
    } else if open[asked.step] == nil {
      open[asked.step] = asked
    }
  }

  /// The record of a read tells that it is a step, the intent of a change that what came before was needed for it.
  private mutating func settle(_ record: JournalRecord) {
    if case .intent(let step, _, _, _, _, _, _) = record { open[step] = nil }
    guard case .read(let step, let action, _, _, _) = record, let first = open.removeValue(forKey: step),
      first.call.action == action, known.insert(step).inserted
    else { return }
    asked.append(first)
  }

  mutating func ended(with inventory: [InventoryLine]) { origins.new = Set(inventory.map(\.id)) }
}

extension JournalRecord {
  /// Without what is asked for and answered.
  fileprivate var outline: JournalRecord {
    switch self {
    case .intent(let step, let action, _, _, _, let kept, let place):
      .intent(step, action, arguments: Record(), before: .null, known: [], kept: kept, place)
    case .read(let step, let action, _, _, let place):
      .read(step, action, result: Record(), requestID: "", place)
    case .done(let step, _, _, let attempts, let adopted):
      .done(step, result: Record(), requestID: "", attempts: attempts, adopted: adopted)
    case .undoIntent(let step, let action, _, _): .undoIntent(step, action, arguments: Record(), known: [])
    case .undoDone(let step, let action, _, _, let note):
      .undoDone(step, action, result: Record(), requestID: "", note: note)
    case .created, .refused, .unknown, .notSent, .waitBegan, .waitEnded, .timeoutBegan, .attemptFailed, .rescueBegan,
      .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .committed, .output, .failed, .undoBegan,
      .undoRefused, .undone, .undoFailed, .asked, .finished:
      self
    }
  }
}
