import CloudEmulator
import Values

/// What the control API does to the cloud.
extension CloudHost {
  /// So many snapshots are kept at a time.
  static let maximumSnapshots = 100

  func inventory(account: String) -> [InventoryLine] { caughtUp { cloud, _ in cloud.inventory(account: account) } }

  var calls: [CallRecord] { cloud.calls }

  /// What is wrong, when it cannot be.
  func announce(_ haVipID: String, by instanceID: String?, account: String) async -> String? {
    let problem = caughtUp { cloud, _ in cloud.announce(haVipID, by: instanceID, account: account) }
    if problem == nil { await hasChanged() }
    return problem
  }

  func arm(_ scenario: Scenario) async -> [ArmedFault] {
    let armed = caughtUp { cloud, _ in cloud.inject(scenario) }
    await hasChanged()
    return armed
  }

  var faults: [ArmedFault] { caughtUp { cloud, _ in cloud.armedFaults } }

  /// Nil clears them all. Whether there was one.
  func clearFault(_ number: Int?) async -> Bool {
    let found = caughtUp { cloud, _ in
      if let number { return cloud.clearFault(number) }
      cloud.clearFaults()
      return true
    }
    await hasChanged()
    return found
  }

  /// The cloud's time, and when something next happens by itself.
  var clock: (now: Instant, next: Instant?) { caughtUp { cloud, _ in (cloud.instant, cloud.nextEvent) } }

  /// Nil when the clock is the machine's.
  func advance(by duration: Duration) async -> Instant? {
    guard let manual = time.manual else { return nil }
    let now = manual.advance(by: duration)
    caughtUp { _, _ in }
    await hasChanged()
    return now
  }

  var snapshotNames: [String] { caughtUp { _, snapshots in snapshots.keys.sorted() } }

  /// False when there are too many. A name that is there is given to the new one.
  func snapshot(_ name: String) -> Bool {
    caughtUp { cloud, snapshots in
      guard snapshots[name] != nil || snapshots.count < CloudHost.maximumSnapshots else { return false }
      snapshots[name] = cloud
      return true
    }
  }

  /// False when there is none of that name. A manual clock goes back with it; by the machine's clock, what was still to
  /// happen then and is due by now happens at once.
  func restore(_ name: String) async -> Bool {
    let manual = time.manual
    let isThere = caughtUp { cloud, snapshots in
      guard let snapshot = snapshots[name] else { return false }
      cloud = snapshot
      manual?.set(snapshot.instant)
      return true
    }
    if isThere { await hasChanged() }
    return isThere
  }

  /// A new cloud, as if nothing had ever been called: no faults, no calls. Snapshots stay.
  func reset() async {
    caughtUp { cloud, _ in cloud = EmulatedCloud(configuration: cloud.configuration) }
    await hasChanged()
  }

  /// Nil when there is none of a name; without `later`, of the cloud as it is now.
  func difference(_ earlier: String, _ later: String?) -> [String]? {
    let pair: (EmulatedCloud, EmulatedCloud)? = caughtUp { cloud, snapshots in
      guard let origin = snapshots[earlier] else { return nil }
      guard let later else { return (origin, cloud) }
      return snapshots[later].map { (origin, $0) }
    }
    return pair.map { $1.difference(from: $0) }
  }
}
