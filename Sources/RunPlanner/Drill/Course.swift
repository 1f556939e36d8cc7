import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// A run on its way through a scenario, over the processes that carry it. A value: what is tried at a place goes on
/// from a copy that was taken there, so that a scenario costs what differs from the undisturbed run.
struct Course: Sendable {
  /// A blow that was struck, and what it struck.
  struct Strike: Sendable {
    let blow: Blow
    let calls: [CloudCall]
    let duringUndo: Bool
  }

  /// What the records tell that have been seen.
  struct Notes: Sendable {
    /// The world that an undo has to bring back: that of the beginning, or of the last commit.
    var reference: EmulatedCloud
    var hasCommitted = false
    var undoBeganAt: Instant?
    var recordCount = 0
  }

  let trial: Trial
  private(set) var run: SimulatedRun<SimulatedWorld>
  private(set) var strikes: [Strike] = []
  /// What left for the cloud, of this process and those before it.
  private(set) var calls: [SimulatedCall] = []
  private(set) var notes: Notes
  /// Those of the step before.
  private(set) var earlier: Notes

  init(_ trial: Trial, in cloud: EmulatedCloud) {
    self.trial = trial
    notes = Notes(reference: cloud)
    earlier = notes
    run = trial.begin(in: cloud)
    observe()
  }

  var isOver: Bool { run.state != .going }
  /// Whether something is being undone, of the run or of an attempt.
  var isUndoing: Bool { run.isUndoing }

  mutating func step() {
    earlier = notes
    let left = run.cloud.calls.count
    run.step()
    calls += run.cloud.calls[left...]
    observe()
  }

  private mutating func observe() {
    for (at, record) in run.records[notes.recordCount...] {
      if case .committed = record { (notes.reference, notes.hasCommitted) = (run.cloud.cloud, true) }
      if case .undoBegan = record { notes.undoBeganAt = notes.undoBeganAt ?? at }
    }
    notes.recordCount = run.records.count
  }

  /// A call that leaves with the next step, and the steps it is for; none when it looks at work under way.
  struct Leaving: Sendable {
    let call: CloudCall
    let steps: [StepAddress]
    /// Whether it undoes something.
    let isUndo: Bool
  }

  func leaving() -> [Leaving] {
    var copy = run
    copy.letCallsLeave()
    return copy.cloud.calls[run.cloud.calls.count...].map { sent in
      let one = copy.asked.last { $0.call == sent.call }
      let asked = one.map { [$0] } ?? Course.parties(of: sent.call, copy.asked)
      return Leaving(call: sent.call, steps: asked.map(\.step), isUndo: isUndoing || asked.last?.isUndo == true)
    }
  }

  /// The steps whose calls left as one.
  private static func parties(
    of common: CloudCall, _ asked: [AskedCall]
  ) -> [AskedCall] {
    guard let list = Catalog.meaning(common.action)?.merge?.list else { return [] }
    let whole = Set(common.arguments[list]?.asList ?? [])
    return asked.filter { part in
      part.call.action == common.action && whole.isSuperset(of: part.call.arguments[list]?.asList ?? [])
    }
  }

  /// The course with a blow struck before the next step; `leaving` is what leaves with it.
  func struck(_ blow: Blow, _ leaving: [Leaving]) -> Course {
    var course = self
    switch (blow.place, blow.kind) {
    case (.record(let number), _): course.crash(Array(run.records.prefix(number)))
    case (.call, .crash):
      course.run.letCallsLeave()
      course.calls += course.run.cloud.calls[run.cloud.calls.count...]
      course.crash(course.run.records)
    case (.call, .cancel): course.run.cancelAt = run.now
    case (.call(let number), .timeout):
      let step = leaving[number - calls.count - 1].steps.first
      if let timeout = run.timeout(near: step) { course.run.letTimeRunOut(of: timeout) }
    case (.approval(let number), .denied): course.run.decide(approvals[number - 1], .denied)
    case (.approval(let number), _): course.run.decide(approvals[number - 1], .expired)
    case (.call, .denied), (.call, .expired): break
    case (.call(let number), .fault(let kind)):
      let index = number - calls.count - 1
      let action = leaving[index].call.action
      let nth = leaving[...index].count { $0.call.action == action }
      course.run.cloud.cloud.inject(Fault(action: action, nth: nth, kind: kind))
    case (.call(let number), .soldOut):
      let call = leaving[number - calls.count - 1].call
      guard let facts = Catalog.action(call.action) else { break }
      for fault in SoldOut.faults(call.arguments, facts) { course.run.cloud.cloud.inject(fault) }
    }
    let hit =
      switch (blow.place, blow.kind) {
      case (.call(let number), .fault), (.call(let number), .soldOut): [leaving[number - calls.count - 1]]
      case (.call, _): leaving
      case (.record, _), (.approval, _): [Leaving]()
      }
    course.strikes.append(
      Strike(blow: blow, calls: hit.map(\.call), duringUndo: isUndoing || hit.contains(where: \.isUndo)))
    return course
  }

  /// Everything that has been asked of people, in that order.
  var approvals: [StepAddress] {
    run.records.compactMap { if case .approvalAsked(let ask) = $0.1 { ask.address } else { nil } }
  }

  /// How long it takes until somebody takes the run up.
  private static let pause = Duration.seconds(30)

  private mutating func crash(_ records: [(Instant, JournalRecord)]) {
    run = trial.resume(trial.recall(records), in: run.cloud.cloud, after: Course.pause)
    // What was told of records that nobody has is taken back.
    if records.count < notes.recordCount { notes = earlier }
    notes.recordCount = min(notes.recordCount, run.records.count)
    earlier = notes
    observe()
  }
}

/// A place between two steps at which blows can be struck.
struct Moment: Sendable {
  let course: Course
  let leaving: [Course.Leaving]
  /// In the order of trying.
  let blows: [Blow]

  /// What can go wrong with the next step, and where a process can end since the one before.
  init(_ course: Course) {
    self.course = course
    let leaving = course.isOver ? [] : course.leaving()
    self.leaving = leaving
    var blows: [Blow] = []
    let records = course.run.records.count - (course.isOver ? 1 : 0)
    if course.earlier.recordCount < records {
      blows += (course.earlier.recordCount + 1...records).map { Blow(.record($0), .crash) }
    }
    for (index, sent) in leaving.enumerated() {
      let place = Blow.Place.call(course.calls.count + index + 1)
      blows += BlowChoice(for: sent.call, isUndo: sent.isUndo).kinds.map { Blow(place, $0) }
      if course.run.timeout(near: sent.steps.first) != nil { blows.append(Blow(place, .timeout)) }
    }
    blows += Moment.refusals(course)
    if !leaving.isEmpty {
      let last = Blow.Place.call(course.calls.count + leaving.count)
      // A whole run's way back that has begun cannot be cancelled.
      blows += course.run.status == .undoing ? [Blow(last, .crash)] : [Blow(last, .crash), Blow(last, .cancel)]
    }
    self.blows = blows
  }

  /// What people can do to what they are asked with the next step.
  private static func refusals(_ course: Course) -> [Blow] {
    guard !course.isOver, !course.run.approvals.isEmpty else { return [] }
    let all = course.approvals
    return course.run.approvals.flatMap { ask -> [Blow] in
      guard let number = all.lastIndex(of: ask.address).map({ Blow.Place.approval($0 + 1) }) else { return [] }
      // One without a time is waited for for ever.
      return ask.within == nil ? [Blow(number, .denied)] : [Blow(number, .denied), Blow(number, .expired)]
    }
  }

  /// What a blow strikes.
  func site(_ blow: Blow) -> DrillResult.Site {
    switch blow.place {
    case .record(let number):
      let record = course.run.records[number - 1].1
      return .init(
        steps: record.step.map { [$0] } ?? [], action: nil, record: record.kind, isUndo: course.isUndoing)
    case .approval(let number):
      return .init(steps: [course.approvals[number - 1]], action: nil, record: "approval-asked", isUndo: false)
    case .call(let number):
      let sent = leaving[number - course.calls.count - 1]
      return .init(steps: sent.steps, action: sent.call.action, record: nil, isUndo: sent.isUndo)
    }
  }
}

extension JournalRecord {
  /// The step that the record tells of.
  fileprivate var step: StepAddress? {
    switch self {
    case .intent(let step, _, _, _, _, _, _), .read(let step, _, _, _, _), .done(let step, _, _, _, _),
      .refused(let step, _, _), .unknown(let step, _), .notSent(let step), .waitBegan(let step, _, _, _),
      .waitEnded(let step, _), .undoIntent(let step, _, _, _), .undoDone(let step, _, _, _, _, _),
      .undoRefused(let step, _, _), .undone(let step), .undoFailed(let step, _):
      step
    case .created, .committed, .output, .failed, .undoBegan, .asked, .timeoutBegan, .attemptFailed, .rescueBegan,
      .alwaysFailed, .approvalAsked, .approvalDecided, .notified, .finished:
      nil
    }
  }
}
