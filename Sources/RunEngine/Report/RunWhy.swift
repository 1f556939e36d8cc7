import CloudCatalog
import Values

/// Where the time of a run went: a fold over its records.
package struct RunWhy: Sendable {
  package enum Cause: String, Sendable, CaseIterable {
    /// The limit of the action: the call waited for its turn.
    case bucket
    /// The cloud was asked and had not answered yet.
    case latency
    /// Between the attempts of one call.
    case retry
    /// The cloud's own work was awaited.
    case poll
    /// Nothing of the run was under way: an approval, a pause, or a process that had ended.
    case idle
  }
  package struct Span: Sendable {
    package let step: RunReport.Step
    package let from: Instant
    package let to: Instant
    /// In the order of ``Cause``, those that took time.
    package let shares: [(cause: Cause, time: Duration)]
    /// What ended last before it began, in its own strand or one that it came from; nil for what began with the run.
    package internal(set) var after: StepAddress?
    package var time: Duration { to - from }
  }

  /// In the order in which the steps began.
  package private(set) var spans: [Span] = []
  /// The chain that made the run as long as it is: each began when the one before it had ended.
  package private(set) var path: [Span] = []
  /// The time along the path by cause; together the run's whole time.
  package private(set) var totals: [(cause: Cause, time: Duration)] = []
  package private(set) var time = Duration.zero

  /// `times` are those that the store has with the outcomes, by sequence.
  package init(_ records: [(Instant, JournalRecord)], times: [Int: CallTimes]) {
    let report = RunReport(records)
    guard let start = report.createdAt, let end = report.lastAt else { return }
    time = end - start
    var waits: [StepAddress: CallTimes] = [:]
    for (sequence, entry) in records.enumerated() {
      guard let step = entry.1.forwardStep, let own = times[sequence] else { continue }
      waits[step, default: CallTimes()].bucket += own.bucket
      waits[step, default: CallTimes()].latency += own.latency
    }
    spans = report.steps.map { RunWhy.span($0, waits[$0.address] ?? CallTimes(), until: end) }
    let ends = spans.enumerated().sorted { ($0.element.to, $0.element.time) < ($1.element.to, $1.element.time) }
    let strands = RunStrands(spans)
    for index in spans.indices {
      let last = RunWhy.count(of: ends, endedBy: spans[index].from) - 1
      let near = stride(from: last, through: max(0, last - RunWhy.reach), by: -1)
      let before = near.first { ends[$0].offset != index && strands.mayFollow(index, ends[$0].offset) }
      spans[index].after = before.map { ends[$0].element.step.address }
    }
    walk(ends.map(\.element.step.address), from: start, to: end)
  }

  /// A read has a record for its answer only; when it was asked is told by how long it waited.
  private static func span(
    _ step: RunReport.Step, _ waited: CallTimes, until end: Instant
  ) -> Span {
    let to = step.endedAt ?? end
    var from = step.startedAt
    if step.kind == .read { from = from - waited.bucket - waited.latency }
    let whole = max(.zero, to - from)
    var parts: [Cause: Duration] = [:]
    switch step.kind {
    case .wait: parts[.poll] = whole
    case .read, .change:
      let bucket = min(whole, waited.bucket)
      let latency = waited.latency == .zero ? whole - bucket : min(whole - bucket, waited.latency)
      parts = [.bucket: bucket, .latency: latency, .retry: whole - bucket - latency]
    }
    let shares = Cause.allCases.compactMap { cause in
      parts[cause].flatMap { $0 > .zero ? (cause: cause, time: $0) : nil }
    }
    return Span(step: step, from: from, to: to, shares: shares)
  }

  /// As many of the steps that ended last are looked at to find the one that a step had to wait for.
  private static let reach = 1000

  /// How many of these, which are in the order of their ends, had ended by then.
  private static func count(of ends: [(offset: Int, element: Span)], endedBy instant: Instant) -> Int {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle].element.to <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Backwards from the end: what ended last before what comes next began.
  private mutating func walk(_ ordered: [StepAddress], from start: Instant, to end: Instant) {
    let spanByAddress = Dictionary(spans.map { ($0.step.address, $0) }) { first, _ in first }
    var sums: [Cause: Duration] = [:]
    var cursor = end
    var seen: Set<StepAddress> = []
    var next = ordered.last
    while let address = next, let span = spanByAddress[address], seen.insert(address).inserted {
      sums[.idle, default: .zero] += max(.zero, cursor - span.to)
      for share in span.shares { sums[share.cause, default: .zero] += share.time }
      path.append(span)
      cursor = span.from
      next = span.after
    }
    sums[.idle, default: .zero] += max(.zero, cursor - start)
    path.reverse()
    totals = Cause.allCases.compactMap { cause in
      sums[cause].flatMap { $0 > .zero ? (cause: cause, time: $0) : nil }
    }
  }

  package func span(of address: StepAddress) -> Span? { spans.first { $0.step.address == address } }
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
