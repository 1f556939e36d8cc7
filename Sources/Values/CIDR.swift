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
  package init?(_ text: String) {
    var reader = NumberReader(text)
    guard let address = reader.address(), reader.next() == UInt8(ascii: "/"), let prefix = reader.number(upTo: 32),
      reader.next() == nil, address & CIDR.mask(prefix) == address
    else { return nil }
    self.prefix = prefix
    network = address
  }

  package static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : UInt32.max << UInt32(32 - prefix) }

  /// An IPv4 address in dotted decimal, or nil.
  package static func address(_ text: String) -> UInt32? {
    var reader = NumberReader(text)
    let address = reader.address()
    return reader.next() == nil ? address : nil
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
}

/// Takes the bytes of a text one after the other; they are a handful.
private struct NumberReader {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.utf8)[...] }

  mutating func next() -> UInt8? { rest.popFirst() }

  mutating func address() -> UInt32? {
    var address: UInt32 = 0
    for place in 0..<4 {
      if place > 0, next() != UInt8(ascii: ".") { return nil }
      guard let octet = number(upTo: 255) else { return nil }
      address = address << 8 | UInt32(octet)
    }
    return address
  }

  /// Of one to three digits, the first of several no zero.
  mutating func number(upTo limit: Int) -> Int? {
    var number = 0
    var count = 0
    while count < 3, let digit = rest.first, (48...57).contains(digit) {
      if count == 1, number == 0 { return nil }
      number = number * 10 + Int(digit - 48)
      count += 1
      rest.removeFirst()
    }
    return count > 0 && number <= limit ? number : nil
  }
}
