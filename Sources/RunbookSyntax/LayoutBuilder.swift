import Diagnostics

/// Tokens and the parser's marks to a document for the printer.
struct LayoutBuilder {
  private enum Bracket { case flat, elements, record, comprehension, block }

  private let text: LexedText
  private let bytes: [UInt8]
  private let layout: Layout
  private var document = LayoutDocument()
  private var brackets: [Bracket] = []
  private var openGroups: [Int] = []
  /// Where the groups of the statement lists around this one end in `openGroups`.
  private var blockFloors: [Int] = []
  /// How many texts with holes are open: inside them nothing breaks.
  private var holeDepth = 0
  private var nextComment = 0
  /// The token before; not a trailing comma.
  private var previous = -1

  init(_ text: LexedText, bytes: [UInt8], layout: Layout) {
    self.text = text
    self.bytes = bytes
    self.layout = layout
  }

  mutating func build() -> LayoutDocument {
    for index in text.tokens.indices where !isTrailingComma(index) {
      addToken(index)
      previous = index
    }
    return document
  }

  private func isTrailingComma(_ index: Int) -> Bool {
    text.tokens[index].kind == .comma && text.tokens[index + 1].kind.isCloser
  }

  private mutating func addToken(_ index: Int) {
    let token = text.tokens[index]
    if token.kind == .textMiddle || token.kind == .textTail { holeDepth -= 1 }
    let closed = token.kind.isCloser ? brackets.popLast() ?? .flat : nil
    if closed == nil { addGroups(layout.opensBeforeGap[index]) }
    addGap(before: index, closed)
    if closed == nil { addGroups(layout.opens[index]) }
    if closed == .block {
      append(.closeBlock)
      blockFloors.removeLast()
    }
    append(.token(index), width: width(of: token))
    if hasLineEnd(token) { forceOpenGroups() }
    if token.kind.isOpener { addOpener(index) }
    if token.kind == .textHead || token.kind == .textMiddle { holeDepth += 1 }
    closeGroups(layout.closes[index])
  }

  // MARK: Groups

  private mutating func append(_ item: LayoutItem, width: Int = 0) {
    document.items.append(item)
    document.isForced.append(false)
    document.closeIndex.append(0)
    document.width.append(width)
  }

  private mutating func addGroups(_ count: UInt16) {
    for _ in 0..<count {
      openGroups.append(document.items.count)
      append(.open)
    }
  }

  private mutating func closeGroups(_ count: UInt16) {
    for _ in 0..<count {
      guard let open = openGroups.popLast() else { return }
      document.closeIndex[open] = document.items.count
      append(.close)
    }
  }

  /// Something inside them has line ends of its own.
  private mutating func forceOpenGroups() {
    for open in openGroups.dropFirst(blockFloors.last ?? 0) { document.isForced[open] = true }
  }

  private mutating func addOpener(_ index: Int) {
    let marks = layout.marks[index]
    if marks.contains(.block) {
      brackets.append(.block)
      append(.openBlock)
      blockFloors.append(openGroups.count)
      return
    }
    let isEmpty = text.tokens[index + 1].kind.isCloser && !hasComments(before: index + 1)
    if isEmpty || holeDepth > 0 || marks.isDisjoint(with: [.elements, .record, .comprehension]) {
      return brackets.append(.flat)
    }
    brackets.append(marks.contains(.record) ? .record : marks.contains(.elements) ? .elements : .comprehension)
    addGroups(1)
  }

  // MARK: Gaps

  private func hasComments(before index: Int) -> Bool {
    nextComment < text.comments.count && Int(text.comments[nextComment].tokenIndex) == index
  }

  private mutating func addGap(before index: Int, _ closed: Bracket?) {
    let first = nextComment
    while nextComment < text.comments.count, Int(text.comments[nextComment].tokenIndex) <= index { nextComment += 1 }
    let gap = Gap(kind: gapKind(before: index, closed), token: index, comments: first..<nextComment)
    if let closed, closed == .elements || closed == .record, !text.tokens[previous].kind.isOpener {
      append(.trailingComma)
    }
    if hasLineEnd(gap) { forceOpenGroups() }
    append(.gap(gap), width: flatWidth(of: gap))
    if let closed, closed == .elements || closed == .record || closed == .comprehension { closeGroups(1) }
  }

  private func gapKind(before index: Int, _ closed: Bracket?) -> Gap.Kind {
    let token = text.tokens[index]
    let marks = layout.marks[index]
    if previous < 0 { return token.kind == .end ? .none : .line }
    if token.kind == .end { return .line }
    if holeDepth > 0 { return flatKind(token, marks) }
    switch closed {
    case .block: return isEmptyBlock(index) ? .none : .blockEnd
    case .elements, .comprehension: return .closing(isSpace: false)
    case .record: return .closing(isSpace: true)
    case .flat: return flatKind(token, marks)
    case nil: break
    }
    if marks.contains(.section) { return .section }
    if marks.contains(.line) { return .line }
    if let breakable = breakableKind(marks) { return breakable }
    return flatKind(token, marks)
  }

  /// Called when the comments before the token have been taken.
  private func isEmptyBlock(_ index: Int) -> Bool {
    let hasComments = nextComment > 0 && Int(text.comments[nextComment - 1].tokenIndex) == index
    return text.tokens[previous].kind == .leftBrace && !hasComments
  }

  private func breakableKind(_ marks: Layout.Mark) -> Gap.Kind? {
    let before = text.tokens[previous].kind
    if let bracket = brackets.last, bracket != .flat, bracket != .block {
      if before.isOpener, !layout.marks[previous].isDisjoint(with: [.elements, .record, .comprehension]) {
        return .soft(isSpace: bracket == .record)
      }
      if before == .comma { return .soft(isSpace: true) }
    }
    return marks.contains(.mayBreak) ? .soft(isSpace: true) : nil
  }

  private func flatKind(_ token: Token, _ marks: Layout.Mark) -> Gap.Kind {
    if marks.contains(.tight) { return .none }
    switch token.kind {
    case .comma, .colon, .dot, .dots, .question, .rightParenthesis, .rightBracket, .textMiddle, .textTail: return .none
    case .rightBrace where text.tokens[previous].kind == .leftBrace: return .none
    default: break
    }
    switch text.tokens[previous].kind {
    case .leftParenthesis, .leftBracket, .dot, .dots, .textHead, .textMiddle: return .none
    default: return .space
    }
  }

  // MARK: Widths

  private func hasLineEnd(_ token: Token) -> Bool {
    token.flags.contains(.isMultiline) && bytes[token.range].contains(UInt8(ascii: "\n"))
  }

  private func hasLineEnd(_ gap: Gap) -> Bool {
    gap.comments.contains { index in
      let comment = text.comments[index]
      return comment.startsLine || text.endsLine(comment, bytes) || bytes[comment.range].contains(UInt8(ascii: "\n"))
    }
  }

  private func flatWidth(of gap: Gap) -> Int {
    guard !gap.comments.isEmpty else { return gap.isSpace ? 1 : 0 }
    return gap.comments.reduce(1) { $0 + cells(text.comments[$1].range) + 1 }
  }

  private func width(of token: Token) -> Int {
    guard hasLineEnd(token) else { return cells(token.range) }
    return cells(token.range.lowerBound..<(bytes[token.range].firstIndex(of: UInt8(ascii: "\n")) ?? 0))
  }

  private func cells(_ range: Range<Int>) -> Int { displayCells(bytes[range]) }
}

/// The width of UTF-8 text in terminal cells.
func displayCells(_ bytes: ArraySlice<UInt8>) -> Int {
  bytes.allSatisfy { $0 < 0x80 } ? bytes.count : displayWidth(String(decoding: bytes, as: UTF8.self))
}

extension LexedText {
  /// Nothing but blanks stands after the comment on its line.
  func endsLine(_ comment: Comment, _ bytes: [UInt8]) -> Bool {
    var at = Int(comment.upper)
    while at < bytes.count, isBlank(bytes[at]) { at += 1 }
    return at == bytes.count || bytes[at] == UInt8(ascii: "\n")
  }
}
