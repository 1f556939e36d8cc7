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

  /// The run of `trial`, standing at the point, is cancelled there and goes on to its end. `start` is the world that it
  /// began in.
  init(_ point: Point, _ standing: consuming TrialOutcome.Run, of trial: Trial, from start: EmulatedCloud) {
    // The only copy where it can be: then nothing of it is copied while it goes on.
    var run = consume standing
    run.forgetLogs()
    let begun = max(Trial.epoch, start.instant)
    let failedAt = run.now
    var fold = UndoFold()
    run.cancel("the plan looks at what a failure here would undo")
    fold.take(&run)
    var turns = 0
    while run.state == .going, turns < SimulatedDriver.maximumTurns {
      run.step()
      fold.take(&run)
      turns += 1
    }
    self.point = point
    at = failedAt - begun
    takes = run.now - failedAt
    status = run.status
    callCount = fold.callCount
    tape = fold.tape
    residue = BlastRadius(from: start, to: run.cloud.cloud, at: run.now, account: trial.account).entries
  }
}

extension UndoPreview {
  /// What a run undid that failed by itself.
  init(failed outcome: TrialOutcome, at failedAt: Instant, _ fold: UndoFold) {
    point = .end
    at = failedAt - outcome.startedAt
    takes = outcome.endedAt - failedAt
    status = outcome.status
    callCount = fold.callCount
    tape = fold.tape
    residue =
      BlastRadius(from: outcome.before, to: outcome.after, at: outcome.endedAt, account: outcome.account).entries
  }

  /// A failure just after each of these steps; those that are never done are passed over. The way there is gone once.
  static func after(_ steps: Set<StepAddress>, _ trial: Trial, in start: EmulatedCloud) -> [UndoPreview] {
    var (previews, left) = ([UndoPreview](), steps)
    func look(_ run: TrialOutcome.Run, from first: Int) {
      for case (_, .done(let step, _, _, _, _)) in run.records[first...] where left.remove(step) != nil {
        previews.append(UndoPreview(.step(step), run, of: trial, from: start))
      }
    }
    var run = trial.pausing.begin(in: start)
    look(run, from: 0)
    while run.state == .going, run.status == .running, !left.isEmpty {
      let seen = run.records.count
      run.step()
      // What a commit in the same moment makes final is looked at before it.
      for paused in run.takePauses() { look(paused, from: 0) }
      look(run, from: seen)
    }
    return previews
  }
}

/// What an undo does, told as it goes on: a long one is not kept.
struct UndoFold: Sendable {
  private(set) var callCount = 0
  /// Newest first.
  private(set) var tape: [UndoPreview.Entry] = []
  /// Of the steps that are being undone.
  private var actions: [StepAddress: [ActionID]] = [:]
  /// The calls of authors' `undo { … }`, by the steps that they undo.
  private var written: [Substring: [ActionID]] = [:]
  /// Most steps are undone by one call, and many by the same.
  private var singles: [ActionID: [ActionID]] = [:]

  mutating func take(_ run: inout TrialOutcome.Run) {
    for (_, record) in run.records { note(record) }
    count(run.cloud.calls.count)
    run.forgetLogs()
  }

  mutating func count(_ calls: Int) { callCount += calls }

  mutating func note(_ record: JournalRecord) {
    switch record {
    case .undoIntent(let step, let action, _, _): add(action, of: step)
    // It is begun anew.
    case .undoFailed(let step, _): actions[step] = nil
    case .undone(let step):
      guard let calls = actions.removeValue(forKey: step) ?? written[step.text[...]] else { return }
      tape.append(UndoPreview.Entry(step: step, actions: calls))
    case .intent(let step, let action, _, _, _, _, _):
      if let undone = step.undone.first { written[undone, default: []].append(action) }
    case .created, .read, .done, .refused, .unknown, .notSent, .waitBegan, .waitEnded, .timeoutBegan, .attemptFailed,
      .rescueBegan, .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .committed, .output, .failed,
      .undoBegan, .undoDone, .undoRefused, .asked, .finished:
      return
    }
  }

  private mutating func add(_ action: ActionID, of step: StepAddress) {
    guard actions[step] == nil else {
      actions[step]?.append(action)
      return
    }
    let single = singles[action] ?? [action]
    singles[action] = single
    actions[step] = single
  }
}

/// The points at which a failure is looked at, taken from the planned run as it passes them: each costs its way back
/// only.
struct UndoPoints: Sendable {
  /// As many points are looked at: the first and the last, when there are more commits.
  private static let maximum = 10

  /// Copies of the run that stand before a commit, by its number, or at the end.
  private var first: [(number: Int, run: TrialOutcome.Run)] = []
  private var last: [(number: Int, run: TrialOutcome.Run)] = []
  private var count = 0

  mutating func take(_ run: inout TrialOutcome.Run) {
    for paused in run.takePauses() {
      if first.count < UndoPoints.maximum / 2 {
        first.append((count, paused))
      } else {
        last.append((count, paused))
        if last.count > UndoPoints.maximum / 2 { last.removeFirst() }
      }
      count += 1
    }
  }

  /// A failure before each commit and at the end, in the order of the run.
  consuming func previews(_ outcome: TrialOutcome, _ trial: Trial, commits: [String]) -> [UndoPreview] {
    var standing = first + last
    (first, last) = ([], [])
    standing.reverse()
    var previews: [UndoPreview] = []
    while let (number, run) = standing.popLast() {
      let point = number < commits.count ? UndoPreview.Point.commit(number, commits[number]) : .end
      previews.append(UndoPreview(point, consume run, of: trial, from: outcome.before))
    }
    return previews
  }
}
