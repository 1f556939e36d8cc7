import CloudCatalog
import Values

/// Where the time of a run went: a fold over its records.
package struct RunWhy: Sendable {
  package enum Cause: String, Sendable, CaseIterable {
    /// Another change of the same thing was under way.
    case lock
    /// The limit of the action: the call waited for its turn.
    case bucket
    /// The cloud was asked and had not answered yet.
    case latency
    /// Between the attempts of one call.
    case retry
    /// The cloud's own work was awaited.
    case poll
    /// A person was to decide.
    case approval
    /// Nothing of the run was under way: a pause, or a process that had ended.
    case idle
  }
  package enum Kind: String, Sendable { case change, read, wait, approval, undo }
  /// In the order of ``Cause``, those that took time.
  package typealias Shares = [(cause: Cause, time: Duration)]

  package struct Span: Sendable {
    /// Of an undo: what is undone.
    package let address: StepAddress
    package let kind: Kind
    /// Of an undo: its first call. Nil for an approval, and a `wait … until`.
    package let action: ActionID?
    /// Where the report has the step; nil for an approval, and an undo.
    package let number: Int?
    package fileprivate(set) var from: Instant
    package let to: Instant
    package fileprivate(set) var shares: Shares
    /// What the lock was on, by its id.
    package let key: String?
    /// What ended last before it began, in its own strand or one that it came from; nil for what began with the run.
    package fileprivate(set) var after: StepAddress?
    fileprivate var before: Int?
    package var time: Duration { to - from }
  }
  /// Steps of which each began when the one before it had ended.
  package struct Chain: Sendable {
    package var spans: some Collection<Span> { numbers.lazy.map { all[$0] } }
    /// Those of the run, and which of them.
    fileprivate var all: [Span] = []
    fileprivate var numbers: [Int] = []
    /// The time along the chain by cause.
    package fileprivate(set) var totals: Shares = []
  }

  /// In the order in which they began, as far as they belong to a step; then the approvals; then what was undone.
  package private(set) var spans: [Span] = []
  /// What made the run as long as it is: its totals are together the run's whole time.
  package private(set) var chain = Chain()
  package private(set) var time = Duration.zero
  private var start = Instant(milliseconds: 0)

  /// `times` are those that the store has with the outcomes, by sequence.
  package init(_ records: [(Instant, JournalRecord)], times: [Int: CallTimes]) {
    var (report, known) = (RunReport(), RunTimes())
    for (sequence, (at, record)) in records.enumerated() {
      report.apply(record, at: at)
      known.note(record, at: at, times[sequence], in: report)
    }
    self.init(report, known)
  }

  /// `times` are of the same records as the report.
  package init(_ report: RunReport, _ times: RunTimes) {
    guard let start = report.createdAt, let end = report.lastAt else { return }
    self.start = start
    time = end - start
    spans.reserveCapacity(report.steps.count + report.approvals.count + times.undos.stretches.count)
    for number in report.steps.indices {
      spans.append(Span(report.steps[number], number, times.of(number), until: end))
    }
    spans += report.approvals.map { Span($0, until: end) }
    spans += times.undos.stretches.map { Span($0, until: end) }
    // Only these are put in order: the spans themselves are large, and a run may have a hundred thousand.
    let ends = spans.indices.map { End(at: spans[$0].to, time: spans[$0].time, span: $0) }.sorted { $0.isBefore($1) }
    let strands = RunStrands(spans)
    for index in spans.indices {
      let last = RunWhy.count(of: ends, endedBy: spans[index].from) - 1
      let near = stride(from: last, through: max(0, last - RunWhy.reach), by: -1)
      let before = near.first { ends[$0].span != index && strands.mayFollow(index, ends[$0].span) }
      spans[index].before = before.map { ends[$0].span }
      spans[index].after = before.map { spans[ends[$0].span].address }
      if spans[index].kind == .undo {
        let since = max(times.undos.began(before: spans[index].from) ?? start, before.map { ends[$0].at } ?? start)
        spans[index].lengthen(from: since)
      }
    }
    chain = chain(to: ends.last?.span, end: end)
  }

  /// When a span ended.
  private struct End {
    let at: Instant
    let time: Duration
    let span: Int

    func isBefore(_ other: End) -> Bool { (at, time, span) < (other.at, other.time, other.span) }
  }

  /// As many of the steps that ended last are looked at to find the one that a step had to wait for.
  private static let reach = 1000

  /// How many of these, which are in the order of their ends, had ended by then.
  private static func count(of ends: [End], endedBy instant: Instant) -> Int {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// What a step waited for, from the run's start until it began.
  package func chain(before span: Span) -> Chain { chain(to: span.before, end: span.from) }

  /// Backwards from an end: what ended last before what comes next began.
  private func chain(to last: Int?, end: Instant) -> Chain {
    var chain = Chain()
    chain.all = spans
    var sums: [Cause: Duration] = [:]
    var cursor = end
    var seen = [Bool](repeating: false, count: spans.count)
    var next = last
    while let index = next, !seen[index] {
      seen[index] = true
      let span = spans[index]
      sums[.idle, default: .zero] += max(.zero, cursor - span.to)
      for share in span.shares { sums[share.cause, default: .zero] += share.time }
      chain.numbers.append(index)
      cursor = span.from
      next = span.before
    }
    sums[.idle, default: .zero] += max(.zero, cursor - start)
    chain.numbers.reverse()
    chain.totals = Cause.shares(sums)
    return chain
  }

  /// The step itself, not its undo.
  package func span(of address: StepAddress) -> Span? { spans.first { $0.address == address && $0.kind != .undo } }

  /// How the step was undone; more than once when that had to be begun anew.
  package func undos(of address: StepAddress) -> [Span] { spans.filter { $0.address == address && $0.kind == .undo } }
}

extension RunWhy.Cause {
  fileprivate static func shares(_ parts: [RunWhy.Cause: Duration]) -> RunWhy.Shares {
    allCases.compactMap { cause in parts[cause].flatMap { $0 > .zero ? (cause: cause, time: $0) : nil } }
  }

  /// The parts are in the order of causes.
  fileprivate static func shares(_ parts: KeyValuePairs<RunWhy.Cause, Duration>) -> RunWhy.Shares {
    var shares: RunWhy.Shares = []
    for (cause, time) in parts where time > .zero { shares.append((cause: cause, time: time)) }
    return shares
  }
}

extension RunWhy.Span {
  /// A read has a record for its answer only; when it was asked is told by how long it waited. A change has its first
  /// when nothing holds it any more and the reads before it have answered: what does not fit behind that was before.
  fileprivate init(_ step: RunReport.Step, _ number: Int, _ waited: CallTimes, until end: Instant) {
    (address, action, self.number, key) = (step.address, step.action, number, waited.key)
    to = step.endedAt ?? end
    switch step.kind {
    case .wait:
      (kind, from) = (.wait, step.startedAt)
      shares = RunWhy.Cause.shares([.poll: to - from])
    case .read:
      (kind, from) = (.read, step.startedAt - waited.bucket - waited.latency)
      shares = Self.shares(waited, of: to - from, rest: .retry)
    case .change:
      let earlier = waited.lock + waited.bucket + waited.latency - (to - step.startedAt)
      (kind, from) = (.change, step.startedAt - max(waited.lock, earlier))
      shares = Self.shares(waited, of: to - from, rest: .retry)
    }
  }

  fileprivate init(_ approval: RunReport.Approval, until end: Instant) {
    (address, kind, action, number, key) = (approval.ask.address, .approval, nil, nil, nil)
    (from, to) = (approval.askedAt, approval.decidedAt ?? end)
    shares = RunWhy.Cause.shares([.approval: to - from])
  }

  fileprivate init(_ undo: UndoTimes.Stretch, until end: Instant) {
    (address, kind, action, number, key) = (undo.address, .undo, undo.action, nil, undo.waited.key)
    (from, to) = (undo.from - undo.waited.lock, undo.to ?? end)
    shares = Self.shares(undo.waited, of: to - from, rest: .poll)
  }

  /// Of a step whose answer has no times, all that was not spent on waiting for a turn went by under way.
  private static func shares(_ waited: CallTimes, of whole: Duration, rest cause: RunWhy.Cause) -> RunWhy.Shares {
    let lock = min(whole, waited.lock)
    let bucket = min(whole - lock, waited.bucket)
    let rest = whole - lock - bucket
    let latency = waited.latency == .zero ? rest : min(rest, waited.latency)
    return RunWhy.Cause.shares([.lock: lock, .bucket: bucket, .latency: latency, cause: rest - latency])
  }

  /// Before its first call, an undo awaits the work that is still under way.
  fileprivate mutating func lengthen(from earlier: Instant) {
    guard earlier < from else { return }
    var parts = Dictionary(uniqueKeysWithValues: shares.map { ($0.cause, $0.time) })
    parts[.poll, default: .zero] += from - earlier
    (from, shares) = (earlier, RunWhy.Cause.shares(parts))
  }
}

extension JournalRecord {
  /// The step of which this is the outcome; an undo's is told apart from its step's.
  package var forwardStep: StepAddress? {
    switch self {
    case .read(let step, _, _, _, _), .done(let step, _, _, _, _), .refused(let step, _, _), .unknown(let step, _): step
    case .created, .intent, .notSent, .waitBegan, .waitEnded, .committed, .output, .failed, .undoBegan, .undoIntent,
      .undoDone, .undoRefused, .undone, .undoFailed, .asked, .timeoutBegan, .attemptFailed, .rescueBegan,
      .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .finished:
      nil
    }
  }
}
