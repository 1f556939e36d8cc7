import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// What a plan keeps of its run while it goes on: what is asked for and answered is folded and not kept, so that a plan
/// of a hundred thousand steps stays small.
struct PlannedRun {
  /// Of its steps, the answers are left out.
  private(set) var report = RunReport()
  private(set) var times = RunTimes()
  private(set) var origins: Origins
  private(set) var commits: [(reason: String, at: Instant)] = []
  /// The first call of each step's own action, in the order of asking.
  private(set) var asked: [AskedCall] = []
  /// Where in `asked` that of each step of the report is; -1 where there is none.
  private(set) var askedByNumber: [Int32] = []
  private(set) var counts: [ActionID: Int] = [:]
  /// The way back of a run that failed by itself.
  private(set) var wayBack = UndoFold()
  private(set) var failedAt: Instant?
  /// The steps whose answers name ids, by their numbers: those that use something after those that made it.
  private var makers: [String: Int] = [:]
  /// Reads of which it is not known yet whether they are steps, or are needed before one.
  private var open: [StepAddress: AskedCall] = [:]

  init(_ question: RunPlan.Question) {
    let before = question.cloud.inventory(account: question.trial.account)
    origins = Origins(
      mark: question.trial.id, created: question.trial.created, old: before.map(\.id), new: [String](),
      isReal: question.isReal)
  }

  mutating func take(_ stretch: PlanFold.Stretch) {
    let logs = stretch.logs
    var asked = logs.asked[...]
    for (offset, (at, record)) in logs.records.enumerated() {
      let sequence = logs.firstSequence + offset
      while let first = asked.first, first.sequence <= sequence { note(asked.removeFirst()) }
      note(record, at: at, logs.times[sequence])
    }
    for call in asked { note(call) }
    for call in stretch.calls { counts[call.action, default: 0] += 1 }
    wayBack.count(stretch.undoCallCount)
  }

  private mutating func note(_ asked: AskedCall) {
    if asked.isUndo { return }
    if let number = report.number(of: asked.step) {
      if asked.call.action == report.steps[number].action { add(asked, number) }
    } else if open[asked.step] == nil {
      open[asked.step] = asked
    }
  }

  private mutating func add(_ asked: AskedCall, _ number: Int) {
    while askedByNumber.count <= number { askedByNumber.append(-1) }
    guard askedByNumber[number] < 0 else { return }
    askedByNumber[number] = Int32(self.asked.count)
    self.asked.append(asked)
  }

  private mutating func note(_ record: JournalRecord, at: Instant, _ waited: CallTimes?) {
    report.apply(record, at: at)
    times.note(record, at: at, waited, in: report)
    origins.note(record)
    wayBack.note(record)
    switch record {
    // What came before the intent of a change was needed for it; that of a read tells that the read is a step.
    case .intent(let step, _, _, _, _, _, _): open[step] = nil
    case .read(let step, let action, _, _, _):
      guard let number = report.number(of: step) else { return }
      report.forgetAnswer(of: number)
      if let first = open.removeValue(forKey: step), first.call.action == action { add(first, number) }
    case .done(let step, let result, _, _, _):
      guard let number = report.number(of: step) else { return }
      report.forgetAnswer(of: number)
      note(result, of: number)
    case .committed(let reason): commits.append((reason, at))
    case .failed: failedAt = failedAt ?? at
    case .created, .refused, .unknown, .notSent, .waitBegan, .waitEnded, .timeoutBegan, .attemptFailed, .rescueBegan,
      .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .output, .undoBegan, .undoIntent, .undoDone,
      .undoRefused, .undone, .undoFailed, .asked, .finished:
      return
    }
  }

  /// Which ids a change's answer names.
  private mutating func note(_ result: Record, of number: Int) {
    guard let action = report.steps[number].action, let identity = Catalog.meaning(action)?.identity,
      let ids = identity.value(in: .record(result))
    else { return }
    for id in (ids.asList ?? [ids]).compactMap(\.asText) { makers[id] = max(makers[id] ?? 0, number) }
  }

  /// Where in `asked` the call of a step is; a wait has none, whatever is looked at for it.
  func call(of number: Int) -> Int? {
    guard report.steps[number].kind != .wait, number < askedByNumber.count, askedByNumber[number] >= 0 else {
      return nil
    }
    return Int(askedByNumber[number])
  }

  /// A failure before each commit and at the end, in the order of the run; see ``UndoPoints``.
  func previews(_ points: Handover<UndoPoints>, _ outcome: TrialOutcome, _ trial: Trial) -> [UndoPreview] {
    guard outcome.status == .succeeded else {
      return [UndoPreview(failed: outcome, at: failedAt ?? outcome.endedAt, wayBack)]
    }
    return points.take().previews(outcome, trial, commits: commits.map(\.reason))
  }

  /// The steps whose answers name ids.
  var stepsByID: [String: StepAddress] { makers.mapValues { report.steps[$0].address } }

  mutating func ended(with inventory: [InventoryLine]) { origins.new = Set(inventory.map(\.id)) }
}
