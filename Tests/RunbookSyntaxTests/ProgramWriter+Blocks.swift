/// Declarations, and the statements that have blocks.
extension ProgramWriter {
  mutating func bounds() {
    word("bounds {")
    for _ in 0..<generator.below(3) {
      lineEnd()
      word(generator.pick(["create ecm.Instance<=3", "time  <= 4min  calls <= a", "terminate ecm . Vpc <= (x)"]))
    }
    lineEnd()
    word("}")
    lineEnd()
  }

  mutating func declaration() {
    switch generator.below(3) {
    case 0:
      word(generator.pick(["func f", "recipe r"]))
      elements("(", ")") { writer in
        writer.word(writer.generator.pick(["a", "zone", "b"]))
        writer.free()
        writer.word(": ")
        writer.word(writer.generator.pick(["Int", "{ [Text] : Int }", "borrowed ecm.VpcId = \"v\"", "[Text]=[ ]"]))
      }
      if generator.oneIn(2) { word(" : { a: Int }") }
      blank()
      block()
    case 1: keyword("func g(x: Int) :Int=") { $0.expression() }
    default: test()
    }
    lineEnd()
  }

  mutating func test() {
    word("test \"it ${x} works\"  {")
    lineEnd()
    for _ in 0..<generator.below(4) {
      switch generator.below(5) {
      case 0: keyword("given seed ") { $0.expression() }
      case 1: word("given  inputs { a: 1 ,}")
      case 2: word("run")
      case 3: keyword("let y = ") { $0.expression() }
      default:
        keyword("expect ") { $0.expression() }
        if generator.oneIn(2) {
          free()
          keyword("else ") { $0.expression() }
        }
      }
      lineEnd()
    }
    word("}")
  }

  mutating func blockStatement() {
    switch generator.below(6) {
    case 0:
      keyword("attempt  ") { $0.block() }
      free()
      word(generator.pick(["rescue ", "rescue  err ", "rescue keep ", "rescue err  keep "]))
      block()
      if generator.oneIn(2) {
        free()
        keyword("always ") { $0.block() }
      }
    case 1: keyword("let x =  timeout 10min  ") { $0.block() }
    case 2:
      word("approve  \"why ${x}\" ")
      free()
      word(generator.pick(["by role ops", "by role a or  person \"b\"", "not requester"]))
      if generator.oneIn(2) {
        word(" ,")
        free()
        word("within 3min ")
      }
      blank()
      block()
    case 3: keyword("parallel  ") { $0.block() }
    case 4: cases()
    default:
      keyword("notify ") { $0.expression() }
      free()
      word("to \"#ops\"")
    }
  }

  mutating func cases() {
    word("match x {")
    for _ in 0..<generator.below(3) {
      lineEnd()
      word(generator.pick(["\"a\"", "1...3", "[\"a\",  \"b\"]"]))
      free()
      word("=> ")
      generator.oneIn(2) ? block() : word("fail  \"x\"")
    }
    lineEnd()
    word("else=>notify \"x\"")
    lineEnd()
    word("}")
  }
}
