import Values

/// A seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

  /// Any value that JSON can carry: what printing and parsing must bring back.
  mutating func jsonValue(depth: Int = 4) -> Value {
    switch below(depth > 0 ? 8 : 6) {
    case 0: .null
    case 1: .bool(below(2) == 0)
    case 2: .int(Int(truncatingIfNeeded: next()) >> below(64))
    case 3: .float(finiteDouble())
    case 4, 5: .text(text())
    case 6: .list((0..<below(4)).map { _ in jsonValue(depth: depth - 1) })
    default: .record(Record((0..<below(4)).map { _ in (key(), jsonValue(depth: depth - 1)) }))
    }
  }

  mutating func finiteDouble() -> Double {
    let value = Double(bitPattern: next())
    return value.isFinite ? value : Double(below(1000)) / 8
  }

  mutating func text() -> String {
    String(String.UnicodeScalarView((0..<below(8)).map { _ in scalar() }))
  }

  private mutating func key() -> String { "k\(below(10_000))" }

  private mutating func scalar() -> Unicode.Scalar {
    let interesting: [UInt32] = [0, 1, 9, 10, 13, 0x1F, 0x22, 0x2F, 0x5C, 0x7F, 0x2028, 0xFFFD, 0x1F600, 0x10FFFF]
    let value = below(3) == 0 ? interesting[below(interesting.count)] : UInt32(below(0x3000) + 0x20)
    return Unicode.Scalar(value) ?? " "
  }
}
