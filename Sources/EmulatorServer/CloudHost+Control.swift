import CloudEmulator
import Values

/// What the control API does to the cloud.
extension CloudHost {
  /// So many snapshots are kept at a time.
  static let maximumSnapshots = 100

  func inventory(account: String) -> [InventoryLine] {
    catchUp()
    return cloud.inventory(account: account)
  }

  var calls: [CallRecord] { cloud.calls }

  /// What is wrong, when it cannot be.
  func announce(_ haVipID: String, by instanceID: String?, account: String) -> String? {
    catchUp()
    let problem = cloud.announce(haVipID, by: instanceID, account: account)
    if problem == nil { hasChanged() }
    return problem
  }

  func arm(_ scenario: Scenario) -> [ArmedFault] {
    catchUp()
    let armed = cloud.inject(scenario)
    hasChanged()
    return armed
  }

  var faults: [ArmedFault] {
    catchUp()
    return cloud.armedFaults
  }

  /// Nil clears them all. Whether there was one.
  func clearFault(_ number: Int?) -> Bool {
    let found = number.map { cloud.clearFault($0) } ?? true
    if number == nil { cloud.clearFaults() }
    hasChanged()
    return found
  }

  /// The cloud's time, and when something next happens by itself.
  var clock: (now: Instant, next: Instant?) {
    catchUp()
    return (cloud.instant, cloud.nextEvent)
  }

  /// Nil when the clock is the machine's.
  func advance(by duration: Duration) -> Instant? {
    guard let manual = time.manual else { return nil }
    let now = manual.advance(by: duration)
    catchUp()
    hasChanged()
    return now
  }

  /// False when there are too many. A name that is there is given to the new one.
  func snapshot(_ name: String) -> Bool {
    catchUp()
    guard snapshots[name] != nil || snapshots.count < CloudHost.maximumSnapshots else { return false }
    snapshots[name] = cloud
    return true
  }

  /// False when there is none of that name. A manual clock goes back with it; by the machine's clock, what was still to
  /// happen then and is due by now happens at once.
  func restore(_ name: String) -> Bool {
    guard let snapshot = snapshots[name] else { return false }
    cloud = snapshot
    time.manual?.set(snapshot.instant)
    hasChanged()
    return true
  }

  /// A new cloud, as if nothing had ever been called: no faults, no calls. Snapshots stay.
  func reset() {
    cloud = EmulatedCloud(configuration: cloud.configuration)
    hasChanged()
  }

  /// Nil when there is none of a name; without `later`, of the cloud as it is now.
  func difference(_ earlier: String, _ later: String?) -> [String]? {
    catchUp()
    guard let origin = snapshots[earlier] else { return nil }
    guard let later else { return cloud.difference(from: origin) }
    return snapshots[later].map { $0.difference(from: origin) }
  }
}
