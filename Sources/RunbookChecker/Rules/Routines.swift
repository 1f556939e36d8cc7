import Diagnostics
import RunbookSyntax
import Values

/// The functions and recipes of a file.
struct Module {
  /// By name.
  var routines: [String: RoutineID] = [:]
  /// Those with problems: what invokes them says nothing new.
  var broken: Set<String> = []
}

extension Checker {
  /// The names of the files that are used, before anything else is looked at.
  mutating func declareModules() {
    var seen: [String: Span] = [:]
    for item in tree.imports where !item.alias.text.isEmpty {
      let earlier = seen.updateValue(item.alias.span, forKey: item.alias.text) ?? services[item.alias.text]?.span
      if let earlier { report(.duplicateName(item.alias, earlier)) }
    }
  }

  /// Those that others invoke come first, so that a result is known where it is used.
  mutating func routinesInOrder() -> [Routine] {
    routineOrder(declareRoutineNames()).map { tree.routines[$0] }
  }

  private mutating func declareRoutineNames() -> [String: Int] {
    var places: [String: Int] = [:]
    for (place, routine) in tree.routines.enumerated() where !routine.name.text.isEmpty {
      if let earlier = places[routine.name.text] {
        report(.duplicateName(routine.name, tree.routines[earlier].name.span))
      } else if functions[routine.name.text] != nil {
        report(.standardName(routine.name))
      } else {
        places[routine.name.text] = place
      }
    }
    return places
  }

  /// Depth first, without recursion: texts may have many routines. A circle is reported once, and the routines in it
  /// are left out.
  private mutating func routineOrder(_ places: [String: Int]) -> [Int] {
    enum State { case open, done }
    var order: [Int] = []
    var states: [Int: State] = [:]
    for root in tree.routines.indices where states[root] == nil {
      var stack: [(place: Int, next: Int)] = [(root, 0)]
      states[root] = .open
      while let (place, next) = stack.last {
        let routine = tree.routines[place]
        guard next < routine.invokes.count else {
          states[place] = .done
          stack.removeLast()
          order.append(place)
          continue
        }
        stack[stack.count - 1].next += 1
        let name = routine.invokes[next]
        guard let invoked = places[name.text] else { continue }
        switch states[invoked] {
        case .done: break
        case nil:
          states[invoked] = .open
          stack.append((invoked, 0))
        case .open:
          let circle = stack.drop { $0.place != invoked }.map { tree.routines[$0.place] }
          report(.recursion(name, circle))
          module.broken.formUnion(circle.map(\.name.text))
        }
      }
    }
    return order
  }

  mutating func checkRoutine(_ routine: Routine) {
    if routine.kind == .function { checkPurity(routine.body) }
    let problems = diagnostics.count
    var types: [ValueType] = []
    var result = ValueType.null
    var isFallible = false
    var irreversible: IrreversibleStep?
    var unfit: Set<UnfitBlock> = []
    var unapproved: Set<String> = []
    let effects = apart { checker in
      checker.place = Place(isTopLevel: false, isPure: routine.kind == .function, isInRecipe: routine.kind == .recipe)
      if routine.kind == .recipe { checker.declareInputs() }
      types = routine.parameters.map { checker.checkParameter($0) }
      result = checker.checkBody(routine)
      checker.leaveScope()
      (isFallible, irreversible, unfit) = (checker.hasFallible, checker.pendingIrreversible, checker.unfit)
      unapproved = checker.unapproved
    }
    guard !routine.name.text.isEmpty, module.routines[routine.name.text] == nil,
      functions[routine.name.text] == nil
    else { return }
    if module.broken.contains(routine.name.text) { return }
    if diagnostics[problems...].contains(where: { $0.severity == .error }), routine.result == nil { result = .unknown }
    module.routines[routine.name.text] = RoutineID(index: routines.count)
    routines.append(
      CheckedRoutine(
        routine: routine, types: types, result: result, effects: effects.actions, isFallible: isFallible,
        irreversible: irreversible, unfit: unfit, unapproved: unapproved))
  }

  /// A recipe sees the inputs of its runbook; a function only what it is given.
  private mutating func declareInputs() {
    for input in inputs where input.declaration.span.source == tree.source {
      let type = input.isSecret ? ValueType.secret(input.type) : input.type
      var binding = Binding(name: input.declaration.name, type: type, origin: .input)
      binding.owner = input.declaration.owner
      declare(binding)
    }
  }

  private mutating func checkParameter(_ parameter: InputDeclaration) -> ValueType {
    let type = resolveType(parameter.type)
    checkOwnership(parameter, type)
    if let value = parameter.defaultValue { checkDefault(value, parameter, type) }
    var binding = Binding(name: parameter.name, type: type, origin: .value)
    binding.owner = parameter.owner
    declare(binding)
    return type
  }

  /// Returns what it gives.
  private mutating func checkBody(_ routine: Routine) -> ValueType {
    var statements = routine.body.statements[...]
    var value: Expression?
    if case .give(let given)? = statements.last?.kind {
      value = given
      statements = statements.dropLast()
    }
    checkStatements(statements)
    guard let wanted = routine.result.map({ resolveType($0) }) else {
      if let value { return infer(value) }
      if routine.kind == .function, !statements.contains(where: { $0.isMissing }) { report(.givesNothing(routine)) }
      return .null
    }
    guard let value else {
      report(.givesNothing(routine))
      return wanted
    }
    var expectation = Expectation(wanted, of: "the result of '\(routine.name.text)'", code: .typeMismatch)
    expectation.allowsSecrets = wanted.holdsSecret
    check(value, expectation)
    return wanted
  }

  /// What a function may not do.
  private mutating func checkPurity(_ block: Block) {
    for statement in block.statements {
      switch statement.kind {
      case .binding(_, let effect), .effect(let effect): checkPurity(effect, statement.span)
      case .when(let when): checkPurity(when)
      case .match(let match): for item in match.cases { checkPurity(item.body) }
      case .parallel, .notify, .commit, .output: report(.impure(statement.span))
      case .fail, .give, .assert, .missing: break
      }
    }
  }

  private mutating func checkPurity(_ effect: Effectful, _ span: Span) {
    switch effect {
    case .pure: break
    case .loop(let loop) where !loop.isParallel: checkPurity(loop.body)
    case .call, .wait, .loop, .attempt, .timeout, .approve: report(.impure(span))
    }
  }

  private mutating func checkPurity(_ when: If) {
    checkPurity(when.then)
    switch when.otherwise {
    case .block(let block)?: checkPurity(block)
    case .when(let next)?: checkPurity(next)
    case nil: break
    }
  }
}

extension Statement {
  fileprivate var isMissing: Bool { if case .missing = kind { true } else { false } }
}

extension Diagnostic {
  fileprivate static func standardName(_ name: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, name.span, "'\(name.text)' is a function of the standard library", hint: "choose another name")
  }

  fileprivate static func recursion(_ name: Name, _ circle: some Sequence<Routine>) -> Diagnostic {
    let notes = circle.map { DiagnosticNote("'\($0.name.text)' stands here", $0.name.span) }
    return Diagnostic(
      .recursion, name.span,
      notes.count == 1
        ? "'\(name.text)' invokes itself: a runbook that ends has no recursion"
        : "these invoke each other in a circle: a runbook that ends has no recursion",
      hint: "go over a list: each x in xs { … }, or [for x in xs => …]", notes: Array(notes.prefix(8)))
  }

  fileprivate static func givesNothing(_ routine: Routine) -> Diagnostic {
    Diagnostic(
      .misplacedGive, routine.name.span, "'\(routine.name.text)' gives no value", hint: "end its body with 'give …'")
  }

  fileprivate static func impure(_ span: Span) -> Diagnostic {
    Diagnostic(
      .impureFunction, span, "a 'func' computes and does nothing else", hint: "make it a 'recipe', which may call APIs")
  }
}
