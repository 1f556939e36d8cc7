import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// A runbook without errors, with what the checker found out about it in tables beside the tree.
package struct CheckedRunbook: Sendable {
  package let sources: SourceMap
  package let tree: RunbookTree
  /// Dotted, such as `ecm.web_fleet`.
  package let name: String
  /// `1.4.0`
  package let version: String
  package let inputs: [CheckedInput]
  package let bounds: [CheckedBound]
  /// The functions and recipes of all files; what one invokes stands before it.
  package let routines: [CheckedRoutine]
  /// Those of the file itself.
  package let tests: [CheckedTest]
  /// By the index of the expression's id.
  package let invocations: [Int: RoutineID]
  /// By the index of ``Call/id``; the calls of `until` and of `undo { … }` are among them.
  package let calls: [Int: CheckedCall]
  /// By the index of ``Wait/id``; the state form only.
  package let waits: [Int: CheckedWait]
  /// By the index of an expression's id; `.unknown` where nothing is known.
  package let types: [ValueType]
  /// What the text may call, in the order of first appearance. What the catalog adds by itself, polls and inverses, is
  /// not among them.
  package let effects: [ActionID]

  /// Those of all files, in the order of ``routines``.
  package var recipes: [CheckedRoutine] { routines.filter { $0.routine.kind == .recipe } }

  /// In the order of the text.
  package var outputNames: [String] {
    tree.body.statements.compactMap { if case .output(let name, _) = $0.kind { name.text } else { nil } }
  }

  /// It has functions and recipes, and no steps of its own.
  package var isLibrary: Bool { tree.header?.kind == .library }

  package func type(of expression: Expression) -> ValueType {
    types.indices.contains(expression.id.index) ? types[expression.id.index] : .unknown
  }
}

/// The place of a routine in ``CheckedRunbook/routines``.
package struct RoutineID: Hashable, Sendable {
  package let index: Int
}

/// A function or a recipe.
package struct CheckedRoutine: Sendable {
  package let routine: Routine
  /// The types of the parameters, as they are written.
  package let types: [ValueType]
  package let result: ValueType
  /// What it may call, through what it invokes, too; nothing for a function.
  package let effects: [ActionID]
  /// Whether it has steps that may fail.
  let isFallible: Bool
  /// An irreversible step that no step follows.
  let irreversible: IrreversibleStep?
  /// What it has, through what it invokes, too, that does not stand on the way back.
  let unfit: Set<UnfitBlock>
  /// The parameters and inputs that are adopted, and that it destroys without asking: whoever invokes it has to.
  let unapproved: Set<String>

  package var name: String { routine.name.text }
}

package struct CheckedInput: Sendable {
  package let declaration: InputDeclaration
  package let name: String
  /// Without `secret` around it; see ``isSecret``.
  package let type: ValueType
  package let ownership: InputDeclaration.Ownership?
  package let isSecret: Bool
}

package struct CheckedCall: Sendable {
  package let action: ActionID
  /// The written ones in written order, then those that `use … with (…)` supplies.
  package let arguments: [(name: String, value: Expression)]
  /// The common parameter Region: written as `Region: …` at the call, or after `use … in`.
  package let region: Expression?
  package let undo: UndoPlan
}

/// How one call of a runbook is undone.
package enum UndoPlan: Sendable {
  /// By the inverse that the catalog knows.
  case catalog
  /// A read, or a call that leaves nothing to undo.
  case nothing
  /// `undo { … }`
  case written(Block)
  /// `irreversible "why"`
  case irreversible(Expression)
  /// `keep "why"`
  case keep(Expression)
}

package struct CheckedWait: Sendable {
  /// The ``Call/id`` of the call whose work is awaited.
  package let call: NodeID
  package let action: ActionID
}

package struct CheckResult: Sendable {
  /// Nil when there are errors.
  package let runbook: CheckedRunbook?
  /// In reading order.
  package let diagnostics: [Diagnostic]
  package let sources: SourceMap
}
