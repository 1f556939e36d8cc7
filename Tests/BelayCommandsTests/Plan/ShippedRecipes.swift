import CloudEmulator
import RunPlanner
import TestSupport
import Testing
import Values

/// The shipped runbooks, each with inputs and a world in which it can be run, whose own work is fast.
struct ShippedRecipe: Sendable, CustomTestStringConvertible {
  /// How much faster than real.
  static let speed = 200.0
  static let account = Rehearsal.account
  static let paths = LibraryStage.paths

  private let stage: LibraryStage
  let cloud: EmulatedCloud

  var path: String { "runbooks/\(stage.path).belay" }
  var testDescription: String { path }

  init(_ path: String) throws {
    stage = try LibraryStage.make(path, speed: ShippedRecipe.speed)
    var cloud = stage.cloud
    cloud.advance(to: stage.start)
    // As a file keeps it: without the log of the calls that made it.
    self.cloud = try EmulatedCloud(decoding: cloud.encoded)
  }

  /// Whether somebody else has to say yes in its course.
  var hasApproval: Bool { stage.path == "ecm/fleet/retire_instances" }

  func trial() throws -> Trial { try stage.rehearsal().trial }

  /// As options of the command line.
  var arguments: [String] { stage.inputs.flatMap { ["--input", "\($0.key)=\($0.value.display)"] } }

  /// What goes wrong with a late change of it, so that everything before is undone, and the step after which that is.
  var lateFailure: (faults: [String], after: String) {
    switch stage.path {
    case "ecm/fleet/web_fleet": (["ecm.BatchRegisterTargets:1:refused=FailedOperation.X"], "listener")
    case "ecm/image/bake_image": (["ecm.RunInstances:1:refused=FailedOperation.X"], "ModifyModuleImage")
    case "ecm/address/swap_address": (["ecm.AssociateAddress:1:refused=FailedOperation.X"], "freed")
    case "ecm/zone/drain_zone": (["ecm.StopInstances:1:refused=FailedOperation.X"], "drained")
    case "ecm/fleet/blue_green": (["ecm.BatchDeregisterTargets:1:refused=FailedOperation.X"], "registered")
    case "ecm/fleet/retire_instances":
      // The looks at what stops: the first is at both instances, the next at one of them.
      (
        ["ecm.DescribeInstances:2:refused=FailedOperation.X", "ecm.DescribeInstances:3:refused=FailedOperation.X"],
        "stopped"
      )
    default: (["cvm.RunInstances:1:refused=FailedOperation.X"], "image")
    }
  }
}
