import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// Every row of `StateRule`, by which the checker tells calls that come too early, beside what the emulator does.
@Suite("The states that refuse a call")
struct StateRuleTests {
  /// An action that names a resource by a parameter.
  private struct Scene {
    let action: ActionID
    let parameter: String
    let rule: StateRule
    let call: Record
    let world: World

    var ids: [String] {
      switch call[parameter] {
      case .text(let id): [id]
      case .list(let ids): ids.compactMap(\.asText)
      default: []
      }
    }
  }

  /// What is given for the parameters that turn a rule round.
  private static let variants: [Record] = [
    [:], ["ForceStop": true], ["ForceStop": false], ["ForcePoweroff": true], ["ForcePoweroff": false],
    ["ResizeOnline": true],
  ]

  /// The rows of an action, and of each of its variants.
  private func rows(_ action: ActionID, _ call: Record, _ extra: Record, _ world: World) throws -> [Scene] {
    let facts = try #require(Catalog.action(action))
    return facts.parameters.flatMap { parameter -> [Scene] in
      guard let kind = IDKind.ofMember(parameter.name, service: action.service) else { return [] }
      return Self.variants.compactMap { variant in
        guard variant.names.allSatisfy({ facts.parameter($0) != nil }) else { return nil }
        var call = call
        if !variant.isEmpty || action.service == "cvm" { for name in Self.switches { call[name] = nil } }
        for (name, value) in variant {
          let isText = facts.parameter(name)?.type == .string
          call[name] = isText ? .text(value == true ? "TRUE" : "FALSE") : value
        }
        if call[parameter.name] == nil, let id = extra[parameter.name] { call[parameter.name] = id }
        let given = { (name: String) in call[name] }
        guard let rule = StateRule.of(action, parameter: parameter.name, kind, given: given) else { return nil }
        return Scene(action: action, parameter: parameter.name, rule: rule, call: call, world: world)
      }
    }
  }

  private static let switches = ["ForceStop", "ForcePoweroff", "ResizeOnline"]

  /// Whether the emulator knows the state.
  private func put(_ world: inout World, _ resource: String, _ id: String, _ state: String) -> Bool {
    switch resource {
    case "ecm.Instance":
      guard let state = InstanceState(rawValue: state) else { return false }
      world.instances[id]?.state = state
    case "ecm.Address":
      guard let state = AddressStatus(rawValue: state) else { return false }
      world.addresses[id]?.status = state
    case "ecm.NetworkInterface":
      guard let state = InterfaceState(rawValue: state) else { return false }
      world.interfaces[id]?.state = state
    case "ecm.LoadBalancer": world.balancers[id]?.isRunning = state == "1"
    case "cvm.Instance":
      guard let state = CvmInstanceState(rawValue: state) else { return false }
      world.cvm[CvmBench.region].instances[id]?.state = state
    // These have one state in the emulator; HaVips have none that a call minds.
    default: return state == "NORMAL" || resource == "ecm.HaVip"
    }
    return true
  }

  private func refusal(_ scene: Scene, _ state: String) throws -> (isKnown: Bool, code: String?) {
    var world = scene.world
    for id in scene.ids where !put(&world, scene.rule.resource, id, state) { return (false, nil) }
    let facts = try #require(Catalog.action(scene.action))
    let checked = try ParameterCheck(facts: facts).check(scene.call)
    let call = Call(
      facts: facts, parameters: checked, requestID: "r", failsLater: false, seeds: world.seeds,
      commonRegion: scene.action.service == "cvm" ? CvmBench.region : nil)
    let table = scene.action.service == "cvm" ? ActionTable.cvm : ActionTable.ecm
    let handler = try #require(table[scene.action.name])
    do throws(Refusal) {
      _ = try handler(&world, call)
      return (true, nil)
    } catch {
      return (true, error.code)
    }
  }

  private func hold(_ scenes: [Scene]) throws -> (unknown: Set<String>, refused: Int) {
    var unknown: Set<String> = []
    var refused = 0
    for scene in scenes {
      guard !scene.ids.isEmpty else {
        Issue.record("no call shows the rule of \(scene.action) for '\(scene.parameter)'")
        continue
      }
      for state in ResourceStates.of(scene.rule.resource)?.states ?? [] {
        let (isKnown, code) = try refusal(scene, state)
        guard isKnown else {
          unknown.insert("\(scene.rule.resource) \(state)")
          continue
        }
        if code != nil { refused += 1 }
        let isAllowed = scene.rule.allowed.contains(state)
        // What CVM refuses for the moment only, the run waits out.
        let isTaken = code == nil || isAllowed && ErrorKind(code: code ?? "") == .busy
        let row = "\(scene.action) by '\(scene.parameter)' \(scene.call.names) of \(state)"
        #expect(isTaken == isAllowed, "\(row): \(code ?? "done"), and the rule says \(isAllowed)")
      }
    }
    return (unknown, refused)
  }

  @Test("of ECM") func edge() throws {
    let stock = try Stock.shared()
    let extra: Record = [
      "InstanceId": .text(stock.running[0]), "NetworkInterfaceId": .text(stock.looseInterface),
    ]
    let scenes = try (Catalog.service("ecm")?.actionNames ?? []).flatMap { name in
      try rows(ActionID("ecm", name), stock.calls[name] ?? [:], extra, stock.bench.world)
    }
    let found = try hold(scenes)
    #expect(
      found.unknown == [
        "ecm.Module DELETING", "ecm.Module DELETEFAILED", "ecm.Snapshot CREATING", "ecm.Snapshot ROLLBACKING",
        "ecm.Snapshot COPYING_FROM_REMOTE", "ecm.Snapshot CHECKING_COPIED", "ecm.Snapshot TORECYCLE",
      ])
    #expect(scenes.count > 30 && found.refused > 100)
  }

  @Test("of CVM") func machines() throws {
    let scene = try CvmScene()
    let scenes = try (Catalog.service("cvm")?.actionNames ?? []).flatMap { name in
      try rows(
        ActionID("cvm", name), scene.parameters(name) ?? [:], ["InstanceIds": [.text(scene.running)]], scene.bench.world
      )
    }
    let found = try hold(scenes)
    #expect(
      found.unknown == [
        "cvm.Instance ENTER_SERVICE_LIVE_MIGRATE", "cvm.Instance SERVICE_LIVE_MIGRATE",
        "cvm.Instance EXIT_SERVICE_LIVE_MIGRATE",
      ])
    #expect(scenes.count > 30 && found.refused > 100)
  }
}
