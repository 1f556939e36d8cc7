import CloudCatalog
import CloudEmulator
import Values

/// The one owner of the emulated cloud while it is served.
actor CloudHost {
  private var cloud: EmulatedCloud
  private let clock: @Sendable () -> Instant
  private let onChange: (@Sendable (Value) -> Void)?

  init(_ configuration: ServerConfiguration) {
    cloud = configuration.cloud
    clock = configuration.clock
    onChange = configuration.onChange
  }

  func handle(_ request: CloudRequest) -> CloudReply {
    let reply = cloud.handle(request, now: clock())
    switch reply {
    case .answered where !request.action.name.hasPrefix("Describe"), .lostAfter: onChange?(cloud.encoded)
    case .answered, .refused, .lostBefore: break
    }
    return reply
  }

  func strayRequestID() -> String { cloud.strayRequestID() }

  func inventory(account: String) -> [InventoryLine] {
    cloud.advance(to: clock())
    return cloud.inventory(account: account)
  }

  var calls: [CallRecord] { cloud.calls }

  func inject(_ faults: [Fault]) {
    for fault in faults { cloud.inject(fault) }
  }

  /// A new cloud, as if nothing had ever been called.
  func reset() {
    cloud = EmulatedCloud(configuration: cloud.configuration)
    onChange?(cloud.encoded)
  }
}
