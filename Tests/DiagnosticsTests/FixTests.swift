import Diagnostics
import Testing

@Suite struct FixTests {
  private static let id = SourceID(0)

  private static func apply(_ text: String, _ fixes: [Fix]) -> (String, [String]) {
    let result = SourceFile(path: "a", text: text).applying(fixes)
    return (result.file.text(0..<result.file.bytes.count), result.made.map(\.sentence))
  }

  private static func fix(_ name: String, _ lower: Int, _ upper: Int, _ replacement: String) -> Fix {
    Fix(name, Span(id, lower, upper), replacement)
  }

  @Test func insertReplaceAndRemove() {
    let result = Self.apply("a = b c", [Self.fix("x", 2, 3, ":"), Self.fix("y", 5, 5, ","), Self.fix("z", 0, 1, "")])
    #expect(result == (" : b, c", ["x", "y", "z"]))
  }

  @Test func ofThoseThatOverlapTheFirstGivenIsMade() {
    #expect(Self.apply("abcdef", [Self.fix("x", 1, 4, "-"), Self.fix("y", 3, 5, "+")]) == ("a-ef", ["x"]))
    #expect(Self.apply("ab", [Self.fix("x", 1, 1, ","), Self.fix("y", 1, 1, ";")]) == ("a,b", ["x"]))
    #expect(Self.apply("ab", [Self.fix("x", 0, 1, "1"), Self.fix("y", 1, 2, "2")]) == ("1b", ["x"]))
  }

  @Test func severalEditsAreMadeTogetherOrNotAtAll() {
    let both = Fix("quotes", [Fix.Edit(Span(Self.id, 0, 3), "\""), Fix.Edit(Span(Self.id, 4, 7), "\"")])
    #expect(Self.apply("“a”", [both]) == ("\"a\"", ["quotes"]))
    #expect(Self.apply("“a”", [Self.fix("x", 3, 4, "b"), both]) == ("“b”", ["x"]))
  }

  @Test func helpSaysEachSentenceOnce() {
    let span = Span(Self.id, 0, 1)
    let fix = Fix("write ':'", span, ":")
    #expect(Diagnostic(.unknownName, span, "m", hint: "write ':'", fixes: [fix]).help == ["write ':'"])
    #expect(Diagnostic(.unknownName, span, "m", hint: "h", fixes: [fix]).help == ["h", "write ':'"])
    let near = Suggestion(for: "zonee", among: ["zone", "region"])
    #expect(Diagnostic(.unknownName, span, "no 'zonee'\(near)", fixes: near.fixes(span)).help == [])
  }

  @Test func aNameIsWrittenOnlyWhereNoOtherIsAsNear() {
    let span = Span(Self.id, 0, 5)
    #expect(Suggestion(for: "image", among: ["imagx", "imagy"]).fixes(span) == [])
    #expect(Suggestion(for: "image", among: ["imagx", "imagx"]).fixes(span).map(\.edits[0].replacement) == ["imagx"])
    #expect(Suggestion(for: "CTC", among: ["CTCC"]).quotedFixes(span).map(\.sentence) == ["write '\"CTCC\"'"])
    #expect(Suggestion(for: "x", among: ["y"]).fixes(span) == [] && Suggestion.none.isEmpty)
  }
}
