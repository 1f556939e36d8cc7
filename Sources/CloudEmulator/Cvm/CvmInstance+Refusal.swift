import Values

extension World {
  /// The instances that a call names, all there.
  func cvmInstances(_ call: CvmCall, limit: Int = 100) throws(Refusal) -> [CvmInstance] {
    var chosen: [CvmInstance] = []
    for id in try call.ids("InstanceIds", limit: limit) { chosen.append(try cvmInstance(id, call)) }
    return chosen
  }

  func cvmInstance(_ id: String, _ call: CvmCall) throws(Refusal) -> CvmInstance {
    guard CvmID.isWellFormed(id, "ins") else {
      throw call.refusal(
        "InvalidInstanceId.Malformed", "InvalidParameterValue.InstanceIdMalformed", "InvalidParameterValue",
        because: "'\(id)' is no id of an instance.")
    }
    guard let instance = cvm[call.region].instances[id] else {
      throw call.refusal("InvalidInstanceId.NotFound", because: "There is no instance '\(id)' in \(call.region).")
    }
    return instance
  }

  /// Refuses instances whose state the page of the action lists, unless it is one that the call allows; then those that
  /// are in the middle of something.
  func refuseStates(
    of instances: [CvmInstance], _ call: CvmCall, allowing allowed: Set<CvmInstanceState> = []
  ) throws(Refusal) {
    for instance in instances {
      try refuseState(of: instance, call, allowing: allowed)
      if instance.isBusy {
        throw call.refusal(
          "OperationDenied.InstanceOperationInProgress", "MutexOperation.TaskRunning", "UnsupportedOperation",
          because: "\(instance.id) is in the middle of \(instance.latest.action).")
      }
    }
  }

  /// The part of ``refuseStates(of:_:allowing:)`` that looks at the state alone, for calls that change nothing.
  func refuseState(
    of instance: CvmInstance, _ call: CvmCall, allowing allowed: Set<CvmInstanceState> = []
  ) throws(Refusal) {
    if !allowed.contains(instance.state), call.prints(instance.state.refusalCode) {
      throw Refusal(instance.state.refusalCode, "\(instance.id) is \(instance.state.rawValue).")
    }
    if instance.state == .launchFailed {
      throw call.refusal(
        "InvalidInstance.NotSupported", "UnsupportedOperation", because: "\(instance.id) could not be launched.")
    }
    if instance.state == .stopped, instance.stopsCharging, !allowed.contains(.stopped),
      call.prints("UnsupportedOperation.StoppedModeStopCharging")
    {
      throw Refusal(
        "UnsupportedOperation.StoppedModeStopCharging", "\(instance.id) is shut down and not charged for.")
    }
  }

  /// The states that a call with `ForceStop` allows beside STOPPED.
  func forceStop(_ call: CvmCall, default standard: Bool = false) -> Set<CvmInstanceState> {
    (call.bool("ForceStop") ?? standard) ? [.running] : []
  }
}

/// What a login must look like.
enum CvmLogin {
  /// Of lower case, upper case, digits and the rest there must be so many; without a number, three for Windows and two
  /// for Linux.
  static func isStrong(_ password: String, isWindows: Bool, classes wanted: Int? = nil) -> Bool {
    let classes = [
      password.contains { $0.isLowercase }, password.contains { $0.isUppercase }, password.contains { $0.isNumber },
      password.contains { !$0.isLetter && !$0.isNumber },
    ].filter { $0 }.count
    return (isWindows ? 12...30 : 8...30).contains(password.count) && classes >= wanted ?? (isWindows ? 3 : 2)
  }

  /// Letters, digits, dots and dashes, none of the last two at an end or beside each other.
  static func isHostName(_ name: String) -> Bool {
    let parts = name.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "-" }
    return parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isWord) }
  }

  /// Letters, digits, underlines and dashes.
  static func isUserName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// Whether the text could be Base64.
  static func isBase64(_ text: String) -> Bool {
    let body = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.utf8.count - body.count
    return text.utf8.count % 4 == 0 && padding <= 2 && text.utf8.suffix(padding).allSatisfy { $0 == UInt8(ascii: "=") }
      && body.allSatisfy { isWord($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
  }
}
