import Diagnostics
import RunbookSyntax
import Values

extension Checker {
  /// A function, or a recipe where it `standsAlone`: at the beginning of a statement or behind `let name =`.
  mutating func infer(_ invocation: Invocation, _ node: Expression, standsAlone: Bool = false) -> ValueType {
    guard let id = resolveRoutine(invocation) else {
      if invocation.module == nil, !module.broken.contains(invocation.name.text), !isLaterRecipe(invocation.name) {
        return inferFunction(invocation.name, invocation.arguments, node.span)
      }
      for argument in invocation.arguments { _ = infer(argument.value) }
      return .unknown
    }
    let routine = routines[id.index]
    invocations[node.id.index] = id
    checkArguments(invocation, routine)
    if routine.routine.kind == .recipe { noteRecipe(invocation, routine, standsAlone: standsAlone) }
    return routine.result
  }

  private mutating func resolveRoutine(_ invocation: Invocation) -> RoutineID? {
    let name = invocation.name
    guard let prefix = invocation.module else { return module.routines[name.text] }
    if let used = modules[prefix.text] {
      if let id = used.routines[name.text] { return id }
      if used.broken.contains(name.text) { return nil }
      report(.unknownRoutine(name, prefix, suggestion(for: name.text, among: used.routines.keys.sorted())))
      return nil
    }
    // A file that cannot be used has been reported where it is named.
    if tree.imports.contains(where: { $0.alias.text == prefix.text }) { return nil }
    if scope[prefix.text] != nil || services[prefix.text] != nil {
      scope.use(prefix.text)
      report(.uncallable(prefix, name, isService: services[prefix.text] != nil))
    } else {
      report(.unknownModule(prefix, suggestion(for: prefix.text, among: modules.keys.sorted() + scope.names)))
    }
    return nil
  }

  /// Functions and inputs are looked at before recipes, which they cannot use.
  private mutating func isLaterRecipe(_ name: Name) -> Bool {
    guard functions[name.text] == nil,
      tree.routines.contains(where: { $0.kind == .recipe && $0.name.text == name.text })
    else { return false }
    report(place.isPure ? .recipeInFunction(name.span, name.text) : .misplacedRecipe(name.span, name.text))
    return true
  }

  private mutating func noteRecipe(_ invocation: Invocation, _ routine: CheckedRoutine, standsAlone: Bool) {
    let span = (invocation.module ?? invocation.name).span.union(invocation.name.span)
    if place.isPure { return report(.recipeInFunction(span, routine.name)) }
    if !standsAlone { report(.misplacedRecipe(span, routine.name)) }
    for action in routine.effects { note(effect: action) }
    if routine.isFallible { noteFallible(span, "this recipe") }
    checkApproval(invocation, span, routine)
    for block in UnfitBlock.allCases where routine.unfit.contains(block) {
      note(block, span, "'\(routine.name)', a recipe with '\(block.rawValue)',")
    }
    if let step = routine.irreversible, !place.isInUndo {
      pendingIrreversible = IrreversibleStep(span: span, action: step.action)
    }
  }

  // MARK: Arguments

  private mutating func checkArguments(_ invocation: Invocation, _ routine: CheckedRoutine) {
    let parameters = routine.routine.parameters
    var given: [Int: Span] = [:]
    var isNamed = false
    for (position, argument) in invocation.arguments.enumerated() {
      guard let place = parameterPlace(of: argument, at: position, routine, &isNamed) else {
        _ = infer(argument.value)
        continue
      }
      if let earlier = given.updateValue(argument.span, forKey: place) {
        report(.parameterTwice(argument.span, parameters[place].name, earlier))
      }
      var wanted = Expectation(
        routine.types[place], of: "'\(parameters[place].name.text)' of '\(routine.name)'", code: .typeMismatch)
      wanted.allowsSecrets = routine.types[place].holdsSecret
      check(argument.value, wanted)
      checkOwner(argument, parameters[place], routine)
    }
    let missing = parameters.indices.filter { place in
      if case .optional = routine.types[place] { return false }
      return given[place] == nil && parameters[place].defaultValue == nil
    }
    let allPlaced = given.count == invocation.arguments.count
    if allPlaced, !missing.isEmpty {
      report(.parametersMissing(invocation.name, routine, missing.map { parameters[$0].name.text }))
    }
  }

  private mutating func parameterPlace(
    of argument: Argument, at position: Int, _ routine: CheckedRoutine, _ isNamed: inout Bool
  ) -> Int? {
    let parameters = routine.routine.parameters
    guard let name = argument.name else {
      if isNamed {
        report(.positionalBehindNamed(argument.span, routine))
      } else if position < parameters.count {
        return position
      } else if position == parameters.count {
        report(.tooManyArguments(argument.span, routine))
      }
      return nil
    }
    isNamed = true
    if let place = parameters.firstIndex(where: { $0.name.text == name.text }) { return place }
    let near = suggestion(for: name.text, among: parameters.map(\.name.text))
    report(.noSuchParameter(name, routine, near))
    return nil
  }
}

extension CheckedRoutine {
  /// `vpc(region: ecm.Region, cidr: CIDR = …): ecm.VpcId`
  package var spelling: String {
    let list = zip(routine.parameters, types).map { parameter, type in
      let ownership = parameter.ownership.map { $0.rawValue + " " } ?? ""
      return "\(parameter.name.text): \(ownership)\(type.spelling)\(parameter.defaultValue == nil ? "" : " = …")"
    }
    let result = result == .null ? "" : ": \(result.spelling)"
    return "\(name)(\(list.joined(separator: ", ")))\(result)"
  }
}

extension Diagnostic {
  fileprivate static func unknownRoutine(_ name: Name, _ module: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownFunction, name.span, "'\(module.text)' has no function or recipe '\(name.text)'\(near)",
      fixes: near.fixes(name.span))
  }

  fileprivate static func unknownModule(_ name: Name, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .unknownName, name.span, "there is no '\(name.text)' here\(near)",
      hint: "another file is named with 'use \"file.belay\" as \(name.text)'",
      fixes: near.fixes(name.span))
  }

  fileprivate static func uncallable(_ module: Name, _ name: Name, isService: Bool) -> Diagnostic {
    let action = name.text.prefix(1).uppercased() + name.text.dropFirst()
    return Diagnostic(
      .unknownFunction, name.span, "'\(name.text)' cannot be called here",
      hint: isService
        ? "API actions begin with a capital letter: \(module.text).\(action)(…)"
        : "functions are called by their name alone: \(name.text)(…)")
  }

  fileprivate static func recipeInFunction(_ span: Span, _ name: String) -> Diagnostic {
    Diagnostic(
      .impureFunction, span, "'\(name)' is a recipe, and a 'func' computes and does nothing else",
      hint: "make this a 'recipe', too")
  }

  fileprivate static func misplacedRecipe(_ span: Span, _ name: String) -> Diagnostic {
    Diagnostic(
      .misplacedCall, span, "a recipe stands alone or after 'let x =', not inside an expression",
      hint: "bind it first: 'let x = \(name)(…)', then use 'x'")
  }

  fileprivate static func parameterTwice(_ span: Span, _ name: Name, _ earlier: Span) -> Diagnostic {
    Diagnostic(
      .wrongArgumentCount, span, "'\(name.text)' is given twice", notes: [DiagnosticNote("the first is here", earlier)])
  }

  fileprivate static func parametersMissing(_ name: Name, _ routine: CheckedRoutine, _ missing: [String])
    -> Diagnostic
  {
    Diagnostic(
      .wrongArgumentCount, name.span,
      "'\(routine.name)' needs \(missing.map { "'\($0)'" }.joined(separator: ", "))", hint: routine.spelling,
      notes: [DiagnosticNote("it stands here", routine.routine.name.span)])
  }

  fileprivate static func positionalBehindNamed(_ span: Span, _ routine: CheckedRoutine) -> Diagnostic {
    Diagnostic(
      .wrongArgumentCount, span, "an argument without a name stands before those with one", hint: routine.spelling)
  }

  fileprivate static func tooManyArguments(_ span: Span, _ routine: CheckedRoutine) -> Diagnostic {
    let count = routine.types.count
    return Diagnostic(
      .wrongArgumentCount, span, "'\(routine.name)' takes \(count) \(count == 1 ? "argument" : "arguments"), no more",
      hint: routine.spelling)
  }

  fileprivate static func noSuchParameter(_ name: Name, _ routine: CheckedRoutine, _ near: Suggestion) -> Diagnostic {
    Diagnostic(
      .wrongArgumentCount, name.span, "'\(routine.name)' has no parameter '\(name.text)'\(near)",
      hint: routine.spelling, fixes: near.fixes(name.span))
  }
}
