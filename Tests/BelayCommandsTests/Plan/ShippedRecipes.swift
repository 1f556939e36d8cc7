import CloudEmulator
import RunPlanner
import TestSupport
import Testing
import Values

/// The shipped runbooks, each with inputs and a world in which it can be run.
struct ShippedRecipe: Sendable, CustomTestStringConvertible {
  let path: String
  let inputs: Record
  let cloud: EmulatedCloud

  static let account = "demo"
  static let paths = ["runbooks/ecm/fleet/web_fleet.belay", "runbooks/ecm/image/bake_image.belay"]
  private static let password = "Belay-2026-demo"

  var testDescription: String { path }

  static func all() throws -> [ShippedRecipe] { try paths.map(recipe) }

  static func recipe(_ path: String) throws -> ShippedRecipe {
    let new = EmulatedCloud(configuration: Configuration(seed: 1, speed: 200, startedAt: Trial.epoch))
    guard path.hasSuffix("bake_image.belay") else {
      return ShippedRecipe(path: path, inputs: ["password": .text(password)], cloud: new)
    }
    // The image is made of an instance that a fleet before it has left.
    let fleet = try ShippedRecipe(path: paths[0], inputs: ["password": .text(password)], cloud: new).trial()
    let outcome = fleet.run(in: new)
    let made = outcome.after.inventory(account: account).first { $0.kind == "Instance" }
    let instance = try #require(made?.id)
    return try ShippedRecipe(
      path: path, inputs: ["instance": .text(instance), "name": "baked", "password": .text(password)],
      // As a file keeps it: without the log of the fleet's calls.
      cloud: EmulatedCloud(decoding: outcome.after.encoded))
  }

  func trial() throws -> Trial {
    let source = try #require(Repository.source(path))
    let base = try Rehearsal(source, inputs: inputs).trial
    return Trial(base.program, created: base.created, account: ShippedRecipe.account)
  }

  /// As options of the command line.
  var arguments: [String] { inputs.flatMap { ["--input", "\($0.key)=\($0.value.display)"] } }
}
