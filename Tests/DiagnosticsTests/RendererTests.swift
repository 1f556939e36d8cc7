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

  @Test func spanOverSeveralLinesIsMarkedInItsFirstAndItsLast() {
    #expect(
      Self.render("ab {\n  cd\n}\n", 3, 11) == """
        a.belay:1:4: error[B0201]: what
         1 | ab {
           |    ^
         2 |   cd
         3 | }
           | ^

        """)
    #expect(
      Self.render("ab {\n  cd\n  ef\n  gh)\n}\n", 0, 19) == """
        a.belay:1:1: error[B0201]: what
         1 | ab {
           | ^^^^
        ...
         4 |   gh)
           |   ^^

        """)
    // The line end alone is nothing to be marked.
    #expect(Self.render("ab\n\ncd", 0, 4).hasSuffix(" 1 | ab\n   | ^^\n"))
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

  private static func render(_ text: String, _ span: Range<Int>, notes: [(String, Range<Int>)]) -> String {
    var sources = SourceMap()
    let id = sources.add(SourceFile(path: "a.belay", text: text))
    let diagnostic = Diagnostic(
      .duplicateName, Span(id, span.lowerBound, span.upperBound), "what",
      notes: notes.map { DiagnosticNote($0.0, Span(id, $0.1.lowerBound, $0.1.upperBound)) })
    return DiagnosticRenderer(sources: sources).render(diagnostic)
  }

  @Test func notesNearbyAreLabels() {
    var sources = SourceMap()
    let first = sources.add(SourceFile(path: "a.belay", text: "let a = 1\nlet a = 2\n"))
    let diagnostic = Diagnostic(
      .duplicateName, Span(first, 14, 15), "'a' stands twice", hint: "rename one",
      notes: [DiagnosticNote("the first is here", Span(first, 4, 5)), DiagnosticNote("names are shared")])
    #expect(
      DiagnosticRenderer(sources: sources).render(diagnostic) == """
        a.belay:2:5: error[B0202]: 'a' stands twice
         1 | let a = 1
           |     - the first is here
         2 | let a = 2
           |     ^
          note: names are shared
          help: rename one

        """)
  }

  @Test func labelsOfTheProblemsOwnLine() {
    #expect(
      Self.render("f(ab: 1, ab: 2)", 9..<11, notes: [("first", 2..<4)]) == """
        a.belay:1:10: error[B0202]: what
         1 | f(ab: 1, ab: 2)
           |   --     ^^
           |   first

        """)
    #expect(
      Self.render("f(ab: 1, ab: 2)", 2..<4, notes: [("third", 13..<14), ("second", 9..<11)]) == """
        a.belay:1:3: error[B0202]: what
         1 | f(ab: 1, ab: 2)
           |   ^^     --  - third
           |          second

        """)
  }

  @Test func notesFarAwayStandByThemselves() {
    #expect(
      Self.render("let a = 1\n\n\n\n\n\nlet a = 2\n", 19..<20, notes: [("the first is here", 4..<5)]) == """
        a.belay:7:5: error[B0202]: what
         7 | let a = 2
           |     ^
        a.belay:1:5: note: the first is here
         1 | let a = 1
           |     ^

        """)
  }

  @Test func theProblemLiesOverItsLabels() {
    #expect(Self.render("abcdef", 2..<4, notes: [("all", 0..<6)]).hasSuffix("   | --^^-- all\n"))
  }

  @Test func longLinesAreCutAroundThePlace() {
    let long = "let x = [" + (1...80).map(String.init).joined(separator: ", ") + "]"
    let place = long.utf8.count - 7
    let rendered = Self.render(long, place, place + 2)
    let lines = rendered.split(separator: "\n").map(String.init)
    #expect(lines[1].hasPrefix(" 1 | …") && lines[1].hasSuffix("79, 80]"))
    #expect(lines[1].count <= 120)
    let column = try? #require(lines[2].firstIndex(of: "^")).utf16Offset(in: lines[2])
    #expect(column.map { Array(lines[1])[$0..<($0 + 2)].map(String.init).joined() } == "79")
    #expect(Self.render(long, 4, 5).split(separator: "\n")[1].hasSuffix("…"))
    #expect(Self.render(long, 4, 5).hasSuffix("   |     ^\n"))
  }

  @Test func longLinesOfWideCharacters() {
    let long = String(repeating: "日", count: 500)
    for at in [0, 3 * 100, 3 * 250, 3 * 499] {
      let lines = Self.render(long + "x", at, at + 3).split(separator: "\n").map(String.init)
      #expect(displayWidth(lines[1]) <= 120 && displayWidth(lines[2]) <= 120)
      #expect(lines[2].hasSuffix("^^"))
    }
  }

  @Test func aMegabyteOnOneLineIsCutToo() {
    let long = String(repeating: "ab, ", count: 250_000)
    let rendered = Self.render(long, 500_000, 500_002)
    #expect(rendered.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 120 })
    #expect(rendered.hasPrefix("a.belay:1:500001: ") && rendered.hasSuffix("^^\n"))
  }

  @Test func whatWouldTurnTheLineIsShown() {
    #expect(Self.render("a\u{202E}b\u{1B}c", 0, 1).contains(" 1 | a\u{FFFD}b\u{FFFD}c\n"))
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
