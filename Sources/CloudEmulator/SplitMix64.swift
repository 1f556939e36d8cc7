/// A small generator of numbers that look random and are the same for the same seed.
struct SplitMix64: Sendable, Equatable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number of the range, both ends included.
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    let span = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next().multipliedFullWidth(by: span).high)
  }

  /// Eight lower-case letters and digits, as after the dash of the cloud's ids.
  mutating func suffix() -> String {
    var rest = next()
    return String(unsafeUninitializedCapacity: 8) { letters in
      for place in 0..<8 {
        let digit = UInt8(rest % 36)
        letters[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        rest /= 36
      }
      return 8
    }
  }

  /// A version 4 UUID.
  mutating func uuid() -> String {
    let high = (next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
    let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    return String(unsafeUninitializedCapacity: 36) { letters in
      var place = 0
      for nibble in 0..<32 {
        if nibble % 4 == 0, (8...20).contains(nibble) {
          letters[place] = UInt8(ascii: "-")
          place += 1
        }
        let bits = (nibble < 16 ? high : low) &>> UInt64(truncatingIfNeeded: 60 &- 4 &* (nibble & 15))
        let digit = UInt8(truncatingIfNeeded: bits & 15)
        letters[place] = digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
        place &+= 1
      }
      return place
    }
  }

  /// A seed that another number tells apart.
  static func mix(_ seed: UInt64, _ number: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: seed &+ number &* 0xD134_2543_DE82_EF95)
    return generator.next()
  }

  /// FNV-1a, so that every account draws from its own sequence.
  static func mix(_ seed: UInt64, _ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

extension SplitMix64: Codable {
  init(from decoder: any Decoder) throws {
    state = UInt64(bitPattern: Int64(try decoder.singleValueContainer().decode(Int.self)))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Int(Int64(bitPattern: state)))
  }
}
