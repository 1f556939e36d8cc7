import CloudCatalog
import RunDriver
import RunEngine
import Values

/// Runs that look like those of `ecm.web_fleet`.
enum RunSamples {
  static let zones = ["ap-hangzhou-ecm-1", "ap-hangzhou-ecm-2"]
  static let isps = ["CTCC", "CUCC"]

  /// Everything up to the listener: network, module, four cells side by side, the balancer. Ends at 31 s.
  static func body(zones: [String] = zones) -> RunScript {
    var script = RunScript()
    script.call(0.1, "net", "ecm.CreateVpc", ["Vpc": ["VpcId": "vpc-a1b2c3d4"]])
    for (index, zone) in zones.enumerated() {
      let address = "subnets[\"\(zone)\"].sub"
      let result: Record = ["Subnet": ["SubnetId": .text("subnet-\(index + 1)f3a9c20")]]
      script.call(0.6 + 0.5 * Double(index), took: 0.4, address, "ecm.CreateSubnet", result)
    }
    script.call(1.8, "mod", "ecm.CreateModule", ["ModuleId": "em-w7x1k3d5"])
    var number = 0
    for zone in zones {
      for isp in isps {
        cell(&script, round: "fleet[\"\(zone)\",\"\(isp)\"]", number, from: 2.2 + 0.4 * Double(number))
        number += 1
      }
    }
    script.call(25, took: 0.6, "balancers", "ecm.CreateLoadBalancer", ["LoadBalancerIds": ["lb-9d8c7b6a"]])
    script.wait(25.7, took: 4.4, "balancers is done", for: "balancers", seen: "2")
    return script
  }

  private static func cell(_ script: inout RunScript, round: String, _ number: Int, from start: Double) {
    let (instance, address) = ("ein-\(number)h5x2m8q", "eip-\(number)k7p4w1z")
    script.call(start, took: 1.2, "\(round).vms", "ecm.RunInstances", ["InstanceIdSet": [.text(instance)]])
    if number == 2 {
      script.notice(
        start + 0.3, .resting(StepAddress("\(round).vms"), reason: "RequestLimitExceeded", .milliseconds(200)))
    }
    script.wait(start + 1.3, took: 12 + Double(number), "\(round).vms is RUNNING", for: "\(round).vms")
    let later = start + 13.4 + Double(number)
    let vm = "\(round).vm[\"\(instance)\"]"
    script.call(later, took: 0.5, "\(vm).eip", "ecm.AllocateAddresses", ["AddressSet": [.text(address)]])
    script.wait(later + 0.6, took: 1.8, "\(vm).eip is done", for: "\(vm).eip", seen: "RUNNING")
    script.call(later + 2.5, took: 0.4, "\(vm).bound", "ecm.AssociateAddress")
    script.wait(later + 3, took: 1.6, "\(vm).bound is done", for: "\(vm).bound", seen: "RUNNING")
  }

  static func success(zones: [String] = zones) -> RunScript {
    var script = body(zones: zones)
    script.call(30.4, "listener", "ecm.CreateListener", ["ListenerIds": ["lbl-3c5e7a91"]])
    script.wait(30.8, took: 1.6, "listener is done", for: "listener", seen: "2")
    script.call(32.6, "registered", "ecm.BatchRegisterTargets", ["FailListenerIdSet": []])
    script.wait(33, took: 1.1, "registered is done", for: "registered", seen: "2")
    let health = StepAddress("DescribeTargetHealth")
    script.notice(34.2, .sent(health, attempt: 1))
    script.record(
      34.4, .read(health, "ecm.DescribeTargetHealth", result: [:], requestID: "0c1d", RunScript.place(8)))
    script.wait(34.4, took: 2.1, "DescribeTargetHealth until", for: nil)
    script.record(
      36.4, .read(health, "ecm.DescribeTargetHealth", result: [:], requestID: "0c1e", RunScript.place(8)))
    script.record(36.5, .committed(reason: "the fleet is serving"))
    script.record(36.5, .output(name: "instances", value: ["ein-0h5x2m8q", "ein-1h5x2m8q", "ein-2h5x2m8q"]))
    script.record(36.5, .output(name: "load_balancer", value: "lb-9d8c7b6a"))
    script.record(36.5, .output(name: "vpc", value: "vpc-a1b2c3d4"))
    script.record(36.5, .finished(.succeeded))
    return script
  }

  /// The listener is refused at 31.2 s and the undo begins.
  static func failing() -> RunScript {
    var script = body()
    let listener = StepAddress("listener")
    let arguments: Record = [
      "LoadBalancerId": "lb-9d8c7b6a", "Ports": [80], "Protocol": "TCP", "ListenerNames": ["web"],
      "Token": ["$secret": "password"],
    ]
    script.begin(30.4, "listener", "ecm.CreateListener", arguments, line: 8)
    script.notice(30.6, .resting(listener, reason: "FailedOperation.OperationConflict", .seconds(2)))
    let error = CloudError(
      code: "InvalidParameterValue.Duplicate", message: "the port 80 of lb-9d8c7b6a is taken",
      requestID: "7e6f5a4b-3c2d")
    script.record(31.2, .refused(listener, error, attempts: 2))
    script.record(
      31.2,
      .failed(
        RunFailure(
          .refused, "ecm.CreateListener was refused: \(error.message)", step: listener, place: RunScript.place(8, 16),
          code: error.code, requestID: error.requestID)))
    script.record(31.2, .undoBegan)
    script.undo(31.3, took: 1.9, "balancers", "ecm.DeleteLoadBalancer")
    return script
  }

  private static let cells: [String] = zones.flatMap { zone in isps.map { "fleet[\"\(zone)\",\"\($0)\"]" } }

  /// The undo of the addresses has begun in every cell.
  static func undoing() -> RunScript {
    var script = failing()
    for (number, cell) in cells.enumerated() {
      let vm = "\(cell).vm[\"ein-\(number)h5x2m8q\"]"
      script.undo(33.3, took: 1.2, "\(vm).bound", "ecm.DisassociateAddress")
      script.undo(34.6, took: number == 3 ? nil : 1.1, "\(vm).eip", "ecm.ReleaseAddresses")
      guard number < 2 else { continue }
      script.undo(35.8, took: number == 0 ? 2.2 : nil, "\(cell).vms", "ecm.TerminateInstances")
    }
    script.notice(35, .polled(StepAddress("\(cells[3]).vm[\"ein-3h5x2m8q\"].eip"), "RUNNING"))
    script.notice(
      36.2, .resting(StepAddress("\(cells[1]).vms"), reason: "FailedOperation.OperationConflict", .seconds(2)))
    return script
  }

  static func rolledBack() -> RunScript {
    var script = failing()
    undoCells(&script)
    script.undo(42, "mod", "ecm.DeleteModule")
    script.undo(42.6, "subnets[\"ap-hangzhou-ecm-2\"].sub", "ecm.DeleteSubnet")
    script.undo(43.2, "subnets[\"ap-hangzhou-ecm-1\"].sub", "ecm.DeleteSubnet")
    script.undo(43.8, "net", "ecm.DeleteVpc", note: "it was already gone (ResourceNotFound)")
    script.record(44.4, .finished(.rolledBack))
    return script
  }

  private static func undoCells(_ script: inout RunScript, stuck: Int? = nil) {
    for (number, cell) in cells.enumerated() {
      let vm = "\(cell).vm[\"ein-\(number)h5x2m8q\"]"
      let delay = 0.1 * Double(number)
      script.undo(33.3 + delay, took: 1.2, "\(vm).bound", "ecm.DisassociateAddress")
      script.undo(34.6 + delay, took: 1.1, "\(vm).eip", "ecm.ReleaseAddresses")
      let vms = StepAddress("\(cell).vms")
      if number == stuck {
        script.record(36, .undoIntent(vms, "ecm.TerminateInstances", arguments: [:], known: []))
        let reason = "ecm.TerminateInstances was refused: OperationDenied: the instance is protected"
        script.record(36.4, .undoFailed(vms, reason: reason))
      } else {
        script.undo(35.8 + delay, took: 4.2, "\(cell).vms", "ecm.TerminateInstances")
      }
    }
  }

  static func needsAttention() -> RunScript {
    var script = failing()
    undoCells(&script, stuck: 2)
    script.record(41, .finished(.needsAttention))
    return script
  }

  /// What the network does not have: throttling, a lost answer, a step that is kept, an author's undo, a read that
  /// cannot reach the cloud.
  static func oddities() -> RunScript {
    var script = RunScript()
    script.call(0.2, "image", "ecm.CreateImage", ["TaskId": "4711"], kept: "the image outlives the fleet")
    script.begin(0.9, "net", "ecm.CreateVpc")
    script.notice(1.1, .resting(StepAddress("net"), reason: "RequestLimitExceeded", .milliseconds(200)))
    script.begin(1.0, "pool[\"杭州一区\"].vms", "ecm.RunInstances")
    script.notice(1.6, .probing(StepAddress("pool[\"杭州一区\"].vms"), reason: "the connection was dropped"))
    script.begin(1.0, "pool[\"上海二区\"].vms", "ecm.RunInstances")
    script.notice(
      1.7, .resting(StepAddress("pool[\"上海二区\"].vms"), reason: "ResourceInsufficient.杭州", .seconds(30)))
    script.notice(1.2, .resting(StepAddress("images"), reason: "connection refused", .milliseconds(500)))
    script.call(1.1, "tags", "ecm.ModifyModuleImage")
    script.call(1.3, "tags.undo.back", "ecm.ModifyModuleImage")
    return script
  }
}
