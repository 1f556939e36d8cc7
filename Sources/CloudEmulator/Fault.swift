import CloudCatalog

/// A failure to come: what it strikes, when, and how it shows.
package enum Fault: Sendable, Hashable {
  /// Strikes calls.
  case onCall(Target, Moment, Kind)
  /// No instance of the zone can be had; without a carrier, of none.
  case soldOut(zone: String, carrier: String?)
  /// For so long from its arming on, every limit that is higher than `rate` calls a second is that.
  case storm(rate: Int, lasting: Duration)
  /// The clock that the server checks signatures by is off by so much; ahead when positive.
  case skew(Duration)

  package enum Target: Sendable, Hashable {
    case action(ActionID)
    case service(String)
    case everything
  }

  /// Calls are counted from the arming on, each fault for itself.
  package enum Moment: Sendable, Hashable {
    /// The nth call and no other, from 1.
    case call(Int)
    /// The nth, the 2nth, and so on.
    case every(Int)
    /// Each call by itself, with this probability; drawn from the cloud's seed.
    case chance(Double)
  }

  package enum Kind: Sendable, Hashable {
    case refused(code: String)
    case throttled
    /// The connection drops and nothing was done.
    case lostBefore
    /// The call takes effect, then the connection drops.
    case lostAfter
    /// The call answers as usual; what it started ends in failure.
    case asyncFailure
    /// The call answers as usual; what it started never ends.
    case stuck
    /// The first so many listeners of a batch call fail, and stand in its FailListenerIdSet.
    case partial(Int)
    case serverError
    /// An HTTP status and no answer; nothing was done.
    case status(Int)
    /// The call takes effect, then comes an HTTP status and no answer.
    case statusAfter(Int)
    /// The call takes effect; what comes back is cut off within the JSON.
    case garbage
    /// The call is carried out at once, its answer begins later.
    case latency(LatencyDistribution)
    /// The answer comes byte by byte, and takes so long.
    case slow(Duration)
  }

  /// The nth call of the action from now on, from 1; 0 means every one.
  package init(action: ActionID, nth: Int, kind: Kind) {
    self = .onCall(.action(action), nth == 0 ? .every(1) : .call(nth), kind)
  }
}

extension Fault.Target {
  func covers(_ action: ActionID) -> Bool {
    switch self {
    case .action(let own): own == action
    case .service(let service): service == action.service
    case .everything: true
    }
  }
}

extension Fault.Kind {
  /// Whether it goes along with another that the same call sets off, instead of being in its stead.
  var isPace: Bool {
    switch self {
    case .latency, .slow: true
    case .refused, .throttled, .lostBefore, .lostAfter, .asyncFailure, .stuck, .partial, .serverError, .status,
      .statusAfter, .garbage:
      false
    }
  }
}

/// What is wrong with the text of a fault.
package struct FaultProblem: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(_ text: String, _ reason: String) { description = "the fault '\(text)' cannot be read: \(reason)" }

  init(scenario reason: String) { description = "the scenario cannot be read: \(reason)" }
}
