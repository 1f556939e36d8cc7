import Diagnostics

/// Lays a document out: a group that fits stays on its line, a group that does not breaks at all its gaps.
struct LayoutPrinter {
  private enum Context {
    case flat
    /// A broken group; `outer` is the indentation of the line it began on.
    case broken(inner: Int, outer: Int)
    case block(inner: Int, outer: Int)
  }

  private let document: LayoutDocument
  private let text: LexedText
  private let bytes: [UInt8]
  /// The width of all items before an item.
  private var widthBefore: [Int] = [0]
  /// The next item, from an item on, at which a line may end, or does.
  private var nextBreak: [Int] = []
  private var nextHardBreak: [Int] = []
  private var contexts: [Context] = [.block(inner: 0, outer: 0)]
  private var output: [UInt8] = []
  private var column = 0
  private var lineIndent = 0
  /// The last token of the `"""` text at hand, and what stands before its closing quotes.
  private var closing: (token: Int, indent: ArraySlice<UInt8>)?

  init(_ document: LayoutDocument, text: LexedText, bytes: [UInt8]) {
    self.document = document
    self.text = text
    self.bytes = bytes
    measure()
  }

  private mutating func measure() {
    let count = document.items.count
    widthBefore.reserveCapacity(count + 1)
    for width in document.width { widthBefore.append(widthBefore[widthBefore.count - 1] + width) }
    nextBreak = Array(repeating: count, count: count + 1)
    nextHardBreak = nextBreak
    for index in stride(from: count - 1, through: 0, by: -1) {
      var mayBreak = false
      var isHard = false
      switch document.items[index] {
      case .gap(let gap):
        mayBreak = gap.mayBreak
        isHard = gap.isHard
      case .token(let token): isHard = isMultiline(token)
      case .open, .close, .trailingComma, .openBlock, .closeBlock: break
      }
      nextHardBreak[index] = isHard ? index : nextHardBreak[index + 1]
      nextBreak[index] = isHard || mayBreak ? index : nextBreak[index + 1]
    }
  }

  private func isMultiline(_ token: Int) -> Bool {
    text.tokens[token].flags.contains(.isMultiline) && bytes[text.tokens[token].range].contains(UInt8(ascii: "\n"))
  }

  mutating func print() -> String {
    output.reserveCapacity(bytes.count + bytes.count / 4)
    for index in document.items.indices { print(index) }
    while output.last == UInt8(ascii: "\n") { output.removeLast() }
    output.append(UInt8(ascii: "\n"))
    return String(decoding: output, as: UTF8.self)
  }

  private mutating func print(_ index: Int) {
    switch document.items[index] {
    case .token(let token): printToken(token)
    case .gap(let gap): printGap(gap)
    case .open:
      let isFlat = isFlat || !document.isForced[index] && fits(index)
      contexts.append(
        isFlat ? .flat : .broken(inner: lineIndent + RunbookFormatter.indentWidth, outer: lineIndent))
    case .close, .closeBlock: contexts.removeLast()
    case .trailingComma: if !isFlat { write(",") }
    case .openBlock:
      let outer = innerIndent
      contexts.append(.block(inner: outer + RunbookFormatter.indentWidth, outer: outer))
    }
  }

  private var isFlat: Bool {
    if case .flat = contexts[contexts.count - 1] { return true }
    return false
  }

  /// The indentation of what stands on lines of its own here.
  private var innerIndent: Int {
    for context in contexts.reversed() {
      switch context {
      case .flat: continue
      case .broken(let inner, _), .block(let inner, _): return inner
      }
    }
    return 0
  }

  private var outerIndent: Int {
    switch contexts[contexts.count - 1] {
    case .flat: lineIndent
    case .broken(_, let outer), .block(_, let outer): outer
    }
  }

  /// Whether the group that opens here, and what must stand behind it on the same line, fits.
  private func fits(_ open: Int) -> Bool {
    let close = document.closeIndex[open]
    let hard = nextHardBreak[open]
    let end = hard < close ? hard : nextBreak[close]
    var width = widthBefore[end] - widthBefore[open]
    if end > 0, case .trailingComma = document.items[end - 1] { width += 1 }
    if end < document.items.count, case .token = document.items[end] { width += document.width[end] }
    return column + width <= RunbookFormatter.lineWidth
  }

  // MARK: Output

  private mutating func write(_ ascii: StaticString) {
    ascii.withUTF8Buffer { output.append(contentsOf: $0) }
    column += ascii.utf8CodeUnitCount
  }

  private mutating func write(_ range: Range<Int>) {
    output.append(contentsOf: bytes[range])
    column += displayCells(bytes[range])
  }

  private mutating func newLine(_ indent: Int, isBlank: Bool = false) {
    if output.isEmpty { return }
    output.append(UInt8(ascii: "\n"))
    if isBlank { output.append(UInt8(ascii: "\n")) }
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    column = indent
    lineIndent = indent
  }

  private mutating func printToken(_ index: Int) {
    let token = text.tokens[index]
    guard isMultiline(index) else { return write(token.range) }
    let old = oldIndent(index)
    let indent = lineIndent + RunbookFormatter.indentWidth
    var isFirst = true
    for line in bytes[token.range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let end = line.last == UInt8(ascii: "\r") ? line.endIndex - 1 : line.endIndex
      if isFirst {
        var end = end
        // Blanks after the opening quotes are no part of the value.
        while token.kind == .text || token.kind == .textHead, end > line.startIndex, isBlank(bytes[end - 1]) {
          end -= 1
        }
        write(line.startIndex..<end)
      } else {
        output.append(UInt8(ascii: "\n"))
        column = 0
        let start = MultilineText.lineContent(line.startIndex, end, indent: old, bytes)
        if start < end || line.endIndex == token.range.upperBound {
          output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
          column = indent
          write(start..<end)
        }
      }
      isFirst = false
    }
  }

  /// The indentation that the closing quotes of a `"""` text have in the source.
  private mutating func oldIndent(_ piece: Int) -> ArraySlice<UInt8> {
    if let closing, piece <= closing.token { return closing.indent }
    var index = piece
    var depth = 0
    while text.tokens[index].kind != .text || index > piece {
      let kind = text.tokens[index].kind
      if index > piece, kind == .textHead { depth += 1 }
      if kind == .textTail {
        if depth == 0 { break }
        depth -= 1
      }
      index += 1
    }
    let end = Int(text.tokens[index].upper) - 3
    var start = end
    while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
    closing = (index, bytes[start..<end])
    return bytes[start..<end]
  }
}

// MARK: - Gaps

extension LayoutPrinter {
  private mutating func printGap(_ gap: Gap) {
    guard gap.comments.isEmpty else { return printComments(gap) }
    if breaks(gap) {
      newLine(tokenIndent(gap), isBlank: hasBlankLine(gap, before: Int(text.tokens[gap.token].lower), isFirst: true))
    } else if gap.isSpace {
      write(" ")
    }
  }

  private func breaks(_ gap: Gap) -> Bool { gap.isHard || gap.mayBreak && !isFlat }

  /// Where the token after the gap goes when it begins a line.
  private func tokenIndent(_ gap: Gap) -> Int {
    switch gap.kind {
    case .closing, .blockEnd: outerIndent
    case .soft, .line, .section: innerIndent
    case .none, .space:
      switch text.tokens[gap.token].keyword {
      case .else, .rescue, .always: innerIndent
      default: innerIndent + RunbookFormatter.indentWidth
      }
    }
  }

  private func commentIndent(_ gap: Gap) -> Int {
    switch gap.kind {
    case .closing, .blockEnd: innerIndent
    case .soft, .line, .section, .none, .space: tokenIndent(gap)
    }
  }

  /// Comments on the line before stay there, others get lines of their own, and `/* … */` stays with what follows it,
  /// or before a closer with what precedes it.
  private mutating func printComments(_ gap: Gap) {
    let comments = text.comments[gap.comments]
    let endsLine = comments.map { text.endsLine($0, bytes) }
    let isInline = !endsLine.contains(true) && !comments.contains { $0.startsLine }
    let breaksFirst = isInline && breaks(gap) && !gap.isBeforeCloser
    var isFresh = false
    var isFirst = true
    for (position, comment) in comments.enumerated() {
      if comment.startsLine || isFresh || breaksFirst && position == 0 {
        newLine(commentIndent(gap), isBlank: hasBlankLine(gap, before: Int(comment.lower), isFirst: isFirst))
        isFirst = false
      } else if !output.isEmpty {
        write(" ")
      }
      writeComment(comment)
      isFresh = endsLine[position]
    }
    let token = text.tokens[gap.token]
    if token.kind == .end { return }
    if isFresh || gap.isBeforeCloser && breaks(gap) {
      newLine(tokenIndent(gap), isBlank: hasBlankLine(gap, before: Int(token.lower), isFirst: isFirst))
    } else if gap.isSpace || token.kind != .comma && !token.kind.isCloser {
      write(" ")
    }
  }

  private mutating func writeComment(_ comment: Comment) {
    for line in bytes[comment.range].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.startIndex > comment.range.lowerBound {
        output.append(UInt8(ascii: "\n"))
        column = 0
      }
      var end = line.endIndex
      while end > line.startIndex, isBlank(bytes[end - 1]) { end -= 1 }
      write(line.startIndex..<end)
    }
  }

  /// Whether a blank line goes before what stands at `offset`; `isFirst` says that nothing of the gap stands before it.
  private func hasBlankLine(_ gap: Gap, before offset: Int, isFirst: Bool) -> Bool {
    switch gap.kind {
    case .none, .space, .soft, .closing: return false
    case .section where isFirst: return true
    case .blockEnd where offset == Int(text.tokens[gap.token].lower): return false
    case .line, .section, .blockEnd: break
    }
    var at = offset
    var lineEnds = 0
    while at > 0, isBlank(bytes[at - 1]) || bytes[at - 1] == UInt8(ascii: "\n") {
      if bytes[at - 1] == UInt8(ascii: "\n") { lineEnds += 1 }
      at -= 1
    }
    let beginsBlock = isFirst && at > 0 && bytes[at - 1] == UInt8(ascii: "{")
    return lineEnds > 1 && !beginsBlock && at > 0
  }
}
