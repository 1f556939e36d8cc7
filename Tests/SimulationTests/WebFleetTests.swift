import CloudCatalog
import CloudEmulator
import RunEngine
import TestSupport
import Testing
import Values

@Suite struct WebFleetTests {
  static let inputs: Record = ["password": "Belay-2026-demo"]

  static func rehearsal() throws -> Rehearsal {
    let file = try #require(Repository.source("runbooks/ecm/fleet/web_fleet.belay"))
    return try Rehearsal(file, inputs: inputs)
  }

  @Test func succeeds() throws {
    let outcome = try Self.rehearsal().run()
    #expect(outcome.status == .succeeded, "\(outcome.report.failure?.message ?? "")")
    #expect(outcome.report.outputs.map(\.name) == ["instances", "load_balancer", "vpc"])
    #expect(outcome.report.outputs.first?.value.asList?.count == 4)
    #expect(outcome.report.commits == ["the fleet is serving"])
  }
}
