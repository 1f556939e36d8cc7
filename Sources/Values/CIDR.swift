/// An IPv4 network such as `10.20.0.0/16`.
package struct CIDR: Hashable, Sendable, CustomStringConvertible {
  /// The network address, host bits zero.
  package let network: UInt32
  /// 0...32
  package let prefix: Int

  /// Nil when `prefix` is not within 0...32. Host bits are cut off.
  package init?(address: UInt32, prefix: Int) {
    guard (0...32).contains(prefix) else { return nil }
    self.prefix = prefix
    network = address & CIDR.mask(prefix)
  }

  /// Nil unless the text is `a.b.c.d/n` in plain decimal with no host bits set.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let prefix = CIDR.number(parts[1], upTo: 32), let address = CIDR.address(parts[0]),
      address & CIDR.mask(prefix) == address
    else { return nil }
    self.prefix = prefix
    network = address
  }

  package static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : UInt32.max << UInt32(32 - prefix) }

  /// An IPv4 address in dotted decimal, or nil.
  package static func address(_ text: some StringProtocol) -> UInt32? {
    let octets = text.split(separator: ".", omittingEmptySubsequences: false)
    guard octets.count == 4 else { return nil }
    var result: UInt32 = 0
    for octet in octets {
      guard let value = number(octet, upTo: 255) else { return nil }
      result = result << 8 | UInt32(value)
    }
    return result
  }

  package static func text(of address: UInt32) -> String {
    String(unsafeUninitializedCapacity: 15) { letters in
      var count = 0
      func append(_ letter: UInt32) {
        letters[count] = UInt8(letter)
        count += 1
      }
      for shift in [24, 16, 8, 0] as [UInt32] {
        let octet = address >> shift & 255
        if octet > 99 { append(48 + octet / 100) }
        if octet > 9 { append(48 + octet / 10 % 10) }
        append(48 + octet % 10)
        if shift > 0 { append(46) }
      }
      return count
    }
  }

  /// How many addresses the network has.
  package var size: Int { 1 << (32 - prefix) }

  package var description: String { "\(CIDR.text(of: network))/\(prefix)" }

  package func contains(_ address: UInt32) -> Bool { address & CIDR.mask(prefix) == network }

  package func contains(_ other: CIDR) -> Bool { other.prefix >= prefix && contains(other.network) }

  package func overlaps(_ other: CIDR) -> Bool { contains(other) || other.contains(self) }

  /// The `index`-th (from 0) network of `newPrefix` bits inside this one; nil when there is none.
  package func subnet(_ index: Int, prefix newPrefix: Int) -> CIDR? {
    guard newPrefix >= prefix, newPrefix <= 32, index >= 0, index < 1 << (newPrefix - prefix) else { return nil }
    return CIDR(address: network + UInt32(index) << UInt32(32 - newPrefix), prefix: newPrefix)
  }

  private static func number(_ text: some StringProtocol, upTo limit: Int) -> Int? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text),
      value <= limit, text.utf8.count == 1 || text.utf8.first != 48
    else { return nil }
    return value
  }
}
