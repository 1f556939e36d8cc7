import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// One pass over a tree: what is visible, what has been found out, what is wrong. The rules stand in extensions, one
/// file a rule.
struct Checker {
  let tree: RunbookTree
  let functions: [String: FunctionSignature]
  private(set) var diagnostics: [Diagnostic] = []

  var scope = Scope()
  /// By the name that the text uses: the alias, or the service's own.
  var services: [String: UsedService] = [:]
  var place = Place()
  /// What `it` stands for, where it stands for something.
  var it: ValueType?
  /// The irreversible call that no `commit` has followed yet.
  var pendingIrreversible: IrreversibleStep?
  /// How deep the expression or block being looked at nests.
  var depth = 0

  private var types: [ValueType]
  var inputs: [CheckedInput] = []
  var calls: [NodeID: CheckedCall] = [:]
  var waits: [NodeID: CheckedWait] = [:]
  private var effects: [ActionID] = []
  private var knownEffects: Set<ActionID> = []
  var outputs: [String: Span] = [:]
  /// How many more near names may be looked for: with thousands of wrong names only the first get a suggestion.
  private var suggestionsLeft = 200

  init(_ tree: RunbookTree, functions: [FunctionSignature]) {
    self.tree = tree
    self.functions = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    types = Array(repeating: .unknown, count: tree.nodeCount)
  }

  /// Where a statement stands.
  struct Place {
    /// Directly in the body of the runbook.
    var isTopLevel = true
    var isInUndo = false
  }

  mutating func checkRunbook() {
    reportUnsupportedDeclarations()
    declareServices()
    checkInputs()
    checkServiceArguments()
    checkStatements(tree.body.statements)
    checkServiceDefaultsAreTaken()
    leaveScope()
  }

  func checkedRunbook(_ sources: SourceMap) -> CheckedRunbook? {
    guard let header = tree.header else { return nil }
    return CheckedRunbook(
      sources: sources, tree: tree, name: header.name.text, version: header.version.text, inputs: inputs, calls: calls,
      waits: waits, types: types, effects: effects)
  }

  mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  mutating func note(_ type: ValueType, of expression: Expression) {
    guard types.indices.contains(expression.id.index) else { return }
    types[expression.id.index] = type
  }

  /// What has been found out about an expression that was looked at before.
  func type(of expression: Expression) -> ValueType {
    types.indices.contains(expression.id.index) ? types[expression.id.index] : .unknown
  }

  mutating func note(effect action: ActionID) {
    if knownEffects.insert(action).inserted { effects.append(action) }
  }

  /// The names that a suggestion may choose from; none when no more suggestions are made.
  var visibleNames: [String] { suggestionsLeft > 0 ? scope.names : [] }

  /// What was most likely meant by a word that is not known.
  mutating func suggestion(for word: String, among candidates: some Sequence<String>) -> Suggestion {
    guard suggestionsLeft > 0 else { return .none }
    suggestionsLeft -= 1
    let near = Suggestion(for: word, among: candidates)
    if !near.isEmpty { return near }
    // `Cidr` for `CidrBlock`: too far by letters, but the one that begins so.
    let start = word.lowercased()
    let longer = Set(candidates.filter { $0.lowercased().hasPrefix(start) })
    guard start.count >= 3, longer.count == 1, let only = longer.first else { return .none }
    return Suggestion(only, isOnly: true)
  }
}

/// Names for a hint: the first dozen.
func listed(_ names: [String]) -> String {
  names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
}
