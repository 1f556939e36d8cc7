import RunDriver
import RunEngine
import Values

/// A run as people watch it: its report, and the passing news that no journal keeps. A fold over observations.
package struct RunProgress: Sendable {
  struct News: Sendable {
    let at: Instant
    let notice: RunNotice
  }
  struct UndoSpan: Sendable {
    let began: Instant
    var ended: Instant?
  }
  struct ReadUnderWay: Sendable {
    let address: StepAddress
    let since: Instant
  }

  package let id: RunID
  package private(set) var report = RunReport()
  /// The last notice of each step since its last record.
  private(set) var news: [StepAddress: News] = [:]
  private(set) var undoSpans: [StepAddress: UndoSpan] = [:]
  /// A read has no record before its answer; these have none yet. In the order in which they began.
  private(set) var readsUnderWay: [ReadUnderWay] = []

  package init(id: RunID) { self.id = id }

  package init(id: RunID, records: some Sequence<(Instant, JournalRecord)>) {
    self.id = id
    for (at, record) in records { apply(record, at: at) }
  }

  package mutating func apply(_ observation: RunObservation) {
    switch observation {
    case .record(let stored, let record): apply(record, at: stored.at)
    case .notice(let at, let notice): apply(notice, at: at)
    }
  }

  mutating func apply(_ record: JournalRecord, at: Instant) {
    report.apply(record, at: at)
    if let step = record.step {
      news[step] = nil
      readsUnderWay.removeAll { $0.address == step }
    }
    switch record {
    case .undoIntent(let step, _, _, _): if undoSpans[step] == nil { undoSpans[step] = UndoSpan(began: at) }
    case .undone(let step), .undoFailed(let step, _): undoSpans[step]?.ended = at
    case .failed:
      readsUnderWay = []
      news = [:]
    case .attemptFailed(let block, _):
      // What was under way in it has stopped.
      readsUnderWay.removeAll { $0.address.text.hasPrefix(block.text + ".") }
    case .created, .intent, .read, .done, .refused, .unknown, .notSent, .waitBegan, .waitEnded, .committed, .output,
      .undoBegan, .undoDone, .undoRefused, .asked, .finished, .timeoutBegan, .rescueBegan, .alwaysFailed,
      .approvalAsked, .approvalDecided, .notified:
      break
    }
  }

  private mutating func apply(_ notice: RunNotice, at: Instant) {
    let step = notice.step
    news[step] = News(at: at, notice: notice)
    guard report.failure == nil, report.step(step) == nil, !readsUnderWay.contains(where: { $0.address == step })
    else { return }
    readsUnderWay.append(ReadUnderWay(address: step, since: at))
  }

  /// From the first record to the last, or to now while the run goes on.
  func elapsed(at now: Instant) -> Duration {
    guard let start = report.createdAt else { return .zero }
    let end = report.status.isEnd ? report.lastAt ?? now : now
    return max(.zero, end - start)
  }
}

extension RunNotice {
  var step: StepAddress {
    switch self {
    case .sent(let step, _), .resting(let step, _, _), .probing(let step, _), .polled(let step, _), .held(let step, _),
      .released(let step):
      step
    }
  }
}

extension JournalRecord {
  var step: StepAddress? {
    switch self {
    case .intent(let step, _, _, _, _, _, _), .read(let step, _, _, _, _), .done(let step, _, _, _, _),
      .refused(let step, _, _), .unknown(let step, _), .notSent(let step), .waitBegan(let step, _, _, _),
      .waitEnded(let step, _), .undoIntent(let step, _, _, _), .undoDone(let step, _, _, _, _, _), .undone(let step),
      .undoRefused(let step, _, _), .undoFailed(let step, _):
      step
    case .asked(let verb, _): verb.step
    case .created, .committed, .output, .failed, .undoBegan, .finished, .timeoutBegan, .attemptFailed, .rescueBegan,
      .alwaysFailed, .approvalAsked, .approvalDecided, .notified:
      nil
    }
  }
}
