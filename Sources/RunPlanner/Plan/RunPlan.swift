import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// What a run would do: the run itself, in a fork of a world, and everything that can be told of it.
package struct RunPlan: Sendable {
  /// What a plan is made of.
  package struct Question: Sendable {
    package let trial: Trial
    package let cloud: EmulatedCloud
    /// Whether the world is that of an account, and not made up.
    package var isReal = false
    /// Borrowed ids, with the inputs that lend them.
    package var lent: [String: String] = [:]
    /// The same run with one unit more of something.
    package var variants: [(change: String, trial: Trial)] = []
    /// The steps after which a failure is looked at, too: all, or the one of this name.
    package var undoFrom: Steps?

    package enum Steps: Sendable, Hashable {
      case all
      case named(String)
    }
    package init(_ trial: Trial, in cloud: EmulatedCloud) {
      self.trial = trial
      self.cloud = cloud
    }
  }
  package struct Commit: Sendable {
    package let reason: String
    package let at: Duration
  }

  /// What people are asked for; the plan takes it as given.
  package struct Approval: Sendable {
    package let ask: ApprovalAsk
    package let at: Duration
  }

  /// Its records are without arguments, answers and before-images, and of what left only each step's own call is kept.
  package let outcome: TrialOutcome
  package let report: RunReport
  /// In the order in which they begin.
  package let steps: [PlannedStep]
  package let commits: [Commit]
  package let approvals: [Approval]
  package let blast: BlastRadius
  package internal(set) var forecast: Forecast
  /// What a failure before each commit and at the end undoes.
  package let undo: [UndoPreview]
  /// The same after single steps, as asked for.
  package let undoFrom: [UndoPreview]
  package let permissions: Permissions
  /// How many calls leave, by action; the most first.
  package let callCounts: [(action: ActionID, count: Int)]
  package let origins: Origins

  /// More steps than that, and the run is not tried again with one unit more of something.
  package static let maximumStepsForVariants = 2000

  package init(_ question: Question) {
    var planned = PlannedRun(question)
    var outcome = TrialOutcome(
      question.trial.pausing.begin(in: question.cloud), from: question.cloud, account: question.trial.account
    ) { planned.take(&$0) }
    planned.ended(with: outcome.after.inventory(account: outcome.account))
    (outcome.records, outcome.times, outcome.asked) = (planned.records, planned.times, planned.asked)
    commits = RunPlan.commits(outcome)
    undo = planned.points.previews(
      outcome, question.trial, commits: commits.map(\.reason), undoCallCount: planned.undoCallCount)
    self.outcome = outcome
    report = planned.report
    origins = planned.origins
    blast = BlastRadius(outcome, report, lent: question.lent)
    let why = RunWhy(outcome.records, times: outcome.times)
    forecast = Forecast(why, question.trial.limits)
    approvals = report.approvals.map { Approval(ask: $0.ask, at: $0.askedAt - outcome.startedAt) }
    steps = RunPlan.steps(outcome, why, origins, undo)
    permissions = Permissions(of: steps.compactMap { $0.kind == .wait ? nil : $0.action })
    callCounts = planned.counts.map { (action: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.action.description) < ($0.count, $1.action.description) }
    let wanted = question.undoFrom?.chosen(of: steps) ?? []
    undoFrom = wanted.isEmpty ? [] : UndoPreview.after(wanted, question.trial, in: question.cloud)
    if steps.count <= RunPlan.maximumStepsForVariants { forecast.variants = variants(question) }
  }

  /// Whether the run would end as it should.
  package var succeeds: Bool { outcome.status == .succeeded && outcome.stall == nil }

  // MARK: Parts

  private static func commits(_ outcome: TrialOutcome) -> [Commit] {
    outcome.records.compactMap { at, record in
      guard case .committed(let reason) = record else { return nil }
      return Commit(reason: reason, at: at - outcome.startedAt)
    }
  }

  private static func steps(
    _ outcome: TrialOutcome, _ why: RunWhy, _ origins: Origins, _ undo: [UndoPreview]
  ) -> [PlannedStep] {
    let calls = Dictionary(outcome.asked.map { ($0.step, $0.call) }) { first, _ in first }
    let tape = Dictionary(undo.flatMap { $0.tape.map { ($0.step, $0.actions) } }) { first, _ in first }
    let waited = held(outcome)
    let ends = commitInstants(outcome)
    // A change is shown from where its own call is asked for: the reads before it are no step of the plan.
    let known = why.spans.compactMap { span in span.step.map { (span: span, step: $0) } }.filter { !$0.step.isUndo }
    let begun = known.enumerated().map { offset, entry in
      (entry.span, entry.step, entry.step.kind == .change ? entry.step.startedAt : entry.span.from, offset)
    }
    return begun.sorted { ($0.2, $0.3) < ($1.2, $1.3) }.map { span, step, from, _ in
      let call = calls[step.address]
      return PlannedStep(
        address: step.address, name: origins.name(of: step.address), kind: step.kind, action: step.action,
        place: step.place, region: call?.region,
        parameters: step.kind == .wait ? [] : parameters(call, step.address, origins),
        from: from - outcome.startedAt, to: span.to - outcome.startedAt,
        held: waited[step.address]?.bucket ?? .zero, after: span.after, undo: self.undo(of: step, tape),
        commit: step.state == .committed ? ends.firstIndex { $0 >= span.to } : nil, state: step.state,
        note: step.note)
    }
  }

  private static func commitInstants(_ outcome: TrialOutcome) -> [Instant] {
    outcome.records.compactMap { at, record in if case .committed = record { at } else { nil } }
  }

  private static func parameters(
    _ call: CloudCall?, _ step: StepAddress, _ origins: Origins
  ) -> [(name: String, value: PlannedValue)] {
    (call?.arguments ?? Record()).map { (name: $0.key, value: origins.planned($0.value, in: step)) }
  }

  private static func undo(of step: RunReport.Step, _ tape: [StepAddress: [ActionID]]) -> PlannedStep.Undo {
    guard step.kind == .change else { return .nothing }
    if let reason = step.kept {
      if case .impossible? = step.action.flatMap({ Catalog.meaning($0) })?.undo { return .irreversible(reason) }
      return .kept(reason)
    }
    return tape[step.address].map { .calls($0) } ?? .nothing
  }

  /// How long the calls of each step waited and took.
  private static func held(_ outcome: TrialOutcome) -> [StepAddress: CallTimes] {
    var held: [StepAddress: CallTimes] = [:]
    for (sequence, entry) in outcome.records.enumerated() {
      guard let times = outcome.times[sequence], let step = entry.1.forwardStep else { continue }
      held[step, default: CallTimes()].bucket += times.bucket
      held[step, default: CallTimes()].latency += times.latency
    }
    return held
  }

  // MARK: One more

  private func variants(_ question: Question) -> [Forecast.Variant] {
    var variants = question.variants.map { Forecast.Variant(change: $0.change, makespan: makespan($0.trial, question)) }
    if let action = forecast.limits.first {
      let rate = question.trial.limits.rate(of: action)
      var trial = question.trial
      trial.limits.rates[action] = rate + 1
      let change = "\(rate) → \(rate + 1) calls of \(action.name) a second"
      variants.append(Forecast.Variant(change: change, makespan: makespan(trial, question)))
    }
    return variants
  }

  private func makespan(_ trial: Trial, _ question: Question) -> Duration {
    var cloud = question.cloud
    cloud.liftRateLimits()
    return trial.run(in: cloud).elapsed
  }
}

extension RunPlan.Question.Steps {
  /// More of them, and of those that do the same in other rounds only the first and the last are looked at: each look
  /// costs a way back.
  private static let maximum = 200

  func chosen(of steps: [PlannedStep]) -> Set<StepAddress> {
    let changes = steps.filter { $0.kind == .change }
    switch self {
    case .named(let name): return Set(changes.filter { $0.name == name || $0.address.text == name }.map(\.address))
    case .all:
      guard changes.count > Self.maximum else { return Set(changes.map(\.address)) }
      var ends: [String: (first: StepAddress, last: StepAddress)] = [:]
      for step in changes {
        let pattern = step.address.pattern
        ends[pattern] = (ends[pattern]?.first ?? step.address, step.address)
      }
      return Set(ends.values.flatMap { [$0.first, $0.last] })
    }
  }
}
