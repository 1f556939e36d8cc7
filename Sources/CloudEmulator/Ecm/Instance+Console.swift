import Values

extension World {
  func describeInstanceVncUrl(_ call: Call) throws(Refusal) -> Record {
    let id = try call.required("InstanceId")
    guard let instance = instances[id] else { throw call.notFound("instance", id) }
    guard instance.state == .running else {
      throw call.refusal(
        instance.state.isTransient
          ? "OperationDenied.InstanceOperationInProgress" : "UnsupportedOperation.InvalidInstanceState",
        because: "\(id) is \(instance.state.rawValue), not RUNNING.")
    }
    let ticket = String(SplitMix64.mix(UInt64(bitPattern: now.milliseconds), instance.uuid), radix: 16)
    return ["InstanceVncUrl": .text("wss%3A%2F%2Fvnc.\(instance.region).invalid%3A26789%2Fvnc%3Fs%3D\(ticket)")]
  }

  /// What the calls of this emulator would refuse, by the state that the instance is in.
  func describeInstancesDeniedActions(_ call: Call) throws(Refusal) -> Record {
    let chosen = try instances(call, in: "InstanceIdSet", "FailedOperation.OperationNotAllow")
    let rows = chosen.map { instance -> Value in
      let denied = World.denied(in: instance.state).map { action, code -> Value in
        [
          "Action": .text(action), "Code": .text(code),
          "Message": .text("The instance is \(instance.state.rawValue)."),
        ]
      }
      return ["InstanceId": .text(instance.id), "DeniedActions": .list(denied)]
    }
    return ["InstanceOperatorSet": .list(rows)]
  }

  private static func denied(in state: InstanceState) -> [(String, String)] {
    let busy = "OperationDenied.InstanceOperationInProgress"
    let notRunning = "ResourceUnavailable.InstanceNotRunning"
    let notStopped = "FailedOperation.InstanceNotAllStopped"
    let notAllowed = "FailedOperation.OperationNotAllow"
    let settled = ["ResetInstances", "ResetInstancesPassword", "ResetInstancesMaxBandwidth"].map { ($0, notAllowed) }
    switch state {
    case .running: return [("StartInstances", notStopped), ("CreateImage", notStopped)]
    case .stopped:
      return [
        ("StopInstances", notRunning), ("RebootInstances", notRunning),
        ("DescribeInstanceVncUrl", "UnsupportedOperation.InvalidInstanceState"),
      ]
    case .pending, .starting, .stopping, .rebooting, .terminating, .launchFailed, .shutdown:
      let power = [
        ("StartInstances", state.isTransient ? busy : notStopped), ("StopInstances", notRunning),
        ("RebootInstances", state.isTransient ? busy : notRunning),
        ("DescribeInstanceVncUrl", state.isTransient ? busy : "UnsupportedOperation.InvalidInstanceState"),
        ("CreateImage", "UnsupportedOperation.InvalidInstanceState"),
      ]
      return power + settled + (state == .terminating ? [("TerminateInstances", notAllowed)] : [])
    }
  }
}
