import Testing
import Values

@testable import CloudEmulator

@Suite("Snapshots and differences")
struct SnapshotTests {
  @Test("a branch does not change its origin, nor the origin a branch")
  func branch() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    let ids = try bench.run(module, 2)
    let origin = bench.cloud
    let document = JSON.print(origin.encoded)
    var (one, two) = (bench, bench)
    one.settle()
    try one.call("TerminateInstances", ["InstanceIdSet": [.text(ids[0])]])
    one.settle()
    _ = try two.makeVpc()
    two.cloud.inject(try Fault(parsing: "*:0:throttled"))
    #expect(bench.cloud == origin)
    #expect(JSON.print(bench.cloud.encoded) == document)
    #expect(bench.cloud.armedFaults.isEmpty)
    #expect(one.cloud != two.cloud && one.cloud != origin && two.cloud != origin)
    // From the same point the same calls lead to the same world.
    var again = bench
    again.cloud = origin
    again.settle()
    try again.call("TerminateInstances", ["InstanceIdSet": [.text(ids[0])]])
    again.settle()
    #expect(again.cloud == one.cloud)
  }

  /// Copies share what they hold: ten thousand real ones of a cloud this large would not fit in memory.
  @Test("ten thousand snapshots of two thousand instances are at hand at once")
  func sharedCopies() throws {
    var bench = Bench()
    let module = try bench.makeModule()
    for _ in 1...20 { _ = try bench.run(module, 100) }
    let snapshots = [EmulatedCloud](repeating: bench.cloud, count: 10_000)
    try bench.call("DescribeInstances")
    #expect(snapshots.last == snapshots.first)
  }

  @Test("a difference names what came, went and changed")
  func difference() throws {
    var bench = Bench()
    let ids = try bench.run(try bench.makeModule(), 2)
    bench.settle()
    let gone = try bench.makeVpc("10.20.0.0/16")
    let origin = bench.cloud
    #expect(bench.cloud.difference(from: origin) == [])
    try bench.call("DeleteVpc", ["VpcId": .text(gone), "EcmRegion": .text(Bench.region)])
    let made = try bench.makeVpc("10.30.0.0/16", name: "new")
    try bench.call("StopInstances", ["InstanceIdSet": [.text(ids[0])]])
    let lines = bench.cloud.difference(from: origin)
    #expect(lines.first?.hasPrefix("time: 2026-01-02 03:0") == true)
    #expect(lines.contains { $0.hasPrefix("tester: - vpcs \(gone) {") })
    #expect(lines.contains { $0.hasPrefix("tester: + vpcs \(made) {") && $0.contains("10.30.0.0") })
    #expect(lines.contains { $0.hasPrefix("tester: ~ instances \(ids[0]) state: ") })
    #expect(!lines.contains { $0.contains(ids[1]) })
    #expect(lines.contains("tester: ~ events still to come: 0 → 1"))
  }

  @Test("clouds of other accounts differ by those accounts")
  func accounts() throws {
    var bench = Bench()
    let origin = bench.cloud
    bench.account = "other"
    let id = try bench.makeVpc()
    let lines = bench.cloud.difference(from: origin).filter { !$0.hasPrefix("time") }
    // The network, and what comes with it.
    #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("other: + ") })
    #expect(lines.filter { $0.hasPrefix("other: + vpcs \(id)") }.count == 1)
  }
}
