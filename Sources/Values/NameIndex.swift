/// Where names stand in a record: an open table, a power of two long and at most half full.
struct NameIndex: Sendable {
  /// 0 where nothing stands, else a few bits of the hash above one more than the place.
  private var slots: [UInt32]

  private static let placeBits: UInt32 = 26
  private static let placeMask: UInt32 = 1 << placeBits - 1

  init(_ entries: [(String, Value)]) {
    var size = 64
    while size < entries.capacity * 2 { size *= 2 }
    slots = NameIndex.filled(entries, size)
  }

  private static func filled(_ entries: [(String, Value)], _ size: Int) -> [UInt32] {
    precondition(entries.count < placeMask, "a record has fewer than 67 million names")
    var slots = [UInt32](repeating: 0, count: size)
    for (place, entry) in entries.enumerated() { put(hash(of: entry.0), place, into: &slots) }
    return slots
  }

  func place(of name: String, _ hash: UInt32, in entries: [(String, Value)]) -> Int? {
    let mask = slots.count - 1
    let mark = hash & ~NameIndex.placeMask
    var slot = Int(truncatingIfNeeded: hash) & mask
    return entries.withUnsafeBufferPointer { entries in
      slots.withUnsafeBufferPointer { slots in
        while slots[slot] != 0 {
          let place = Int(slots[slot] & NameIndex.placeMask) - 1
          if slots[slot] & ~NameIndex.placeMask == mark, entries[place].0 == name { return place }
          slot = (slot + 1) & mask
        }
        return nil
      }
    }
  }

  /// Of the last entry, whose name stands nowhere yet.
  mutating func add(_ hash: UInt32, _ entries: [(String, Value)]) {
    if entries.count * 2 > slots.count {
      slots = NameIndex.filled(entries, slots.count * 2)
    } else {
      NameIndex.put(hash, entries.count - 1, into: &slots)
    }
  }

  private static func put(_ hash: UInt32, _ place: Int, into slots: inout [UInt32]) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = hash & ~placeMask | UInt32(place + 1)
  }

  // MARK: Hashes

  private static let seed = UInt64(truncatingIfNeeded: Hasher().finalize()) | 1

  /// Another one in each process, like Swift's own, since whoever writes the names may not choose where they fall.
  /// Names of ASCII are hashed by their bytes, eight at a time; the rest as Swift does, for which `é` is one character
  /// however it is written.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
    let raw = UnsafeRawBufferPointer(bytes)
    var state = seed ^ UInt64(raw.count)
    var seen: UInt64 = 0
    var offset = 0
    while offset + 8 <= raw.count {
      let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      seen |= word
      state = mixed(state, word)
      offset += 8
    }
    var last: UInt64 = 0
    while offset < raw.count {
      last = last << 8 | UInt64(raw[offset])
      offset += 1
    }
    guard (seen | last) & 0x8080_8080_8080_8080 == 0 else { return nil }
    return UInt32(truncatingIfNeeded: mixed(state, last) >> 16)
  }

  static func hash(of name: String) -> UInt32 {
    if let hash = name.utf8.withContiguousStorageIfAvailable({ hash($0) }) ?? nil { return hash }
    return UInt32(truncatingIfNeeded: name.hashValue)
  }

  private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
