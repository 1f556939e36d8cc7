import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import RunbookSyntax

@Suite("A text with problems is laid out as far as it parses")
struct PartialLayoutTests {
  private static func format(_ text: String) -> FormattedRunbook {
    RunbookFormatter.format(SourceFile(path: "t", text: text), id: SourceID(0))
  }

  private static func laidOut(_ text: String) -> String? {
    switch format(text) {
    case .formatted(let text), .partly(let text, _): text
    case .unparsable: nil
    }
  }

  @Test("Statements that do not parse are kept byte for byte")
  func keptStatements() {
    let text = """
      runbook t 1.0.0
      let   a=1
      let b  =  = 2   // and this
      each   x in xs {
          let c=1 ; # a habit
            let   d={A:1}
      }
      """
    #expect(
      Self.laidOut(text) == """
        runbook t 1.0.0

        let a = 1
        let b  =  = 2   // and this
        each x in xs {
          let c=1 ; # a habit
          let d = { A: 1 }
        }

        """)
  }

  @Test("Problems of single tokens keep nothing from being laid out")
  func singleTokens() {
    #expect(Self.laidOut("runbook t 1.0.0\nlet   a=5m\n") == "runbook t 1.0.0\n\nlet a = 5m\n")
    #expect(Self.laidOut("let   a=1\n") == "let a = 1\n")
  }

  @Test("Lines of characters without a meaning stay")
  func strayLines() {
    let text = "runbook t 1.0.0\n# one\nlet   a=1\nif a {\n      # two\n  give   1\n}\n"
    #expect(
      Self.laidOut(text)
        == "runbook t 1.0.0\n\n# one\nlet a = 1\nif a {\n  # two\n  give 1\n}\n")
  }

  @Test("What is open to the end is kept to the end")
  func openBlock() {
    let text = "runbook t 1.0.0\nlet   a=1\neach x in xs {\n     let   b=1\n"
    #expect(Self.laidOut(text) == "runbook t 1.0.0\n\nlet a = 1\neach x in xs {\n     let   b=1\n")
  }

  @Test("A text that is not closed keeps its quotes apart from what follows it")
  func unclosedText() {
    #expect(
      Self.laidOut("let   a=1\nlet   b=\"open  \r\nif a { give ${a} }\n")
        == "let a = 1\nlet   b=\"open\nif a {\n  give ${a}\n}\n")
    #expect(Self.laidOut("let   a=\"${ { let   b=1 }\"\nlet   c=2\n") == "let   a=\"${ { let   b=1 }\"\nlet c = 2\n")
  }

  @Test("A text that is open to the end gains no line end each time", arguments: ["", "\n", "\n\n\n"])
  func openText(end: String) {
    let text = "let   a=1\nlet   b = \"\"\"\n  x"
    let laidOut = "let a = 1\nlet   b = \"\"\"\n  x\n"
    #expect(Self.laidOut(text + end) == laidOut)
    #expect(Self.laidOut(laidOut) == laidOut)
  }

  @Test("Other line ends and the mark at the start of a text go")
  func lineEnds() {
    let text = "\u{FEFF}runbook t 1.0.0\r\nlet   a=1\r\nlet b = [1 2\r\n  3]\r\n"
    #expect(Self.laidOut(text) == "runbook t 1.0.0\n\nlet a = 1\nlet b = [1 2\n  3]\n")
  }

  @Test("A text whose problems have no end is left alone")
  func unparsable() {
    for text in ["/* open\nlet   a=1", "// \u{F8FF}\nlet = 1"] {
      guard case .unparsable = Self.format(text) else {
        Issue.record("laid out: \(text)")
        continue
      }
    }
    let bytes = Array("let   a=1 // ".utf8) + [0xFF]
    guard case .unparsable = RunbookFormatter.format(SourceFile(path: "t", bytes: bytes), id: SourceID(0)) else {
      Issue.record("laid out what is not UTF-8")
      return
    }
  }

  /// The examples with a few tokens lost, doubled, swapped or replaced by what people type instead.
  @Test("The examples, damaged", arguments: SeededGenerator.seeds(150))
  func damaged(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let text = Self.damaged(generator.pick(try Examples.read()), &generator)
    guard let once = Self.laidOut(text) else { return }
    #expect(LayoutTests.tokens(text) == LayoutTests.tokens(once), "BELAY_SEEDS=\(seed):1 repeats it:\n\(text)")
    #expect(LayoutTests.comments(text) == LayoutTests.comments(once), "BELAY_SEEDS=\(seed):1 repeats it:\n\(text)")
    #expect(Self.laidOut(once) == once, "BELAY_SEEDS=\(seed):1 repeats it: not stable:\n\(text)")
  }

  @Test("Most damage leaves a text that is laid out")
  func mostAreLaidOut() throws {
    var laidOut = 0
    for seed in UInt64(1)...100 {
      var generator = SeededGenerator(seed: seed)
      if Self.laidOut(Self.damaged(generator.pick(try Examples.read()), &generator)) != nil { laidOut += 1 }
    }
    #expect(laidOut > 80, "\(laidOut) of 100")
  }

  private static func damaged(_ file: SourceFile, _ generator: inout SeededGenerator) -> String {
    let tokens = Lexer.lex(file, id: SourceID(0)).tokens.dropLast()
    var pieces: [String] = []
    var end = 0
    for token in tokens {
      pieces.append(file.text(end..<Int(token.lower)))
      pieces.append(file.text(token.range))
      end = Int(token.upper)
    }
    let slips = ["=", ":", ",", "# note\n", ";", "&&", "'x'", "}", "(", "“a”", "，", "def", "\"", "is"]
    for _ in 0..<(1 + generator.below(3)) {
      let place = 1 + 2 * generator.below(pieces.count / 2)
      switch generator.below(4) {
      case 0: pieces[place] = ""
      case 1: pieces[place] += " " + pieces[place]
      case 2: pieces[place] += " " + generator.pick(slips)
      default: pieces[place] = generator.pick(slips)
      }
    }
    return pieces.joined() + file.text(end..<file.bytes.count)
  }
}
