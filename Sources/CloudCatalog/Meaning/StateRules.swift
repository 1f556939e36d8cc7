import Values

/// A resource that a call names, and what its pages say of the states in which they refuse that.
package struct StateRule: Sendable {
  /// Such as `ecm.Instance`
  package let resource: String
  /// In all other states the call is refused.
  package let allowed: Set<String>

  /// Nil when the action takes the resource in every state, or nothing is known of its states. `given` is what the
  /// call gives for a parameter; nil for nothing, null for what is known only at run time.
  package static func of(
    _ action: ActionID, parameter: String, _ kind: IDKind, given: (String) -> Value?
  ) -> StateRule? {
    guard kind.name.hasSuffix("Id") else { return nil }
    let resource = "\(action.service).\(kind.name.dropLast(2))"
    guard let states = ResourceStates.of(resource) else { return nil }
    let allowed =
      action.service == "cvm"
      ? cvmAllowed(action, states, given) : ecmAllowed(action, parameter, states, given)
    guard let allowed else { return nil }
    return StateRule(resource: resource, allowed: allowed)
  }

  private static func ecmAllowed(
    _ action: ActionID, _ parameter: String, _ states: ResourceStates, _ given: (String) -> Value?
  ) -> Set<String>? {
    switch (states.resource, action.name) {
    case ("ecm.Instance", "TerminateInstances"): return nil
    case ("ecm.Instance", "AssociateAddress"), ("ecm.Instance", "AllocateAddresses"):
      return ["RUNNING", "STOPPED", "STARTING", "STOPPING", "REBOOTING"]
    case ("ecm.Instance", "CreateImage"): return shutDown(unless: given("ForcePoweroff"))
    case ("ecm.Instance", "ResetInstancesPassword"), ("ecm.Instance", "DisassociateInstancesKeyPairs"):
      return shutDown(unless: given("ForceStop"))
    case ("ecm.Instance", "ResetInstancesMaxBandwidth"), ("ecm.Instance", "AttachNetworkInterface"),
      ("ecm.Instance", "MigrateNetworkInterface"):
      return ["RUNNING", "STOPPED"]
    case ("ecm.LoadBalancer", _) where parameter == "LoadBalancerId" && !action.name.hasPrefix("Describe"):
      return ["1"]
    default: break
    }
    let from = states.transitions.filter { $0.by == action && !$0.from.isEmpty }.flatMap(\.from)
    return from.isEmpty ? nil : Set(from)
  }

  private static func shutDown(unless force: Value?) -> Set<String> {
    let isOff = force == nil || force == .bool(false) || force?.asText?.lowercased() == "false"
    return isOff ? ["STOPPED"] : ["STOPPED", "RUNNING"]
  }

  /// The pages of CVM list a code for each state that they refuse. Those of StartInstances and ResizeInstanceDisks list
  /// STOPPED although it is the one that they need.
  private static func cvmAllowed(
    _ action: ActionID, _ states: ResourceStates, _ given: (String) -> Value?
  ) -> Set<String>? {
    guard states.resource == "cvm.Instance", let facts = Catalog.action(action) else { return nil }
    let codes = Set(facts.errors)
    var refused = Set(states.states.filter { codes.contains("UnsupportedOperation.InstanceState" + inWords($0)) })
    if ["StartInstances", "ResizeInstanceDisks"].contains(action.name) { refused.remove("STOPPED") }
    // Made of an instance that is off, or is turned off for it.
    if action.name == "CreateImage" {
      refused.formUnion(Set(["RUNNING", "SHUTDOWN"]).subtracting(shutDown(unless: given("ForcePoweroff"))))
    }
    guard !refused.isEmpty else { return nil }
    refused.formUnion(states.failed)
    let forced = given("ForceStop") ?? facts.parameter("ForceStop").flatMap { _ in isForcedByDefault(action) }
    if let forced, forced != .bool(false) { refused.remove("RUNNING") }
    if action.name == "ResizeInstanceDisks", given("ResizeOnline") != nil { refused.remove("RUNNING") }
    return Set(states.states).subtracting(refused)
  }

  private static func isForcedByDefault(_ action: ActionID) -> Value? {
    action.name == "ModifyInstancesVpcAttribute" ? true : nil
  }

  /// `ENTER_RESCUE_MODE` as codes write it: `EnterRescueMode`.
  private static func inWords(_ state: String) -> String {
    state.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
  }
}

extension ResourceStates {
  /// What the resource goes through, and where it is when the action's work has ended well; nil for an action that
  /// leaves it where it is. An empty `to` is: there no more.
  package static func move(of resource: String, by action: ActionID) -> (through: String?, to: String?)? {
    guard let states = of(resource) else { return nil }
    let moves = states.transitions.filter { $0.by == action }
    guard let move = moves.first(where: { $0.to.map { !states.failed.contains($0) } ?? true }) else { return nil }
    return (move.through, move.to)
  }
}
