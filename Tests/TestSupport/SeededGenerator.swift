import Foundation

/// SplitMix64: the same seed draws the same numbers everywhere.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The seeds of a test: so many, from 0, unless the environment says otherwise: `BELAY_SEEDS=17:1` repeats seed 17,
  /// `BELAY_SEEDS=0:10000` tries ten thousand.
  package static func seeds(_ count: UInt64) -> Range<UInt64> {
    let words =
      ProcessInfo.processInfo.environment["BELAY_SEEDS"]?.split(separator: ":").compactMap { UInt64($0) } ?? []
    return words.count == 2 ? words[0]..<(words[0] + words[1]) : 0..<count
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0..<limit
  package mutating func below(_ limit: Int) -> Int { limit > 0 ? Int.random(in: 0..<limit, using: &self) : 0 }

  /// True once in `times`.
  package mutating func oneIn(_ times: Int) -> Bool { below(times) == 0 }

  package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
