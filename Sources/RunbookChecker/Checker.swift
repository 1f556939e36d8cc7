import CloudCatalog
import Diagnostics
import RunbookSyntax
import Values

/// One pass over a tree: what is visible, what has been found out, what is wrong. The rules stand in extensions, one
/// file a rule.
struct Checker {
  private let graph: FileGraph
  /// The file being looked at.
  private(set) var tree: RunbookTree
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

  /// The functions and recipes of the file, and of the files it uses by the names it gives them.
  var module = Module()
  var modules: [String: Module] = [:]
  /// In the order in which they were checked: what one invokes stands before it.
  var routines: [CheckedRoutine] = []
  // Tables by the indices of ids, not by ids: what a dictionary needs to know of its keys' type is found out when the
  // program runs, and for each further type that takes as long as a few lines take to check.
  var invocations: [Int: RoutineID] = [:]
  var bounds: [CheckedBound] = []
  /// Those of all files.
  var tests: [CheckedTest] = []
  /// What the steps that are certain to be made come to.
  var tallies: [CheckedBound.Subject: Int] = [:]
  /// Whether something that may fail has been seen.
  var hasFallible = false
  /// What has been seen of what does not stand on the way back.
  var unfit: Set<UnfitBlock> = []
  /// The parameters and inputs of a recipe that are adopted, and that it destroys without asking.
  var unapproved: Set<String> = []

  private var types: [ValueType]
  var inputs: [CheckedInput] = []
  /// The names of those that something speaks of.
  var usedInputs: Set<String> = []
  var calls: [Int: CheckedCall] = [:]
  var waits: [Int: CheckedWait] = [:]
  private var effects = EffectRow()
  var outputs: [String: Span] = [:]
  /// How many more near names may be looked for: with thousands of wrong names only the first get a suggestion.
  private var suggestionsLeft = 200

  init(_ graph: FileGraph, functions: [FunctionSignature]) {
    self.graph = graph
    tree = graph.files[0].tree
    self.functions = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    types = Array(repeating: .unknown, count: graph.nodeCount)
  }

  /// Where a statement stands.
  struct Place {
    /// Directly in the body of the runbook.
    var isTopLevel = true
    var isInUndo = false
    /// In a function: what computes and no more.
    var isPure = false
    var isInRecipe = false
    var isInAlways = false
    /// Behind an approval.
    var isApproved = false
  }

  /// A file after those it uses; the one asked for comes last.
  mutating func checkFiles() {
    var checked: [Int: Module] = [:]
    for place in graph.order {
      let file = graph.files[place]
      tree = file.tree
      (scope, services, module, self.place) = (Scope(), [:], Module(), Place())
      modules = file.modules.compactMapValues { checked[$0] }
      checkFile()
      checked[place] = module
    }
  }

  private mutating func checkFile() {
    declareServices()
    declareModules()
    let routines = routinesInOrder()
    // Inputs may be computed by functions, and recipes see the inputs.
    for routine in routines where routine.kind == .function { checkRoutine(routine) }
    checkInputs()
    checkServiceArguments()
    checkBounds()
    for routine in routines where routine.kind == .recipe { checkRoutine(routine) }
    checkStatements(tree.body.statements)
    checkTests()
    checkServiceDefaultsAreTaken()
    leaveScope()
    checkInputsAreUsed()
  }

  func checkedRunbook() -> CheckedRunbook? {
    guard let header = tree.header else { return nil }
    return CheckedRunbook(
      sources: graph.sources, tree: tree, name: header.name.text, version: header.version.text, inputs: inputs,
      bounds: bounds, routines: routines, tests: tests.filter { $0.declaration.span.source == tree.source },
      invocations: invocations, calls: calls, waits: waits, types: types, effects: effects.actions)
  }

  /// What is looked at apart from everything around it: a function or a recipe has its own names, and its own effects.
  mutating func apart(_ look: (inout Checker) -> Void) -> EffectRow {
    let outer = (scope, place, it, pendingIrreversible, hasFallible, unfit, unapproved, effects)
    (scope, place, it, pendingIrreversible, hasFallible, unfit, unapproved, effects) = (
      Scope(), Place(), nil, nil, false, [], [], EffectRow()
    )
    look(&self)
    let row = effects
    (scope, place, it, pendingIrreversible, hasFallible, unfit, unapproved, effects) = outer
    return row
  }

  /// In the text itself, or found so far.
  var hasErrors: Bool { graph.diagnostics.hasErrors || diagnostics.hasErrors }

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
    effects.insert(action)
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

/// The actions that something may call, in the order of first appearance.
struct EffectRow {
  private(set) var actions: [ActionID] = []
  private var services: [String: [String]] = [:]

  mutating func insert(_ action: ActionID) {
    guard services[action.name]?.contains(action.service) != true else { return }
    services[action.name, default: []].append(action.service)
    actions.append(action)
  }
}
