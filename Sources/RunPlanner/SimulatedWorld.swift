import CloudCatalog
import CloudEmulator
import RunDriver
import RunEngine
import Values

/// The emulator's core as the cloud of a simulated run: asked in-process, answered at once, in virtual time.
package struct SimulatedWorld: SimulatedCloud {
  package var cloud: EmulatedCloud
  package let account: String
  /// How long an answer takes to arrive.
  package let latency: Duration
  /// How long a run waits for an answer that never comes.
  package let timeout: Duration

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
    let arguments = call.arguments.mapValues(\.revealed)
    let request = CloudRequest(account: account, action: call.action, region: call.region, arguments)
    switch cloud.handle(request, now: now) {
    case .answered(let result, let requestID): return (.outcome(.done(result, requestID: requestID)), latency)
    case .refused(let error) where error.kind == .server:
      return (.outcome(.unknown("\(error.code): \(error.message)")), latency)
    case .refused(let error): return (.outcome(.refused(error)), latency)
    case .lostBefore, .lostAfter:
      return (.outcome(.unknown("no answer within \(timeout.belayText)")), timeout)
    }
  }
}
