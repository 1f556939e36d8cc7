import Values

/// Only primary interfaces have IPv6 addresses.
extension World {
  mutating func assignIpv6Addresses(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    guard interface.isPrimary else {
      throw call.refusal("InvalidParameterValue", because: "\(interface.id) is not a primary interface.")
    }
    let named = call.list("Ipv6Addresses").compactMap(\.asRecord)
    let count = call.int("Ipv6AddressCount") ?? (named.isEmpty ? 1 : 0)
    guard count >= 0, interface.ipv6.count + named.count + count <= Limits.ipv6PerInterface else {
      throw call.refusal(
        "LimitExceeded.AddressQuotaLimitExceeded",
        because: "An interface has at most \(Limits.ipv6PerInterface) IPv6 addresses.")
    }
    var new: [NetworkInterface.Ipv6] = []
    for record in named {
      let text = (record["Address"]?.asText ?? "").lowercased()
      let isTaken = !interfaces.rows("address-ip", text).isEmpty
      guard World.isIpv6(text), !isTaken, !new.contains(where: { $0.address == text }) else {
        throw call.refusal(
          "InvalidParameterValue.Malformed", because: "'\(text)' is no IPv6 address, or it is taken.")
      }
      new.append(.init(address: text, about: record["Description"]?.asText ?? "", state: .pending))
    }
    for _ in 0..<count { new.append(.init(address: newIpv6(), about: "", state: .pending)) }
    interfaces[interface.id]?.ipv6 += new
    timeline.plan(
      .ipv6Settle(interface: interface.id, addresses: new.map(\.address), task: nil, succeeded: !call.failsLater),
      at: later(Latency.interfaceChange, of: interface.id))
    return ["Ipv6AddressSet": .list(new.map(\.answer))]
  }

  mutating func releaseIpv6Addresses(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    let indexes = try ipv6Indexes(call, of: interface)
    for index in indexes { interfaces[interface.id]?.ipv6[index].state = .deleting }
    let task = beginTask("ReleaseIpv6Addresses")
    timeline.plan(
      .ipv6Settle(
        interface: interface.id, addresses: indexes.map { interface.ipv6[$0].address }, task: task,
        succeeded: !call.failsLater),
      at: later(Latency.interfaceChange, of: interface.id))
    return ["TaskId": .int(Int(task) ?? 0)]
  }

  mutating func modifyIpv6AddressesAttribute(_ call: Call) throws(Refusal) -> Record {
    let interface = try interface(call)
    for (index, record) in zip(try ipv6Indexes(call, of: interface), call.list("Ipv6Addresses")) {
      guard let about = record.asRecord?["Description"]?.asText else { continue }
      interfaces[interface.id]?.ipv6[index].about = about
    }
    return [:]
  }

  mutating func settleIpv6(_ texts: [String], of id: String, task: String?, succeeded: Bool) {
    defer { if let task { endTask(task, succeeded: succeeded && interfaces[id] != nil) } }
    guard let interface = interfaces[id] else { return }
    for six in interface.ipv6 where texts.contains(six.address) {
      guard let index = interfaces[id]?.ipv6.firstIndex(where: { $0.address == six.address }) else { continue }
      switch (six.state, succeeded) {
      case (.pending, false), (.deleting, true): interfaces[id]?.ipv6.remove(at: index)
      case (.available, _), (.migrating, _), (.pending, true), (.deleting, false):
        interfaces[id]?.ipv6[index].state = .available
      }
    }
  }

  private func ipv6Indexes(_ call: Call, of interface: NetworkInterface) throws(Refusal) -> [Int] {
    var indexes: [Int] = []
    for record in call.list("Ipv6Addresses") {
      let text = (record.asRecord?["Address"]?.asText ?? "").lowercased()
      guard World.isIpv6(text) else {
        throw call.refusal("InvalidParameterValue.Malformed", because: "'\(text)' is not an IPv6 address.")
      }
      guard let index = interface.ipv6.firstIndex(where: { $0.address == text }), !indexes.contains(index),
        interface.ipv6[index].state == .available
      else {
        throw call.notFound("IPv6 address", text)
      }
      indexes.append(index)
    }
    return indexes
  }

  /// One of the range for documentation, RFC 3849.
  private mutating func newIpv6() -> String {
    let groups = (0..<6).map { _ in String(draws.numbers.within(1...0xFFFF), radix: 16) }
    return "2001:db8:\(groups.joined(separator: ":"))"
  }

  private static func isIpv6(_ text: String) -> Bool {
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (3...8).contains(groups.count), groups.count == 8 || text.contains("::") else { return false }
    return groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }
  }
}
