import Diagnostics

/// `use "lib/network.belay" as network`
package struct Import: Sendable {
  /// Relative to the file it stands in.
  package var path: Name
  package var alias: Name
  package var span: Span
}

/// `create ecm.Instance <= 100`, `time <= 45min`
package struct Bound: Sendable {
  /// `create`, `terminate`, `time`, …
  package var subject: Name
  /// `ecm`, where a kind of resource follows the subject.
  package var service: Name?
  /// `Instance`
  package var kind: Name?
  package var limit: Expression
  package var span: Span
}

/// `func spread(total: Int, over: Int = 2): Int = total / over`, `recipe vpc(region: ecm.Region) { … give net }`
package struct Routine: Sendable {
  package enum Kind: String, Sendable {
    /// Pure: it computes.
    case function = "func"
    /// It may call APIs.
    case recipe
  }
  package var id: NodeID
  package var kind: Kind
  package var documentation: [String]
  package var name: Name
  package var parameters: [InputDeclaration]
  /// Nil: what the body gives says it.
  package var result: TypeExpression?
  /// `= value` is the block that gives it.
  package var body: Block
  /// The names that it invokes without a file's name in front: functions and recipes of this file among them.
  package var invokes: [Name]
  package var span: Span
}

/// `test "retires nothing" { given inputs { … }  run  expect outcome == "done" }`
package struct TestDeclaration: Sendable {
  package var id: NodeID
  package var name: Expression
  package var steps: [TestStep]
  package var span: Span
}

package struct TestStep: Sendable {
  package enum Kind: Sendable {
    /// `given inputs { … }`, `given seed 7`
    case given(Name, Expression)
    /// `run`, or `run network.vpc(region)` for one recipe.
    case run(Expression?)
    /// `expect count(outputs.instances) == 4 else "why"`
    case expect(condition: Expression, message: Expression?)
    case binding(name: Name, value: Expression)
    case missing
  }
  package var kind: Kind
  package var span: Span
}
