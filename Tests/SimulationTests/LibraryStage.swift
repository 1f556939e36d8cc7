import CloudEmulator
import Diagnostics
import RunEngine
import TestSupport
import Values

/// A shipped runbook with a cloud that has what it needs.
struct LibraryStage {
  let path: String
  let inputs: Record
  let cloud: EmulatedCloud
  let start: Instant

  static let paths = [
    "ecm/fleet/web_fleet", "ecm/image/bake_image", "ecm/address/swap_address", "ecm/zone/drain_zone",
    "ecm/fleet/blue_green", "ecm/fleet/retire_instances", "cvm/image/clone_instance",
  ]

  struct Unready: Error, CustomStringConvertible {
    let description: String
  }

  static func make(_ path: String) throws -> LibraryStage {
    let fresh = Rehearsal.freshCloud()
    let password: Value = "Belay-2026-demo"
    if path == "ecm/fleet/web_fleet" {
      return LibraryStage(path: path, inputs: ["password": password], cloud: fresh, start: Rehearsal.start)
    }
    let made = try prepared(path.hasPrefix("cvm") ? cvmInstance : path == "ecm/address/swap_address" ? pair : fleet)
    let outputs = Record(made.report.outputs.map { ($0.name, $0.value) })
    func output(_ name: String) -> Value { outputs[name] ?? .null }
    let inputs: Record =
      switch path {
      case "ecm/image/bake_image": ["instance": output("first"), "name": "golden", "password": password]
      case "ecm/address/swap_address": ["address": output("address"), "from": output("from"), "to": output("to")]
      case "ecm/zone/drain_zone": ["balancer": output("balancer")]
      case "ecm/fleet/blue_green":
        ["name": "green", "balancer": output("balancer"), "listener": output("listener"), "password": password]
      case "ecm/fleet/retire_instances": ["old": output("instances")]
      default: ["instance": output("first"), "name": "golden", "password": password]
      }
    return LibraryStage(path: path, inputs: inputs, cloud: made.cloud, start: Rehearsal.start + .minutes(60))
  }

  func rehearsal() throws -> Rehearsal {
    guard let file = Repository.source("runbooks/\(path).belay") else { throw Unready(description: "no \(path)") }
    return try Rehearsal(file, inputs: inputs)
  }

  func run(_ rehearsal: Rehearsal, faults: [Fault] = []) throws -> Rehearsal.Outcome {
    try rehearsal.run(in: cloud, faults: faults, startingAt: start)
  }

  private static func prepared(_ text: String) throws -> Rehearsal.Outcome {
    let outcome = try Rehearsal(SourceFile(path: "stage.belay", text: text), inputs: ["password": "Belay-2026-demo"])
      .run()
    guard outcome.status == .succeeded else { throw Unready(description: outcome.report.failure?.message ?? "?") }
    return outcome
  }

  // MARK: What is there before

  private static let module = """
    use ecm with (EcmRegion: "ap-hangzhou-ecm")
    inputs {
      password: secret Text
    }
    let mod = ecm.CreateModule(
      ModuleName: "blue", DefaultImageId: "img-qsdf3ff2", InstanceType: "S5.MEDIUM4", DefaultBandWidth: 50,
      DefaultSystemDiskSize: 50, DefaultDataDiskSize: 0)
    let vms = ecm.RunInstances(
      ModuleId: mod.ModuleId, Password: password,
      ZoneInstanceCountISPSet: [{ Zone: "ap-hangzhou-ecm-1", ISP: "CTCC", InstanceCount: 2 }])
    wait vms is RUNNING within 15min
    output instances = vms.InstanceIdSet
    output first = vms.InstanceIdSet[0]

    """

  private static let pair = """
    runbook stage.pair 1.0.0
    \(module)
    let eip = ecm.AllocateAddresses(InternetServiceProvider: "CTCC")
    wait eip is done within 3min
    let bound = ecm.AssociateAddress(AddressId: eip.AddressSet[0], InstanceId: vms.InstanceIdSet[0])
    wait bound is done within 3min
    output address = eip.AddressSet[0]
    output from = vms.InstanceIdSet[0]
    output to = vms.InstanceIdSet[1]
    """

  private static let fleet = """
    runbook stage.fleet 1.0.0
    \(module)
    let balancers = ecm.CreateLoadBalancer(LoadBalancerType: "OPEN", VipIsp: "CTCC", Number: 1)
    wait balancers is done within 5min
    let balancer = balancers.LoadBalancerIds[0]
    let listener = ecm.CreateListener(LoadBalancerId: balancer, Ports: [80], Protocol: "TCP")
    wait listener is done within 5min
    let registered = ecm.BatchRegisterTargets(
      LoadBalancerId: balancer,
      Targets: [
        for vm in vms.InstanceIdSet { ListenerId: listener.ListenerIds[0], InstanceId: vm, Port: 8080, Weight: 10 }
      ])
    wait registered is done within 5min
    output balancer = balancer
    output listener = listener.ListenerIds[0]
    """

  private static let cvmInstance = """
    runbook stage.cvm 1.0.0
    use cvm in "ap-guangzhou"
    inputs {
      password: secret Text
    }
    let images = cvm.DescribeImages()
    let vms = cvm.RunInstances(
      Placement: { Zone: "ap-guangzhou-3" }, ImageId: images.ImageSet[0].ImageId, InstanceType: "S5.MEDIUM4",
      LoginSettings: { Password: password })
    wait vms is RUNNING within 15min
    output first = vms.InstanceIdSet[0]
    """
}
