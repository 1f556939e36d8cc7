/// What `belay explain` and docs/generated/diagnostics.md say of a code. The texts are static: none is made before it
/// is asked for.
package struct DiagnosticExplanation: Sendable {
  package let code: DiagnosticCode
  /// A few words.
  package let title: StaticString
  /// One paragraph: what the rule is, and why.
  package let text: StaticString
  /// The smallest text with this problem and no other, and the same without it. Nil where no text can have it.
  package let examples: (wrong: StaticString, right: StaticString)?

  init(_ code: DiagnosticCode, _ title: StaticString, _ text: StaticString) {
    self.code = code
    self.title = title
    self.text = text
    examples = nil
  }

  init(
    _ code: DiagnosticCode, _ title: StaticString, _ text: StaticString, wrong: StaticString, right: StaticString
  ) {
    self.code = code
    self.title = title
    self.text = text
    examples = (wrong, right)
  }

  /// One for each code, in the order of the codes.
  package static var all: [DiagnosticExplanation] {
    ofText + ofGrammar + ofNames + ofTypes + ofCalls + ofUndo + ofOrder + ofStates + ofTests + ofCommits + ofInputs
      + ofAdvice
  }

  /// What an example continues unless it has a header or a `use` of its own.
  package static let prelude = "runbook example.code 1.0.0\n\nuse ecm with (EcmRegion: \"ap-hangzhou-ecm\")\n\n"

  /// An example as a file. In it `⟨FF⟩` is that byte, and `⟨3 × text⟩` is `texttexttext`.
  package static func bytes(of example: StaticString) -> [UInt8] {
    let text = example.description
    let isWhole = text.split(separator: "\n").contains { $0.hasPrefix("runbook ") || $0.hasPrefix("use ") }
    var bytes = Array((isWhole ? "" : prelude).utf8)
    for (index, part) in text.split(separator: "⟨", omittingEmptySubsequences: false).enumerated() {
      let sides = part.split(separator: "⟩", maxSplits: 1, omittingEmptySubsequences: false)
      guard index > 0, sides.count == 2 else {
        bytes += Array(part.utf8)
        continue
      }
      let factors = sides[0].split(separator: " × ", maxSplits: 1)
      if factors.count == 2, let count = Int(factors[0]) {
        bytes += Array(String(repeating: String(factors[1]), count: count).utf8)
      } else if let byte = UInt8(sides[0], radix: 16) {
        bytes.append(byte)
      }
      bytes += Array(sides[1].utf8)
    }
    return bytes + [UInt8(ascii: "\n")]
  }
}

extension DiagnosticCode {
  package var explanation: DiagnosticExplanation? { DiagnosticExplanation.all.first { $0.code == self } }
}
