import Diagnostics
import Testing

@Suite struct SourceFileTests {
  @Test func lines() {
    let file = SourceFile(path: "x", text: "ab\r\n\nc")
    #expect(file.lineCount == 3)
    #expect([0, 1, 2, 3, 4, 5, 6].map(file.line) == [1, 1, 1, 1, 2, 3, 3])
    #expect((1...3).map(file.lineRange) == [0..<2, 4..<4, 5..<6])
  }

  @Test func positionsCountCharacters() {
    let file = SourceFile(path: "x", text: "日é😀x\ny")
    #expect(file.position(at: 0) == (1, 1))
    #expect(file.position(at: 3) == (1, 2))
    #expect(file.position(at: 5) == (1, 3))
    #expect(file.position(at: 9) == (1, 4))
    #expect(file.position(at: 11) == (2, 1))
    #expect(file.position(at: 99) == (2, 2))
    #expect(file.position(at: -1) == (1, 1))
  }

  @Test func textOutsideIsClamped() {
    let file = SourceFile(path: "x", bytes: [0x61, 0xFF, 0x62])
    #expect(file.text(0..<3) == "a\u{FFFD}b")
    #expect(file.text(2..<9) == "b")
    #expect(file.text(7..<9) == "")
  }

  @Test func spans() {
    let id = SourceID(0)
    #expect(Span(id, 5, 3) == Span(id, 5, 5))
    #expect(Span(id, 5, 7).union(Span(id, 1, 2)) == Span(id, 1, 7))
    #expect(Span(id, 1, 4).range == 1..<4)
  }
}

@Suite struct DisplayWidthTests {
  @Test func widths() {
    #expect(displayWidth("abc") == 3)
    #expect(displayWidth("日本") == 4)
    #expect(displayWidth("ｱ") == 1)
    #expect(displayWidth("Ａ") == 2)
    #expect(displayWidth("e\u{301}") == 1)
    #expect(displayWidth("😀") == 2)
    #expect(displayWidth("✔\u{FE0F}") == 2)
    #expect(displayWidth("") == 0)
    #expect(displayWidth("\u{1B}") == 0)
  }

  @Test func paddingAndClipping() {
    #expect(padded("日", to: 4) == "日  ")
    #expect(padded("long", to: 2) == "long")
    #expect(clipped("abcdef", to: 4) == "abc…")
    #expect(clipped("日本語", to: 4) == "日…")
    #expect(clipped("abc", to: 3) == "abc")
    #expect(clipped("abc", to: 0) == "")
  }
}
