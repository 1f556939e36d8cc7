import CloudCatalog
import CloudEmulator
import Diagnostics
import RunEngine
import TestSupport
import Testing
import Values

/// The limit of an action, as the cloud sees it.
@Suite struct RateTests {
  private static let text = """
    runbook test.rate 1.0.0

    use ecm with (EcmRegion: "ap-hangzhou-ecm")

    parallel each i in range(200) {
      ecm.DescribeVpcs(Filters: [{ Name: "vpc-name", Values: ["${i}"] }])
    }
    """

  @Test func twoHundredCallsAreNeverMoreThanTwentyInASecondAndSoonDone() throws {
    let outcome = try Rehearsal(SourceFile(path: "rate.belay", text: Self.text), inputs: [:]).run()
    #expect(outcome.status == .succeeded)
    #expect(outcome.elapsed <= .milliseconds(10_300))
    let times = outcome.cloud.calls.filter { $0.action == "ecm.DescribeVpcs" }.map(\.instant)
    #expect(times.count == 200)
    for (index, time) in times.enumerated() {
      let inWindow = times[index...].prefix { $0 - time < .seconds(1) }.count
      #expect(inWindow <= 20, "\(inWindow) calls in the second from \(time.iso8601)")
    }
    #expect(!outcome.cloud.calls.contains { $0.outcome == "RequestLimitExceeded" })
  }

  @Test func throttlingIsWaitedOut() throws {
    let faults = try (1...30).map { try Fault(parsing: "ecm.DescribeVpcs:\($0):throttled") }
    let outcome = try Rehearsal(SourceFile(path: "rate.belay", text: Self.text), inputs: [:]).run(faults: faults)
    #expect(outcome.status == .succeeded)
    #expect(outcome.report.steps.count == 200)
  }
}
