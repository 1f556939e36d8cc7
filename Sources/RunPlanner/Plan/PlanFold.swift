import CloudEmulator
import RunDriver
import RunEngine

/// Follows a planned run beside it: while it goes on, what it did before is folded on another thread.
actor PlanFold {
  /// What a run did in some turns.
  struct Stretch: Sendable {
    let logs: TrialOutcome.Run.Logs
    let calls: [SimulatedCall]
    /// How many of the calls left on the way back.
    let undoCallCount: Int
  }
  private(set) var planned: PlannedRun

  init(_ question: RunPlan.Question) { planned = PlannedRun(question) }

  /// So many records are a stretch.
  private static let length = 512

  private func take(_ stretch: Stretch) { planned.take(stretch) }

  /// The planned run to its end, the points at which it may fail, and all that the plan keeps of it.
  static func run(_ question: RunPlan.Question) async -> (TrialOutcome, Handover<UndoPoints>, PlannedRun) {
    let fold = PlanFold(question)
    var run = question.trial.pausing.begin(in: question.cloud)
    let startedAt = run.records.first?.0 ?? run.now
    var points = UndoPoints()
    var turns = 0
    var done = stretch(of: &run, &points, &turns)
    while run.state == .going, turns < SimulatedDriver.maximumTurns {
      // Held until the end of the turn: what was made here is freed here.
      let last = done
      async let folded: Void = fold.take(last)
      done = stretch(of: &run, &points, &turns)
      await folded
    }
    await fold.take(done)
    var outcome = TrialOutcome(
      run, startedAt: startedAt, from: question.cloud, account: question.trial.account, turns: turns)
    var planned = await fold.planned
    planned.ended(with: outcome.after.inventory(account: outcome.account))
    outcome.asked = planned.asked
    return (outcome, Handover(points), planned)
  }

  /// Goes on with a run, and takes what it has done from its lists.
  private static func stretch(
    of run: inout TrialOutcome.Run, _ points: inout UndoPoints, _ turns: inout Int
  ) -> Stretch {
    var undoCallCount = 0
    points.take(&run)
    while run.state == .going, turns < SimulatedDriver.maximumTurns, run.records.count < length {
      let callCount = run.cloud.calls.count
      run.step()
      if run.status == .undoing { undoCallCount += run.cloud.calls.count - callCount }
      points.take(&run)
      turns += 1
    }
    defer { run.forgetLogs() }
    return Stretch(logs: run.logs, calls: run.cloud.calls, undoCallCount: undoCallCount)
  }
}
