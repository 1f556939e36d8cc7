import CloudEmulator
import Diagnostics
import RunEngine
import Values

/// A shipped runbook with a cloud that has what it needs.
package struct LibraryStage: Sendable {
  /// Within `runbooks`, without its ending.
  package let path: String
  package let inputs: Record
  package let cloud: EmulatedCloud
  package let start: Instant

  package static let paths = [
    "ecm/fleet/web_fleet", "ecm/image/bake_image", "ecm/address/swap_address", "ecm/zone/drain_zone",
    "ecm/fleet/blue_green", "ecm/fleet/retire_instances", "cvm/image/clone_instance",
  ]

  package struct Unready: Error, CustomStringConvertible {
    package let description: String
  }

  private static let password: Value = "Belay-2026-demo"

  /// `speed`: how much faster than real the cloud's own work goes.
  package static func make(_ path: String, speed: Double = 1) throws -> LibraryStage {
    let fresh = Rehearsal.freshCloud(speed: speed)
    guard let stage = stage(for: path) else {
      return LibraryStage(path: path, inputs: ["password": password], cloud: fresh, start: Rehearsal.start)
    }
    let made = try prepared(stage, in: fresh)
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

  package func rehearsal() throws -> Rehearsal {
    guard let file = Repository.source("runbooks/\(path).belay") else { throw Unready(description: "no \(path)") }
    return try Rehearsal(file, inputs: inputs)
  }

  package func run(_ rehearsal: Rehearsal, faults: [Fault] = []) throws -> Rehearsal.Outcome {
    try rehearsal.run(in: cloud, faults: faults, startingAt: start)
  }

  /// The runbook of `Tests/Fixtures/stages` that makes what is there before; nil when nothing is needed.
  private static func stage(for path: String) -> String? {
    switch path {
    case "ecm/fleet/web_fleet": nil
    case "ecm/address/swap_address": "pair"
    case "cvm/image/clone_instance": "cvm"
    default: "fleet"
    }
  }

  private static func prepared(_ stage: String, in cloud: EmulatedCloud) throws -> Rehearsal.Outcome {
    guard let file = Repository.source("Tests/Fixtures/stages/\(stage).belay") else {
      throw Unready(description: "no stage \(stage)")
    }
    let outcome = try Rehearsal(file, inputs: ["password": password]).run(in: cloud)
    guard outcome.status == .succeeded else { throw Unready(description: outcome.report.failure?.message ?? "?") }
    return outcome
  }
}
