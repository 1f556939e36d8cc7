import TestSupport
import Testing

@testable import RunbookEvaluator

@Suite("Texts put together of texts")
struct JoinedTextTests {
  /// Letters, and accents that are one character with the letter in front of them; a few that mean the same as another.
  private static let pieces = [
    "", "a", "e", "E", "é", "e\u{301}", "\u{301}", "\u{327}", "c", "ç", "K", "\u{212A}", ";", "\u{37E}", "名",
    "0123456789",
    "a text of more than thirty bytes",
  ]

  @Test("A sum is compared as the text it would be", arguments: SeededGenerator.seeds(20))
  func areEqual(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func text(_ count: Int) -> String { (0..<count).map { _ in generator.pick(Self.pieces) }.joined() }
    var equal = 0
    for _ in 0..<500 {
      let (first, second) = (text(generator.below(4)), text(generator.below(4)))
      // Often the same, often the same but for the way that it is written or for one piece.
      let others = [first + second, first + text(1) + second, text(1) + second, first + second + text(1)]
      let other = generator.pick(others)
      let isEqual = first + second == other
      if isEqual { equal += 1 }
      #expect(
        JoinedText.areEqual(first, second, to: other) == isEqual,
        "BELAY_SEEDS=\(seed):1: \(first.debugDescription), \(second.debugDescription), \(other.debugDescription)")
    }
    #expect((50...450).contains(equal))
  }
}
