import Values

/// Something that happens by itself, later than the call that caused it. An event whose resource has meanwhile gone or
/// moved on does nothing.
enum WorldEvent: Codable, Sendable, Equatable {
  case instanceSettles(id: String, from: InstanceState, to: InstanceState, succeeded: Bool)
  /// The time of a scheduled termination has come.
  case terminationBegins(id: String, withResources: Bool)
  case instanceEnds(id: String, withResources: Bool)
  case addressesSettle(task: String, ids: [String], change: AddressChange)
  case imageSettles(task: String, succeeded: Bool)
  /// An import begins to be worked on, or ends.
  case importProceeds(task: String, succeeds: Bool)
  case interfaceSettles(id: String, from: InterfaceState, change: InterfaceChange)
  case privateAddressesSettle(interface: String, numbers: [UInt32], succeeded: Bool)
  case ipv6Settle(interface: String, addresses: [String], task: String?, succeeded: Bool)
  case balancerRuns(id: String)
  /// A task with no other effect than its own end.
  case taskEnds(id: String, succeeded: Bool)
  case cvm(CvmEvent)
}

extension World {
  mutating func happen(_ event: WorldEvent) {
    switch event {
    case .instanceSettles(let id, let from, let to, let succeeded):
      settleInstance(id, from: from, to: to, succeeded: succeeded)
    case .terminationBegins(let id, let withResources): beginTermination(id, withResources: withResources)
    case .instanceEnds(let id, let withResources): endInstance(id, withResources: withResources)
    case .addressesSettle(let task, let ids, let change): settleAddresses(ids, change, task: task)
    case .imageSettles(let task, let succeeded): settleImage(task: task, succeeded: succeeded)
    case .importProceeds(let task, let succeeds): proceedImport(task, succeeds: succeeds)
    case .interfaceSettles(let id, let from, let change): settleInterface(id, from: from, change)
    case .privateAddressesSettle(let id, let numbers, let succeeded):
      settlePrivateAddresses(numbers, of: id, succeeded: succeeded)
    case .ipv6Settle(let id, let addresses, let task, let succeeded):
      settleIpv6(addresses, of: id, task: task, succeeded: succeeded)
    case .balancerRuns(let id): runBalancer(id)
    case .taskEnds(let id, let succeeded): endTask(id, succeeded: succeeded)
    case .cvm(let event): happen(event)
    }
  }
}
