import Diagnostics
import Testing

@Suite struct RendererTests {
  private static func render(
    _ text: String, _ lower: Int, _ upper: Int, code: DiagnosticCode = .unknownName, hint: String? = nil,
    colour: Bool = false
  ) -> String {
    var sources = SourceMap()
    let id = sources.add(SourceFile(path: "a.belay", text: text))
    return DiagnosticRenderer(sources: sources, colour: colour)
      .render(Diagnostic(code, Span(id, lower, upper), "what", hint: hint))
  }

  @Test func plain() {
    #expect(
      Self.render("let x = 1\nlet y = z\n", 18, 19, hint: "declare it") == """
        a.belay:2:9: error[B0201]: what
         2 | let y = z
           |         ^
          help: declare it

        """)
  }

  @Test func warning() { #expect(Self.render("x", 0, 1, code: .unusedName).hasPrefix("a.belay:1:1: warning[B0901]: ")) }

  @Test func tabsTakeTwoCells() {
    #expect(
      Self.render("\tab\tcd", 4, 6) == """
        a.belay:1:5: error[B0201]: what
         1 |   ab  cd
           |       ^^

        """)
    #expect(Self.render("\tab", 0, 2).hasSuffix(" |   ab\n   | ^^^\n"))
  }

  @Test func wideCharactersTakeTwoCells() {
    // 日本 are three bytes each.
    #expect(
      Self.render("日本 x", 7, 8) == """
        a.belay:1:4: error[B0201]: what
         1 | 日本 x
           |      ^

        """)
    #expect(Self.render("日本 x", 0, 6).hasSuffix("   | ^^^^\n"))
    #expect(Self.render("e\u{301}x", 3, 4).hasSuffix("   |  ^\n"))
  }

  @Test func spanOverSeveralLinesIsMarkedToTheEndOfItsFirst() {
    #expect(
      Self.render("ab {\n  cd\n}\n", 3, 11) == """
        a.belay:1:4: error[B0201]: what
         1 | ab {
           |    ^

        """)
  }

  @Test func endOfFile() {
    #expect(Self.render("abc", 3, 3) == "a.belay:1:4: error[B0201]: what\n 1 | abc\n   |    ^\n")
    #expect(Self.render("abc\n", 4, 4) == "a.belay:2:1: error[B0201]: what\n 2 | \n   | ^\n")
    #expect(Self.render("abc\r\n", 3, 5) == "a.belay:1:4: error[B0201]: what\n 1 | abc\n   |    ^\n")
    #expect(Self.render("abc", 9, 12) == "a.belay:1:4: error[B0201]: what\n 1 | abc\n   |    ^\n")
  }

  @Test func emptyFile() { #expect(Self.render("", 0, 0) == "a.belay:1:1: error[B0201]: what\n 1 | \n   | ^\n") }

  @Test func gutterGrowsWithTheLineNumber() {
    let text = String(repeating: "\n", count: 99) + "xy"
    #expect(Self.render(text, 100, 101) == "a.belay:100:2: error[B0201]: what\n 100 | xy\n     |  ^\n")
  }

  @Test func notesStandAfterTheExcerpt() {
    var sources = SourceMap()
    let first = sources.add(SourceFile(path: "a.belay", text: "let a = 1\nlet a = 2\n"))
    let diagnostic = Diagnostic(
      .duplicateName, Span(first, 14, 15), "'a' stands twice", hint: "rename one",
      notes: [DiagnosticNote("the first is here", Span(first, 4, 5)), DiagnosticNote("names are shared")])
    #expect(
      DiagnosticRenderer(sources: sources).render(diagnostic) == """
        a.belay:2:5: error[B0202]: 'a' stands twice
         2 | let a = 2
           |     ^
        a.belay:1:5: note: the first is here
         1 | let a = 1
           |     ^
          note: names are shared
          help: rename one

        """)
  }

  @Test func colour() {
    let text = Self.render("x", 0, 1, colour: true)
    #expect(text.contains("\u{1B}[1;31merror[B0201]\u{1B}[0m"))
    #expect(!Self.render("x", 0, 1).contains("\u{1B}"))
  }
}

@Suite struct ReadingOrderTests {
  @Test func byTextThenPlaceThenCodeEqualOnesOnce() {
    let span = { (file: Int, at: Int) in Span(SourceID(file), at, at + 1) }
    let a = Diagnostic(.unknownName, span(0, 5), "a")
    let b = Diagnostic(.typeMismatch, span(0, 5), "b")
    let c = Diagnostic(.unknownName, span(0, 9), "c")
    let d = Diagnostic(.unknownName, span(1, 0), "d")
    let e = Diagnostic(.unknownName, span(0, 5), "e")
    #expect([d, c, b, a].inReadingOrder() == [a, b, c, d])
    #expect([a, a, b, a].inReadingOrder() == [a, b])
    #expect([e, a].inReadingOrder() == [e, a])
    #expect([a, e, a].inReadingOrder() == [a, e])
    #expect([Diagnostic]().inReadingOrder() == [])
  }

  @Test func errorsAndWarnings() {
    let span = Span(SourceID(0), 0, 1)
    #expect(![Diagnostic(.unusedName, span, "x")].hasErrors)
    #expect([Diagnostic(.unusedName, span, "x"), Diagnostic(.badUnit, span, "y")].hasErrors)
  }

  @Test func codesAreUnique() {
    #expect(Set(DiagnosticCode.allCases.map(\.rawValue)).count == DiagnosticCode.allCases.count)
  }
}
