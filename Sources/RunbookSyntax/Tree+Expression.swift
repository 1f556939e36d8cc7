import Diagnostics

package struct Expression: Sendable {
  package indirect enum Kind: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    /// `250ms`, `30s`, `15min`, `2h`, `1d`
    case duration(Duration)
    /// `50GiB`, `100Mbps`, `20/s`, `1.5CNY` as it stands, without any `_`; the lexer has checked its form.
    case quantity(String)
    /// `10.20.0.0/16` as it stands; the lexer has checked its form.
    case cidr(String)
    /// A text with its `${…}` holes; a text without holes is one literal segment, an empty one has none.
    case text([TextSegment])
    case name(String)
    /// `it`: the value that `where`, `until` or `undo` speak of.
    case it
    case member(Expression, Name)
    case index(Expression, Expression)
    /// `vms[].InstanceId`: that member of each element; lists among the elements are taken apart first, so that
    /// `a[].b[].c` reaches through nested lists.
    case each(Expression, Name)
    case list([Expression])
    case record([RecordEntry])
    /// `{ [zone]: 2, [other]: 3 }`: the keys are values.
    case map([MapEntry])
    /// `[for i in xs if i > 1 => i * 2]`; a body that is a record may follow without the arrow: `[for i in xs { A: i
    /// }]`.
    case comprehension(Comprehension)
    case not(Expression)
    case negate(Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// `1...8`, both ends included
    case range(Expression, Expression)
    /// `if a then b else c`
    case choice(condition: Expression, then: Expression, otherwise: Expression)
    /// `match isp { "CTCC" => 1, ["CUCC", "CMCC"] => 2, else => 3 }`
    case match(Expression, [MatchCase<Expression>])
    /// `count(zones)`, `cell_name(zone, isp)`, `network.vpc(region)`: a function, or where it stands alone or behind
    /// `let name =` a recipe.
    case function(Invocation)
    /// An API call where only a value may stand: the parser accepts it, the checker explains (B0601).
    case call(Call)
    case missing
  }
  package var id: NodeID
  package var kind: Kind
  package var span: Span
}

package enum TextSegment: Sendable {
  /// Escapes already replaced.
  case literal(String)
  case hole(Expression)
}

package struct RecordEntry: Sendable {
  package var name: Name
  package var value: Expression
}

package struct MapEntry: Sendable {
  package var key: Expression
  package var value: Expression
}

/// The name and arguments of a function or recipe.
package struct Invocation: Sendable {
  /// The name that `use "file.belay" as name` gave the file it stands in; nil in this file, and for the standard
  /// library.
  package var module: Name?
  package var name: Name
  package var arguments: [Argument]
}

/// `"CTCC" => …`, `1...5 => …`, `["CUCC", "CMCC"] => …` or `else => …`
package struct MatchCase<Body: Sendable>: Sendable {
  /// A list or a range stands for each of its elements; nil: `else`.
  package var pattern: Expression?
  package var body: Body
  package var span: Span
}

/// Of a list, or with a key of a map: `{for zone in zones => [zone]: count(zone)}`.
package struct Comprehension: Sendable {
  package var pattern: [Name]
  package var sequence: Expression
  package var condition: Expression?
  package var key: Expression?
  package var body: Expression
}

/// In rising order of binding strength: or · and · comparison and `in` · additive · multiplicative.
package enum BinaryOperator: String, Sendable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
}
