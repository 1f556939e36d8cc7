import Diagnostics

/// What a token is. A text with holes is a head, the tokens of the first hole, middles between holes, and a tail.
enum TokenKind: UInt8, Sendable {
  case word, int, float, duration, version, cidr
  /// A size `50GiB`, a bandwidth `100Mbps`, a rate `20/s` or money `1.5CNY`.
  case quantity
  case text, textHead, textMiddle, textTail
  case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
  case comma, colon, dot, dots, question, assign, arrow
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case plus, minus, star, slash, percent
  /// `&&`, `||` and `!`: not of the language, but people write them and the parser knows what they mean.
  case doubleAmpersand, doubleBar, bang
  case end

  var isOpener: Bool { self == .leftParenthesis || self == .leftBracket || self == .leftBrace }
  var isCloser: Bool { self == .rightParenthesis || self == .rightBracket || self == .rightBrace }
}

struct Token: Sendable {
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    /// A line end stands between this token and the one before.
    static let startsLine = Flags(rawValue: 1)
    /// Its form is wrong and has been reported: it has no value.
    static let isBroken = Flags(rawValue: 2)
    /// A piece of a `"""` text.
    static let isMultiline = Flags(rawValue: 4)
    static let hasEscapes = Flags(rawValue: 8)
    /// The last piece of a text whose closing quote is missing.
    static let isUnclosed = Flags(rawValue: 16)
    /// Characters without a meaning have been skipped before it.
    static let followsUnknown = Flags(rawValue: 32)
  }
  let kind: TokenKind
  let keyword: Keyword?
  let flags: Flags
  let lower: Int32
  let upper: Int32

  var range: Range<Int> { Int(lower)..<Int(upper) }
  var startsLine: Bool { flags.contains(.startsLine) }
}

/// A comment with its marks.
struct Comment: Sendable {
  enum Form: UInt8, Sendable { case line, documentation, block }
  let form: Form
  /// Nothing but blanks stands before it on its line.
  let startsLine: Bool
  let lower: Int32
  let upper: Int32
  /// The index of the token that follows it.
  let tokenIndex: Int32

  var range: Range<Int> { Int(lower)..<Int(upper) }
}
