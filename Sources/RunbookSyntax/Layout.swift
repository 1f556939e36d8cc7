/// What the parser knows about a text and the formatter needs: beside every token, where lines may break and what
/// belongs together. A *gap* is the place before a token.
struct Layout: Sendable {
  struct Mark: OptionSet, Sendable {
    let rawValue: UInt8
    /// No space before it: the bracket of a call or an index, the operand of a sign.
    static let tight = Mark(rawValue: 1)
    /// Begins a line of its own: a statement, an input, a `use`.
    static let line = Mark(rawValue: 2)
    /// Begins a part of the file that a blank line sets off.
    static let section = Mark(rawValue: 4)
    /// The line may break before it.
    static let mayBreak = Mark(rawValue: 8)
    /// Opens elements that stand on one line or each on its own, the last with a comma.
    static let elements = Mark(rawValue: 16)
    /// As `elements`, with spaces inside the braces when on one line.
    static let record = Mark(rawValue: 32)
    /// Opens elements whose last takes no comma.
    static let comprehension = Mark(rawValue: 64)
    /// Opens a block: its statements always stand on lines of their own.
    static let block = Mark(rawValue: 128)
  }

  var marks: [Mark]
  /// Groups that begin before the gap, so that the gap breaks with them.
  var opensBeforeGap: [UInt16]
  /// Groups that begin with the token.
  var opens: [UInt16]
  /// Groups that end with the token.
  var closes: [UInt16]
  /// The tokens of each statement, declaration and input, at every depth.
  var parts: [Range<Int>] = []

  init(tokenCount: Int) {
    marks = Array(repeating: [], count: tokenCount)
    opensBeforeGap = Array(repeating: 0, count: tokenCount)
    opens = opensBeforeGap
    closes = opensBeforeGap
  }
}

extension Parser {
  mutating func mark(_ mark: Layout.Mark, at token: Int) { layout?.marks[token].insert(mark) }

  /// A statement, a declaration or an input has been parsed.
  mutating func notePart(from first: Int) {
    if first < index { layout?.parts.append(first..<index) }
  }

  /// Tokens that belong together: when they do not fit in a line, each `mayBreak` among them begins one.
  mutating func group(from first: Int) {
    guard first < index else { return }
    layout?.opens[first] += 1
    layout?.closes[index - 1] += 1
  }

  /// The same, the gap before the first token included.
  mutating func groupWithGap(from first: Int) {
    guard first < index else { return }
    layout?.opensBeforeGap[first] += 1
    layout?.closes[index - 1] += 1
  }
}
