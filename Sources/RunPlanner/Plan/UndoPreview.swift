import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// What a failure at one point of a run would undo: the run, taken there and failed, in a fork of its world.
package struct UndoPreview: Sendable {
  package enum Point: Sendable, Hashable {
    /// Just before the commit of this number, from 0, with its reason.
    case commit(Int, String)
    /// After everything was done.
    case end
    /// Just after this step was done.
    case step(StepAddress)
  }
  package struct Entry: Sendable {
    package let step: StepAddress
    package let actions: [ActionID]
  }
  package let point: Point
  /// When the failure comes, after the start.
  package let at: Duration
  /// Newest first; steps that leave nothing to undo are not among them.
  package let tape: [Entry]
  /// How long undoing takes.
  package let takes: Duration
  /// How many calls leave for it, looks at work under way among them.
  package let callCount: Int
  package let status: RunStatus
  /// What is there afterwards and was not before, is not there any more, or differs.
  package let residue: [BlastRadius.Entry]

  init(_ point: Point, _ outcome: TrialOutcome) {
    let report = RunReport(outcome.records)
    let failedAt = outcome.records.first { if case .failed = $0.1 { true } else { false } }?.0 ?? outcome.endedAt
    self.point = point
    at = failedAt - outcome.startedAt
    takes = outcome.endedAt - failedAt
    status = outcome.status
    callCount = outcome.calls.count { $0.at >= failedAt }
    tape = report.undoOrder.compactMap { address in
      guard let step = report.step(address) else { return nil }
      let actions = step.undoneBy.isEmpty ? UndoPreview.written(address, report) : step.undoneBy
      return actions.isEmpty ? nil : Entry(step: address, actions: actions)
    }
    residue = BlastRadius(outcome, report, lent: [:]).entries
  }

  /// The calls of an author's `undo { … }`.
  private static func written(_ address: StepAddress, _ report: RunReport) -> [ActionID] {
    let prefix = address.text + ".undo."
    return report.steps.filter { $0.kind == .change && $0.address.text.hasPrefix(prefix) }.compactMap(\.action)
  }

  /// As many points as are looked at: the first and the last, when there are more commits.
  static let maximumPoints = 10

  /// A failure before each commit and at the end, in the order of the run.
  static func all(_ trial: Trial, in cloud: EmulatedCloud, commits: [String]) -> [UndoPreview] {
    let whole = commits.enumerated().map { Point.commit($0.offset, $0.element) } + [.end]
    let half = maximumPoints / 2
    let points = whole.count <= maximumPoints ? whole : Array(whole.prefix(half) + whole.suffix(half))
    return points.map { point in
      let before = if case .commit(let number, _) = point { number } else { commits.count }
      return UndoPreview(point, trial.stopping(afterCommits: before).run(in: cloud))
    }
  }

  /// A failure just after each of these steps; steps that are never done are passed over. The way there is gone once.
  static func after(
    _ steps: Set<StepAddress>, _ trial: Trial, in cloud: EmulatedCloud, commits: Int
  ) -> [UndoPreview] {
    var previews: [UndoPreview] = []
    for number in 0...commits {
      var run = trial.stopping(afterCommits: number).begin(in: cloud)
      var (seen, passed) = (0, 0)
      while true {
        for (_, record) in run.records[seen...] {
          if case .committed = record { passed += 1 }
          guard passed == number, case .done(let step, _, _, _, _) = record, steps.contains(step) else { continue }
          var failed = run
          failed.cancel(StoppingProgram.failure.message)
          previews.append(UndoPreview(.step(step), TrialOutcome(failed, from: cloud, account: trial.account)))
        }
        seen = run.records.count
        guard run.state == .going, run.status == .running else { break }
        run.step()
      }
    }
    return previews
  }
}

extension Trial {
  /// The same run, failing in the place of a commit or of its end.
  fileprivate func stopping(afterCommits count: Int) -> Trial {
    var trial = Trial(StoppingProgram(program, afterCommits: count), created: created, account: account, id: id)
    (trial.limits, trial.latency) = (limits, latency)
    return trial
  }
}
