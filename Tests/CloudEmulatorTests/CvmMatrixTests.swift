import CloudCatalog
import Testing
import Values

@testable import CloudEmulator

/// Which states refuse which calls, as the pages' lists of codes have it.
@Suite("The states of CVM instances")
struct CvmMatrixTests {
  /// For each action, the states that it refuses by their own code, in short: P pending, F launch failed, r running,
  /// s stopped, S starting, T stopping, B rebooting, D shutdown, X terminating, e/R/x entering, in and leaving rescue
  /// mode. Without ForceStop. STOPPED is not refused by StartInstances and ResizeInstanceDisks, whatever their pages
  /// list.
  static let matrix: [String: String] = [
    "StartInstances": "PrSTBDXeRx", "RebootInstances": "PsSTBDXex", "StopInstances": "PsSTBDXeRx",
    "ResizeInstanceDisks": "PrSTBDXRx", "ResetInstancesPassword": "PrSTBDXeRx",
    "ModifyInstancesAttribute": "PSTBDXeRx", "ModifyInstancesRenewFlag": "PSTBDeRx", "EnterRescueMode": "TBDXeRx",
    "ExitRescueMode": "rsTBDex", "InquiryPriceResizeInstanceDisks": "s", "TerminateInstances": "PFSTBXex",
    "ModifyInstancesProject": "", "ResetInstancesType": "rSTBDXR", "ResetInstance": "PSTBDXeRx",
    "DescribeInstanceVncUrl": "PsSTBDXex", "CreateImage": "STBXeRx", "AssociateInstancesKeyPairs": "PrSTBDXRx",
    "DisassociateInstancesKeyPairs": "PrSTBDXeR", "AssociateSecurityGroups": "P",
    "ResetInstancesInternetMaxBandwidth": "PSTBDXR",
  ]

  static let letters: [Character: CvmInstanceState] = [
    "P": .pending, "F": .launchFailed, "r": .running, "s": .stopped, "S": .starting, "T": .stopping,
    "B": .rebooting, "D": .shutdown, "X": .terminating, "e": .entersRescue, "R": .rescue, "x": .leavesRescue,
  ]

  static let codes: [CvmInstanceState: String] = [
    .pending: "Pending", .launchFailed: "LaunchFailed", .running: "Running", .stopped: "Stopped",
    .starting: "Starting", .stopping: "Stopping", .rebooting: "Rebooting", .shutdown: "Shutdown",
    .terminating: "Terminating", .entersRescue: "EnterRescueMode", .rescue: "RescueMode",
    .leavesRescue: "ExitRescueMode",
  ]

  /// What is asked of the instance that is put into each state.
  private func parameters(_ action: String, _ scene: CvmScene, _ id: String) -> Record {
    var parameters = scene.parameters(action) ?? [:]
    if parameters["InstanceIds"] != nil { parameters["InstanceIds"] = [.text(id)] }
    if parameters["InstanceId"] != nil { parameters["InstanceId"] = .text(id) }
    parameters["ForceStop"] = nil
    return parameters
  }

  /// The code with which the action refuses the instance in the state; nil when it does not.
  private func code(
    _ action: String, _ state: CvmInstanceState, _ scene: CvmScene, _ more: Record = [:], busy: Bool = false
  ) throws -> String? {
    var world = scene.bench.world
    let id = action == "ModifyInstancesRenewFlag" ? scene.prepaid : scene.running
    let facts = try #require(Catalog.action(ActionID("cvm", action)))
    world.cvm[CvmBench.region].instances[id]?.state = state
    if busy { world.cvm[CvmBench.region].instances[id]?.latest.outcome = .operating }
    let checked = try ParameterCheck(facts: facts).check(parameters(action, scene, id).merging(more))
    let call = Call(
      facts: facts, parameters: checked, requestID: "r", failsLater: false, seeds: world.seeds,
      commonRegion: CvmBench.region)
    let handler = try #require(ActionTable.cvm[action])
    do throws(Refusal) {
      _ = try handler(&world, call)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("every state is refused by the code that the page prints for it, and by no other")
  func refusals() throws {
    let scene = try CvmScene()
    for (action, refused) in CvmMatrixTests.matrix {
      for (letter, state) in CvmMatrixTests.letters {
        let code = try code(action, state, scene)
        let own = "UnsupportedOperation.InstanceState\(CvmMatrixTests.codes[state] ?? "")"
        #expect((code == own) == refused.contains(letter), "\(action) in \(state): \(code ?? "done")")
      }
    }
  }

  @Test("an instance in the middle of something is left alone")
  func busy() throws {
    let scene = try CvmScene()
    for action in CvmMatrixTests.matrix.keys where !action.hasPrefix("Inquiry") {
      let state: CvmInstanceState =
        switch action {
        case "ExitRescueMode": .rescue
        case "RebootInstances", "StopInstances", "DescribeInstanceVncUrl", "EnterRescueMode": .running
        default: .stopped
        }
      let code = try code(action, state, scene, busy: true)
      #expect(code == "OperationDenied.InstanceOperationInProgress", "\(action): \(code ?? "done")")
    }
  }

  @Test("with ForceStop a running instance is stopped for the change")
  func force() throws {
    let scene = try CvmScene()
    let actions = [
      "ResizeInstanceDisks", "ResetInstancesPassword", "ResetInstancesType", "AssociateInstancesKeyPairs",
      "DisassociateInstancesKeyPairs",
    ]
    for action in actions {
      #expect(try code(action, .running, scene, ["ForceStop": "TRUE"]) == nil, "\(action)")
    }
    #expect(try code("ModifyInstancesVpcAttribute", .running, scene) == nil)
    let code = try code("ModifyInstancesVpcAttribute", .running, scene, ["ForceStop": false])
    #expect(code == "UnsupportedOperation.InstanceStateRunning")
  }
}
