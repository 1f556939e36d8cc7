import Diagnostics

/// Numbers the nodes of the files of one check, so that later stages keep what they find out in tables beside the
/// trees.
package struct NodeID: Hashable, Sendable {
  package let index: Int
  package init(_ index: Int) { self.index = index }
}

/// A name as it stands in the text.
package struct Name: Hashable, Sendable {
  package let text: String
  package let span: Span
  package init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A whole `.belay` file. Holes in the text are `.missing`, so a tree exists for every text.
package struct RunbookTree: Sendable {
  package var source: SourceID
  package var documentation: [String]
  /// `runbook ecm.web_fleet 1.4.0`; nil when it is missing (a problem has been reported).
  package var header: Header?
  package var imports: [Import]
  package var uses: [Use]
  package var inputs: [InputDeclaration]
  package var bounds: [Bound]
  /// The functions and recipes, in the order of the text; each is visible in the whole file.
  package var routines: [Routine]
  package var tests: [TestDeclaration]
  package var body: Block
  /// The ids of its nodes.
  package var nodes: Range<Int>

  package struct Header: Sendable {
    /// A library has functions, recipes and tests, and no steps of its own.
    package enum Kind: Sendable { case runbook, library }
    package var kind: Kind
    /// Dotted, such as `ecm.web_fleet`.
    package var name: Name
    /// `1.4.0`
    package var version: Name
    package var span: Span
  }
}

/// `use ecm as edge with (EcmRegion: region)` or `use cvm in "ap-guangzhou"`
package struct Use: Sendable {
  package var service: Name
  package var alias: Name?
  package var region: Expression?
  package var defaults: [Argument]
  package var span: Span
}

/// `per_cell: Int where it in 1...50 = 2`; `where` and `=` may stand in either order. Parameters of functions and
/// recipes have the same form, without `where`.
package struct InputDeclaration: Sendable {
  package enum Ownership: String, Sendable { case owned, adopted, borrowed }
  package var documentation: [String]
  package var name: Name
  package var type: TypeExpression
  package var ownership: Ownership?
  package var condition: Expression?
  package var defaultValue: Expression?
  package var span: Span
}

/// `Int`, `ecm.VpcId`, `[ecm.Zone]`, `secret Text`, `Text?`, `borrowed ecm.LoadBalancerId`
package struct TypeExpression: Sendable {
  package indirect enum Kind: Sendable {
    /// `Int`, or `ecm.VpcId` with the service in front.
    case named(service: Name?, name: Name)
    case list(TypeExpression)
    case optional(TypeExpression)
    case secret(TypeExpression)
    case record([(name: Name, type: TypeExpression)])
    /// `{ [Text]: Int }`
    case map(key: TypeExpression, value: TypeExpression)
    case missing
  }
  package var kind: Kind
  package var span: Span
  package init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }
}

package struct Block: Sendable {
  package var statements: [Statement]
  /// The braces included.
  package var span: Span
}

package struct Statement: Sendable {
  package indirect enum Kind: Sendable {
    /// `let net = …`: the value is an expression, or one of the effects below.
    case binding(name: Name, value: Effectful)
    /// An effect whose value is not kept.
    case effect(Effectful)
    case when(If)
    case match(Match)
    /// `parallel { … }`: its statements run side by side; the names they bind are visible behind it.
    case parallel(Block)
    /// `notify "the fleet serves" to "#ops"`; without `to`, where the installation says.
    case notify(message: Expression, channel: Expression?)
    /// `commit "why"`
    case commit(Expression)
    /// `fail "why"`
    case fail(Expression)
    /// `output instances = flatten(fleet)`
    case output(name: Name, value: Expression)
    /// `give x`: the value of the block around it.
    case give(Expression)
    /// `assert count(zones) > 1 else "needs two zones"`
    case assert(condition: Expression, message: Expression?)
    case missing
  }
  package var id: NodeID
  package var kind: Kind
  package var span: Span
}

/// What may stand after `let x =` or alone in a statement: at most one effect to a statement.
package indirect enum Effectful: Sendable {
  case pure(Expression)
  case call(Call)
  case wait(Wait)
  case loop(Loop)
  case attempt(Attempt)
  case timeout(Timeout)
  case approve(Approve)

  package var span: Span {
    switch self {
    case .pure(let expression): expression.span
    case .call(let call): call.span
    case .wait(let wait): wait.span
    case .loop(let loop): loop.span
    case .attempt(let attempt): attempt.span
    case .timeout(let timeout): timeout.span
    case .approve(let approve): approve.span
    }
  }
}

/// `ecm.CreateVpc(VpcName: "x", …)` with its modifiers.
package struct Call: Sendable {
  package var id: NodeID
  /// The service, or the alias that `use` gave it.
  package var service: Name
  package var action: Name
  package var arguments: [Argument]
  package var retry: Retry?
  /// `undo { … }`: what to do instead of the catalog's inverse. `it` is the call's result.
  package var undo: Block?
  /// `irreversible "why"`
  package var irreversible: Expression?
  /// `keep "why"`: undo leaves it alone.
  package var keep: Expression?
  package var span: Span
}

/// `retry on ResourceInsufficient, LimitExceeded every 30s up to 2`
package struct Retry: Sendable {
  package var codes: [Name]
  package var every: Expression?
  package var upTo: Expression?
  package var span: Span
}

/// `Name: value`; the name is nil where it is missing in the text.
package struct Argument: Sendable {
  package var name: Name?
  package var value: Expression
  package var span: Span
}

package struct Wait: Sendable {
  package indirect enum Kind: Sendable {
    /// `wait vms is RUNNING`, `wait eip is done`: the catalog knows how.
    case state(of: Expression, state: Name)
    /// `wait ecm.DescribeTargetHealth(…) until all_healthy(it)`
    case until(call: Call, condition: Expression)
  }
  package var id: NodeID
  package var kind: Kind
  package var every: Expression?
  package var within: Expression?
  /// `else fail "why"`
  package var otherwise: Expression?
  package var span: Span
}

/// `parallel 4 each (zone, isp) in zones * isps key zone { … }`; without `parallel` one round after the other.
package struct Loop: Sendable {
  package var id: NodeID
  package var isParallel: Bool
  /// How many rounds may run at once; nil: all.
  package var width: Expression?
  /// One name, or several that take an element of a list apart.
  package var pattern: [Name]
  package var sequence: Expression
  package var key: Expression?
  package var body: Block
  package var span: Span
}

package struct If: Sendable {
  package var condition: Expression
  package var then: Block
  package var otherwise: Else?
  package var span: Span
  package indirect enum Else: Sendable {
    case block(Block)
    case when(If)
  }
}
