import Values

/// The host addresses of a network. The first two and the last are not given out: network, gateway, broadcast.
struct AddressPool: Codable, Sendable, Equatable {
  let network: CIDR
  /// Sorted.
  private var used: [UInt32] = []
  /// No address below it is free.
  private var lowestFree: UInt32

  init(_ network: CIDR) {
    self.network = network
    lowestFree = network.network &+ 2
  }

  var available: Int { max(0, network.size - 3) - used.count }
  var isEmpty: Bool { used.isEmpty }

  func isUsable(_ address: UInt32) -> Bool {
    network.contains(address) && address >= network.network + 2
      && UInt64(address) < UInt64(network.network) + UInt64(network.size) - 1
  }

  func isFree(_ address: UInt32) -> Bool { isUsable(address) && !isUsed(address) }

  /// The lowest free address, taken; nil when none is free.
  mutating func take() -> UInt32? {
    var index = position(of: lowestFree)
    var candidate = lowestFree
    while index < used.count, used[index] == candidate {
      index += 1
      candidate += 1
    }
    guard isUsable(candidate) else { return nil }
    used.insert(candidate, at: index)
    lowestFree = candidate + 1
    return candidate
  }

  /// That address, taken; without one, or when it is not free, the lowest that is.
  mutating func take(wishing address: UInt32?) -> UInt32? {
    if let address, take(address) { return address }
    return take()
  }

  /// Whether the address was free; it is not any more.
  mutating func take(_ address: UInt32) -> Bool {
    guard isFree(address) else { return false }
    used.insert(address, at: position(of: address))
    return true
  }

  mutating func release(_ address: UInt32) {
    guard isUsed(address) else { return }
    used.remove(at: position(of: address))
    lowestFree = min(lowestFree, address)
  }

  private func isUsed(_ address: UInt32) -> Bool {
    let index = position(of: address)
    return index < used.count && used[index] == address
  }

  /// Where the address stands or would stand.
  private func position(of address: UInt32) -> Int {
    var low = 0
    var high = used.count
    while low < high {
      let middle = (low + high) / 2
      if used[middle] < address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
