import Diagnostics
import Foundation
import RunbookSyntax
import Testing

@Suite("Texts become the trees they mean")
struct TreeTests {
  static func body(_ text: String) -> String {
    let file = SourceFile(path: "t", text: "runbook t 1.0.0\n" + text + "\n")
    let parsed = RunbookParser.parse(file, id: SourceID(0))
    #expect(parsed.diagnostics == [], "\(text)")
    return parsed.tree.body.statements.map { statement in
      var text = TreeText()
      return text.statement(statement)
    }.joined(separator: "; ")
  }

  @Test(
    "Expressions",
    arguments: [
      ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
      ("(1 + 2) * 3", "(* (+ 1 2) 3)"),
      ("a or b and not c == d", "(or a (and b (not (== c d))))"),
      ("a in 1...n + 1", "(in a (... 1 (+ n 1)))"),
      ("-a.b * c", "(* (- (.b a)) c)"),
      ("not not a", "(not (not a))"),
      ("a - -1", "(- a (- 1))"),
      ("a.b[0].c", "(.c (at (.b a) 0))"),
      ("a[].b[].c", "([].c ([].b a))"),
      ("if a then b else if c then d else e", "(if a b (if c d e))"),
      ("[1, 2,]", "[1 2]"),
      ("{ Zone: zone, key: 1, let: 2 }", "{Zone: zone key: 1 let: 2}"),
      ("{}", "{}"),
      ("[for i in xs if i > 1 => i * 2]", "(for (i) xs if (> i 1) => (* i 2))"),
      ("[for (a, b) in xs * ys { A: a }]", "(for (a b) (* xs ys) => {A: a})"),
      ("subnet(net, prefix: 24, index: 0)", "subnet(net prefix: 24 index: 0)"),
      ("1_000", "1000"),
      ("3.5", "3.5"),
      ("90min", "5400.0 seconds"),
      ("250ms", "0.25 seconds"),
      ("10.20.0.0/16", "10.20.0.0/16"),
      ("[true, false, null, it]", "[true false null it]"),
      ("count(keep) + key.state", "(+ count(keep) (.state key))"),
      ("[ecm.DescribeVpcs(A: 1)]", "[call ecm.DescribeVpcs(A: 1)]"),
      ("a\n  + b\n  .c", "(+ a (.c b))"),
      ("(a\nand b)", "(and a b)"),
      (#""a\n\"${b}\${c}""#, #""a\n"${b}${c}""#),
      (#""\u{1F600}${"x${y}"}""#, #""😀${"x${y}"}""#),
      (#""${a}${b}""#, #""${a}${b}""#),
      (#""""#, #""""#),
      ("\"\"\"\n    a\n      b ${c}\n\n    d \"e\"\n    \"\"\"", #""a\n  b ${c}\n\nd "e"""#),
      ("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", #""a\nb""#),
    ])
  func expression(text: String, tree: String) { #expect(Self.body("let x = " + text) == "(let x \(tree))") }

  @Test(
    "Statements",
    arguments: [
      ("ecm.CreateVpc()", "ecm.CreateVpc()"),
      (
        "ecm.A(X: 1) keep \"k\" retry on B.C, D every 30s up to 2",
        #"(ecm.A(X: 1) retry B.C D every 30.0 seconds up-to 2 keep "k")"#
      ),
      (
        "ecm.A()\n  undo {\n    ecm.B(X: it.Y)\n  }\n  irreversible \"w\"",
        #"(ecm.A() undo {ecm.B(X: (.Y it))} irreversible "w")"#
      ),
      ("wait vms is RUNNING", "(wait vms is RUNNING)"),
      (
        "let r = wait a.b is done within 5min every 2s",
        "(let r (wait (.b a) is done every 2.0 seconds within 300.0 seconds))"
      ),
      ("wait vms is RUNNING\n  else fail \"x\"", #"(wait vms is RUNNING else-fail "x")"#),
      (
        "wait ecm.D(A: 1)\n  until it.x == 1\n  within 5s", "(wait ecm.D(A: 1) until (== (.x it) 1) within 5.0 seconds)"
      ),
      ("each x in xs { give x }", "(each (x) xs {(give x)})"),
      ("let y = parallel 2 * n each (a, b) in xs key a {\n}", "(let y (parallel (* 2 n) each (a b) xs key a {}))"),
      ("parallel each x in xs {}", "(parallel each (x) xs {})"),
      (
        "if a { fail \"x\" } else if b {} else { commit \"y\" }",
        #"(if a {(fail "x")} else (if b {} else {(commit "y")}))"#
      ),
      ("if a {}\nelse {}", "(if a {} else {})"),
      ("output key = 1", "(output key 1)"),
      ("assert a else \"m\"", #"(assert a else "m")"#),
      ("assert a", "(assert a)"),
      ("let state = type", "(let state type)"),
      ("count(xs)", "count(xs)"),
      ("output.x", "(.x output)"),
      ("let a = (ecm.D())", "(let a call ecm.D())"),
      ("let a = ecm.D().B", "(let a (.B call ecm.D()))"),
      ("let a =\n  ecm.D()", "(let a ecm.D())"),
    ])
  func statement(text: String, tree: String) { #expect(Self.body(text) == tree) }

  @Test("Declarations and documentation")
  func declarations() {
    let text = """
      // not documentation
      /// First.
      ///  Second.
      runbook ecm.web_fleet 1.4.0-beta.1

      use ecm as edge in "r" with (EcmRegion: region)
      inputs {
        /// About a.
        a: [adopted ecm.InstanceId] = [] where count(it) in 1...3 /// not about b
        b: secret Text?
        c: borrowed { x: Int, y: [Text] } where it.x > 1 = { x: 2, y: [] }
      }

      """
    let parsed = RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0))
    #expect(parsed.diagnostics == [])
    #expect(
      TreeText.of(parsed.tree) == """
        /// First.
        ///  Second.
        (runbook ecm.web_fleet 1.4.0-beta.1)
        (use ecm as edge in "r" with (EcmRegion: region))
        (/// About a. input a [ecm.InstanceId] adopted where (in count(it) (... 1 3)) = [])
        (input b secret Text?)
        (input c {x: Int y: [Text]} borrowed where (> (.x it) 1) = {x: 2 y: []})
        """)
  }

  @Test("The example runbooks parse and are in the canonical layout", arguments: try Examples.read())
  func example(_ file: SourceFile) {
    let parsed = RunbookParser.parse(file, id: SourceID(0))
    #expect(parsed.diagnostics == [])
    #expect(parsed.tree.header != nil)
    #expect(RunbookFormatter.format(file, id: SourceID(0)) == .formatted(file.text(0..<file.bytes.count)))
  }

  @Test("Nodes are numbered from 0, each number once", arguments: try Examples.read())
  func nodeNumbers(_ file: SourceFile) {
    let tree = RunbookParser.parse(file, id: SourceID(0)).tree
    let nodes = TreeText.nodes(of: tree)
    #expect(Set(nodes).count == nodes.count)
    #expect(nodes.allSatisfy { tree.nodes.contains($0.index) })
  }

  @Test("What is out of place is collected all the same")
  func misplaced() {
    let text = "let a = 1\nuse ecm\ninputs {\n  b: Int\n}\nrunbook t 1.0.0\nif a {\n  use cvm\n}\n"
    let tree = RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0)).tree
    #expect(tree.uses.map(\.service.text) == ["ecm", "cvm"])
    #expect(tree.inputs.map(\.name.text) == ["b"])
    #expect(tree.header?.name.text == "t")
    #expect(tree.body.statements.count == 2)
  }

  @Test("A hole in the text is a hole in the tree; what is around it stays")
  func holes() {
    let text = "runbook t 1.0.0\nlet a = ecm.CreateVpc(VpcName: , CidrBlock: 1 +)\nlet b = [1, *, 2]\ngive\nlet c = 1\n"
    let tree = RunbookParser.parse(SourceFile(path: "t", text: text), id: SourceID(0)).tree
    #expect(
      TreeText.of(tree) == """
        (runbook t 1.0.0)
        (let a ecm.CreateVpc(VpcName: MISSING CidrBlock: (+ 1 MISSING)))
        (let b [1 (* MISSING MISSING) 2])
        (give MISSING)
        (let c 1)
        """)
  }
}
