/// A document to be laid out, in reading order: texts, the gaps between them, and groups of both.
struct LayoutDocument {
  var items: [LayoutItem] = []
  /// For the `.open` items: their groups break whatever fits.
  var isForced: [Bool] = []
  /// For the `.open` items: where their `.close` is.
  var closeIndex: [Int] = []
  /// How wide each item is when nothing breaks.
  var width: [Int] = []
}

enum LayoutItem {
  case token(Int)
  case gap(Gap)
  case open
  case close
  /// Stands only where the group around it is broken.
  case trailingComma
  case openBlock
  case closeBlock
}

/// The place before a token, with the comments that stand there.
struct Gap {
  enum Kind {
    case none, space
    /// A line end where the group around it is broken; else a space or nothing.
    case soft(isSpace: Bool)
    /// As `soft`, before the closer of the group.
    case closing(isSpace: Bool)
    /// Always a line end; blank lines are kept, at most one.
    case line
    /// Always a line end and a blank line.
    case section
    /// Always a line end, before the closer of a block.
    case blockEnd
  }
  let kind: Kind
  /// The token that follows.
  let token: Int
  /// Into the comments of the text.
  let comments: Range<Int>

  var isSpace: Bool {
    switch kind {
    case .none: false
    case .space, .line, .section, .blockEnd: true
    case .soft(let isSpace), .closing(let isSpace): isSpace
    }
  }

  var isBeforeCloser: Bool {
    switch kind {
    case .closing, .blockEnd: true
    case .none, .space, .soft, .line, .section: false
    }
  }

  /// A line end stands here whether or not the group fits.
  var isHard: Bool {
    switch kind {
    case .none, .space, .soft, .closing: false
    case .line, .section, .blockEnd: true
    }
  }

  /// A line end may stand here.
  var mayBreak: Bool {
    switch kind {
    case .none, .space: false
    case .soft, .closing, .line, .section, .blockEnd: true
    }
  }
}
