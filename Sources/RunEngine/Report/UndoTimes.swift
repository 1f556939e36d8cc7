import CloudCatalog
import Values

/// When what was undone.
struct UndoTimes: Sendable {
  struct Stretch: Sendable {
    let address: StepAddress
    /// The first call.
    let action: ActionID
    let from: Instant
    /// Nil while it is under way.
    var to: Instant?
    var waited = CallTimes()
  }
  /// In the order in which they began.
  private(set) var stretches: [Stretch] = []
  /// When a way back began.
  private var beginnings: [Instant] = []

  /// Of each step whose undo is under way.
  private var open: [StepAddress: Int] = [:]

  mutating func note(_ record: JournalRecord, at: Instant, _ times: CallTimes?) {
    switch record {
    case .undoBegan, .attemptFailed, .asked: beginnings.append(at)
    case .undoIntent(let step, let action, _, _):
      guard open[step] == nil else { return }
      open[step] = stretches.count
      stretches.append(Stretch(address: step, action: action, from: at))
    case .undoDone(let step, _, _, _, _, _), .undoRefused(let step, _, _):
      if let index = open[step], let times { stretches[index].waited.add(times) }
    case .undone(let step), .undoFailed(let step, _):
      if let index = open.removeValue(forKey: step) { stretches[index].to = at }
    case .created, .intent, .read, .done, .refused, .unknown, .notSent, .waitBegan, .waitEnded, .committed, .output,
      .failed, .timeoutBegan, .rescueBegan, .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .finished:
      return
    }
  }

  /// When the way back began on which something was undone.
  func began(before instant: Instant) -> Instant? { beginnings.last { $0 <= instant } }
}
