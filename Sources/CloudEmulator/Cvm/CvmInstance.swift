import Values

enum CvmInstanceState: String, Codable, Sendable, CaseIterable {
  case pending = "PENDING"
  case launchFailed = "LAUNCH_FAILED"
  case running = "RUNNING"
  case stopped = "STOPPED"
  case starting = "STARTING"
  case stopping = "STOPPING"
  case rebooting = "REBOOTING"
  /// Given back, not yet destroyed.
  case shutdown = "SHUTDOWN"
  case terminating = "TERMINATING"
  case entersRescue = "ENTER_RESCUE_MODE"
  case rescue = "RESCUE_MODE"
  case leavesRescue = "EXIT_RESCUE_MODE"

  /// On its way to another state.
  var isTransient: Bool {
    switch self {
    case .pending, .starting, .stopping, .rebooting, .terminating, .entersRescue, .leavesRescue: true
    case .launchFailed, .running, .stopped, .shutdown, .rescue: false
    }
  }

  /// The code with which a call refuses an instance in this state.
  var refusalCode: String {
    let words = rawValue.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }
    return "UnsupportedOperation.InstanceState\(words.joined())"
  }
}

struct CvmDisk: Codable, Sendable, Equatable {
  let id: String
  let type: String
  /// In GB.
  var size: Int
  var name: String?
  var isKept = false
  var isEncrypted = false

  /// The structure `SystemDisk`.
  var systemAnswer: Value {
    [
      "DiskType": .text(type), "DiskId": .text(id), "DiskSize": .int(size), "CdcId": .null,
      "DiskName": .text(orNull: name),
    ]
  }

  /// The structure `DataDisk`.
  var dataAnswer: Value {
    [
      "DiskSize": .int(size), "DiskType": .text(type), "DiskId": .text(id), "DeleteWithInstance": .bool(!isKept),
      "SnapshotId": .null, "Encrypt": .bool(isEncrypted), "KmsKeyId": .null, "ThroughputPerformance": 0,
      "CdcId": .null, "BurstPerformance": false, "DiskName": .text(orNull: name),
    ]
  }
}

struct CvmInternet: Codable, Sendable, Equatable {
  var chargeType: String
  /// In Mbps.
  var bandwidth: Int
  var isAssigned: Bool
  var packageID: String?

  var answer: Value {
    [
      "InternetChargeType": .text(chargeType), "InternetMaxBandwidthOut": .int(bandwidth),
      "PublicIpAssigned": .bool(isAssigned), "BandwidthPackageId": .text(orNull: packageID),
    ]
  }
}

/// A termination at a set time.
struct CvmTimer: Codable, Sendable, Equatable {
  let id: String
  let time: Instant
}

/// How the last operation on an instance went.
struct CvmLatest: Codable, Sendable, Equatable {
  enum Outcome: String, Codable, Sendable {
    case operating = "OPERATING"
    case success = "SUCCESS"
    case failed = "FAILED"
  }

  var action: String
  var requestID: String
  var outcome: Outcome
  var message: String?
}

struct CvmInstance: Row {
  let id: String
  let uuid: String
  let zone: String
  let chargeType: String
  let createdAt: Instant
  let tags: [Tag]
  let groupID: String?
  let hostID: String?
  let chcID: String?
  var name: String
  var hostName: String?
  var type: String
  var imageID: String
  var place: CvmPlace
  var publicAddress: String?
  var internet: CvmInternet
  var systemDisk: CvmDisk
  var dataDisks: [CvmDisk]
  var securityGroupIDs: [String]
  var keyIDs: [String]
  var keepsImageLogin: Bool
  var renewFlag: String?
  var expiresAt: Instant?
  var camRole: String
  var projectID: Int
  var userData: String
  var isProtected: Bool
  var timer: CvmTimer?
  /// Billing stops while it is shut down.
  var stopsCharging = false
  /// How often it was given a smaller type.
  var degradeCount = 0
  var state: CvmInstanceState
  var latest: CvmLatest

  var isBusy: Bool { state.isTransient || latest.outcome == .operating }
  var privateText: String { CIDR.text(of: place.address) }

  func inventoryLine(_ region: String) -> InventoryLine {
    InventoryLine(
      "CvmInstance", id, name, tags: tags, state.rawValue, zone, type, imageID, place.subnetID, privateText,
      "disks \(([systemDisk] + dataDisks).map { String($0.size) }.joined(separator: "+")) GB",
      "\(internet.bandwidth) Mbps", "groups \(securityGroupIDs.joined(separator: " "))",
      keyIDs.isEmpty ? nil : "keys \(keyIDs.joined(separator: " "))", groupID, hostID, chcID, renewFlag,
      projectID == 0 ? nil : "project \(projectID)", isProtected ? "protected" : nil,
      stopsCharging ? "STOP_CHARGING" : nil, camRole.isEmpty ? nil : "role \(camRole)",
      userData.isEmpty ? nil : "user data", timer.map { "ends \($0.time.cvmText)" })
  }
}

/// What an operation changes when it has succeeded; nil leaves a thing as it is.
struct CvmChange: Codable, Sendable, Equatable {
  var name: String?
  var hostName: String?
  var userData: String?
  var camRole: String?
  var isProtected: Bool?
  var renewFlag: String?
  var projectID: Int?
  var type: String?
  var imageID: String?
  var systemDisk: CvmDisk?
  var dataDisks: [CvmDisk]?
  var securityGroupIDs: [String]?
  var keyIDs: [String]?
  var keepsImageLogin: Bool?
  var internet: CvmInternet?
  /// Its address is taken from the moment the operation begins.
  var place: CvmPlace?
}

/// An operation on an instance that takes time.
struct CvmOperation: Codable, Sendable, Equatable {
  let region: String
  let id: String
  let requestID: String
  let change: CvmChange
  let success: CvmInstanceState
  let failure: CvmInstanceState
  let succeeds: Bool
}

extension World {
  /// Begins an operation. It leaves the instance in the state `to`, by way of `through`; when it fails, in the state
  /// that it has now.
  mutating func operate(
    _ instance: CvmInstance, _ call: CvmCall, through: CvmInstanceState? = nil, to: CvmInstanceState? = nil,
    _ work: Work, _ change: CvmChange = CvmChange()
  ) {
    cvm[call.region].instances[instance.id]?.state = through ?? instance.state
    cvm[call.region].instances[instance.id]?.latest = CvmLatest(
      action: call.action, requestID: call.requestID, outcome: .operating)
    let operation = CvmOperation(
      region: call.region, id: instance.id, requestID: call.requestID, change: change, success: to ?? instance.state,
      failure: instance.state, succeeds: !call.failsLater)
    plan(.operationEnds(operation), after: work, on: instance.id)
  }

  /// Does at once what takes no time.
  mutating func operateAtOnce(_ instance: CvmInstance, _ call: CvmCall, _ change: CvmChange) {
    cvm[call.region].instances[instance.id]?.latest = CvmLatest(
      action: call.action, requestID: call.requestID, outcome: .operating)
    end(
      CvmOperation(
        region: call.region, id: instance.id, requestID: call.requestID, change: change, success: instance.state,
        failure: instance.state, succeeds: !call.failsLater))
  }

  mutating func end(_ operation: CvmOperation) {
    guard var instance = cvm[operation.region].instances[operation.id], instance.latest.outcome == .operating,
      instance.latest.requestID == operation.requestID
    else { return }
    instance.latest.outcome = operation.succeeds ? .success : .failed
    if operation.succeeds {
      let stopsCharging = instance.stopsCharging
      instance.state = operation.success
      instance.stopsCharging = stopsCharging && operation.success == .stopped
      let left = operation.change.place == nil ? nil : instance.place
      var change = operation.change
      // A key pair that no instance had yet may have been deleted meanwhile.
      change.keyIDs?.removeAll { cvm[operation.region].keys[$0] == nil }
      instance.apply(change)
      cvm[operation.region].instances[operation.id] = instance
      if let left { cvm[operation.region].subnets[left.subnetID]?.hosts.release(left.address) }
    } else {
      instance.state = operation.failure
      if operation.failure != .stopped { instance.stopsCharging = false }
      instance.latest.message = "The operation failed."
      cvm[operation.region].instances[operation.id] = instance
      if let taken = operation.change.place {
        cvm[operation.region].subnets[taken.subnetID]?.hosts.release(taken.address)
      }
      if operation.failure == .launchFailed {
        plan(
          .instanceEnds(region: operation.region, id: operation.id), after: CvmLatency.failedLaunch, on: operation.id)
      }
    }
  }
}

extension CvmInstance {
  fileprivate mutating func apply(_ change: CvmChange) {
    name = change.name ?? name
    hostName = change.hostName ?? hostName
    userData = change.userData ?? userData
    camRole = change.camRole ?? camRole
    isProtected = change.isProtected ?? isProtected
    renewFlag = change.renewFlag ?? renewFlag
    projectID = change.projectID ?? projectID
    type = change.type ?? type
    imageID = change.imageID ?? imageID
    systemDisk = change.systemDisk ?? systemDisk
    dataDisks = change.dataDisks ?? dataDisks
    securityGroupIDs = change.securityGroupIDs ?? securityGroupIDs
    keyIDs = change.keyIDs ?? keyIDs
    keepsImageLogin = change.keepsImageLogin ?? keepsImageLogin
    internet = change.internet ?? internet
    place = change.place ?? place
  }
}
