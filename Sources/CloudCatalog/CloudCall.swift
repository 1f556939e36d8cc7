import Values

/// One request to the cloud, before it is signed.
package struct CloudCall: Hashable, Sendable {
  /// A call under way stands in many places: it is kept once.
  private final class Content: Sendable {
    let action: ActionID
    let region: String?
    let arguments: Record

    init(_ action: ActionID, _ region: String?, _ arguments: Record) {
      (self.action, self.region, self.arguments) = (action, region, arguments)
    }
  }
  private let content: Content

  package init(_ action: ActionID, region: String? = nil, _ arguments: Record) {
    content = Content(action, region, arguments)
  }

  package var action: ActionID { content.action }
  /// The common parameter Region (CVM); ECM has it among its ordinary parameters as EcmRegion.
  package var region: String? { content.region }
  /// Secrets still hidden: only what signs and sends may ask for ``Value/revealed``.
  package var arguments: Record { content.arguments }

  /// The region whose limits the call counts against.
  package var limitRegion: String { region ?? arguments["EcmRegion"]?.asText ?? "" }

  package static func == (left: CloudCall, right: CloudCall) -> Bool {
    left.content === right.content
      || left.action == right.action && left.region == right.region && left.arguments == right.arguments
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(action)
    hasher.combine(region)
    hasher.combine(arguments)
  }
}

/// What came of a call.
package enum CallOutcome: Hashable, Sendable {
  /// The answer without its envelope and RequestId.
  case done(Record, requestID: String)
  case refused(CloudError)
  /// Nobody knows whether it took effect: a time-out, a dropped connection, an internal error of the cloud.
  case unknown(String)
}

/// An error that the cloud answered.
package struct CloudError: Hashable, Sendable, Error {
  package let code: String
  package let message: String
  package let requestID: String

  package init(code: String, message: String, requestID: String) {
    self.code = code
    self.message = message
    self.requestID = requestID
  }

  package var kind: ErrorKind { ErrorKind(code: code) }
}

/// What an error code means for whoever has to go on.
package enum ErrorKind: String, Sendable {
  /// Too many requests: send the same again later.
  case throttled
  /// The cloud failed inside: whether the call took effect is not known.
  case server
  /// Something else is going on with the resource: the same call later.
  case busy
  /// Something still depends on the resource: the same call when that is gone.
  case dependency
  /// Sold out or over a quota: trying again does not help.
  case stock
  /// The signature's clock is off.
  case clock
  /// The resource is not there.
  case gone
  /// The caller's mistake: never send it again.
  case caller

  private static let servers: Set = [
    "InternalError", "InternalServerError", "FailedOperation.InternalOperationFailure", "ServiceUnavailable",
  ]
  private static let busies: Set = [
    "FailedOperation.OperationConflict", "OperationDenied.InstanceOperationInProgress", "MutexOperation.TaskRunning",
    "UnsupportedOperation.MutexOperationTaskRunning", "ResourceUnavailable.SnapshotCreating",
    "ResourceInUse.DiskRollbacking", "InvalidParameterValue.InvalidImageState",
    "LimitExceeded.ExportImageTaskLimitExceeded", "UnsupportedOperation.LocalDiskMigratingToCloudDisk",
    "UnsupportedOperation.StatusNotPermit", "UnsupportedOperation.InstanceStatePending",
    "UnsupportedOperation.InstanceStateStarting", "UnsupportedOperation.InstanceStateStopping",
    "UnsupportedOperation.InstanceStateRebooting",
  ]
  private static let dependencies: Set = [
    "ResourceInUse", "FailedOperation.InstanceInModule", "FailedOperation.ImageInUse",
    "UnsupportedOperation.DelRouteWithSubnet", "FailedOperation.PlacementSetNotEmpty",
  ]
  private static let goneCodes: Set = [
    "InvalidInstanceId.NotFound", "UnsupportedOperation.AddressIdNotFound", "InvalidKeyPairId.NotFound",
    "UnsupportedOperation.InstanceIdNotFound", "InvalidParameter.LBIdNotFound", "InvalidParameter.ListenerIdNotFound",
    "InvalidParameterValue.AddressIdNotFound",
  ]

  /// Exact codes first, then families. The books' misprints stay as they are.
  package init(code: String) {
    if code == "RequestLimitExceeded" || code.hasPrefix("RequestLimitExceeded.") {
      self = .throttled
    } else if ErrorKind.servers.contains(code) || code.hasPrefix("InternalError.") {
      self = .server
    } else if ErrorKind.busies.contains(code) {
      self = .busy
    } else if ErrorKind.dependencies.contains(code) {
      self = .dependency
    } else if code == "AuthFailure.SignatureExpire" {
      self = .clock
    } else if ErrorKind.goneCodes.contains(code) || code.hasPrefix("ResourceNotFound") {
      self = .gone
    } else if ErrorKind.isStock(code) {
      self = .stock
    } else {
      self = .caller
    }
  }

  private static func isStock(_ code: String) -> Bool {
    ["ResourceInsufficient", "ResourcesSoldOut", "LimitExceeded"].contains { code.hasPrefix($0) }
      || code.hasSuffix("QuotaLimitExceeded") || code == "FailedOperation.BlockBalance"
      || code == "InvalidAccount.InsufficientBalance"
  }
}
