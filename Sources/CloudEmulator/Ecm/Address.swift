import Values

enum AddressStatus: String, Codable, Sendable {
  case creating = "CREATING"
  case unbound = "UNBIND"
  case binding = "BINDING"
  case bound = "BIND"
  /// To an interface that is not plugged in.
  case boundToInterface = "BIND_ENI"
  case unbinding = "UNBINDING"
  case offlining = "OFFLINING"

  var isBound: Bool { self == .bound || self == .boundToInterface }
}

/// An elastic IP.
struct Address: Row {
  let id: String
  let region: String
  let ip: String
  let isp: String
  var bandwidth: Int
  let tags: [Tag]
  let createdAt: Instant
  var status: AddressStatus
  var name = ""
  var isDirect = false
  /// Set from the moment at which the binding begins until the unbinding has ended: the instance whose primary address
  /// it belongs to, or else the slot.
  var instanceID: String?
  var slot: AddressSlot?

  static let keys: [RowKey<Address>] =
    [
      .one("region", isFixed: true) { $0.region }, .one("address-ip", isFixed: true) { $0.ip },
      .one("address-name") { $0.name }, .one("address-status") { $0.status.rawValue },
    ] + RowKey.tags(isFixed: true) { $0.tags }

  var inventoryLine: InventoryLine {
    InventoryLine(
      "Address", id, ip, tags: tags, region, isp, "\(bandwidth) Mbps", status.rawValue, instanceID,
      slot.map { "\($0.interfaceID)/\(CIDR.text(of: $0.number))" }, name.isEmpty ? nil : name, isDirect ? "direct" : nil
    )
  }
}

/// A private address that is not the primary one of a primary interface.
struct AddressSlot: Codable, Sendable, Equatable {
  var interfaceID: String
  let number: UInt32
}

/// What an elastic IP is bound to.
enum BindingGoal: Codable, Sendable, Equatable {
  case instance(String)
  case slot(AddressSlot)
}

/// What becomes of elastic IPs when their task ends.
enum AddressChange: Codable, Sendable, Equatable {
  /// From `status`, to `to`; nil means that they go.
  case settle(from: AddressStatus, to: AddressStatus?, succeeded: Bool)
  /// The one that was allocated for an instance begins to be bound.
  case bind(to: BindingGoal)
  /// The bandwidth of all of them changes.
  case widen(bandwidth: Int?)
}

extension World {
  mutating func allocateAddresses(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let count = call.int("AddressCount") ?? 1
    guard (1...100).contains(count) else {
      throw call.refusal("InvalidParameterValue.ParameterValueTooLarge", because: "AddressCount must be 1 to 100.")
    }
    let goal = try bindingGoal(call, region, required: false)
    guard goal == nil || count == 1 else {
      throw call.refusal("InvalidParameterValue.InvalidAddressCount", because: "Only one can be bound at once.")
    }
    try checkQuota(count, region, call)
    budgets.spend(count, "DAILY_EIP_APPLY \(region)", on: now.dateText)
    var ids: [String] = []
    for _ in 0..<count {
      let address = Address(
        id: newID("eip"), region: region, ip: publicAddresses.next(),
        isp: call.text("InternetServiceProvider") ?? carrier(of: goal) ?? "CTCC",
        bandwidth: call.int("InternetMaxBandwidthOut") ?? 1, tags: call.tags(), createdAt: now, status: .creating)
      addresses.insert(address)
      ids.append(address.id)
    }
    let task = beginTask("AllocateAddresses")
    let change: AddressChange =
      if call.failsLater {
        .settle(from: .creating, to: nil, succeeded: false)
      } else if let goal {
        .bind(to: goal)
      } else {
        .settle(from: .creating, to: .unbound, succeeded: true)
      }
    timeline.plan(
      .addressesSettle(task: task, ids: ids, change: change), at: later(Latency.addressAllocate, of: ids.first ?? ""))
    return ["AddressSet": .list(ids.map(Value.text)), "TaskId": .text(task)]
  }

  mutating func associateAddress(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let address = try address(try call.required("AddressId"), in: region, call)
    guard let goal = try bindingGoal(call, region, required: true) else {
      throw call.refusal("MissingParameter.MissingAssociateEntity", because: "Give an instance or an interface.")
    }
    try requireStatus([.unbound], address, call)
    let task = beginTask("AssociateAddress")
    beginBinding(address.id, to: goal, task: task, fails: call.failsLater)
    return ["TaskId": .text(task)]
  }

  mutating func disassociateAddress(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let address = try address(try call.required("AddressId"), in: region, call)
    try requireStatus([.bound, .boundToInterface], address, call)
    let counter = "DAILY_PUBLIC_IP_ASSIGN \(region)"
    let reassigns = call.isTrue("ReallocateNormalPublicIp")
    if reassigns {
      guard budgets.spent(counter, on: now.dateText) < 10 else {
        throw call.refusal(
          "UnsupportedOperation.QuotaLimitExceeded", because: "Public addresses are reassigned 10 times a day.")
      }
      budgets.spend(1, counter, on: now.dateText)
    }
    addresses[address.id]?.status = .unbinding
    if reassigns, let instance = address.instanceID { instances[instance]?.publicAddress = publicAddresses.next() }
    let task = beginTask("DisassociateAddress")
    plan(task, [address.id], from: .unbinding, to: .unbound, backTo: address.status, call, Latency.addressUnbind)
    return ["TaskId": .text(task)]
  }

  mutating func releaseAddresses(_ call: Call) throws(Refusal) -> Record {
    let region = try call.requiredRegion()
    let ids = call.ids("AddressIds")
    for id in ids { try requireStatus([.unbound], try address(id, in: region, call), call) }
    for id in ids { addresses[id]?.status = .offlining }
    let task = beginTask("ReleaseAddresses")
    plan(task, ids, from: .offlining, to: nil, backTo: .unbound, call, Latency.addressRelease)
    return ["TaskId": .text(task)]
  }

  mutating func settleAddresses(_ ids: [String], _ change: AddressChange, task: String) {
    switch change {
    case .settle(let from, let to, let succeeded):
      let present = ids.filter { addresses[$0]?.status == from }
      for id in present { settleAddress(id, to) }
      endTask(task, succeeded: succeeded && present.count == ids.count)
    case .bind(let goal):
      for id in ids where addresses[id]?.status == .creating {
        addresses[id]?.status = .unbound
        guard isFree(goal) else {
          endTask(task, succeeded: false)
          continue
        }
        beginBinding(id, to: goal, task: task, fails: false)
      }
    case .widen(let bandwidth):
      if let bandwidth { for id in ids { addresses[id]?.bandwidth = bandwidth } }
      endTask(task, succeeded: bandwidth != nil)
    }
  }

  /// The instance that holds the address is gone.
  mutating func leaveAddress(_ id: String, destroys: Bool) {
    guard addresses[id] != nil else { return }
    if destroys {
      addresses.remove(id)
    } else {
      addresses[id]?.status = .unbound
      addresses[id]?.instanceID = nil
      addresses[id]?.slot = nil
    }
  }

  func address(_ id: String, in region: String, _ call: Call) throws(Refusal) -> Address {
    guard id.hasPrefix("eip-") else {
      throw call.refusal(
        "UnsupportedOperation.Malformed", "InvalidParameterValue.InvaildAddressId", "InvalidParameterValue",
        because: "'\(id)' is not the id of an elastic IP.")
    }
    guard let address = addresses[id], address.region == region else {
      throw call.refusal(
        "UnsupportedOperation.AddressIdNotFound", because: "There is no elastic IP '\(id)' in \(region).")
    }
    return address
  }

  private mutating func settleAddress(_ id: String, _ status: AddressStatus?) {
    guard let status else {
      release(id)
      addresses.remove(id)
      return
    }
    addresses[id]?.status = status
    if status.isBound, let slot = addresses[id]?.slot {
      addresses[id]?.status = interfaces[slot.interfaceID]?.attachment == nil ? .boundToInterface : .bound
    }
    if status == .unbound { release(id) }
  }

  /// What the address belonged to is free again.
  private mutating func release(_ id: String) {
    if let instance = addresses[id]?.instanceID { instances[instance]?.addressID = nil }
    if let slot = addresses[id]?.slot { mark(slot, with: nil) }
    addresses[id]?.instanceID = nil
    addresses[id]?.slot = nil
  }

  private mutating func beginBinding(_ id: String, to goal: BindingGoal, task: String, fails: Bool) {
    addresses[id]?.status = .binding
    switch goal {
    case .instance(let instanceID):
      addresses[id]?.instanceID = instanceID
      instances[instanceID]?.addressID = id
      // An elastic IP takes the place of the address that the instance came with.
      if !fails { instances[instanceID]?.publicAddress = nil }
    case .slot(let slot):
      addresses[id]?.slot = slot
      mark(slot, with: id)
    }
    let change = AddressChange.settle(from: .binding, to: fails ? .unbound : .bound, succeeded: !fails)
    timeline.plan(.addressesSettle(task: task, ids: [id], change: change), at: later(Latency.addressBind, of: id))
  }

  private mutating func plan(
    _ task: String, _ ids: [String], from: AddressStatus, to: AddressStatus?, backTo before: AddressStatus,
    _ call: Call,
    _ work: Work
  ) {
    let change = AddressChange.settle(from: from, to: call.failsLater ? before : to, succeeded: !call.failsLater)
    timeline.plan(.addressesSettle(task: task, ids: ids, change: change), at: later(work, of: ids.first ?? ""))
  }

  private func requireStatus(_ wanted: [AddressStatus], _ address: Address, _ call: Call) throws(Refusal) {
    guard wanted.contains(address.status) else {
      throw call.refusal(
        "UnsupportedOperation.StatusNotPermit", because: "\(address.id) is \(address.status.rawValue).")
    }
  }
}
