import CloudCatalog
import RunEngine
import Values

/// How long a run takes, and why.
package struct Forecast: Sendable {
  /// What the time of the longest chain of steps goes into.
  package struct Share: Sendable {
    package enum Cause: Sendable, Hashable {
      /// The limit of an action, in calls a second.
      case limit(ActionID, rate: Int)
      /// The cloud's own work after an action, or a `wait … until` when it is nil.
      case work(ActionID?)
      /// Answers being under way.
      case answers
      /// Pauses between attempts.
      case retries
      /// Other changes of the same thing.
      case locks
      /// People who decide.
      case approvals
      /// Nothing of the run was under way.
      case idle
    }
    package let cause: Cause
    package let time: Duration
    /// How many steps of the chain it concerns.
    package let count: Int
  }
  /// The same run with one unit more of something.
  package struct Variant: Sendable {
    /// `4 → 5 rounds of fleet at a time`
    package let change: String
    package let makespan: Duration
  }
  package let makespan: Duration
  /// The chain of steps that takes as long as the run.
  package let path: [StepAddress]
  /// The largest first.
  package let shares: [Share]
  package internal(set) var variants: [Variant] = []

  init(_ why: RunWhy, _ limits: AccountLimits) {
    makespan = why.time
    path = why.chain.spans.map(\.address)
    var sums: [Share.Cause: (time: Duration, count: Int)] = [:]
    for span in why.chain.spans {
      for part in span.shares {
        let cause = Forecast.cause(part.cause, span.action, limits)
        sums[cause, default: (.zero, 0)].time += part.time
        sums[cause, default: (.zero, 0)].count += 1
      }
    }
    if let idle = why.chain.totals.first(where: { $0.cause == .idle })?.time { sums[.idle] = (idle, 0) }
    let known = sums.map { Share(cause: $0.key, time: $0.value.time, count: $0.value.count) }
    shares = known.sorted { ($1.time, $0.cause.name) < ($0.time, $1.cause.name) }
  }

  private static func cause(_ cause: RunWhy.Cause, _ action: ActionID?, _ limits: AccountLimits) -> Share.Cause {
    switch cause {
    case .lock: .locks
    case .bucket: action.map { .limit($0, rate: limits.rate(of: $0)) } ?? .idle
    case .latency: .answers
    case .retry: .retries
    case .poll: .work(action)
    case .approval: .approvals
    case .idle: .idle
    }
  }

  /// What takes most of the time.
  package var bottleneck: Share? { shares.first { $0.time > .zero } }

  /// The limits that the chain waits for, the costliest first.
  var limits: [ActionID] {
    shares.compactMap { share in if case .limit(let action, _) = share.cause { action } else { nil } }
  }
}

extension Forecast.Share.Cause {
  /// As the JSON form has it.
  package var name: String {
    switch self {
    case .limit(let action, _): "limit \(action)"
    case .work(let action): "work \(action?.description ?? "")"
    case .answers: "answers"
    case .retries: "retries"
    case .locks: "locks"
    case .approvals: "approvals"
    case .idle: "idle"
    }
  }
}
