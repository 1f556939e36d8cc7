import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// A call that left in a simulated run, its own or a look at work under way.
package struct SimulatedCall: Sendable {
  package let call: CloudCall
  package let at: Instant
  /// When its answer came, or was given up.
  package let answeredAt: Instant
  /// The code of a refusal, or why nobody knows; nil when it was answered.
  package let problem: String?

  package var action: ActionID { call.action }
  package var region: String { call.limitRegion }
}

/// The emulator's core as the cloud of a simulated run: asked in-process, in virtual time. What faults do to an answer
/// on its way (latency, a slow answer, an HTTP status, garbage) takes as long here as it takes over the wire.
package struct SimulatedWorld: SimulatedCloud, Sendable {
  package var cloud: EmulatedCloud
  package let account: String
  /// How long an answer takes to arrive, without faults.
  package let latency: Duration
  /// How long a run waits for an answer.
  package let timeout: Duration
  /// Everything that has left, in that order.
  package private(set) var calls: [SimulatedCall] = []

  package init(
    cloud: EmulatedCloud, account: String = "simulated", latency: Duration = .milliseconds(40),
    timeout: Duration = .seconds(30)
  ) {
    self.cloud = cloud
    self.account = account
    self.latency = latency
    self.timeout = timeout
  }

  package mutating func send(_ call: CloudCall, at now: Instant) -> (reply: Reply, latency: Duration) {
    let (outcome, latency) = answer(call, at: now)
    let problem: String? =
      switch outcome {
      case .done: nil
      case .refused(let error): error.code
      case .unknown(let reason): reason
      }
    calls.append(SimulatedCall(call: call, at: now, answeredAt: now + latency, problem: problem))
    return (.outcome(outcome), latency)
  }

  package mutating func forgetLog() { calls.removeAll(keepingCapacity: calls.count < 64) }

  private mutating func answer(_ call: CloudCall, at now: Instant) -> (outcome: CallOutcome, latency: Duration) {
    let hasSecrets = call.arguments.contains { $0.value.holdsSecret }
    let arguments = hasSecrets ? call.arguments.mapValues(\.revealed) : call.arguments
    let request = CloudRequest(account: account, action: call.action, region: call.region, arguments)
    let delivery = cloud.deliver(request, now: now)
    let arrival = latency + delivery.delay + (delivery.slowness ?? .zero)
    guard arrival < timeout, let outcome = outcome(delivery, of: call.action) else {
      return (.unknown("no answer within \(timeout.belayText)"), timeout)
    }
    return (outcome, arrival)
  }

  /// Nil when nothing ever comes.
  private func outcome(_ delivery: Delivery, of action: ActionID) -> CallOutcome? {
    switch delivery.form {
    case .status(let code): return .unknown("the answer to \(action) is HTTP \(code) without an envelope")
    case .garbage: return .unknown("the answer to \(action) is not JSON")
    case .reply: break
    }
    return switch delivery.reply {
    case .answered(let result, let requestID): .done(result, requestID: requestID)
    case .refused(let error) where error.kind == .server: .unknown("\(error.code): \(error.message)")
    case .refused(let error): .refused(error)
    case .lostBefore, .lostAfter: nil
    }
  }
}
