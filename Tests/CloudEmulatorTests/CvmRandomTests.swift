import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// Long random sessions of calls, sensible and not, against what must always hold.
@Suite("Random sessions in CVM")
struct CvmRandomTests {
  @Test("10,000 calls break no invariant", arguments: SessionSeeds.all)
  func session(_ seed: UInt64) throws {
    let scene = try CvmScene()
    var bench = scene.bench
    var random = SplitMix64(seed: seed)
    let actions = (Catalog.service("cvm")?.actionNames ?? []).filter { $0 != "DescribeZoneInstanceConfigInfos" }
    let common = Set(Catalog.service("cvm")?.commonErrors ?? [])
    for step in 1...SessionSeeds.calls {
      bench.pass(.milliseconds(Int64(random.within(110...9000))))
      let action = actions[random.within(0...actions.count - 1)]
      let parameters = varied(scene.parameters(action) ?? [:], bench.world, &random)
      bench.cloud.advance(to: bench.now)
      let before = bench.world
      switch bench.reply(action, parameters) {
      case .answered(let answer, _): #expect(Shape.problems(answer, of: ActionID("cvm", action)) == [])
      case .refused(let error):
        var after = bench.world
        after.generator = before.generator
        #expect(after == before, "\(action) was refused with \(error.code) and changed something")
        let isPrinted = Catalog.action(ActionID("cvm", action))?.errors.contains(error.code) == true
        #expect(isPrinted || common.contains(error.code), "\(action) does not print \(error.code)")
      case .lostBefore, .lostAfter: Issue.record("lost without a fault")
      }
      if step % SessionSeeds.callsBetweenLooks == 0 {
        #expect(CvmInvariants.problems(bench.world) == [], "after \(action)")
      }
    }
    bench.settle()
    #expect(CvmInvariants.problems(bench.world) == [])
    #expect(bench.world.cvm[CvmBench.region].instances.all.allSatisfy { !$0.isBusy })
  }

  /// The same call of other things of the account, and now and then of what there is not.
  private func varied(_ parameters: Record, _ world: World, _ random: inout SplitMix64) -> Record {
    let state = world.cvm[CvmBench.region]
    let known: [String: [String]] = [
      "Instance": state.instances.all.map(\.id), "Image": state.images.all.map(\.id), "Key": state.keys.all.map(\.id),
      "LaunchTemplate": state.templates.all.map(\.id), "DisasterRecoverGroup": state.groups.all.map(\.id),
    ]
    var result = Record()
    for (name, value) in parameters {
      let kind = known.keys.first { name == "\($0)Id" || name == "\($0)Ids" }
      let ids = kind.flatMap { known[$0] } ?? []
      if !ids.isEmpty, random.within(0...9) > 0 {
        let id = Value.text(ids[random.within(0...ids.count - 1)])
        result[name] = name.hasSuffix("s") ? [id] : id
      } else if case .text(let text) = value, name.hasSuffix("Name"), random.within(0...3) > 0 {
        result[name] = .text("\(text.prefix(8))\(random.within(1...99))")
      } else if random.within(0...40) == 0 {
        result[name] = "nonsense"
      } else {
        result[name] = value
      }
    }
    return result
  }
}
