import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// What a call makes, and how long it takes, is its own affair.
@Suite("What the cloud draws")
struct DrawsTests {
  private static let looks: [(action: String, parameters: Record)] = [
    ("DescribeVpcs", [:]), ("DescribeInstances", [:]), ("DescribeAddresses", ["EcmRegion": .text(Bench.region)]),
    ("DescribeNoSuchThing", [:]), ("CreateVpc", [:]),
  ]

  /// Makes things one after the other and works on them; before each change comes what `before` does.
  private func session(_ before: (inout Bench) -> Void) throws -> (ends: [Instant?], inventory: [InventoryLine]) {
    var bench = Bench(seed: 5)
    var ends: [Instant?] = []
    let module = try bench.makeModule()
    for name in ["a", "b"] {
      before(&bench)
      let ids = try bench.run(module, 2, ["InstanceName": .text(name)])
      ends.append(bench.cloud.nextEvent)
      bench.settle()
      for id in ids {
        before(&bench)
        let address = try bench.allocate().ids[0]
        ends.append(bench.cloud.nextEvent)
        bench.settle()
        before(&bench)
        try bench.call(
          "AssociateAddress",
          ["EcmRegion": .text(Bench.region), "AddressId": .text(address), "InstanceId": .text(id)])
        ends.append(bench.cloud.nextEvent)
        bench.settle()
      }
      before(&bench)
      try bench.call("StopInstances", ["InstanceIdSet": .list(ids.map(Value.text))])
      ends.append(bench.cloud.nextEvent)
      bench.settle()
      before(&bench)
      try bench.call("CreateImage", ["InstanceId": .text(ids[0]), "ImageName": .text("image-\(name)")])
      ends.append(bench.cloud.nextEvent)
      bench.settle()
    }
    return (ends, bench.inventory)
  }

  @Test("Neither looks nor refused calls change what comes after them")
  func reads() throws {
    let alone = try session { _ in }
    for look in DrawsTests.looks {
      let watched = try session { bench in
        for _ in 0..<3 { _ = bench.reply(look.action, look.parameters) }
      }
      #expect(watched == alone, "\(look.action)")
    }
  }

  @Test("Calls side by side take as long and make the same in any order")
  func order() throws {
    func made(_ names: [String]) throws -> [String: [String]] {
      var bench = Bench(seed: 5)
      let module = try bench.makeModule()
      var begun: [(id: String, at: Instant)] = []
      for name in names { begun.append((try bench.run(module, 1, ["InstanceName": .text(name)])[0], bench.now)) }
      var found: [String: [String]] = [:]
      while let next = bench.cloud.nextEvent {
        bench.now = next
        bench.cloud.advance(to: next)
        for (name, one) in zip(names, begun) where found[name] == nil {
          guard bench.world.instances[one.id]?.state == .running else { continue }
          found[name] = [one.id, (next - one.at).belayText]
        }
      }
      return found
    }
    let forward = try made(["a", "b", "c"])
    #expect(try made(["c", "a", "b"]) == forward)
    #expect(Set(forward.values).count == 3)
  }

  @Test("The same work on the same thing takes another time the next time, and no id comes twice")
  func repeated() throws {
    var bench = Bench(seed: 5)
    let module = try bench.makeModule()
    let id = try bench.run(module)[0]
    bench.settle()
    var times: Set<Duration> = []
    for _ in 0..<8 {
      for action in ["StopInstances", "StartInstances"] {
        try bench.call(action, ["InstanceIdSet": [.text(id)]])
        let began = bench.now
        bench.settle()
        times.insert(bench.now - began)
      }
    }
    #expect(times.count > 12)
    var ids: Set<String> = []
    for _ in 0..<50 {
      let (made, _) = try bench.allocate()
      bench.settle()
      #expect(ids.insert(made[0]).inserted)
      try bench.call("ReleaseAddresses", ["EcmRegion": .text(Bench.region), "AddressIds": .list(made.map(Value.text))])
      bench.settle()
    }
  }

  @Test("A document without counts is one in which nothing was drawn")
  func olderDocument() throws {
    var bench = Bench(seed: 5)
    _ = try bench.makeVpc()
    var document = try #require(bench.cloud.encoded.asRecord)
    var world = try #require(document["worlds"]?.asList?[0].asRecord)
    #expect(world["draws"]?.asList?.count == 2)
    world["draws"] = nil
    document["worlds"] = [.record(world)]
    var older = bench
    older.cloud = try EmulatedCloud(decoding: .record(document))
    #expect(older.inventory == bench.inventory)
    let (first, next) = (try older.makeVpc(name: "other"), try bench.makeVpc(name: "other"))
    #expect(first == next)
  }
}
