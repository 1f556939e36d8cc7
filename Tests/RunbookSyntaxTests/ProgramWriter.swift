import TestSupport

/// Writes random programs that parse, in random layouts: blanks, line ends and comments wherever the grammar allows
/// them.
struct ProgramWriter {
  var generator: SeededGenerator
  private var text = ""
  private var depth = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func write() -> String {
    word("runbook")
    blank()
    word("t 1.0.0")
    lineEnd()
    if generator.oneIn(2) {
      word("use ecm with")
      arguments(isNamed: true)
      lineEnd()
    }
    if generator.oneIn(4) {
      word("use  \"lib/net.belay\"  as net")
      lineEnd()
    }
    if generator.oneIn(2) { inputs() }
    if generator.oneIn(4) { bounds() }
    for _ in 0...generator.below(6) { generator.oneIn(6) ? declaration() : statement() }
    return text
  }

  // MARK: Blanks

  mutating func word(_ word: String) { text += word }

  /// Blanks without a line end.
  mutating func blank() {
    text += String(repeating: " ", count: 1 + generator.below(2))
    if generator.oneIn(25) { text += "/* \(generator.below(10)) */ " }
  }

  /// Where a line end means nothing.
  mutating func free() {
    switch generator.below(12) {
    case 0: text += "\n"
    case 1: text += "\n\n   "
    case 2: text += " // c\(generator.below(10))\n"
    case 3: text += "\n  // own \(generator.below(10))\n "
    case 4: text += " /* b\n  b */"
    default: blank()
    }
  }

  mutating func lineEnd() {
    switch generator.below(8) {
    case 0: text += "\n\n\n"
    case 1: text += " // end\n"
    case 2: text += "\n // next\n\n"
    case 3: text += " /* end */ \n"
    default: text += "\n"
    }
  }

  // MARK: Parts

  mutating func name() -> String {
    generator.pick(["a", "vms", "key", "state", "output", "a_rather_long_name_for_a_binding", "zones", "keep", "x1"])
  }

  mutating func inputs() {
    word("inputs")
    free()
    word("{")
    lineEnd()
    for _ in 0..<generator.below(4) {
      word(generator.pick(["a", "zones", "key"]))
      blank()
      word(":")
      blank()
      word(
        generator.pick(["Int", "ecm . Zone", "[Text]", "secret Text?", "borrowed ecm.VpcId", "{ a: Int, b: [Text] }"]))
      if generator.oneIn(2) {
        free()
        word("=")
        blank()
        expression()
      }
      if generator.oneIn(2) {
        free()
        word("where")
        blank()
        expression()
      }
      lineEnd()
    }
    word("}")
    lineEnd()
  }

  mutating func statement() {
    depth += 1
    defer { depth -= 1 }
    if depth <= 3, generator.oneIn(5) {
      blockStatement()
      return lineEnd()
    }
    switch generator.below(depth > 3 ? 7 : 10) {
    case 0, 1: keyword("let \(name()) = ") { $0.expression() }
    case 2:
      keyword("let \(name()) =") {
        $0.free()
        $0.call()
      }
    case 3: call()
    case 4: keyword(generator.pick(["give ", "commit ", "fail ", "output \(name()) = "])) { $0.expression() }
    case 5: wait()
    case 6:
      keyword("assert ") { $0.expression() }
      if generator.oneIn(2) {
        free()
        keyword("else ") { $0.expression() }
      }
    case 7: loop()
    default: condition()
    }
    lineEnd()
  }

  mutating func keyword(_ keyword: String, _ rest: (inout ProgramWriter) -> Void) {
    text += keyword
    rest(&self)
  }

  mutating func call() {
    word(generator.pick(["ecm.RunInstances", "ecm.DescribeVpcs", "edge . CreateVpc"]))
    arguments(isNamed: true)
    for modifier in [0, 1, 2, 3].shuffled(using: &generator).prefix(generator.below(3)) {
      free()
      switch modifier {
      case 0: word("retry on ResourceInsufficient, Internal.Error every 30s up to \(generator.below(9))")
      case 1: keyword("undo ") { $0.block() }
      case 2: word("irreversible \"the disks are not kept\"")
      default: word("keep \"why \(generator.below(3))\"")
      }
    }
  }

  mutating func wait() {
    word("wait ")
    if generator.oneIn(2) {
      word(name())
      free()
      word("is RUNNING")
    } else {
      word("ecm.DescribeInstances")
      arguments(isNamed: true)
      free()
      keyword("until ") { $0.expression() }
    }
    for clause in [0, 1, 2].shuffled(using: &generator).prefix(generator.below(4)) {
      free()
      word(["every 2s", "within 5min", "else fail \"it did not come up in time\""][clause])
    }
  }

  mutating func loop() {
    word(generator.pick(["each ", "parallel each ", "parallel 4 each ", "let fleet = each "]))
    word(generator.pick(["x in ", "( a ,b ) in ", "(a, b,) in "]))
    enclosed()
    if generator.oneIn(3) {
      free()
      keyword("key ") { $0.enclosed() }
    }
    blank()
    block()
  }

  mutating func condition() {
    keyword("if ") { $0.enclosed() }
    free()
    block()
    if generator.oneIn(3) {
      free()
      word("else")
      free()
      block()
    }
  }

  mutating func block() {
    word("{")
    if generator.oneIn(2) { lineEnd() }
    for _ in 0..<generator.below(3) { statement() }
    word("}")
  }

  mutating func arguments(isNamed: Bool) {
    elements("(", ")") { writer in
      if isNamed || writer.generator.oneIn(2) {
        writer.word(writer.generator.pick(["Zone", "InstanceType", "key", "ZoneInstanceCountISPSet"]))
        writer.free()
        writer.word(":")
        writer.free()
      }
      writer.expression()
    }
  }

  mutating func elements(_ open: String, _ close: String, _ element: (inout ProgramWriter) -> Void) {
    word(open)
    free()
    let count = generator.below(depth > 3 ? 2 : 4)
    for position in 0..<count {
      element(&self)
      free()
      if position < count - 1 || generator.oneIn(3) {
        word(",")
        free()
      }
    }
    word(close)
  }

  mutating func expression() {
    depth += 1
    defer { depth -= 1 }
    switch generator.below(depth > 4 ? 6 : 17) {
    case 0: word("\(generator.below(2000))")
    case 1:
      word(
        generator.pick([
          "1_000", "3.5", "30s", "50GiB", "100Mbps", "20/s", "1.5CNY", "10.20.0.0/16", "true", "null", "it",
        ]))
    case 2:
      word(
        generator.pick([
          "\"web\"", "\"a \\\"quoted\\\" 名\"", "\"${a}\"", "\"web-${ zone }-${x + 1}\"", "\"${\"${b}\"}\"",
        ]))
    case 3: word(name() + generator.pick(["", ".Vpc.VpcId", "[0]", "[].Targets[].Health", " . b [ 1 ]"]))
    case 4: word(name())
    case 5: word(generator.pick(["\"\"\"\n  one\n    two ${x}\n\n  \"\"\"", "-1", "-x", "not a", "\"\"\"\n\t\"\"\""]))
    case 6, 7:
      expression()
      free()
      word(generator.pick(["+", "-", "*", "and", "or", "/", "%"]))
      free()
      word("(")
      expression()
      word(")")
    case 8: keyword("count") { $0.arguments(isNamed: false) }
    case 9: elements("[", "]") { $0.expression() }
    case 10:
      elements("{", "}") { writer in
        writer.keyword(writer.name() + ": ") { $0.expression() }
      }
    case 11: comprehension()
    case 12:
      keyword("(if ") { $0.expression() }
      free()
      keyword("then ") { $0.expression() }
      free()
      keyword("else ") { $0.expression() }
      word(")")
    case 13:
      elements("{", "}") { writer in
        writer.word("[")
        writer.expression()
        writer.word("] :")
        writer.expression()
      }
    case 14: keyword("net . cell_name") { $0.arguments(isNamed: false) }
    case 15:
      keyword("(match ") { $0.enclosed() }
      word(" {")
      free()
      if generator.oneIn(2) {
        keyword("\"a\" => ") { $0.expression() }
        free()
        word(",")
        free()
      }
      word("else =>1 })")
    default:
      word(name())
      blank()
      word(generator.pick(["==", "in", "<=", "!="]))
      blank()
      word(generator.pick(["1 ... 8", "x", "\"CTCC\""]))
    }
  }

  /// What a block follows does not begin with a brace.
  mutating func enclosed() {
    word("(")
    expression()
    word(")")
  }

  mutating func comprehension() {
    word("[")
    free()
    keyword("for x in ") { $0.word($0.name()) }
    free()
    if generator.oneIn(2) {
      keyword("if ") { $0.expression() }
      free()
    }
    if generator.oneIn(2) {
      word("=>")
      free()
      expression()
    } else {
      elements("{", "}") { writer in
        writer.keyword("A: ") { $0.expression() }
      }
    }
    free()
    word("]")
  }
}
