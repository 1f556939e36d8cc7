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

  /// Without records, and of what left only each step's own call is kept.
  package let outcome: TrialOutcome
  /// Its steps are without answers.
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

  package init(_ question: Question) async {
    let (outcome, points, planned) = await PlanFold.run(question)
    self.outcome = outcome
    // The steps are told while the way back is looked at: neither needs the other. The way back stays where the run
    // was, whose memory it frees.
    async let telling = Handover(PlannedSteps(planned, question.trial.limits, startedAt: outcome.startedAt))
    undo = planned.previews(points, outcome, question.trial)
    var told = await telling.take()
    let startedAt = outcome.startedAt
    (report, origins) = (planned.report, planned.origins)
    commits = planned.commits.map { Commit(reason: $0.reason, at: $0.at - startedAt) }
    blast = BlastRadius(
      from: outcome.before, to: outcome.after, at: outcome.endedAt, account: outcome.account, makers: planned.stepsByID,
      lent: question.lent)
    forecast = told.forecast
    approvals = report.approvals.map { Approval(ask: $0.ask, at: $0.askedAt - startedAt) }
    permissions = Permissions(of: told.steps.lazy.compactMap { $0.kind == .wait ? nil : $0.action })
    callCounts = planned.counts.map { (action: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.action.description) < ($0.count, $1.action.description) }
    told.note(undo, planned.report)
    steps = told.steps
    let wanted = question.undoFrom?.chosen(of: steps) ?? []
    undoFrom = wanted.isEmpty ? [] : UndoPreview.after(wanted, question.trial, in: question.cloud)
    if steps.count <= RunPlan.maximumStepsForVariants { forecast.variants = variants(question) }
  }

  /// Whether the run would end as it should.
  package var succeeds: Bool { outcome.status == .succeeded && outcome.stall == nil }

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
