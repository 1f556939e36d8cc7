/// Changes texts of a corpus at random; the same seed draws the same texts.
struct Mutator {
  private var state: UInt64
  private let corpus: [[UInt8]]

  private static let words = [
    "(", ")", "[", "]", "{", "}", "\"", "\"\"\"", "${", "//", "/*", "\n", ",", ":", "=", "=>", "...", "let x = ",
    "each x in ", "parallel ", "wait ", " until ", "undo {", "match x {", "func f(a: Int) = ", "recipe r() {",
    "output v = ", "attempt {", "rescue err {", "always {", "9223372036854775807", "0", "range(1000000)", "it", "null",
    " * ", " / ", " in ", " and ", "10.0.0.0/8", "[for x in xs => x]", "{for x in xs => [x]: 1}",
  ].map { Array($0.utf8) }

  init(seed: UInt64, corpus: [[UInt8]]) {
    state = seed
    self.corpus = corpus
  }

  mutating func next() -> [UInt8] {
    var bytes = corpus[below(corpus.count)]
    for _ in 0...below(8) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let at = below(bytes.count + 1)
    let length = min(below(below(4) == 0 ? 300 : 10), bytes.count - at)
    switch below(6) {
    case 0: bytes.removeSubrange(at..<at + length)
    case 1: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
    case 2: bytes.insert(UInt8(below(256)), at: at)
    case 3:
      let other = corpus[below(corpus.count)]
      let start = below(other.count + 1)
      bytes.replaceSubrange(at..<at + length, with: other[start..<min(other.count, start + below(120))])
    default: bytes.replaceSubrange(at..<at + min(length, 3), with: Mutator.words[below(Mutator.words.count)])
    }
  }

  /// SplitMix64.
  private mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return limit > 0 ? Int((z ^ (z >> 31)) % UInt64(limit)) : 0
  }
}
